//! What a post to oss-security must hold.

use super::{Finding, Look, when};
use crate::case::{Manners, ReferenceKind};

const IMPACT: &str = "It does not say what an attacker can do. Say it under \"Impact\".";
const FIX: &str = "A fixed version is named and no reference says where the fix is. Write: \
                   fix: https://...";
const AI: &str = "This list wants to know whether AI was used to find or write it. Say it under \
                  \"Use of AI\", or: none.";

/// O8 and O10; what holds for every list stands with the others.
pub(super) fn rules(look: &Look<'_>) -> Vec<Finding> {
    if look.around.list.manners != Manners::OssSecurity {
        return Vec::new();
    }
    let said = look.said;
    let fixed = said.affected.iter().any(|one| !one.fixed.is_empty());
    let fix = said.references.iter().any(|one| one.kind == ReferenceKind::Fix);
    let versions = said.affected.iter().all(|one| !one.versions.is_empty() || one.repo.is_some());
    let no_fix = fixed && !fix && !said.references.is_empty();
    let wanted = [
        (
            said.affected.is_empty() || !versions,
            ("O8", "affected", "It does not say which versions are affected."),
        ),
        (said.impact.trim().is_empty(), ("O8", "impact", IMPACT)),
        (said.references.is_empty(), ("O8", "references", "It gives no reference.")),
        (no_fix, ("O8", "references", FIX)),
        (said.ai.trim().is_empty(), ("O10", "ai", AI)),
    ];
    wanted.into_iter().filter_map(|(so, (rule, part, what))| when(so, rule, part, what)).collect()
}
