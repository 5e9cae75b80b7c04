//! What is wrong with the configuration, in one line each.

use std::fmt;
use std::path::PathBuf;

/// One fault: what, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Counted from 1; 0 where the fault belongs to no line.
    pub line: usize,
    pub file: PathBuf,
    pub what: String,
    pub todo: String,
}

/// All faults at once, by line. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl Problem {
    /// A fault of a whole file.
    pub fn of_file(file: impl Into<PathBuf>, what: String, todo: &str) -> Problem {
        Problem { line: 0, file: file.into(), what, todo: todo.to_owned() }
    }

    /// `config.toml:12`
    pub fn place(&self) -> String {
        match self.line {
            0 => self.file.display().to_string(),
            line => format!("{}:{line}", self.file.display()),
        }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.what, self.place(), self.todo)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(Problem::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}
