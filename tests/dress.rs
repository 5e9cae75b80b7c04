//! Letters as bytes: read back by our own opener and by GnuPG, and what must never leave.

use jiff::{SignedDuration, Timestamp};
use sirt_gateway::case::Team;
use sirt_gateway::letter::{
    Detail, Enclosure, LeftOut, Letter, OwnWords, Protection, Received, Templates, Wording, sample,
    sample_orders,
};
use sirt_gateway::mail::{Address, Encrypted, Mail, MessageId, Signature};
use sirt_gateway::outbox::Envelope;
use sirt_gateway::outbox::dress::{DressError, Dressed, Dresser, KeyFault, dress};
use sirt_gateway::pgp::{Opener, Profile, TeamKey};
use sirt_gateway::worker::{Request, open};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Keys are made once: everybody in these tests has the same for all of them.
struct Cast {
    dresser: Dresser,
    fay: TeamKey,
    val: TeamKey,
}

static CAST: LazyLock<Cast> = LazyLock::new(|| {
    let team_key = key("Example SIRT", "sirt@example.org");
    let (fay, val) = (key("Fay Inder", "fay@finders.example"), key("Val", "val@example.org"));
    let team = Team { key: team_key.certificate().fingerprint().clone(), ..team() };
    let members = BTreeMap::from([("val".to_owned(), val.certificate().clone())]);
    let templates = Templates::new(&[]).expect("templates");
    Cast {
        dresser: Dresser { templates, team, key: team_key, members, lists: Vec::new() },
        fay,
        val,
    }
});

fn team() -> Team {
    sample::full_team().expect("a team")
}

fn key(name: &str, address: &str) -> TeamKey {
    key_born(name, address, now() - days(1))
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

fn key_born(name: &str, address: &str, born: Timestamp) -> TeamKey {
    let address = Address::parse(address).expect("an address");
    TeamKey::generate(name, &address, Profile::Rfc4880, born).expect("a key").key
}

fn now() -> Timestamp {
    sample::RECEIVED
}

fn received() -> Received {
    sample::received().remove(0)
}

fn clear_letter() -> Letter {
    let wording = Wording::ReportReceivedClear(received());
    sample::to_finder(&wording, Protection::Signed).expect("a letter")
}

fn to_key(key: &TeamKey) -> Protection {
    let certificate = key.certificate();
    Protection::Sealed {
        key: certificate.fingerprint().clone(),
        certificate: Some(certificate.armored()),
    }
}

fn sealed_letter() -> Letter {
    let wording = Wording::ReportReceived(received());
    sample::to_finder(&wording, to_key(&CAST.fay)).expect("a letter")
}

fn member_letter() -> Letter {
    let wording = Wording::CaseOpened(Box::new(sample::case_letter(true)));
    let mut letter = sample::to_member(&wording).expect("a letter");
    let key = CAST.val.certificate().fingerprint().clone();
    letter.to.protection = Protection::Sealed { key, certificate: None };
    letter
}

fn dressed(letter: &Letter) -> Dressed {
    dress(letter, &CAST.dresser, now()).expect("dressed")
}

fn refused(letter: &Letter) -> DressError {
    dress(letter, &CAST.dresser, now()).err().expect("refused")
}

fn text(dressed: &Dressed) -> String {
    String::from_utf8(dressed.sealed.bytes.clone()).expect("ASCII")
}

/// The outer header, unfolded.
fn head(dressed: &Dressed) -> String {
    let text = text(dressed);
    text.split("\r\n\r\n").next().expect("a header").replace("\r\n ", " ")
}

fn field(dressed: &Dressed, name: &str) -> Vec<String> {
    let start = format!("{name}: ");
    head(dressed).split("\r\n").filter_map(|l| l.strip_prefix(&start)).map(str::to_owned).collect()
}

/// The letter as the program of whoever holds this key reads it.
fn read(dressed: &Dressed, reader: &TeamKey) -> Mail {
    let opener = Opener::new(&reader.decryption_part().expect("secrets")).expect("an opener");
    let ours = [reader.certificate().fingerprint().clone()];
    let on_record = [CAST.dresser.key.certificate().clone()];
    let request = Request { on_record: &on_record, ours: &ours, now: now() };
    open(&dressed.sealed.bytes, &opener, &request).expect("a mail").mail
}

fn signed_by_us(mail: &Mail) -> bool {
    let team = CAST.dresser.key.certificate().fingerprint();
    matches!(&mail.evidence.signature, Signature::Good(signed)
        if signed.signer == *team && signed.alive_now && !signed.meant_for_others)
}

fn fit_to_send(dressed: &Dressed) {
    let text = text(dressed);
    assert!(text.is_ascii());
    for line in text.split("\r\n") {
        assert!(!line.contains(['\r', '\n', '\0']) && line.len() <= 998, "{line:?}");
    }
}

#[test]
fn a_clear_letter_is_signed_and_says_how_to_answer() {
    let letter = clear_letter();
    let dressed = dressed(&letter);
    fit_to_send(&dressed);
    assert!(!dressed.kept);
    let is = |name: &str, value: &str| assert_eq!(field(&dressed, name), [value], "{name}");
    is("From", "Example SIRT <sirt@example.org>");
    is("To", "<fay@finders.example>");
    is("Reply-To", "Example SIRT <sirt+5f3kq8zt2m7xw4cd@example.org>");
    is("Subject", "[SIRT-2026-4827]");
    is("Date", "Mon, 23 Nov 2026 09:12:00 +0000");
    is("Message-ID", &letter.message_id.to_string());
    is("In-Reply-To", "<report.1@finders.example>");
    is("References", "<report.1@finders.example>");
    is("Auto-Submitted", "auto-replied");
    assert!(
        field(&dressed, "Autocrypt")[0]
            .starts_with("addr=sirt@example.org; prefer-encrypt=mutual;")
    );
    assert!(!head(&dressed).contains("Cc: ") && !head(&dressed).contains("Bcc: "));

    let mail = read(&dressed, &CAST.fay);
    assert!(signed_by_us(&mail), "{:?}", mail.evidence);
    assert_eq!(mail.evidence.encrypted, Encrypted::No);
    assert_eq!(mail.subject, "[SIRT-2026-4827]");
    let words = CAST.dresser.templates.words(&letter, &CAST.dresser.team).expect("words");
    assert_eq!(mail.text.trim_end(), words.body.trim_end());
    assert_eq!(mail.keys.len(), 1, "the team's certificate came along");
    assert_eq!(mail.keys[0].fingerprint, *CAST.dresser.key.certificate().fingerprint());
    assert!(mail.attachments.iter().any(|file| file.name == "team.asc"));
}

#[test]
fn a_sealed_letter_is_for_its_reader_alone() {
    let letter = sealed_letter();
    let dressed = dressed(&letter);
    fit_to_send(&dressed);
    assert_eq!(field(&dressed, "Reply-To"), [""; 0], "clients pick the key by address");
    assert_eq!(field(&dressed, "Subject"), ["[SIRT-2026-4827]"]);
    let mail = read(&dressed, &CAST.fay);
    assert_eq!(mail.evidence.encrypted, Encrypted::Whole);
    assert!(signed_by_us(&mail) && mail.evidence.protected_headers);
    assert!(mail.text.contains("Your report has arrived."));
    for other in [&CAST.val, &CAST.dresser.key] {
        let mail = read(&dressed, other);
        assert!(matches!(mail.evidence.encrypted, Encrypted::NotToUs { .. }));
    }
}

#[test]
fn a_member_reads_the_title_and_nobody_on_the_way_does() {
    let dressed = dressed(&member_letter());
    assert_eq!(field(&dressed, "To"), ["Val Olunteer <val@example.org>"]);
    assert_eq!(field(&dressed, "Subject"), ["[SIRT-2026-4827]"]);
    assert_eq!(field(&dressed, "Auto-Submitted"), ["auto-generated"]);
    assert!(!text(&dressed).contains("libexample"));
    let mail = read(&dressed, &CAST.val);
    assert_eq!(mail.subject, "[SIRT-2026-4827] libexample heap overflow");
    assert!(signed_by_us(&mail) && mail.text.contains("| Hello,"));
    assert_eq!(mail.attachments, [], "no file of a stranger, and no key that members have");
}

#[test]
fn what_is_kept_can_be_opened_by_the_team_alone() {
    let mut letter = member_letter();
    letter.to.protection = Protection::Kept;
    let dressed = dressed(&letter);
    assert!(dressed.kept);
    assert!(read(&dressed, &CAST.dresser.key).text.contains("| Hello,"));
    assert!(matches!(read(&dressed, &CAST.val).evidence.encrypted, Encrypted::NotToUs { .. }));
}

#[test]
fn every_wording_can_be_dressed() {
    for (mut letter, _) in sample::letters() {
        if letter.to.protection != Protection::Signed {
            let reader = if letter.to.member.is_some() { &CAST.val } else { &CAST.fay };
            letter.to.protection = to_key(reader);
        }
        fit_to_send(&dressed(&letter));
    }
}

#[test]
fn the_null_path_and_the_reader_are_the_envelope() {
    let mut letter = clear_letter();
    assert_eq!(dressed(&letter).sealed.envelope.from, None);
    let back = Address::parse("sirt+bk7qd3mw2@example.org").expect("an address");
    letter.return_path = Some(back.clone());
    let envelope = dressed(&letter).sealed.envelope;
    assert_eq!(envelope, Envelope { from: Some(back), to: letter.to.address });
}

// What must never leave.

#[test]
fn detail_never_goes_in_the_clear() {
    let mut letter = member_letter();
    letter.to.protection = Protection::Signed;
    assert_eq!(refused(&letter), DressError::Unprotected);
}

#[test]
fn only_words_confirmed_for_the_clear_go_in_the_clear() {
    let own = sample_orders::own_words(false);
    let clear = |wording| sample::to_finder(&wording, Protection::Signed).expect("a letter");
    fit_to_send(&dressed(&clear(Wording::OwnWordsClear(own.clone()))));
    assert_eq!(refused(&clear(Wording::OwnWords(own.clone()))), DressError::Unprotected);
    let report = OwnWords { words: Some("A report.".to_owned()), ..own.clone() };
    let file = OwnWords { files: vec!["crash.bin".to_owned()], ..own };
    for passed_on in [report, file] {
        assert_eq!(refused(&clear(Wording::OwnWordsClear(passed_on))), DressError::Unprotected);
    }
}

#[test]
fn a_sentence_makes_a_letter_one_with_detail() {
    let said = |sentence| Wording::Confirmed(sample_orders::said_with(sentence, None));
    let clear = |wording| sample::to_finder(&wording, Protection::Signed).expect("a letter");
    fit_to_send(&dressed(&clear(said(false))));
    assert_eq!(refused(&clear(said(true))), DressError::Unprotected);
}

#[test]
fn letters_for_the_team_go_to_nobody_else() {
    let mut letter = member_letter();
    letter.to = sealed_letter().to;
    assert_eq!(refused(&letter), DressError::Outside);
    letter.to.protection = Protection::Kept;
    assert_eq!(refused(&letter), DressError::Outside);
}

#[test]
fn a_key_that_cannot_be_used_holds_the_letter() {
    let mut letter = sealed_letter();
    let fingerprint = CAST.fay.certificate().fingerprint().clone();
    let with = |letter: &mut Letter, certificate: Option<String>| {
        letter.to.protection = Protection::Sealed { key: fingerprint.clone(), certificate };
    };
    for nothing in [None, Some(String::new()), Some("-----BEGIN PGP".to_owned())] {
        with(&mut letter, nothing);
        assert_eq!(refused(&letter), DressError::Key(KeyFault::Missing));
    }
    // Eve puts her certificate where Fay's was recorded.
    with(&mut letter, Some(CAST.val.certificate().armored()));
    assert_eq!(refused(&letter), DressError::Key(KeyFault::Another));

    let expired = key_born("Fay Inder", "fay@finders.example", now() - days(3 * 365));
    letter.to.protection = to_key(&expired);
    let error = refused(&letter);
    assert!(matches!(error, DressError::Key(KeyFault::Trouble(_))), "{error}");
    assert!(error.to_string().starts_with("The key expired on 2025-"), "{error}");
}

#[test]
fn a_member_without_the_key_of_the_roster_gets_nothing() {
    let mut letter = member_letter();
    letter.to.protection = to_key(&CAST.fay);
    assert_eq!(refused(&letter), DressError::Key(KeyFault::Another));
    letter.to.member = Some("nobody".to_owned());
    assert_eq!(refused(&letter), DressError::Key(KeyFault::Missing));
}

// Eve writes names and subjects.

#[test]
fn eve_cannot_write_a_header() {
    let evil = "Fay\r\nBcc: eve@evil.test\r\n\r\n{{ x }}\u{202e}\u{2028}=?utf-8?q?x?=";
    let mut clear = clear_letter();
    clear.to.name = evil.to_owned();
    clear.title = Some(evil.to_owned());
    let mut member = member_letter();
    member.to.name = evil.to_owned();
    member.title = Some(evil.to_owned());
    for letter in [clear, member] {
        let dressed = dressed(&letter);
        fit_to_send(&dressed);
        assert!(!head(&dressed).split("\r\n").any(|line| line.starts_with("Bcc")));
        assert_eq!(field(&dressed, "Subject"), ["[SIRT-2026-4827]"]);
        assert_eq!(field(&dressed, "To").len(), 1);
    }
    let subject = read(&dressed(&member_letter_titled(evil)), &CAST.val).subject;
    assert!(subject.starts_with("[SIRT-2026-4827] Fay"), "{subject:?}");
    assert!(!subject.contains(['\r', '\n', '\u{202e}']), "{subject:?}");
}

fn member_letter_titled(title: &str) -> Letter {
    Letter { title: Some(title.to_owned()), ..member_letter() }
}

#[test]
fn eve_cannot_learn_her_words_back() {
    // A captured ciphertext of Val's, sent again from Eve's address with Eve's key: what it
    // opened to is in none of the letters without detail.
    let canary = "zugzwangkatapult";
    for wording in sample::wordings() {
        let form = wording.form();
        if form.internal || form.detail != Detail::None {
            continue;
        }
        for protection in [Protection::Signed, to_key(&CAST.fay)] {
            let mut letter = sample::to_finder(&wording, protection).expect("a letter");
            letter.title = Some(canary.to_owned());
            letter.to.name = canary.to_owned();
            let dressed = dressed(&letter);
            let mail = read(&dressed, &CAST.fay);
            let read = format!("{} {} {:?}", mail.subject, mail.text, mail.to);
            assert!(!text(&dressed).contains(canary) && !read.contains(canary), "{}", form.file);
        }
    }
}

#[test]
fn a_dressed_letter_names_only_its_own_thread() {
    let ids = |n: usize| MessageId::parse(&format!("m{n}@example.org")).expect("an id");
    let letter = Letter { references: (1..=3).map(ids).collect(), ..sealed_letter() };
    let dressed = dressed(&letter);
    assert_eq!(field(&dressed, "In-Reply-To"), ["<m3@example.org>"]);
    assert_eq!(
        field(&dressed, "References"),
        ["<m1@example.org> <m2@example.org> <m3@example.org>"]
    );
    let alone = Letter { references: Vec::new(), ..sealed_letter() };
    assert!(!head(&self::dressed(&alone)).contains("In-Reply-To"));
}

fn crash() -> Enclosure {
    let bytes: Vec<u8> = (0..=255).cycle().take(3_000).collect();
    Enclosure::Bytes { name: "../crash.bin".to_owned(), kind: "image/png".to_owned(), bytes }
}

#[test]
fn a_file_never_leaves_in_the_clear() {
    let letter = Letter { files: vec![crash()], ..clear_letter() };
    assert_eq!(refused(&letter), DressError::Unprotected);
}

#[test]
fn files_come_attached_and_what_is_missing_is_said() {
    let missing = Enclosure::LeftOut { name: "core.dump".to_owned(), why: LeftOut::Gone };
    let letter = Letter { files: vec![crash(), missing], ..member_letter() };
    let dressed = dressed(&letter);
    fit_to_send(&dressed);
    let mail = read(&dressed, &CAST.val);
    assert!(signed_by_us(&mail));
    let names: Vec<&str> = mail.attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!((names.as_slice(), mail.attachments[0].bytes), (["crash.bin"].as_slice(), 3_000));
    let note = "NOT ENCLOSED\n\n  - core.dump: the mail it came with is no longer kept.\n";
    assert!(mail.text.contains(note), "{}", mail.text);
}
