use super::*;
use crate::case::Permission;
use jiff::tz::TimeZone;

fn address(text: &str) -> Address {
    Address::parse(text).expect(text)
}

fn member(name: &str, signs_as: &str) -> Member {
    Member {
        handle: "val".to_owned(),
        name: name.to_owned(),
        address: address("val@team.example"),
        also_from: vec![address("v.olunteer@work.example")],
        key: Fingerprint::parse("71B022D4C0DE5A1F33908E6677AA01BC4659AFD0").expect("a key"),
        key_trouble: None,
        role: Permission::Volunteer,
        zone: TimeZone::UTC,
        signs_as: signs_as.to_owned(),
    }
}

fn cases(text: &str) -> Vec<String> {
    let this = CaseId::parse("SIRT-2026-4827").expect("an id");
    let found = Text::new(text).other_cases("SIRT", &this);
    found.into_iter().map(|(id, line)| format!("{id}:{line}")).collect()
}

#[test]
fn another_case_is_found_however_it_is_written() {
    for text in [
        "as in SIRT-2026-1234.",
        "as in sirt-2026-1234",
        "SIRT\u{2011}2026\u{2013}1234",
        "SIRT 2026 1234",
        "SIRT_2026_1234",
        "SIRT-\u{200b}2026-12\u{200b}34",
        "[SIRT 2026/1234]",
        "ＳＩＲＴ－２０２６－１２３４",
        "sirt-2026-\n> 1234",
        "SIRT20261234",
        "https://sirt.example/SIRT-2026-1234?x",
    ] {
        assert_eq!(cases(text), ["SIRT-2026-1234:1"], "{text}");
    }
    assert_eq!(cases("one\r\n\r\nSIRT-2026-9999, sirt-2026-9999"), ["SIRT-2026-9999:3"]);
}

#[test]
fn this_case_and_dates_are_not_another_case() {
    for text in [
        "your case SIRT-2026-4827",
        "sirt 2026 4827",
        "CVE-2026-1234",
        "OTHER-2026-1234",
        "SIRT-26-1234",
        "SIRT, 2026-11-20",
        "the SIRT answered 1234 mails in 2026",
        "UNSIRT-2026-1234",
    ] {
        assert_eq!(cases(text), [""; 0], "{text}");
    }
}

#[test]
fn an_address_is_found_however_it_is_spelt() {
    let fay = address("fay@finders.example");
    for text in [
        "fay@finders.example",
        "Ask Fay Inder <FAY@Finders.Example>, she knows.",
        "mailto:fay@finders.example?subject=x",
        "mailto:fay%40finders.example",
        "https://list.example/?to=fay@finders.example",
        "*fay@finders.example*",
        "_fay@finders.example_",
        "'fay@finders.example'.",
        "fay+cve@finders.example",
        "fay at finders dot example",
        "fay [at] finders [dot] example",
        "fay(at)finders.example",
        "fay AT finders DOT example",
        "fay @ finders . example",
        "fay@\n> finders.example",
        "fay@fin\u{200b}ders.example",
        "fay (ät) finders punkt example",
    ] {
        assert_eq!(Text::new(text).address(&fay), Some(1), "{text}");
    }
    let idn = address("fay@bücher.example");
    for text in ["fay@bücher.example", "fay@xn--bcher-kva.example", "fay at bücher dot example"] {
        assert_eq!(Text::new(text).address(&idn), Some(1), "{text}");
    }
}

#[test]
fn another_address_is_not_this_one() {
    let fay = address("fay@finders.example");
    for text in [
        "xfay@finders.example",
        "not.fay@finders.example",
        "fay@finders.example.org",
        "fay@more-finders.example",
        "fay finders example",
        "Fay looked at finders and dot files",
        "sirt@example.org",
    ] {
        assert_eq!(Text::new(text).address(&fay), None, "{text}");
    }
}

#[test]
fn a_member_is_found_by_name_address_and_key() {
    let val = member("Val Olunteer", "Example SIRT");
    for text in [
        "Regards\nVal Olunteer",
        "Regards\nVAL\nOLUNTEER",
        "Regards\nOlunteer, Val",
        "Write to me:\nv.olunteer@work.example",
        "My key:\n71B0 22D4 C0DE 5A1F 3390\n8E66 77AA 01BC 4659 AFD0",
        "My key:\n0x77AA01BC4659AFD0",
        "My key:\n71:B0:22:D4:C0:DE:5A:1F:33:90:8E:66:77:AA:01:BC:46:59:AF:D0",
    ] {
        assert_eq!(Text::new(text).member(&val), Some(2), "{text}");
    }
    for text in [
        "the value of Olunteer's work",
        "Val d'Isère",
        "the team key is 1111 2222 3333 4444 5555 6666 7777 8888 9999 0000",
        "sirt@example.org",
    ] {
        assert_eq!(Text::new(text).member(&val), None, "{text}");
    }
}

#[test]
fn a_name_a_member_signs_with_may_stand() {
    let val = member("Val Olunteer", "Val Olunteer, Example SIRT");
    assert_eq!(Text::new("Val Olunteer").member(&val), None);
    assert_eq!(Text::new("val@team.example").member(&val), Some(1));
}

#[test]
fn a_single_name_counts_only_as_it_is_written() {
    let will = member("Will", "Example SIRT");
    assert_eq!(Text::new("we will see").member(&will), None);
    assert_eq!(Text::new("so long\nWill").member(&will), Some(2));
    assert_eq!(Text::new("x").member(&member("", "Example SIRT")), None);
}

#[test]
fn marks_of_ours_are_found() {
    for text in [
        "Hello\n[SIRT-2026-4827 k7qd3mw2 sirt@example.org TLP:RED]",
        "Hello\n> INTERNAL. For the handlers of this case. Never forward; use /send.",
        "Hello\nreply to sirt+5f3kq29c7mwh8zdn@example.org",
        "Hello\n/confirm W2RJ9DKX",
    ] {
        let found = Text::new(text).internal(&["5f3kq29c7mwh8zdn", "w2rj9dkx"]);
        assert_eq!(found, Some(2), "{text}");
    }
    for text in ["your case [SIRT-2026-4827]", "our internal rules for the handlers", "k7qd3mw2"] {
        assert_eq!(Text::new(text).internal(&["w2rj9dkx"]), None, "{text}");
    }
}
