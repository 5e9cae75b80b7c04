//! The output of a tool, pasted, without a way in.

use super::Sign::{Seen, Words};
use super::{Check, Matter};

/// More ids or table lines than this are no description of one flaw.
const MANY_IDS: usize = 8;
const MANY_ROWS: usize = 8;

pub const CHECKS: &[Check] = &[
    Check { weight: 3, because: "It lists very many ids.", sign: Seen(many_ids) },
    Check { weight: 3, because: "Most of it is a table.", sign: Seen(table) },
    Check {
        weight: 3,
        because: "It names a scanner.",
        sign: Words(&[
            "nessus",
            "openvas",
            "greenbone",
            "qualys",
            "nikto",
            "acunetix",
            "netsparker",
            "invicti",
            "owasp zap",
            "zap scanning report",
            "zap report",
            "nmap scan report",
            "starting nmap",
            "trivy",
            "grype",
            "syft",
            "npm audit",
            "pip audit",
            "cargo audit",
            "yarn audit",
            "osv scanner",
            "dependency check",
            "dependency track",
            "black duck",
            "whitesource",
            "mend scan",
            "snyk test",
            "sonarqube",
            "checkmarx",
            "fortify",
            "veracode",
            "semgrep",
            "codeql",
            "nuclei",
            "burp scanner",
            "wpscan",
            "docker scout",
            "clair scan",
            "anchore",
            "scan report",
            "scan results",
            "scanner report",
            "scan summary",
        ]),
    },
    Check {
        weight: 2,
        because: "It counts findings by severity.",
        sign: Words(&[
            "total findings",
            "vulnerabilities found",
            "critical 0",
            "high 0",
            "unknown 0",
            "severity critical high",
            "issues found",
            "vulnerable dependencies",
            "outdated dependencies",
            "found 0 vulnerabilities",
            "please fix all",
            "fix them all",
            "schwachstellen gefunden",
            "funde",
        ]),
    },
];

fn many_ids(matter: &Matter<'_>) -> bool {
    let known = |id: &&String| id.starts_with("CVE-") || id.starts_with("GHSA-");
    matter.found.ids.iter().filter(known).count() >= MANY_IDS
}

fn table(matter: &Matter<'_>) -> bool {
    let (mut rows, mut lines) = (0_usize, 0_usize);
    for line in matter.reading.own.lines().filter(|line| !line.trim().is_empty()) {
        let columns = line.contains(" | ") || line.matches("  ").count() >= 2;
        let port = line.split_whitespace().next().is_some_and(|word| word.ends_with("/tcp"));
        let ruled = ["│", "┌", "├", "└", "+--"].iter().any(|mark| line.contains(mark));
        rows += usize::from(columns && !line.starts_with("    ") || port || ruled);
        lines += 1;
    }
    rows >= MANY_ROWS && rows * 2 > lines
}
