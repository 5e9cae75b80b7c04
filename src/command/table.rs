//! Every command there is. A new one costs its file and its line here.

use super::Command;

pub const COMMANDS: &[&Command] = &[&super::show::SHOW];
