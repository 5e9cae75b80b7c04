//! Templates that replace the built-in ones, as texts.

use super::{Problem, Problems, Settings, files};
use std::path::Path;

/// Octets of one template.
const TEMPLATE_BYTES: u64 = 64 * 1024;

impl Settings {
    /// Every `*.txt` in the folder of templates, as (name without `.txt`, text), by name.
    ///
    /// Files that others can write are refused, since what stands in them is signed by us.
    pub fn replaced_templates(&self) -> Result<Vec<(String, String)>, Problems> {
        let Some(folder) = &self.team.templates else { return Ok(Vec::new()) };
        let unreadable = |_| {
            let what = "the folder of templates cannot be read".to_owned();
            Problem::of_file(folder, what, "let the user that runs sirt read it")
        };
        let mut found = Vec::new();
        let mut problems = Vec::new();
        for entry in folder.read_dir().map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|extension| extension == "txt") {
                match template(&path) {
                    Ok(template) => found.push(template),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        found.sort();
        if problems.is_empty() { Ok(found) } else { Err(Problems(problems)) }
    }
}

fn template(path: &Path) -> Result<(String, String), Problem> {
    files::trusted(path).map_err(|complaint| {
        Problem::of_file(path, format!("the template is {}", complaint.what), &complaint.todo)
    })?;
    let wrong = |what: &str, todo: &str| Problem::of_file(path, what.to_owned(), todo);
    if path.metadata().map_or(0, |found| found.len()) > TEMPLATE_BYTES {
        return Err(wrong("the template is too large", "keep it below 64 KiB"));
    }
    let text = std::fs::read_to_string(path)
        .map_err(|_| wrong("the template is not a text we can read", "write it in UTF-8"))?;
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    Ok((name.to_owned(), text))
}
