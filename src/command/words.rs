//! The arguments of one line.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    pub what: String,
    pub at: Option<(usize, usize)>,
}

pub struct Words<'a> {
    pub rest: &'a str,
}
