//! Invented letters about watched lists, for the templates to be tried with.

use super::sample::{RECEIVED, case_card, ready_line};
use super::{AlarmPost, DigestEntry, ListAlarm, PostDigest, Wording};

pub fn wordings() -> Vec<Wording> {
    let mut wordings = Vec::new();
    for filled in [true, false] {
        wordings.push(Wording::PostDigest(Box::new(digest(filled))));
        for (words, mark) in [(true, false), (false, true), (false, false)] {
            let alarm = ListAlarm { words, mark, ..alarm(filled) };
            wordings.push(Wording::ListAlarm(Box::new(alarm)));
        }
    }
    wordings
}

/// With every field filled, or with every one empty that can be.
pub fn digest(filled: bool) -> PostDigest {
    let line = |text: &str| if filled { vec![text.to_owned()] } else { Vec::new() };
    PostDigest {
        flaws: if filled { 15 } else { 1 },
        urgent: usize::from(filled),
        entries: if filled { vec![entry(true), entry(false)] } else { vec![entry(false)] },
        more: if filled { 13 } else { 0 },
        more_are: line("oss-security: 12 advisories, 3 updates"),
        others: if filled { 360 } else { 0 },
        others_are: line("oss-security: 340 answers, 20 CVE requests"),
    }
}

fn entry(filled: bool) -> DigestEntry {
    let text = |text: &str| if filled { text.to_owned() } else { String::new() };
    DigestEntry {
        number: if filled { 1 } else { 2 },
        id: "O12".to_owned(),
        urgent: filled,
        lists: "oss-security, example-announce".to_owned(),
        posted: RECEIVED,
        subject: "libexample: heap overflow when the length of a chunk is negative, and more of \
                  what a long subject says"
            .to_owned(),
        author: "Ralph Elease <ralph@libexample.example>".to_owned(),
        why: vec![
            "S-1: \"We know of limited exploitation of this issue in the wild.\"".to_owned(),
            "S-4: libexample is software that everybody depends on; 9.8, and there is a fix."
                .to_owned(),
        ],
        ids: text("CVE-2026-12345, GHSA-2345-6789-cfgh and 4 more"),
        packages: text("pkg:generic/libexample"),
        fixed: text("1.2.4, 1.3.1"),
        exploited: filled,
        link: filled.then(|| "https://lists.example/oss-security/12@libexample.example".to_owned()),
        posts: if filled { 3 } else { 1 },
        ready: "/siren draft O12".to_owned(),
    }
}

pub fn alarm(filled: bool) -> ListAlarm {
    ListAlarm {
        silent: filled,
        words: false,
        mark: false,
        posts: if filled { vec![post(true), post(false)] } else { vec![post(false)] },
        more: if filled { 37 } else { 0 },
        card: case_card(filled),
        ready: if filled { vec![ready_line()] } else { Vec::new() },
    }
}

fn post(filled: bool) -> AlarmPost {
    AlarmPost {
        number: if filled { 1 } else { 2 },
        id: "O12".to_owned(),
        list: "oss-security".to_owned(),
        posted: RECEIVED,
        author: "Ralph Elease <ralph@libexample.example>".to_owned(),
        subject: "libexample: heap overflow".to_owned(),
        link: filled.then(|| "https://lists.example/oss-security/12@libexample.example".to_owned()),
        why: "It is about CVE-2026-12345, which a member gave this case: the same flaw. Sure."
            .to_owned(),
        exploited: filled.then(|| "We know of limited exploitation of this issue.".to_owned()),
        gist: if filled {
            "A chunk with a negative length passes the check in line 415 and is then copied with \
             memcpy. Versions before 1.2.4 are affected."
                .to_owned()
        } else {
            String::new()
        },
    }
}
