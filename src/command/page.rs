//! Pages of facts that read well in 72 columns.

pub struct Page {}
