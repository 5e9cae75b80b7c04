use super::*;

fn secrets() -> Secrets {
    Secrets { numbers: [1; 32], codes: [2; 32], tokens: [3; 32], message_ids: [4; 32] }
}

fn found(text: &str, source: &str, known: &[&str]) -> Option<usize> {
    let secrets = secrets();
    let of = |text: &&str| passages(&secrets, text);
    let (source, known) = (of(&source), known.iter().map(of).collect::<Vec<_>>());
    let sources = vec![Source { whose: "the finder", passages: &source }];
    let known = known.iter().map(Vec::as_slice).collect();
    held(text, &Sought { secrets: &secrets, sources, known }).first().map(|held| held.line)
}

const FAY: &str = "Hello,\n\nthe header length is read from the wire and added to the buffer \
    pointer before anybody compares it with the size of the allocation, so a client that sends \
    a negative length writes below the heap block. A build with the sanitiser stops in \
    parse_chunk after the third frame.\n\nRegards\nFay\n";

#[test]
fn vals_paste_is_found_however_mail_changed_it() {
    let quoted = "Hello Mo,\n\nplease see this:\n\n> the header length is read from the wire and\n\
        > added to the buffer pointer before any-\n> body compares it with the size\n\nVal";
    assert_eq!(found(quoted, FAY, &[]), Some(5));
    for text in [
        "THE HEADER LENGTH IS READ FROM THE WIRE AND ADDED TO THE BUFFER POINTER BEFORE ANYBODY",
        "| | the  header length\r\n| | is read\r\n| | from the wire \r\n| | and added to the buffer\
         pointer",
        "“the header length” is read from the wire — and added to the buffer pointer…",
        "the hea\u{ad}der length is read from\u{a0}the wire and ad\u{200b}ded to the buffer \
         pointer",
        "* the header length is *read* from the wire; and added to the \u{fb00}buffer pointer, a \
         client that sends a negative length writes below the heap block",
        "ｔｈｅ ｈｅａｄｅｒ length is read from the wire and added to the buffer pointer",
    ] {
        assert!(found(text, FAY, &[]).is_some(), "{text}");
    }
}

#[test]
fn what_val_says_in_words_of_his_own_is_not_found() {
    for text in [
        "The length in the header may be negative; then the copy begins below the buffer.",
        "Thank you very much for your report. Please let me know if you have any questions.",
        "Regards\nFay",
        "",
    ] {
        assert_eq!(found(text, FAY, &[]), None, "{text}");
    }
}

#[test]
fn a_long_mail_is_known_by_fewer_places() {
    for (length, row) in [(550, 9), (900, 11), (1_600, 15), (3_000, 23)] {
        all_found(length, row);
    }
}

/// Any `row` words in a row of a mail of that many.
fn all_found(length: usize, row: usize) {
    let words: Vec<String> = (0..length).map(|n| format!("word{n}")).collect();
    let secrets = secrets();
    let kept = passages(&secrets, &words.join(" "));
    assert!(kept.len() <= PASSAGES && kept.is_sorted(), "{}", kept.len());
    let sources = vec![Source { whose: "the finder", passages: &kept }];
    let sought = Sought { secrets: &secrets, sources, known: Vec::new() };
    assert!(words.windows(row).all(|some| held(&some.join(" "), &sought).len() == 1));
}

#[test]
fn a_mail_of_any_length_costs_no_more_than_the_limit() {
    let secrets = secrets();
    for count in [0_u64, 1, 7, 8, 11, 1_000, 5_000, 60_000] {
        let text: Vec<String> = (0..count).map(|n| format!("w{n}rd{}", n * 7)).collect();
        let kept = passages(&secrets, &text.join(" "));
        assert!(kept.len() <= PASSAGES, "{count}: {}", kept.len());
        assert_eq!(kept.is_empty(), count < 8, "{count}");
    }
    let dump: Vec<String> = (0..3_000_u64).map(|n| format!("{:040x}", n * 0x9e37_79b9)).collect();
    assert!(passages(&secrets, &dump.join("\n")).len() <= PASSAGES);
}

#[test]
fn vals_paste_of_an_exploit_is_found_line_by_line() {
    let exploit = "Run this:\n\n    memcpy(dst, src, len)\n    GET /?id=1'%20OR%201=1--&x=%27 \
        HTTP/1.1\n    head[n] = -1;  p->next = q;\n\
        sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n\
        https://git.example/libs/libexample/blob/main/src/parse.c#L120\n\
        token AKIA9XQ27LFTR0PZ6W3B\nTmV2ZXIgZ29ubmEgZ2l2ZSB5b3UgdXAgbmV2ZXIgZ29ubmE=\n";
    for paste in [
        "> memcpy( dst,\u{a0}src, len );",
        "look at /?id=1'%20OR%201=1--&x=%27, please",
        "head[n] = -1; p->next = q;",
        "its digest is 9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08.",
        "see <https://git.example/libs/libexample/blob/main/src/parse.c#L120>",
        "AKIA9XQ27LFTR0PZ6W3B",
        "TmV2ZXIgZ29ubmEgZ2l2ZSB5b3UgdXAgbmV2ZXIgZ29ubmE=",
    ] {
        assert!(found(paste, exploit, &[]).is_some(), "{paste}");
    }
}

#[test]
fn lines_that_many_mails_have_are_no_passages() {
    for line in [
        "**Steps to reproduce**",
        "=== Steps to reproduce ===",
        "https://github.example/example/libexample",
        "https://nvd.example/vuln/detail/CVE-2021-44228",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "#include <stdlib.h>",
        "the attached file(s) and log(s)",
        "On Friday, 20 Nov 2026 at 09:12, Fay wrote:",
        "first this; then that; no more",
        "- - - - - - - - - - - - - - - - - - - - -",
        "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
        "An attacker could execute arbitrary code via this vulnerability.",
        "Please let me know if you have any questions, and thank you for your time.",
        "Vielen Dank für Ihre Meldung, wir werden uns bei Ihnen melden.",
    ] {
        assert_eq!(passages(&secrets(), line), [0_u64; 0], "{line}");
    }
}

#[test]
fn scripts_without_blanks_have_passages_too() {
    let fay = "攻撃者が細工した長さの値を送ると、バッファの手前に書き込みが発生します。";
    let wrapped = "攻撃者が細工した長さの値を\n> 送ると、バッファの手前に書き込みが発生";
    assert!(found(wrapped, fay, &[]).is_some());
    assert_eq!(found("よろしくお願いします。", fay, &[]), None);
}

#[test]
fn what_the_reader_has_in_the_clear_may_stand() {
    let ours = "We could reproduce the crash on the stable branch and expect a mended version \
        from the project within nine working days.";
    let reply = format!("> {ours}\n\nGood. {FAY}");
    assert!(found(ours, &reply, &[]).is_some());
    assert_eq!(found(ours, &reply, &[ours]), None);
    assert!(found(FAY, &reply, &[ours]).is_some());
}

#[test]
fn digests_tell_nothing_without_the_key() {
    let other = Secrets { message_ids: [5; 32], ..secrets() };
    let (one, other) = (passages(&secrets(), FAY), passages(&other, FAY));
    assert!(!one.is_empty() && one.iter().all(|digest| !other.contains(digest)));
}
