use super::super::{Mailbox, MessageId, parse};
use super::*;

fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

const GROUPS: &str = "Update to 1.6.3.\n\n-=-=-=-=-=-=-=-=-=-=-=-\nGroups.io Links: You receive \
    all messages.\nMute This Topic: https://lists.example.org/mt/123/456\nUnsubscribe: \
    https://lists.example.org/g/siren/unsub [reader@reader.example]\n-=-=-=-=-=-=-=-=-=-=-=-\n";

const MAILMAN: &str = "Update to 1.6.3.\n_______________________________________________\n\
    Siren mailing list -- siren@lists.example.org\nTo unsubscribe send an email to \
    siren-leave@lists.example.org\n";

#[test]
fn footers_go_and_words_stay() {
    for text in [GROUPS, MAILMAN] {
        assert_eq!(without_list_lines(text, &[]), "Update to 1.6.3.\n");
        let quoted: String = text.lines().map(|line| format!("> {line}\n")).collect();
        let kept = without_list_lines(&quoted, &[]);
        assert_eq!(kept.trim_end_matches(['>', '\n']), "> Update to 1.6.3.");
    }
    let words = "Affected\n________________________________\nlibexample 1.4\n-- \nVal\n";
    assert_eq!(without_list_lines(words, &[]), words);
    let below = format!("{GROUPS}And more.\n");
    assert_eq!(without_list_lines(&below, &[]), "Update to 1.6.3.\n\nAnd more.\n");
}

#[test]
fn no_line_that_names_a_subscriber_or_acts_for_one_is_kept() {
    let reader = [address("reader@reader.example")];
    for line in [
        "You are subscribed as Reader@Reader.example.",
        "> List-Unsubscribe: <mailto:siren+unsubscribe@lists.example.org?subject=unsubscribe>",
        "https://lists.example.org/g/siren/leave/123/456",
        "oss-return-123-reader=reader.example@lists.example.org",
    ] {
        assert_eq!(without_list_lines(line, &reader), "", "{line}");
    }
    let harmless = "We leave it to you; mute the alarm, unsubscribe nobody.\n";
    assert_eq!(without_list_lines(harmless, &reader), harmless);
}

#[test]
fn a_kept_post_holds_nothing_of_its_way_to_us() {
    let raw = "Return-Path: <oss-return-7-reader=reader.example@lists.example.org>\r\n\
        Delivered-To: reader@reader.example\r\nReceived: by mx for <reader@reader.example>\r\n\
        From: =?utf-8?Q?J=C3=B6rg?= <jorg@example.net>\r\nTo: oss@lists.example.org\r\n\
        Subject: [oss] libexample =?utf-8?Q?=E2=80=93?= overflow\r\nMessage-ID: <2@example.net>\r\n\
        In-Reply-To: <1@example.net>\r\nReferences: <0@example.net> <1@example.net>\r\n\
        List-Id: <oss.lists.example.org>\r\n\
        List-Unsubscribe: <mailto:oss-unsubscribe@lists.example.org>\r\n\
        Date: Mon, 23 Nov 2026 09:12:00 +0000\r\n\r\nraw words for reader@reader.example\r\n";
    let mail = parse(raw.as_bytes()).expect("a mail").mail();
    let kept = kept_post(&mail, "From 1.4 on.\n.conf J\u{f6}rg\n");
    let text = String::from_utf8(kept.clone()).expect("text");
    assert!(text.is_ascii() && !text.contains("reader") && !text.contains("nsubscribe"), "{text}");
    let entity = parse(&kept).expect("a mail");
    let again = entity.mail();
    let name = "J\u{f6}rg".to_owned();
    assert_eq!(again.from, [Mailbox { name, address: address("jorg@example.net") }]);
    assert_eq!((again.subject, again.date), (mail.subject, mail.date));
    assert_eq!(again.message_id, MessageId::parse("2@example.net"));
    assert_eq!((again.references, again.in_reply_to), (mail.references, mail.in_reply_to));
    assert_eq!(again.fields.iter().filter(|field| field.name == "list-id").count(), 1);
    assert_eq!(entity.content().text, "From 1.4 on.\n.conf J\u{f6}rg\n");
}

#[test]
fn any_text_takes_time_by_its_length_alone() {
    let many = "_______________________________________________\n".repeat(50_000);
    assert_eq!(without_list_lines(&many, &[]), many);
    let waves = "-=-=-=-=-=-\n".repeat(50_001);
    assert_eq!(without_list_lines(&waves, &[]), "");
    let long = "x".repeat(1_000_000);
    assert_eq!(without_list_lines(&long, &[]).len(), 1_000_001);
}

#[test]
fn a_wave_that_never_ends_hides_nothing_below_its_paragraph() {
    let text = "First.\n-=-=-=-=-=-=-\nGroup links\n\nMore words.\n";
    assert_eq!(without_list_lines(text, &[]), "First.\n\nMore words.\n");
}
