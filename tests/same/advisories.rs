//! Advisories of invented projects, in the layouts that lists know.

use super::mails::Post;
use jiff::{SignedDuration, Timestamp};

#[derive(Clone, Debug)]
pub struct Advisory {
    n: usize,
    project: &'static str,
    part: &'static str,
    flaw: &'static str,
    pub cve: String,
    pub first: String,
    pub fixed: String,
}

const PROJECTS: [&str; 16] = [
    "Quillfeather",
    "Brindle",
    "Tamarack",
    "Ostler",
    "Pennon",
    "Wherry",
    "Larkspur",
    "Gimbal",
    "Sorrel",
    "Teasel",
    "Halyard",
    "Cobbler",
    "Marlin",
    "Fettle",
    "Drover",
    "Sexton",
];
const FLAWS: [&str; 5] = [
    "heap buffer overflow",
    "path traversal",
    "cross-site scripting",
    "use after free",
    "denial of service",
];
const PARTS: [&str; 7] = [
    "archive reader",
    "admin console",
    "HTTP/2 server",
    "image decoder",
    "query planner",
    "session store",
    "template engine",
];

/// Forty-eight: three of each project, on one day, as releases with several fixes bring them.
pub fn all() -> Vec<Advisory> {
    (0..48).map(|n| advisory(n, 41_000 + n)).collect()
}

pub fn advisory(n: usize, id: usize) -> Advisory {
    Advisory {
        n,
        project: PROJECTS[n % 16],
        part: PARTS[(n / 16 + n) % 7],
        flaw: FLAWS[(n + n / 16) % 5],
        cve: format!("CVE-2026-{id}"),
        first: format!("{}.{}.0", 1 + n % 4, n % 16),
        fixed: format!("{}.{}.{}", 1 + n % 4, n % 16, 3 + n / 16),
    }
}

pub fn day(days: i64) -> Timestamp {
    let start: Timestamp = "2026-03-02T08:00:00Z".parse().expect("an instant");
    start + SignedDuration::from_hours(24 * days)
}

impl Advisory {
    pub fn post(&self) -> Post {
        let Advisory { n, project, part, flaw, cve, .. } = self;
        let low = project.to_lowercase();
        let subject = match n % 4 {
            0 => format!("{cve}: {project}: {flaw} in the {part}"),
            1 => format!("{project} Security Advisory: {flaw} in {part} ({cve})"),
            2 => format!("[SECURITY] {cve} {project} {part} {flaw}"),
            _ => format!("{project}: {flaw} ({cve})"),
        };
        Post {
            id: format!("{n}.{cve}@{low}.example"),
            thread: Vec::new(),
            from: format!("{project} Security Team <security@{low}.example>"),
            at: day((n % 16) as i64) + SignedDuration::from_secs(600 * *n as i64),
            subject,
            text: self.text(),
        }
    }

    fn text(&self) -> String {
        let Advisory { n, project, part, flaw, cve, first, fixed } = self;
        let low = project.to_lowercase();
        match n % 4 {
            0 => format!(
                "Severity: important\n\nAffected versions:\n\n- {project} {first} before \
                 {fixed}\n\nDescription:\n\nA {flaw} in the {part} of {project} lets somebody who \
                 can reach it over the network\ndo more than they should.\n\nThis issue affects \
                 {project}: from {first} before {fixed}.\n\nUsers are recommended to upgrade to \
                 version {fixed}, which fixes the issue.\n\nCredit:\n\nFay Finder (finder)\n\n\
                 References:\n\nhttps://{low}.example/\nhttps://www.cve.example/record?id={cve}\n"
            ),
            1 => format!(
                "            {project} Security Advisory {cve}\n\n               {flaw} in \
                 {part}\n\nISSUE DESCRIPTION\n=================\n\nWhile handling request kind \
                 {n} the {part} takes a length from the guest without\nchecking it against the \
                 buffer, which results in a {flaw}.\n\nIMPACT\n======\n\nA guest may cause a \
                 {flaw} and read or change data of others.\nPrivilege escalation cannot be ruled \
                 out.\n\nVULNERABLE SYSTEMS\n==================\n\n{project} versions {first} and \
                 later are vulnerable.\n\nMITIGATION\n==========\n\nNot using the {part} avoids \
                 the vulnerability.\n\nRESOLUTION\n==========\n\nApplying the attached patch \
                 resolves this issue. It is fixed in {project} {fixed}.\n\nNote that patches are \
                 generally prepared to apply to the stable branches, and may\nnot apply cleanly \
                 to the most recent release. Downstreams are encouraged to update to\nthe tip of \
                 the stable branch before applying them.\n\nCREDITS\n=======\n\nDiscovered by Val \
                 of the {project} security team.\n"
            ),
            2 => format!(
                "{cve} {part} {flaw}\n\nSeverity: Moderate\n\nVendor: The {project} \
                 Foundation\n\nVersions Affected:\n{project} {first} to {first}\n\nDescription:\n\
                 A crafted request number {n} made the {part} keep a state that the next one \
                 used,\nwhich led to {flaw}.\n\nMitigation:\nUpgrade to {project} {fixed} or \
                 later.\n\nCredit:\nThis issue was found by the {project} security team.\n\n\
                 References:\nhttps://{low}.example/security.html\n"
            ),
            _ => format!(
                "Hello,\n\nwe have released {project} {fixed} today. It mends a {flaw} ({cve}) in \
                 its {part}.\nVersions before {fixed} are affected.\n\nWhoever opens a crafted \
                 file of kind {n} with the {part} may run into memory that\nis not theirs; we \
                 were not able to build an exploit, and think that one is hard to\nwrite on \
                 systems with the usual hardening.\n\nThe release can be fetched from the usual \
                 mirrors and is signed with the key of our\nrelease team. Please update soon.\n\n\
                 We thank Mo for the report and for the good work together.\n\nThe {project} \
                 team\n"
            ),
        }
    }

    pub fn index(&self) -> usize {
        self.n
    }

    /// The line that names the fix.
    pub fn fix_line(&self) -> String {
        match self.n % 4 {
            0 => format!("version {}, which fixes", self.fixed),
            1 => format!("It is fixed in {} {}.", self.project, self.fixed),
            2 => format!("Upgrade to {} {} or", self.project, self.fixed),
            _ => format!("released {} {} today", self.project, self.fixed),
        }
    }

    /// Every month the same words, other numbers.
    pub fn monthly(&self, month: usize) -> Post {
        let Advisory { n, project, .. } = self;
        let name = ["January", "February", "March", "April"][month % 4];
        Post {
            id: format!("month-{month}-{n}@{}.example", project.to_lowercase()),
            subject: format!("{project} security releases for {name} 2026"),
            at: day(30 * month as i64),
            text: format!(
                "The {project} project will release new versions of all supported release \
                 lines\non or shortly after the second Tuesday of {name} 2026.\n\nThe releases \
                 mend {} flaws, the gravest of which is high. All users are advised to\nprepare \
                 an upgrade. Details follow when the releases are out; until then the team\ngives \
                 none.\n\nContact and future updates: see our security policy on the web.\n",
                2 + month
            ),
            ..self.post()
        }
    }
}
