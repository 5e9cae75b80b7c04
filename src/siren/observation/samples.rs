//! Synthetic posts: advisories of invented projects, and what lists and people do to them.
//!
//! Each is written as a text and read by a reader of a few lines, so that the prints and facts of
//! a mangled copy are those of its mangled text.

use crate::case::{
    Actor, Caseload, Entry, Event, Observed, PostKind, PostWords, SeenPosts, Series, Severity,
};
use crate::mail::MessageId;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use std::collections::BTreeSet;

use super::{Sameness, compare};

/// A post as it stands on a list.
#[derive(Clone, Debug)]
pub struct Sample {
    pub id: String,
    pub thread: Vec<String>,
    pub from: String,
    pub at: Timestamp,
    pub subject: String,
    pub text: String,
}

/// What one advisory says.
#[derive(Clone, Debug)]
pub struct Base {
    pub n: usize,
    pub project: String,
    pub part: &'static str,
    pub flaw: &'static str,
    pub ids: Vec<String>,
    pub affected: String,
    pub fixed: String,
}

const FLAWS: [&str; 8] = [
    "heap buffer overflow",
    "path traversal",
    "cross-site scripting",
    "SQL injection",
    "use after free",
    "denial of service",
    "authentication bypass",
    "improper certificate validation",
];
const PARTS: [&str; 6] =
    ["archive reader", "admin console", "HTTP/2 server", "image decoder", "query planner", "CLI"];
const NAMES: [&str; 15] = [
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
];

/// Forty-five advisories: three of each project, on the same day.
pub fn bases() -> Vec<Base> {
    (0..45).map(|n| base(n, n)).collect()
}

pub fn base(n: usize, id: usize) -> Base {
    let (major, minor) = (1 + n % 4, n % 9);
    Base {
        n,
        project: NAMES[n % 15].to_owned(),
        part: PARTS[(n / 15 + n) % 6],
        flaw: FLAWS[(n * 3 + n / 15) % 8],
        ids: vec![format!("CVE-2026-{}", 41000 + id)],
        affected: format!("<{major}.{minor}.{}", 3 + n % 5),
        fixed: format!("{major}.{minor}.{}", 3 + n % 5),
    }
}

pub fn day(days: i64) -> Timestamp {
    let start: Timestamp = "2026-03-02T08:00:00Z".parse().expect("instant");
    start + SignedDuration::from_hours(24 * days)
}

impl Base {
    pub fn author(&self) -> String {
        let name = &self.project;
        format!("{name} Security <security@{}.example>", name.to_lowercase())
    }

    pub fn post(&self) -> Sample {
        let ids = self.ids.join(", ");
        let (project, part, flaw) = (&self.project, self.part, self.flaw);
        let subject = match self.n / 15 {
            0 => format!("{ids}: {project}: {flaw} in the {part}"),
            1 => format!("{project} security advisory: {flaw} in {part} ({ids})"),
            _ => format!("[SECURITY] {ids} {project} {part} {flaw}"),
        };
        Sample {
            id: format!("adv-{}-{}@{}.example", self.n, self.ids.len(), project.to_lowercase()),
            thread: Vec::new(),
            from: self.author(),
            at: day((self.n % 15) as i64) + SignedDuration::from_secs(600 * self.n as i64),
            subject,
            text: self.text(),
        }
    }

    fn text(&self) -> String {
        let Base { project, part, flaw, affected, fixed, .. } = self;
        let ids = self.ids.join(", ");
        let n = self.n;
        match n % 3 {
            0 => format!(
                "Severity: important\n\nAffected: {affected}\n\nDescription:\n\nA {flaw} in the \
                {part} \
                 of {project} lets somebody who can reach it over the network do more than they \
                 should.\n\
                 It was brought in by change {n}00{n} and went unseen since a refactoring of the\n\
                 {part} two years ago.\n\nMitigation:\n\nUsers are recommended to upgrade to a \
                 fixed \
                 release, which contains a patch.\nThere is no workaround for installations \
                 that cannot \
                 upgrade.\n\nFixed in: {fixed}\n\nCredit: Fay Finder (finder)\n\nReferences:\n\
                 https://{project}.example/security/{ids}\nhttps://www.cve.example/{ids}\n"
            ),
            1 => format!(
                "            {project} Security Advisory {ids}\n\n               {flaw} in \
                {part}\n\n\
                 ISSUE DESCRIPTION\n=================\n\nWhile handling a request the {part} \
                 takes the \
                 length field number {n} from the\nguest without checking it against the buffer, \
                 which results in a {flaw}.\n\nIMPACT\n======\n\nAn attacker may be able to cause \
                 {flaw} and to read or change data of others.\nPrivilege escalation cannot be \
                 ruled out.\n\n\
                 VULNERABLE SYSTEMS\n==================\n\nAffected: \
                 {affected}\n\nMITIGATION\n==========\n\n\
                 Not using the {part} avoids the \
                 vulnerability.\n\nRESOLUTION\n==========\n\nApplying the \
                 attached patch resolves this issue.\nFixed in: \
                 {fixed}\n\nCREDITS\n=======\n\nThis issue \
                 was discovered by Val of the {project} security team.\n"
            ),
            _ => format!(
                "Hello,\n\nwe have released {project} {fixed} today. It mends a {flaw} ({ids}) \
                in its \
                 {part}.\n\nWhoever opens a crafted file number {n} with the {part} may run \
                 into memory \
                 that is\nnot theirs; we were not able to build an exploit, and think that one \
                 is hard\n\
                 to write on systems with the usual hardening.\n\nAffected: {affected}\nFixed in: \
                 {fixed}\n\nThe release can be fetched from the usual mirrors and is signed \
                 with the key\n\
                 of our release team. Please update soon.\n\nWe thank Mo for the report and for \
                 the good \
                 work together.\n\nThe {project} team\n"
            ),
        }
    }
}

impl Sample {
    fn copy(&self, id: &str) -> Sample {
        Sample { id: format!("{id}-{}", self.id), ..self.clone() }
    }

    pub fn tagged(&self) -> Sample {
        Sample { subject: format!("[oss-security] {}", self.subject), ..self.clone() }
    }

    pub fn mailman(&self) -> Sample {
        let line = "_".repeat(47);
        let footer =
            "Announce mailing list -- announce@lists.example\nTo unsubscribe send a mail\n";
        Sample { text: format!("{}\n{line}\n{footer}", self.text), ..self.clone() }
    }

    pub fn groups_io(&self) -> Sample {
        let (name, address) = self.from.split_once(" <").expect("name and address");
        let written = address.trim_end_matches('>').replace('@', "=");
        let text = self.text.replace('\n', "\n\n");
        let footer = "-=-=-=-=-=-=-=-=-=-=-=-\nLinks: You receive all messages sent to this \
        group.\n\
                      Mute: https://lists.example/mt/1 \
                      [val@example.org]\n-=-=-=-=-=-=-=-=-=-=-=-\n";
        Sample {
            from: format!("{name} via lists.example <{written}@lists.example>"),
            subject: format!("[notices] {}", self.subject),
            text: format!("{text}\n{footer}"),
            ..self.copy("groupsio")
        }
    }

    /// Wrapped anew by a program that sends it on with another id.
    pub fn wrapped(&self) -> Sample {
        let words = self.text.split(' ').collect::<Vec<_>>();
        let lines: Vec<String> = words.chunks(7).map(|line| line.join(" ")).collect();
        Sample { text: lines.join(" \n"), ..self.copy("wrapped") }
    }

    pub fn forwarded(&self, with_headers: bool) -> Sample {
        let thread = if with_headers { vec![self.id.clone()] } else { Vec::new() };
        Sample {
            from: "Vic Volunteer <vic@example.net>".to_owned(),
            at: self.at + SignedDuration::from_hours(30),
            subject: format!("Fwd: {}", self.subject),
            text: format!("FYI, this may concern us.\n\n{}", self.text),
            thread,
            ..self.copy("fwd")
        }
    }

    pub fn answered(&self) -> Sample {
        let quote = self.text.lines().map(|line| format!("> {line}\n")).collect::<String>();
        Sample {
            from: "Mo Maintainer <mo@example.com>".to_owned(),
            at: self.at + SignedDuration::from_hours(5),
            subject: format!("Re: {}", self.subject),
            text: format!(
                "{quote}\nDoes anybody know whether the older branch has the same code? I \
                looked at \
                 it for an hour\nand could not make up my mind. A test would help us a lot here.\n"
            ),
            thread: vec![self.id.clone()],
            ..self.copy("re")
        }
    }

    /// By its author two days later, with another text where `from` stood.
    pub fn revised(&self, from: &str, to: &str) -> Sample {
        Sample {
            at: self.at + SignedDuration::from_hours(49),
            text: self.text.replace(from, to),
            ..self.copy("v2")
        }
    }
}

fn matches(pattern: &str, text: &str) -> Vec<String> {
    let found = Regex::new(pattern).expect("regex");
    let mut all = Vec::new();
    for one in found.find_iter(text).map(|one| one.as_str().to_owned()) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn listed(label: &str, text: &str) -> Vec<String> {
    let line = Regex::new(&format!(r"(?m)^{label}:\s*(.+)$")).expect("regex");
    let values = line.captures_iter(text).flat_map(|found| {
        found[1].split(", ").map(|value| value.trim().to_owned()).collect::<Vec<_>>()
    });
    values.collect()
}

fn print(text: &str) -> Vec<u64> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let hash = |words: &[&str]| {
        let digest = blake3::hash(words.join(" ").as_bytes());
        u64::from_le_bytes(digest.as_bytes()[..8].try_into().expect("eight"))
    };
    words.windows(5).map(hash).collect::<BTreeSet<u64>>().into_iter().take(64).collect()
}

/// The reader: only good enough for the samples.
pub fn read(sample: &Sample) -> Observed {
    let tags =
        Regex::new(r"(?i)^(?:\s*(?:re|fwd):|\s*\[(?:oss-security|notices)\])*\s*").expect("regex");
    let subject = tags.replace(&sample.subject, "").into_owned();
    let end =
        sample.text.find("\n-=-=").or(sample.text.find("\n____")).unwrap_or(sample.text.len());
    let own = sample.text[..end].lines().filter(|line| !line.starts_with('>'));
    let own: String = own.map(|line| format!("{line}\n")).collect();
    let ids = matches(r"CVE-\d{4}-\d{4,}|GHSA(?:-[a-z0-9]{4}){3}", &format!("{subject}\n{own}"));
    let about = matches(r"CVE-\d{4}-\d{4,}|GHSA(?:-[a-z0-9]{4}){3}", &subject);
    let flat = own.replace('\n', " ");
    let sentence = |word: &str| {
        let mut sentences = flat.split(". ").filter(|sentence| !sentence.contains(" not "));
        sentences.find(|sentence| sentence.contains(word)).map(|s| s.trim().to_owned())
    };
    let kind = match &subject {
        s if s.contains("CVE request") => PostKind::CveRequest,
        _ if sample.subject.starts_with("Re:") => PostKind::Discussion,
        s if s.contains("UPDATE") => PostKind::Update,
        s if s.contains("DSA-") => PostKind::Routine,
        _ => PostKind::Advisory,
    };
    let series = Regex::new(r"(\w+SA-\d+)(?: v(\d+))?").expect("regex").captures(&subject);
    Observed {
        message_id: MessageId::parse(&sample.id),
        thread: sample.thread.iter().filter_map(|id| MessageId::parse(id)).collect(),
        author: sample.from.clone(),
        posted: Some(sample.at),
        kind,
        series: series.map(|found| Series {
            name: found[1].to_owned(),
            version: found.get(2).map_or(1, |v| v.as_str().parse().expect("version")),
        }),
        ids,
        about,
        affected: listed("Affected", &own),
        fixed: listed("Fixed in", &own),
        severity: own.contains("Severity: important").then_some(Severity::High),
        exploited: sentence("exploited in the wild"),
        malicious: sentence("backdoor"),
        takes_back: own.contains("withdraw"),
        print: print(&own),
        gist: own.chars().take(200).collect(),
        subject,
        ..Observed::default()
    }
}

/// Posts in the books, as the desk puts them there.
#[derive(Default)]
pub struct Books(Caseload);

impl Books {
    pub fn seen(&self) -> &SeenPosts {
        self.0.posts()
    }

    pub fn compare(&self, sample: &Sample) -> Sameness {
        compare(self.seen(), &read(sample))
    }

    pub fn take(&mut self, sample: &Sample) -> Sameness {
        let post = read(sample);
        let same = compare(self.seen(), &post);
        self.put(post, &same);
        same
    }

    pub fn put(&mut self, post: Observed, same: &Sameness) {
        let (at, number) = (post.posted.unwrap_or(day(0)), self.seen().next());
        let private = PostWords { post, because: same.because(), ..PostWords::default() };
        let event = Event::PostObserved {
            post: number,
            list: "oss-security".to_owned(),
            same_as: same.same_as(),
            update_of: same.update_of(),
            past: false,
            private,
        };
        self.0.apply(&Entry { at, case: None, by: Actor::Gateway, event });
    }
}
