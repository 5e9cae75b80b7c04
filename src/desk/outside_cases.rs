//! Mail that belongs to no case and opens none: list traffic, automatic mail, our own letters
//! come back. Filed with its reasons, answered by nobody. [`super::watching`] reads the posts.

use super::Opened;
use super::draft::Draft;

pub fn file(draft: &mut Draft<'_>, opened: &Opened) {
    draft.file(opened, None);
}
