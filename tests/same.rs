//! Whether two posts say the same: mails as lists and people make them, opened as a worker opens
//! them, read, and compared with what is in the books.
//!
//! `SIRT_SAME=folder cargo test --test main scores_pairs_of_a_folder -- --nocapture` takes the
//! mails of a folder in the order of their names. Beside each `.eml` stands a `.pair`: `is: new`,
//! `is: same NAME` or `is: update NAME`, and `worth: yes` or `no`, as a person read it.

mod advisories;
mod mails;

use crate::posts::Desk;
use advisories::{Advisory, advisory, all, day};
use mails::{Form, Post};
use sirt_gateway::case::{
    Actor, Caseload, Entry, Event, Observed, PostWords, SeenPosts, SirenRules,
};
use sirt_gateway::siren::observation::{Sameness, compare};
use sirt_gateway::siren::select;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The posts so far, as the desk puts them into the books.
struct Books {
    desk: Desk,
    cases: Caseload,
}

impl Books {
    fn new() -> Books {
        Books { desk: Desk::new(), cases: Caseload::default() }
    }

    fn seen(&self) -> &SeenPosts {
        self.cases.posts()
    }

    fn compare(&self, raw: &[u8]) -> Sameness {
        compare(self.seen(), &self.desk.read(raw))
    }

    /// Compares, and puts it into the books. Its number, and what it is.
    fn take(&mut self, raw: &[u8]) -> (u32, Sameness) {
        let post = self.desk.read(raw);
        let same = compare(self.seen(), &post);
        (self.put(post, &same), same)
    }

    fn put(&mut self, post: Observed, same: &Sameness) -> u32 {
        let number = self.seen().next();
        let event = Event::PostObserved {
            post: number,
            list: "oss-list".to_owned(),
            same_as: same.same_as(),
            update_of: same.update_of(),
            past: false,
            private: PostWords { post, because: same.because(), ..PostWords::default() },
        };
        self.cases.apply(&Entry { at: day(0), case: None, by: Actor::Gateway, event });
        number
    }
}

/// What a mail is to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    Same(u32),
    Update(u32),
    Neither,
}

#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
    updates: usize,
    merged: usize,
    found: usize,
}

impl Score {
    /// Whether it is as it should be.
    fn count(&mut self, wanted: Is, got: &Sameness) -> bool {
        let same = got.same_as();
        match wanted {
            Is::Same(number) if same == Some(number) => self.right += 1,
            Is::Same(_) => {
                self.missed += 1;
                self.wrong += usize::from(same.is_some());
            }
            _ => self.wrong += usize::from(same.is_some()),
        }
        let Is::Update(of) = wanted else { return same == wanted.same_as() };
        self.updates += 1;
        self.merged += usize::from(same.is_some());
        self.found += usize::from(got.update_of() == Some(of));
        got.update_of() == Some(of)
    }

    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }

    fn print(&self, of: &str) {
        println!(
            "{of}: {} of {} same found, {} wrong: precision {:.3} recall {:.3}; updates: {} of {} \
             found, {} merged",
            self.right,
            self.right + self.missed,
            self.wrong,
            self.precision(),
            self.recall(),
            self.found,
            self.updates,
            self.merged
        );
    }
}

impl Is {
    fn same_as(self) -> Option<u32> {
        match self {
            Is::Same(number) => Some(number),
            _ => None,
        }
    }
}

/// What is no copy: revisions with something new, answers, other advisories.
fn others(of: &Advisory) -> Vec<(&'static str, Is, Post)> {
    let post = of.post();
    let (line, wider) = (of.fix_line(), of.fix_line().replace(&of.fixed, "9.0.1"));
    let exploited = format!("{line}\n\nThis flaw is exploited in the wild.\n\n");
    let withdrawn = format!("{line}\n\nCorrection: we withdraw {}.\n\n", of.cve);
    let next = advisory(of.index() + 48, 51_000 + of.index()).post();
    let update = Post {
        subject: format!("UPDATE: {}", post.subject),
        ..post.revised("v2", &line, &format!("{line} Version 9.0.2 is affected too."))
    };
    let thanks = Post {
        subject: format!("[UPDATE] {}", post.subject),
        ..post.revised("thanks", &line, &format!("{line} Vic helped."))
    };
    vec![
        ("fix incomplete", Is::Update(0), post.revised("fix", &line, &wider)),
        ("exploited", Is::Update(0), post.revised("wild", &line, &exploited)),
        ("withdrawn", Is::Update(0), post.revised("back", &line, &withdrawn)),
        ("marked as an update", Is::Update(0), update),
        ("only its tag and its thanks are new", Is::Update(0), thanks),
        ("answer", Is::Neither, post.answered()),
        ("another one of that project", Is::Neither, next),
    ]
}

#[test]
fn copies_are_known_again_and_updates_are_never_taken_for_one() {
    let mut books = Books::new();
    for of in all() {
        let (_, same) = books.take(&of.post().mail(Form::Plain));
        assert_eq!(same, Sameness::New, "{of:?}");
    }
    let (mut score, mut by_way) = (Score::default(), BTreeMap::<&str, usize>::new());
    for (of, number) in all().iter().zip(1..) {
        let mut judge = |how, wanted, raw: &[u8]| {
            let got = books.compare(raw);
            if !score.count(wanted, &got) {
                *by_way.entry(how).or_default() += 1;
                println!("{how} of {number}: {got:?}");
            }
        };
        for (how, raw) in of.post().copies() {
            judge(how, Is::Same(number), &raw);
        }
        for (how, wanted, post) in others(of) {
            let wanted = if wanted == Is::Update(0) { Is::Update(number) } else { wanted };
            for form in [Form::Plain, Form::Base64] {
                judge(how, wanted, &post.mail(form));
            }
        }
    }
    score.print("48 advisories");
    println!("{by_way:?}");
    assert!(score.precision() >= 0.98 && score.recall() >= 0.9);
    assert_eq!(score.merged, 0);
    assert!(score.found * 100 >= score.updates * 95);
}

#[test]
fn copies_of_an_update_are_copies_of_the_update() {
    let (mut books, mut score) = (Books::new(), Score::default());
    for of in all() {
        let (first, _) = books.take(&of.post().mail(Form::Plain));
        let wider = of.fix_line().replace(&of.fixed, "9.0.1");
        let newer = of.post().revised("v2", &of.fix_line(), &wider);
        let (second, same) = books.take(&newer.mail(Form::QuotedPrintable));
        score.count(Is::Update(first), &same);
        let copies = [(first, of.post().copies()), (second, newer.copies())];
        for (number, copies) in copies {
            for (how, raw) in copies {
                let (_, got) = books.take(&raw);
                if !score.count(Is::Same(number), &got) {
                    println!("{how} of {number}: {got:?}");
                }
            }
        }
    }
    score.print("in one stream");
    assert!(score.precision() >= 0.98 && score.recall() >= 0.9);
    assert_eq!((score.merged, score.found), (0, score.updates));
}

#[test]
fn the_same_words_every_month_are_not_the_same_post() {
    let mut books = Books::new();
    for of in all().iter().take(16) {
        for month in 0..4 {
            let (_, got) = books.take(&of.monthly(month).mail(Form::Plain));
            assert_eq!(got.same_as(), None, "{month}: {of:?}");
        }
    }
}

/// What stands in a `.pair`, and which mails came before.
fn label(path: &Path, numbers: &BTreeMap<String, u32>) -> Option<(Is, Option<bool>)> {
    let text = fs::read_to_string(path.with_extension("pair")).ok()?;
    let said = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.map(str::trim).unwrap_or_default()
    };
    let number = |name: &str| *numbers.get(name).unwrap_or_else(|| panic!("{name} is not there"));
    let is = match said("is").split_once(' ') {
        Some(("same", name)) => Is::Same(number(name)),
        Some(("update", name)) => Is::Update(number(name)),
        _ => Is::Neither,
    };
    Some((is, (!said("worth").is_empty()).then(|| said("worth") == "yes")))
}

#[test]
fn scores_pairs_of_a_folder() {
    let Some(folder) = std::env::var_os("SIRT_SAME") else { return };
    let (mut books, mut score, mut copies) = (Books::new(), Score::default(), Score::default());
    let mut numbers = BTreeMap::new();
    let (mut right, mut false_finds, mut missed) = (0, 0, 0);
    for path in crate::posts::posts(Path::new(&folder)) {
        let raw = fs::read(&path).expect("a mail");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let (number, got) = books.take(&raw);
        let post = books.seen().get(number).expect("a post").post.clone();
        numbers.insert(name.clone(), number);
        let Some((is, worth)) = label(&path, &numbers) else { continue };
        if !score.count(is, &got) {
            println!("{name}: wanted {is:?}, got {got:?}");
        }
        let reasons = select::reasons(&post, &got, &SirenRules::default());
        match (worth, !reasons.is_empty()) {
            (Some(true), true) => right += 1,
            (Some(false), true) => false_finds += 1,
            (Some(true), false) => missed += 1,
            _ => {}
        }
        if worth.is_some_and(|worth| worth == reasons.is_empty()) {
            let why = select::not_worth(&post);
            println!("{name}: worth {worth:?}: {} {why:?} {reasons:?}", post.kind);
        }
        if is == Is::Neither && got.same_as().is_none() {
            let sent = as_sent(&books.desk, &raw);
            for (how, raw) in sent.copies() {
                let got = books.compare(&raw);
                if !copies.count(Is::Same(number), &got) {
                    println!("{how} of {name}: {got:?}");
                }
            }
            let got = books.compare(&sent.answered().mail(Form::Plain));
            if !copies.count(Is::Neither, &got) {
                println!("answer to {name}: {got:?}");
            }
        }
    }
    score.print("as they came");
    copies.print("copies of each made");
    println!("worth a notice: {right} found, {false_finds} falsely, {missed} missed");
}

/// A mail that came, to be sent on.
fn as_sent(desk: &Desk, raw: &[u8]) -> Post {
    let mail = desk.open(raw);
    let author = desk.read(raw).author;
    Post {
        id: mail.message_id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
        thread: mail.references.iter().map(|id| id.as_str().to_owned()).collect(),
        from: if author.contains(" <") { author } else { format!("Fay <{author}>") },
        at: mail.date.unwrap_or(day(0)),
        subject: mail.subject.replace("[oss-security] ", ""),
        text: mail.text.clone(),
    }
}
