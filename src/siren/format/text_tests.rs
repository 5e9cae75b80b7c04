use super::*;
use crate::case::{Exploited, NoticeKind};
use crate::siren::samples;
use proptest::prelude::*;

fn texts(manners: Manners, heading: &Heading, said: &Statement, files: &[Document]) -> String {
    let (said, foreign) = ascii::statement(said);
    assert_eq!(foreign, []);
    let publisher = samples::publisher();
    let words = Said { heading, said: &said, publisher: &publisher, files };
    format!("Subject: {}\n\n{}", subject(manners, &words), body(manners, &words))
}

fn golden(name: &str, text: &str) {
    let path = format!("{}/fixtures/notices/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("SIRT_WRITE").is_some_and(|value| value == "1") {
        std::fs::write(&path, text).expect("written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{name} reads now:\n{text}");
}

#[test]
fn a_first_notice_reads_as_it_did() {
    let file = Document {
        name: "sirt-siren-2026-0007.osv.json".to_owned(),
        kind: "application/json",
        text: "{}".to_owned(),
    };
    let mut said = samples::statement();
    said.sources.push(crate::case::Source {
        list: "oss-security".to_owned(),
        author: "Jürgen Beispiel".to_owned(),
        date: Some(jiff::civil::date(2026, 6, 2)),
        message_id: Some(samples::id("20260602120000.GA1@acme.example")),
        archive: Some("https://lists.example/archive/20260602120000.GA1@acme.example".to_owned()),
    });
    golden("text-siren", &texts(Manners::Siren, &samples::heading(), &said, &[file]));
}

#[test]
fn a_post_to_oss_security_reads_as_it_did() {
    let mut said = samples::statement();
    said.told_before = vec!["distros".to_owned()];
    let text = texts(Manners::OssSecurity, &samples::heading(), &said, &[]);
    golden("text-oss-security", &text);
    assert!(text.contains("handled in private before, with: distros"), "O9");
}

#[test]
fn a_post_to_distros_reads_as_it_did_and_its_subject_tells_nothing() {
    let text = texts(Manners::Distros, &samples::heading(), &samples::for_distros(), &[]);
    golden("text-distros", &text);
    assert!(text.starts_with("Subject: [vs] SIRT-SIREN-2026-0007 version 1\n"));
}

#[test]
fn corrections_and_withdrawals_say_first_what_they_replace() {
    let mut said = samples::statement();
    said.changes = "1.6.2 is affected too; version 1 said it was not.".to_owned();
    for (kind, name) in [
        (NoticeKind::Update, "text-update"),
        (NoticeKind::Correction, "text-correction"),
        (NoticeKind::Withdrawal, "text-withdrawal"),
    ] {
        let text = texts(Manners::Siren, &samples::later(kind), &said, &[]);
        let oss = texts(Manners::OssSecurity, &samples::later(kind), &said, &[]);
        golden(name, &text);
        for text in [&text, &oss] {
            let place = |words: &str| text.find(words).unwrap_or(usize::MAX);
            assert!(place("version 1 of 2026-06-02") < place(&said.description));
            assert!(place("<23456789abcdefghjkmnpqrstv@sirt.example>") < place("Description:"));
            assert!(text.lines().next().is_some_and(|line| line.contains("WITHDRAWN")
                || line.contains("UPDATE")
                || line.contains("CORRECTION")));
        }
    }
}

#[test]
fn what_nobody_knows_is_said_to_be_unknown() {
    let mut said = samples::statement();
    said.ids.clear();
    said.affected.iter_mut().for_each(|one| one.fixed.clear());
    (said.exploited, said.evidence) = (Exploited::Unknown, String::new());
    let text = texts(Manners::Siren, &samples::heading(), &said, &[]);
    for words in ["none assigned", "no fixed version is known", "exploited: unknown"] {
        assert!(text.contains(words), "{words}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_words_make_lines_that_arrive(
        title in "\\PC{0,80}", description in "(\\PC{0,60}[\n ]{0,2}-?>?){0,12}",
        actions in "(\\PC{0,30}\n){0,5}", url in "https?://[a-z/.]{0,120}", kind in 0..4_usize,
    ) {
        let kinds = [NoticeKind::First, NoticeKind::Update, NoticeKind::Correction,
            NoticeKind::Withdrawal];
        let heading = samples::later(kinds[kind]);
        let mut said = Statement { title, description, actions, ..samples::statement() };
        said.references[0].url = url;
        let (said, _) = ascii::statement(&said);
        let publisher = samples::publisher();
        let words = Said { heading: &heading, said: &said, publisher: &publisher, files: &[] };
        for manners in [Manners::Siren, Manners::OssSecurity, Manners::Distros] {
            let text = body(manners, &words);
            prop_assert!(text.starts_with("TLP:CLEAR\n") && text.ends_with("\nTLP:CLEAR\n"));
            prop_assert!(subject(manners, &words).bytes().all(|b| (b' '..=b'~').contains(&b)));
            for line in text.lines() {
                let many = line.trim_start_matches("| ").contains(' ');
                prop_assert!(line.bytes().all(|b| (b' '..=b'~').contains(&b)), "{line:?}");
                prop_assert!(line.len() <= COLUMNS || !many, "{line:?}");
                prop_assert!(!line.starts_with(['-', '>', ' ']) && !line.ends_with(' '));
                prop_assert!(!line.starts_with("From "));
            }
        }
    }
}
