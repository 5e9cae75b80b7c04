//! Our posts on lists: as they leave, as lists hand them on, as GnuPG and we ourselves read them.

mod leaving;
pub mod transforms;

use crate::support::gnupg::Gnupg;
use jiff::Timestamp;
use sirt_gateway::case::{Manners, PostList, SignForm, Team, Tlp};
use sirt_gateway::letter::{Letter, NoticeFile, NoticePost, Templates, sample};
use sirt_gateway::mail::{self, Address, Mail, Matter, Shape};
use sirt_gateway::outbox::dress::{Dresser, dress};
use sirt_gateway::pgp::{Opener, Profile, TeamKey};
use sirt_gateway::worker::{Request, open_knowing};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use transforms as by;

/// Who posts: one key for all of these tests.
pub static DRESSER: LazyLock<Dresser> = LazyLock::new(|| {
    let address = Address::parse("sirt@example.org").expect("an address");
    let key = TeamKey::generate("Example SIRT", &address, Profile::Rfc4880, Timestamp::now());
    let key = key.expect("a key").key;
    let team = sample::full_team().expect("a team");
    let team = Team { key: key.certificate().fingerprint().clone(), ..team };
    let templates = Templates::new(&[]).expect("templates");
    let lists = vec![list("siren", SignForm::Clearsign), list("plain", SignForm::PgpMime)];
    Dresser { templates, team, key, members: BTreeMap::new(), lists }
});

fn list(name: &str, sign: SignForm) -> PostList {
    PostList {
        name: name.to_owned(),
        address: Address::parse(&format!("{name}@lists.example.org")).expect("an address"),
        highest_tlp: Tlp::Clear,
        sign,
        formats: Vec::new(),
        manners: Manners::Siren,
        a_day: 5,
        key: None,
    }
}

/// A notice in that form, with or without a document.
pub fn post(sign: SignForm, with_file: bool) -> NoticePost {
    let list = if sign == SignForm::Clearsign { "siren" } else { "plain" };
    let file = NoticeFile {
        name: "sirt-siren-2026-0007.osv.json".to_owned(),
        kind: "application/json".to_owned(),
        text: "{\n  \"id\": \"SIRT-SIREN-2026-0007\"  \n}\n".to_owned(),
    };
    let files = if with_file { vec![file] } else { Vec::new() };
    NoticePost { list: list.to_owned(), sign, files, ..sample::notice().expect("a post") }
}

pub fn letter(post: NoticePost) -> Letter {
    let letter = sample::to_list(post).expect("a letter");
    Letter { written: Timestamp::now(), ..letter }
}

/// As it leaves.
pub fn sent(post: NoticePost) -> Vec<u8> {
    dress(&letter(post), &DRESSER, Timestamp::now()).expect("dressed").sealed.bytes
}

/// As our worker reads it.
pub fn read(raw: &[u8]) -> Mail {
    let opener = Opener::new(&DRESSER.key.decryption_part().expect("part")).expect("opener");
    let own = [DRESSER.key.certificate().clone()];
    let ours = [DRESSER.key.certificate().fingerprint().clone()];
    let request = Request { on_record: &[], ours: &ours, now: Timestamp::now() };
    open_knowing(&own, raw, &opener, &request).expect("a mail").mail
}

/// Somebody with GnuPG who holds our certificate.
pub fn reader() -> Gnupg {
    Gnupg::holding(DRESSER.key.certificate().armored().as_bytes())
}

/// Whether GnuPG finds one good signature of ours in what came.
pub fn verifies(gnupg: &Gnupg, raw: &[u8]) -> bool {
    let entity = mail::parse(raw).expect("a mail");
    if let Shape::Signed { signed, signature } = entity.shape() {
        return gnupg.verifies(&signature, Some(&signed));
    }
    let pieces = entity.content().pieces;
    pieces.iter().any(|piece| match &piece.matter {
        Matter::Signed { signed, signature } => gnupg.verifies(signature, Some(signed)),
        Matter::Clearsigned(block) => gnupg.verifies(block, None),
        Matter::Encrypted(_) | Matter::EncryptedEntity(_) => false,
    })
}

/// What a list did: GnuPG's word, ours, and whether we still know the words as the notice's.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    pub gpg: bool,
    pub worker: bool,
    pub broken: bool,
}

pub fn seen(gnupg: &Gnupg, post: &NoticePost, raw: &[u8]) -> Seen {
    let mail = read(raw);
    let said = |words: &str| post.is_said_by(words, &DRESSER.team);
    Seen {
        gpg: verifies(gnupg, raw),
        worker: mail.own_words.as_deref().is_some_and(said),
        broken: mail.own_signature_broken,
    }
}

type Change = (&'static str, fn(&str) -> String, [bool; 2]);

/// What survives, in the cleartext form and in PGP/MIME.
const CHANGES: &[Change] = &[
    ("as it left", |mail| mail.to_owned(), [true, true]),
    ("ezmlm: tag and fields", by::ezmlm, [true, true]),
    ("Mailman: From munged, footer", by::mailman, [true, true]),
    ("Groups.io: From, Message-ID, footer", by::groups_io, [true, true]),
    ("blanks at line ends taken away", by::stripped, [true, true]),
    ("From lines of a mailbox file", by::mbox, [true, true]),
    ("another character set named", by::other_charset, [true, false]),
    ("quoted-printable made anew", by::requoted, [true, false]),
    ("both: footer, then quoted-printable", |mail| by::requoted(&by::mailman(mail)), [true, false]),
    ("blank lines doubled", by::doubled, [false, false]),
];

#[test]
fn what_lists_do_to_a_post_and_what_survives() {
    let gnupg = reader();
    let mut faults = Vec::new();
    for (name, change, survives) in CHANGES {
        for (sign, expected) in [SignForm::Clearsign, SignForm::PgpMime].into_iter().zip(survives) {
            for with_file in [false, true] {
                let post = post(sign, with_file);
                let sent = String::from_utf8(sent(post.clone())).expect("7-bit");
                let seen = seen(&gnupg, &post, change(&sent).as_bytes());
                let told = Seen { gpg: *expected, worker: *expected, broken: !expected };
                if seen != told {
                    faults.push(format!("{name}, {sign}, file {with_file}: {seen:?}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn words_that_a_list_adds_are_never_ours() {
    for sign in [SignForm::Clearsign, SignForm::PgpMime] {
        let sent = String::from_utf8(sent(post(sign, true))).expect("7-bit");
        for change in [by::mailman, by::groups_io] {
            let mail = read(change(&sent).as_bytes());
            let words = mail.own_words.expect("our words");
            assert!(!words.contains("nsubscribe"), "{words}");
            assert!(mail.text.to_lowercase().contains("unsubscribe"), "the footer was there");
        }
    }
}
