//! A post as it leaves: its form, and what is refused.

use super::{DRESSER, letter, post, read, reader, sent, verifies};
use jiff::Timestamp;
use sirt_gateway::case::{ListKey, SignForm};
use sirt_gateway::letter::{NoticePost, Protection, Wording, sample};
use sirt_gateway::mail::{Address, MessageId};
use sirt_gateway::outbox::dress::{DressError, Dresser, KeyFault, dress};
use sirt_gateway::outbox::gate;
use sirt_gateway::pgp::{Profile, TeamKey};

const FORMS: [SignForm; 2] = [SignForm::Clearsign, SignForm::PgpMime];

fn refused(letter: &sirt_gateway::letter::Letter) -> Option<DressError> {
    dress(letter, &DRESSER, Timestamp::now()).err()
}

#[test]
fn a_post_is_as_plain_as_mail_can_be() {
    for sign in FORMS {
        let mut letter = letter(post(sign, true));
        let first = MessageId::parse("first@example.org").expect("an id");
        letter.references = vec![first];
        let dressed = dress(&letter, &DRESSER, Timestamp::now()).expect("dressed").sealed;
        gate::look(&dressed).expect("it passes the gate");
        let text = String::from_utf8(dressed.bytes).expect("7-bit");
        let (header, body) = text.split_once("\r\n\r\n").expect("a header");
        let names = header.split("\r\n").filter(|line| !line.starts_with(' '));
        let names: Vec<&str> = names.filter_map(|line| line.split(':').next()).collect();
        let mut expected = vec!["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To"];
        expected.extend(["References", "X-Loop", "MIME-Version", "Content-Type"]);
        assert_eq!(names, expected, "{sign}");
        assert!(header.contains("X-Loop: sirt@example.org"));
        let said = |mark: &str| text.contains(mark);
        assert!(!said("protected-headers") && !said("hp=") && !said("SIRT-2026-4827"), "{text}");
        assert!(!body.split("\r\n").any(|line| line.starts_with("From ")), "{body}");
        assert!(!body.split("\r\n").any(|line| line.starts_with('.')), "{body}");
        assert!(!body.split("\r\n").any(|line| line.ends_with(' ')), "{body}");
        assert!(!text.contains("Reply-To: sirt"), "{text}");
    }
}

#[test]
fn the_cleartext_form_is_read_by_anybody_as_it_stands() {
    let text = String::from_utf8(sent(post(SignForm::Clearsign, false))).expect("7-bit");
    assert!(text.contains("Content-Type: text/plain; charset=us-ascii\r\n"), "{text}");
    assert!(text.contains("Content-Transfer-Encoding: 7bit\r\n"), "{text}");
    assert!(text.contains("\r\n- - Update to 1.6.3.\r\n"), "{text}");
    assert!(text.contains("\r\n- From 1.4.0 on, a long line"), "{text}");
    assert!(text.contains("\r\n- .conf files"), "{text}");
    // GnuPG takes the whole mail as it lies in a mailbox.
    assert!(reader().verifies(text.as_bytes(), None));
}

/// What the lint would not let through still leaves whole: blanks, controls, long and odd lines.
#[test]
fn whatever_a_body_holds_is_signed_as_it_reads() {
    let gnupg = reader();
    let bodies = [
        "one line",
        "\n\nblank lines\n\n\n",
        "trailing  \nblanks\t\n",
        "J\u{f6}rg \u{2013} not ASCII\nFrom J\u{f6}rg\n",
        &"x".repeat(2_000),
        "a\0b\u{1b}[1mc\u{7f}",
        "lone\rCR and\r\nCRLF",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nEve\n",
        "-----BEGIN PGP SIGNATURE-----\n\nEve\n-----END PGP SIGNATURE-----\n",
        ".\n..\nMAIL FROM:<eve@example.net>\n.\n",
        "https://example.org/an/address/that/is/longer/than/any/line/of/a/post/ought/to/be/or/so",
    ];
    for (body, sign) in bodies.into_iter().flat_map(|body| FORMS.map(|sign| (body, sign))) {
        let post = NoticePost { body: body.to_owned(), ..post(sign, false) };
        let dressed = dress(&letter(post), &DRESSER, Timestamp::now()).expect("dressed");
        gate::look(&dressed.sealed).expect("it passes the gate");
        let raw = dressed.sealed.bytes;
        assert!(verifies(&gnupg, &raw), "{sign}: {body:?}");
        let words = read(&raw).own_words.unwrap_or_else(|| panic!("{sign}: {body:?}"));
        let last = body.trim_end().lines().last().unwrap_or_default();
        let plain = body.bytes().all(|b| (b' '..=b'~').contains(&b) || b == b'\n');
        assert!(!plain || words.trim_end().ends_with(last), "{sign}: {words:?}");
    }
}

#[test]
fn files_come_as_they_are() {
    for sign in FORMS {
        let post = post(sign, true);
        let raw = sent(post.clone());
        let entity = sirt_gateway::mail::parse(&raw).expect("a mail");
        let (listed, file) = (entity.content().attachments, entity.file(0));
        assert_eq!(listed[0].attachment.name, post.files[0].name);
        assert_eq!(listed[0].attachment.kind, "application/json");
        assert_eq!(file.expect("the file"), post.files[0].text.as_bytes());
    }
}

#[test]
fn a_list_with_a_key_gets_nothing_in_the_clear() {
    let distros = key("Distros", "distros@lists.example.org");
    let certificate = distros.certificate();
    let (fingerprint, armored) = (certificate.fingerprint().clone(), certificate.armored());
    let list_key = ListKey { fingerprint, certificate: armored };
    let mut list = DRESSER.lists[0].clone();
    list.key = Some(list_key.clone());
    let mut dresser = another();
    dresser.lists = vec![list];
    let post = NoticePost {
        subject: "[vs] a flaw in a library".to_owned(),
        key: Some(list_key),
        ..post(SignForm::Clearsign, true)
    };
    let to_it = letter(post.clone());
    let raw = dress(&to_it, &dresser, Timestamp::now()).expect("dressed").sealed.bytes;
    let text = String::from_utf8(raw).expect("7-bit");
    assert!(text.contains("\r\nSubject: [vs] a flaw in a library\r\n"), "{text}");
    assert!(!text.contains("libexample") && !text.contains("osv.json"), "{text}");
    let secret = distros.to_secret_armor(None).expect("a secret");
    let gnupg = crate::support::gnupg::Gnupg::holding(secret.as_bytes());
    gnupg.run(&["--import"], dresser.key.certificate().armored().as_bytes());
    let inside = gnupg.open(text.as_bytes(), dresser.key.certificate().fingerprint().as_str());
    // What the list encrypts anew to its members still carries our signature.
    assert!(gnupg.verifies(inside.as_bytes(), None), "{inside}");

    // In the clear, to another key, or to a list that has none: never.
    let clear = NoticePost { key: None, ..post.clone() };
    let sealed = letter(post.clone()).to.protection;
    let mut letters = [letter(clear.clone()), letter(post)];
    letters[1].to.protection = Protection::Public;
    assert_eq!(refused_by(&dresser, &letters[0]), Some(DressError::List));
    assert_eq!(refused_by(&dresser, &letters[1]), Some(DressError::List));
    let mut open_list = letter(clear);
    open_list.to.protection = sealed;
    assert_eq!(refused(&open_list), Some(DressError::List));
}

#[test]
fn a_list_whose_key_cannot_be_used_gets_nothing_and_the_post_waits() {
    let (one, other) = (key("One", "a@lists.example.org"), key("Other", "b@lists.example.org"));
    let list_key = ListKey {
        fingerprint: one.certificate().fingerprint().clone(),
        certificate: other.certificate().armored(),
    };
    let mut dresser = another();
    dresser.lists[0].key = Some(list_key.clone());
    let mut letter = letter(NoticePost { key: Some(list_key), ..post(SignForm::Clearsign, false) });
    let why = DressError::Key(KeyFault::Another);
    assert_eq!(refused_by(&dresser, &letter), Some(why));
    letter.to.protection = Protection::Kept;
    let kept = dress(&letter, &dresser, Timestamp::now()).expect("kept");
    assert!(kept.kept);
    assert!(!String::from_utf8_lossy(&kept.sealed.bytes).contains("libexample 1.4.0 to"));
}

fn key(name: &str, address: &str) -> TeamKey {
    let address = Address::parse(address).expect("an address");
    TeamKey::generate(name, &address, Profile::Rfc4880, Timestamp::now()).expect("a key").key
}

/// A dresser to change.
fn another() -> Dresser {
    Dresser {
        templates: sirt_gateway::letter::Templates::new(&[]).expect("templates"),
        team: DRESSER.team.clone(),
        key: key("Example SIRT", "sirt@example.org"),
        members: Default::default(),
        lists: DRESSER.lists.clone(),
    }
}

fn refused_by(dresser: &Dresser, letter: &sirt_gateway::letter::Letter) -> Option<DressError> {
    dress(letter, dresser, Timestamp::now()).err()
}

// What must never leave.

#[test]
fn a_post_goes_to_its_list_and_to_nobody_else() {
    let good = letter(post(SignForm::Clearsign, false));
    assert_eq!(refused(&good), None);
    let mut bad = vec![good.clone(); 8];
    bad[0].to.address = Address::parse("eve@example.net").expect("an address");
    bad[1].to.address = Address::parse("plain@lists.example.org").expect("an address");
    bad[2].to.member = Some("val".to_owned());
    bad[3].to.participant = Some(1);
    bad[4].to.protection = Protection::Signed;
    bad[5].to.reply_to = Address::parse("sirt+x@example.org");
    bad[6].enclosed = vec![good.clone()];
    bad[7].files = vec![sirt_gateway::letter::Enclosure::Original { mail: "00".to_owned() }];
    for (number, letter) in bad.iter().enumerate() {
        assert_eq!(refused(letter), Some(DressError::List), "{number}");
    }
    let given = post(SignForm::Clearsign, false);
    let eve = Address::parse("eve@example.net").expect("an address");
    let forms = [
        NoticePost { sign: SignForm::PgpMime, ..given.clone() },
        NoticePost { list: "other".to_owned(), ..given.clone() },
        NoticePost { subject: " ".to_owned(), ..given.clone() },
        NoticePost {
            from: sirt_gateway::mail::Mailbox { name: "Eve".to_owned(), address: eve },
            ..given
        },
    ];
    for post in forms {
        let mut letter = letter(post);
        letter.to.address = Address::parse("siren@lists.example.org").expect("an address");
        assert_eq!(refused(&letter), Some(DressError::List));
    }
}

#[test]
fn a_list_gets_posts_and_nothing_else() {
    let wording = Wording::ReportReceivedClear(sample::received().remove(0));
    let mut letter = sample::to_finder(&wording, Protection::Signed).expect("a letter");
    assert_eq!(refused(&letter), None);
    letter.to.protection = Protection::Public;
    assert_eq!(refused(&letter), Some(DressError::List), "no other letter is for everybody");
    letter.to.protection = Protection::Signed;
    letter.to.address = Address::parse("siren@lists.example.org").expect("an address");
    assert_eq!(refused(&letter), Some(DressError::List));
}

#[test]
fn the_same_post_has_the_same_envelope_and_the_keyed_way_back() {
    let letter = letter(post(SignForm::PgpMime, false));
    let dressed = dress(&letter, &DRESSER, Timestamp::now()).expect("dressed").sealed;
    assert_eq!(dressed.envelope.to.as_str(), "plain@lists.example.org");
    assert_eq!(dressed.envelope.from, letter.return_path);
    assert!(letter.return_path.is_some());
}
