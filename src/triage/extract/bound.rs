//! Where a version stands in a range.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    Is,
    Below,
    UpTo,
    From,
    Above,
}

impl Bound {
    /// The constraint: `<1.2.3`, `>=1.2`; a version by itself is itself.
    pub fn of(self, number: &str) -> String {
        let sign = match self {
            Bound::Is => "",
            Bound::Below => "<",
            Bound::UpTo => "<=",
            Bound::From => ">=",
            Bound::Above => ">",
        };
        format!("{sign}{number}")
    }
}
