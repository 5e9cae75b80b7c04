use super::samples::{Base, Books, Sample, base, bases, day, read};
use super::*;
use jiff::SignedDuration;

fn one() -> (Books, Sample) {
    let mut books = Books::default();
    let post = base(0, 0).post();
    assert_eq!(books.take(&post), Sameness::New);
    (books, post)
}

fn roundup(of: &Base) -> Sample {
    let ids: Vec<String> = (0..10).map(|n| format!("CVE-2026-{}", 40998 + n)).collect();
    let ids = format!("{}, {}", of.ids[0], ids.join(", "));
    Sample {
        id: format!("roundup-{}@news.example", of.n),
        thread: Vec::new(),
        from: "Weekly <weekly@news.example>".to_owned(),
        at: of.post().at + SignedDuration::from_hours(60),
        subject: format!("Flaws of the week: {ids}"),
        text: "Ten flaws were made public this week. Here they are, with links to what was said \
               about them on the lists of their projects, for those who had no time to read.\n"
            .to_owned(),
    }
}

fn request(of: &Base) -> Sample {
    Sample {
        id: format!("request-{}@example.org", of.n),
        subject: format!("CVE request: {} {} ({})", of.project, of.flaw, of.ids[0]),
        text: format!("Has anybody asked for an id of the {} in {} yet?\n", of.flaw, of.project),
        from: "Fay <fay@example.org>".to_owned(),
        ..of.post()
    }
}

fn next_year(of: &Base) -> Sample {
    let ids = vec![format!("CVE-2027-{}", 51000 + of.n)];
    let later =
        Base { ids: ids.clone(), affected: "<9.9.1".into(), fixed: "9.9.1".into(), ..of.clone() };
    let at = of.post().at + SignedDuration::from_hours(24 * 365);
    Sample { id: format!("next-{}@example.com", of.n), at, ..later.post() }
}

fn distribution(of: &Base) -> Sample {
    Sample {
        id: format!("dsa-{}@distribution.example", of.n),
        thread: Vec::new(),
        from: "Distribution <security@distribution.example>".to_owned(),
        at: of.post().at + SignedDuration::from_hours(20),
        subject: format!("[DSA-{}] {} security update {}", 7000 + of.n, of.project, of.ids[0]),
        text: format!(
            "A flaw was found in {}, which could result in trouble.\n\nFor the stable distribution \
             this problem has been fixed. Fixed in: 0\n\nFixed in: {}-2+deb13u1\n\nWe recommend that \
             you upgrade your packages.\n",
            of.project, of.fixed
        ),
    }
}

/// What a copy, a revision or a neighbour of each advisory is, by who made it.
fn labelled(of: &Base) -> Vec<(&'static str, char, Sample)> {
    let post = of.post();
    let fixed = format!("Fixed in: {}", of.fixed);
    let wider = format!("Affected: {}, =0.9", of.affected);
    let exploited = "\nThis flaw is exploited in the wild.\n\nFixed in:";
    vec![
        ("ezmlm", '=', post.tagged()),
        ("mailman", '=', post.mailman()),
        ("groups.io", '=', post.groups_io()),
        ("groups.io of a forward", '=', post.forwarded(true).groups_io()),
        ("wrapped", '=', post.wrapped()),
        ("forward", '=', post.forwarded(true)),
        ("bare forward", '=', post.forwarded(false)),
        ("answer", '.', post.answered()),
        ("fix incomplete", '+', post.revised(&fixed, "Fixed in: 9.0.1")),
        ("more affected", '+', post.revised(&format!("Affected: {}", of.affected), &wider)),
        ("exploited", '+', post.revised("\nFixed in:", exploited)),
        ("withdrawn", '+', post.revised("\nFixed in:", "\nWe withdraw this.\n\nFixed in:")),
        ("round-up", '.', roundup(of)),
        ("request", '.', request(of)),
        ("next year", '.', next_year(of)),
        ("distribution", '.', distribution(of)),
    ]
}

#[derive(Default, Debug)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
    merged_updates: usize,
    updates: usize,
    updates_found: usize,
}

impl Score {
    fn count(&mut self, label: char, want: u32, got: &Sameness) {
        match (label, got.same_as()) {
            ('=', Some(number)) if number == want => self.right += 1,
            ('=', None) => self.missed += 1,
            (_, Some(_)) => self.wrong += 1,
            _ => {}
        }
        if label == '+' {
            self.updates += 1;
            self.merged_updates += usize::from(got.same_as().is_some());
            self.updates_found += usize::from(got.update_of() == Some(want));
        }
    }

    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }
}

#[test]
fn pairs_of_forty_five_advisories_are_told_apart() {
    let mut books = Books::default();
    for of in bases() {
        assert_eq!(books.take(&of.post()), Sameness::New, "{of:?}");
    }
    let mut score = Score::default();
    for (of, number) in bases().iter().zip(1..) {
        for (how, label, post) in labelled(of) {
            let got = books.compare(&post);
            let before = (score.wrong, score.missed, score.updates_found);
            score.count(label, number, &got);
            if before.0 != score.wrong || before.1 != score.missed {
                println!("{how} of {number} ({label}): {got:?}");
            }
            if label == '+' && before.2 == score.updates_found {
                println!("{how} of {number} ({label}): {got:?}");
            }
        }
    }
    println!("{score:?} precision {:.3} recall {:.3}", score.precision(), score.recall());
    assert!(score.precision() >= 0.98 && score.recall() >= 0.95);
    assert_eq!((score.merged_updates, score.updates_found), (0, score.updates));
}

#[test]
fn in_one_stream_copies_come_back_to_the_first_and_updates_stay() {
    let mut books = Books::default();
    let mut score = Score::default();
    for of in bases() {
        let number = books.seen().next();
        books.take(&of.post());
        let newer = of.post().revised(&format!("Fixed in: {}", of.fixed), "Fixed in: 9.0.1");
        let update = books.seen().next();
        score.count('+', number, &books.take(&newer));
        for copy in [newer.groups_io(), newer.forwarded(true), newer.wrapped()] {
            score.count('=', update, &books.take(&copy));
        }
        for copy in [of.post().groups_io(), of.post().forwarded(false), of.post().mailman()] {
            score.count('=', number, &books.take(&copy));
        }
        score.count('.', 0, &books.take(&of.post().answered()));
    }
    println!("{score:?} precision {:.3} recall {:.3}", score.precision(), score.recall());
    assert!(score.precision() >= 0.98 && score.recall() >= 0.9);
    assert_eq!((score.merged_updates, score.updates_found), (0, 45));
}
