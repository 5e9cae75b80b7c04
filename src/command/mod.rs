//! What a volunteer can order by mail: one file a command, one table of them all.
//!
//! [`sheet`] reads the lines out of what was signed, [`words`] and [`when`] their arguments. A
//! command's rule looks at the case and answers with a [`Ruling`] or a [`Refusal`]; it changes
//! nothing and writes to nobody. The desk asks who may, runs the rules on a scratch copy of the
//! case, and makes the whole mail true or none of it.

pub mod nearest;
pub mod page;
pub mod sheet;
pub mod when;
pub mod words;
