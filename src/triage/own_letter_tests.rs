use super::super::cast::*;
use super::*;
use crate::case::Watch;
use crate::mail::MessageId;

const WORDS: &str = "TLP:CLEAR\n\nUpdate libexample to 1.6.3.\n";
const LIST: &str = "siren@lists.watched.example";
const FOOTER: &str = "\n-=-=-=-=-=-=-=-=-=-=-=-\nUnsubscribe: \
    https://lists.watched.example/g/siren/unsub [reader@reader.test]\n-=-=-=-=-=-=-=-=-=-=-=-\n";

fn house() -> House {
    let mut house = House { list: Some("siren"), ..House::new() };
    house.rules.watches.push(Watch {
        name: "siren".to_owned(),
        list_id: "siren.lists.watched.example".to_owned(),
        address: Some(address(LIST)),
        archive: None,
    });
    house
}

fn armored(around: &str) -> String {
    format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{WORDS}\
         -----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n{around}\n\
         [signed piece 1: its signature does not hold]\n"
    )
}

/// As Groups.io hands a post of ours on: another Message-ID, another From.
fn returned(from: &str, text: &str) -> Mail {
    let post = mail(from, "[siren] libexample overflow", text);
    let post = Mail {
        to: vec![mailbox(LIST)],
        message_id: MessageId::parse("18A2B3C4@lists.watched.example"),
        own_words: Some(WORDS.to_owned()),
        ..post
    };
    with_field(post, "list-id", "<siren.lists.watched.example>")
}

const REWRITTEN: &str = "sirt=sirt.test@lists.watched.example";

#[test]
fn our_post_is_known_by_our_signature_whatever_stands_in_from() {
    for from in [REWRITTEN, LIST, US] {
        for text in [armored(""), armored(FOOTER), WORDS.to_owned(), format!("{WORDS}\n{FOOTER}")] {
            let triage = house().ask(&returned(from, &text));
            assert_eq!(triage.class, Class::OwnLetter, "{from}: {text}");
        }
    }
}

#[test]
fn whoever_quotes_our_post_whole_is_read_as_somebody_else() {
    for from in [EVE, REWRITTEN, LIST] {
        let more = armored("1.6.3 does not help: we were attacked with it installed.");
        assert_eq!(house().ask(&returned(from, &more)).class, Class::List, "{from}");
    }
    assert_eq!(house().ask(&returned(EVE, &armored(FOOTER))).class, Class::List);
}

#[test]
fn eve_sends_our_post_to_our_own_mailbox_and_is_not_taken_for_us() {
    let direct = House { list: None, ..house() };
    for from in [EVE, REWRITTEN] {
        let post = Mail { fields: Vec::new(), ..returned(from, &armored("")) };
        assert_ne!(direct.ask(&post).class, Class::OwnLetter, "{from}");
    }
}

#[test]
fn a_rewritten_from_without_our_signature_says_nothing() {
    let unsigned = Mail { own_words: None, ..returned(REWRITTEN, &armored("")) };
    assert_eq!(house().ask(&unsigned).class, Class::List);
}
