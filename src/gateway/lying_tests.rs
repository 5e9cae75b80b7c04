//! Eve has the process that opens mail: the whole gateway, with a process that says what she likes.

use super::*;
use crate::case::Class;
use crate::cli::{InitArgs, Kind, init};
use crate::gateway::{Clock, start};
use crate::mail::Mail;
use crate::pgp::cast::{Person, hours, now, person, signature_armor};
use crate::triage::{self, Question};
use crate::worker::frame;
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

/// Takes its setup as any worker, and answers every mail with what lies in its folder.
const LIAR: &str = r#"#!/bin/sh
PATH=/usr/bin:/bin
frame() { head -c "$(od --endian=big -An -N4 -tu4 | tr -d ' ')"; }
frame >/dev/null; frame >/dev/null
printf '\000\000\000\005ready'
while frame >/dev/null 2>&1; do frame >/dev/null; cat FOLDER/answer; done
"#;

const CONFIG: &str = "\n[[mailbox]]\nname = \"security\"\nmaildir = \"mail\"\n\
     [relay]\nmaildir = \"out\"\n\
     [[member]]\nhandle = \"val\"\nname = \"Val\"\naddress = \"val@example.org\"\n\
     key = \"keys/val.asc\"\nrole = \"coordinator\"\n";

struct House {
    folder: TempDir,
    val: Person,
}

impl House {
    fn new() -> House {
        let house = House { folder: tempfile::tempdir().expect("a folder"), val: person("val") };
        let args = InitArgs {
            folder: house.path("desk"),
            name: "Example SIRT".to_owned(),
            address: "sirt@example.org".to_owned(),
            profile: Kind::Rfc4880,
        };
        assert!(init(&args, now() - hours(1)).is_ok());
        fs::write(house.path("desk/keys/val.asc"), house.val.certificate().armored()).expect("key");
        let config = fs::read_to_string(house.path("desk/config.toml")).expect("config");
        fs::write(house.path("desk/config.toml"), config + CONFIG).expect("config");
        let liar = LIAR.replace("FOLDER", house.path("").to_str().expect("a path"));
        fs::write(house.path("liar"), liar).expect("written");
        let mode = fs::Permissions::from_mode(0o700);
        fs::set_permissions(house.path("liar"), mode).expect("mode");
        house
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    async fn gateway(&self) -> Gateway {
        let settings = crate::config::load(&self.path("desk/config.toml"), None).expect("settings");
        start(&settings, self.path("liar"), Clock::Set(now())).await.expect("a gateway")
    }

    /// What the process will say: signed by Val, with this to show for it.
    fn says(&self, mail: &Mail, proof: Option<&Proof>) {
        let mut answer = Vec::new();
        let encrypted = proof.map(|proof| json!({ "encrypted": proof.encrypted }));
        let head = json!({ "mail": { "mail": mail, "proof": encrypted } });
        frame::write(&mut answer, head.to_string().as_bytes()).expect("head");
        for bytes in proof.iter().flat_map(|proof| [&proof.signed, &proof.signature]) {
            frame::write(&mut answer, bytes).expect("frame");
        }
        fs::write(self.path("answer"), answer).expect("written");
    }

    /// What is believed of a mail, and what it is taken for.
    async fn taken(&self, gateway: &Gateway, raw: &str) -> (Option<SignedWords>, Class) {
        let question = worker::Question { now: now(), on_record: Vec::new() };
        let mut opened = gateway.pool.open(raw.as_bytes(), &question).await.expect("a worker");
        let words = gateway.prove(raw.as_bytes(), &mut opened).await.expect("a thread");
        let worker::Opened::Mail(mail, _) = opened else { panic!("{opened:?}") };
        let (cases, rules) = (gateway.book.cases(), &gateway.book.rules);
        (words, triage::triage(&Question { mail: &mail, cases, rules, list: None }).class)
    }
}

const ORDERS: &str = "Content-Type: text/plain; charset=utf-8\r\n\r\n/close\r\n";

fn signed_by(person: &Person) -> (String, Proof) {
    let signature = person.signature(ORDERS.as_bytes(), now() - hours(1));
    let mail = format!(
        "From: val@example.org\r\nTo: sirt@example.org\r\nContent-Type: multipart/signed; \
         protocol=\"application/pgp-signature\"; boundary=s\r\n\r\n--s\r\n{ORDERS}\r\n--s\r\n\
         Content-Type: application/pgp-signature\r\n\r\n{}\r\n--s--\r\n",
        signature_armor(&signature).replace('\n', "\r\n")
    );
    let signature = signature_armor(&signature).replace('\n', "\r\n").into_bytes();
    (mail, Proof { signed: ORDERS.into(), signature, encrypted: false })
}

/// The mail as a process tells it that calls it Val's.
fn told(house: &House, raw: &str) -> Mail {
    let entity = crate::mail::parse(raw.as_bytes()).expect("a mail");
    let mut mail = Mail { text: "/close\n".to_owned(), ..entity.mail() };
    let signer = house.val.certificate().fingerprint().clone();
    mail.evidence.signature = Signature::Good(Signed {
        signer,
        made: now() - hours(1),
        key: crate::mail::KeyOrigin::OnRecord,
        alive_now: true,
        meant_for_others: false,
        digest: "00".repeat(32),
    });
    mail
}

#[tokio::test]
async fn eve_says_that_val_signed_it() {
    let house = House::new();
    let (vals, honest) = signed_by(&house.val);
    let (hers, forged) = signed_by(&person("eve"));
    house.says(&told(&house, &vals), Some(&honest));
    let gateway = house.gateway().await;
    let (words, class) = house.taken(&gateway, &vals).await;
    let words = words.expect("Val did sign it");
    assert_eq!((words.text.as_str(), class), ("/close\n", Class::Orders));
    assert_ne!(words.signed.digest, "00".repeat(32), "our own, not the one told");
    for proof in [None, Some(&forged), Some(&honest)] {
        house.says(&told(&house, &hers), proof);
        let (words, class) = house.taken(&gateway, &hers).await;
        assert_eq!(words, None, "{proof:?}");
        assert_ne!(class, Class::Orders, "{proof:?}");
    }
}
