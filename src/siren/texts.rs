//! Every text in a statement, each with the part it stands in: for what is asked of all of them.

use crate::case::Statement;

/// Shows every text to `look`, which may change it.
pub fn each(said: &mut Statement, look: &mut dyn FnMut(&'static str, &mut String)) {
    look("title", &mut said.title);
    said.ids.iter_mut().for_each(|id| look("ids", id));
    affected(said, look);
    said.cvss.iter_mut().for_each(|vector| look("cvss", vector));
    said.cwe.iter_mut().for_each(|cwe| look("cwe", cwe));
    look("description", &mut said.description);
    look("impact", &mut said.impact);
    look("indicators", &mut said.indicators);
    look("actions", &mut said.actions);
    look("evidence", &mut said.evidence);
    for credit in &mut said.credits {
        look("credits", &mut credit.name);
        look("credits", &mut credit.role);
    }
    said.timeline.iter_mut().for_each(|dated| look("timeline", &mut dated.what));
    said.references.iter_mut().for_each(|reference| look("references", &mut reference.url));
    for source in &mut said.sources {
        look("sources", &mut source.list);
        look("sources", &mut source.author);
        source.archive.iter_mut().for_each(|url| look("sources", url));
    }
    look("changes", &mut said.changes);
    look("notes", &mut said.notes);
    said.told_before.iter_mut().for_each(|one| look("told", one));
    look("ai", &mut said.ai);
}

fn affected(said: &mut Statement, look: &mut dyn FnMut(&'static str, &mut String)) {
    for one in &mut said.affected {
        look("affected", &mut one.package);
        one.versions.iter_mut().for_each(|version| look("affected", version));
        one.fixed.iter_mut().for_each(|version| look("affected", version));
        one.scheme.iter_mut().for_each(|scheme| look("affected", scheme));
        one.repo.iter_mut().for_each(|repo| look("affected", repo));
    }
}

/// The texts that are not empty, in the order of a notice.
pub fn all(said: &Statement) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    each(&mut said.clone(), &mut |part, text| {
        if !text.is_empty() {
            found.push((part, text.clone()));
        }
    });
    found
}
