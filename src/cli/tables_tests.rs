use super::super::pages;
use super::*;
use serde_json::json;

#[test]
fn the_caseload_reads_well_in_80_columns() {
    let value = json!([
        {"case": "SIRT-2026-4827", "title": "heap overflow in libexample when a chunk is short",
         "status": "received", "severity": null, "opened": "2026-11-23T09:12:00Z", "handlers": []},
        {"case": "SIRT-2026-1201", "title": "\u{1b}[31mred\u{202e}", "status": "accepted",
         "severity": "critical", "opened": "2026-11-24T10:00:00Z", "handlers": ["val", "vic"]},
    ]);
    let expected = concat!(
        "CASE            OPENED      STATUS    SEVERITY  HANDLERS  TITLE\n",
        "SIRT-2026-4827  2026-11-23  received  -         -         heap overflow in libe…\n",
        "SIRT-2026-1201  2026-11-24  accepted  critical  val,vic   \\u{1b}[31mred\\u{202e}\n",
    );
    assert_eq!(cases(&value, false), expected);
    assert_eq!(cases(&json!([]), false), "No open cases. All of them: --all\n");
}

#[test]
fn letters_say_why_they_wait() {
    let value = json!([{"id": "L17", "case": "SIRT-2026-4827", "template": "case-opened",
        "to": "val@example.org", "state": "held", "why": "no key", "message_id": "x@y"}]);
    let text = letters(&value, true);
    assert!(
        text.ends_with("L17     held   SIRT-2026-4827  val@example.org  case-opened: no key\n"),
        "{text}"
    );
    let text = quarantine(&json!([{"id": "Q3", "mailbox": "security",
        "at": "2026-11-23T09:12:00Z", "bytes": 31457280, "why": "too large"}]));
    assert!(text.contains("Q3    2026-11-23 09:12  security  31457280  too large"), "{text}");
}

#[test]
fn what_verify_finds_is_told_in_lines() {
    assert!(verify(&json!({"ok": true, "findings": []})).contains("agree"));
    let text =
        verify(&json!({"ok": false, "findings": ["one", {"what": "two", "where": "seq 7"}]}));
    assert_eq!(text, "one\ntwo: seq 7\n");
}

#[test]
fn a_case_is_a_page_and_eve_cannot_steer_the_terminal() {
    let evil = "\u{1b}]0;owned\u{7}\u{202e}";
    let value = json!({
        "case": "SIRT-2026-4827", "title": evil, "status": "received", "class": "report",
        "pathway": null, "tlp": "red", "severity": null, "handlers": ["val", "vic"],
        "opened": "2026-11-23T09:12:00Z", "updated": "2026-11-23T09:13:00Z",
        "embargo": {"state": "active", "until": "2027-01-15T14:00:00Z"},
        "facts": {"vendor_aware": {"at": "2026-11-23T09:12:00Z", "source": evil}, "public": null},
        "participants": [{"role": "finder", "address": "fay@finders.test", "handle": null,
            "key": "71B022D4".repeat(5), "channel": "ask"}],
        "timeline": [{"at": "2026-11-23T09:12:00Z", "event": "case.opened", "by": "gateway"}],
        "words": [{"at": "2026-11-23T09:12:00Z", "from": "fay@finders.test",
            "text": format!("a\n{evil}\n")}],
    });
    let page = pages::case(&value);
    assert!(!page.chars().any(|c| c.is_control() && c != '\n'), "{page}");
    assert!(page.lines().all(|line| line.chars().count() <= WIDTH), "{page}");
    for line in [
        "  embargo    active until 2027-01-15 14:00 UTC\n",
        "  handlers   val, vic\n",
        "  finder     fay@finders.test  [ask]\n",
        "  2026-11-23 09:12  case.opened",
        "\n| a\n",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
}
