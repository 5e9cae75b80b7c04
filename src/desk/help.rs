//! Somebody asks `sirt+help@` or `sirt+key@` how to write to us encrypted: they are told, and the
//! mail is filed without a case. A report sent there is a report all the same; triage says which.

use super::draft::Draft;
use super::{Opened, notify};

pub fn answer(draft: &mut Draft<'_>, opened: &Opened) {
    draft.file(opened, None);
    notify::protection_help(draft, opened);
}
