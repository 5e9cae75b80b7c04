//! Our posts through a real Mailman 3: what its reader verifies, and what we find again.

use crate::lists::{DRESSER, letter, post, read, reader, seen};
use crate::support::mailman::Mailman;
use jiff::Timestamp;
use sirt_gateway::case::SignForm;
use sirt_gateway::mail::MessageId;
use sirt_gateway::outbox::dress::dress;

/// `make test-lists` runs it: the package is large, and not on every machine.
#[test]
#[ignore = "needs the package mailman3: make test-lists"]
fn posts_of_every_form_come_whole_out_of_mailman() {
    let mailman = Mailman::with(&["siren", "plain"]);
    let forms = [SignForm::Clearsign, SignForm::PgpMime];
    let posts: Vec<_> =
        forms.into_iter().flat_map(|sign| [false, true].map(|file| post(sign, file))).collect();
    for (number, post) in posts.iter().enumerate() {
        let mut letter = letter(post.clone());
        letter.message_id = MessageId::parse(&format!("post.{number}@example.org")).expect("an id");
        let dressed = dress(&letter, &DRESSER, Timestamp::now()).expect("dressed");
        mailman.post(&post.list, &dressed.sealed.bytes);
    }
    let delivered = mailman.delivered(posts.len());
    assert_eq!(delivered.len(), posts.len());
    let gnupg = reader();
    let mut faults = Vec::new();
    for (number, post) in posts.iter().enumerate() {
        let id = MessageId::parse(&format!("post.{number}@example.org"));
        let is_it = |raw: &&Vec<u8>| read(raw).message_id == id;
        let raw = delivered.iter().find(is_it).expect("it came");
        let (mail, seen) = (read(raw), seen(&gnupg, post, raw));
        let (sign, list) = (post.sign, &post.list);
        println!("{sign}, file {}: {seen:?}", !post.files.is_empty());
        if std::env::var_os("SHOW").is_some() {
            println!("{}", String::from_utf8_lossy(raw));
        }
        assert_eq!(mail.subject, format!("[{list}] {}", post.subject), "the tag");
        assert_eq!(mail.from[0].address.as_str(), format!("{list}@lists.example.org"), "From");
        assert!(mail.text.contains("To unsubscribe"), "the footer: {}", mail.text);
        assert!(mail.fields_named("x-loop").any(|mark| mark == "sirt@example.org"), "our mark");
        if !(seen.gpg && seen.worker && !seen.broken) {
            faults.push(format!("{sign} {list}: {seen:?}\n{}", String::from_utf8_lossy(raw)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
