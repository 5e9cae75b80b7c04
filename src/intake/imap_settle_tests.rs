use super::super::imap::ImapSettings;
use super::super::imap_script::{ARCHIVE, FETCH, LIST, after_open, done, play, settings, uids};
use super::super::{Afterwards, Settle, SourceError};
use super::*;

/// Takes the two mails and settles them, the second as asked.
async fn settle(settings: ImapSettings, script: &str, second: Settle) -> Result<(), SourceError> {
    let (mut source, server) = play(settings, script);
    let arrivals = source.next().await.expect("next");
    assert_eq!(uids(&arrivals), [10, 11]);
    let mut settled = done(&arrivals);
    settled[1].1 = second;
    let result = source.settle(&settled).await;
    drop(source);
    server.finish().await;
    result
}

const DELETE: &str = "\
C: UID STORE 10:11 +FLAGS.SILENT (\\Deleted)
S: $ OK
C: UID FETCH 10:11 (UID FLAGS)
S: * 1 FETCH (UID 10 FLAGS (\\Seen \\Deleted))
S: * 2 FETCH (UID 11 FLAGS (\\Deleted))
S: $ OK
C: UID EXPUNGE 10:11
S: * 1 EXPUNGE
S: * 1 EXPUNGE
S: $ OK
";

#[tokio::test]
async fn without_move_mails_are_copied_and_only_they_are_removed() {
    let copy = "C: UID COPY 10:11 \"Archive\"\nS: $ OK [COPYUID 9 10:11 1:2]\n";
    let script = after_open("UIDPLUS", &[ARCHIVE, LIST, FETCH, copy, DELETE]);
    settle(settings(), &script, Settle::Done).await.expect("settled");
}

#[tokio::test]
async fn nothing_is_removed_that_was_not_copied() {
    let copy = "C: UID COPY 10:11 \"Archive\"\nS: $ NO [OVERQUOTA] full\n";
    let script = after_open("UIDPLUS", &[ARCHIVE, LIST, FETCH, copy]);
    let error = settle(settings(), &script, Settle::Done).await.expect_err("refused");
    // The second try met no server any more.
    assert!(error.words.contains("connection refused"), "{error}");
}

#[tokio::test]
async fn delete_deletes() {
    let delete = ImapSettings { done: Afterwards::Delete, ..settings() };
    let script = after_open("UIDPLUS", &[LIST, FETCH, DELETE]);
    settle(delete, &script, Settle::Quarantined).await.expect("settled");
}

#[tokio::test]
async fn mail_that_could_not_be_filed_goes_to_quarantine() {
    let apart = ImapSettings { quarantine: Some("Quarantine".into()), ..settings() };
    let quarantine = ARCHIVE.replace("Archive", "Quarantine");
    let moves = "C: UID MOVE 10 \"Archive\"\nS: $ OK\nC: UID MOVE 11 \"Quarantine\"\nS: $ OK\n";
    let script = after_open("MOVE", &[ARCHIVE, &quarantine, LIST, FETCH, moves]);
    settle(apart, &script, Settle::Quarantined).await.expect("settled");
    // Nowhere to put it apart: it goes where filed mail goes, or it would come for ever.
    let one = "C: UID MOVE 10:11 \"Archive\"\nS: $ OK\n";
    let script = after_open("MOVE", &[ARCHIVE, LIST, FETCH, one]);
    settle(settings(), &script, Settle::Quarantined).await.expect("settled");
}

#[tokio::test]
async fn a_keyword_is_set_and_looked_for() {
    let flag = || ImapSettings { done: Afterwards::Flag("$Filed".into()), ..settings() };
    let store = "C: UID STORE 10:11 +FLAGS.SILENT ($Filed)\nS: $ OK\n\
                 C: UID FETCH 10:11 (UID FLAGS)\n\
                 S: * 1 FETCH (UID 10 FLAGS (\\Seen $Filed))\n";
    let kept = "S: * 2 FETCH (UID 11 FLAGS ($filed))\nS: $ OK\n";
    let script = after_open("IDLE", &[LIST, FETCH, store, kept]);
    settle(flag(), &script, Settle::Done).await.expect("kept");
    let gone = "S: * 2 EXPUNGE\nS: $ NO [EXPUNGEISSUED] gone\n";
    let script = after_open("IDLE", &[LIST, FETCH, store, gone]);
    settle(flag(), &script, Settle::Done).await.expect("the other is gone");
    // An OK that keeps nothing is noticed, twice.
    let lost = "S: * 2 FETCH (UID 11 FLAGS ())\nS: $ OK\n";
    let open = after_open("IDLE", &[]);
    let script = after_open("IDLE", &[LIST, FETCH, store, lost]) + "--\n" + &open + store + lost;
    let error = settle(flag(), &script, Settle::Done).await.expect_err("not kept");
    assert!(error.words.contains("did not keep the mark $Filed on 1 mails"), "{error}");
}

#[tokio::test]
async fn a_folder_removed_meanwhile_is_made_again() {
    let again = "C: UID MOVE 10:11 \"Archive\"\nS: $ NO [TRYCREATE] no such folder\n\
                 C: LIST \"\" \"Archive\"\nS: $ OK\n\
                 C: LIST \"\" \"\"\nS: * LIST (\\Noselect) \"/\" \"\"\nS: $ OK\n\
                 C: LIST \"\" \"INBOX/Archive\"\nS: $ OK\n\
                 C: CREATE \"Archive\"\nS: $ OK\nC: SUBSCRIBE \"Archive\"\nS: $ OK\n\
                 C: UID MOVE 10:11 \"Archive\"\nS: $ OK\n";
    let script = after_open("MOVE", &[ARCHIVE, LIST, FETCH, again]);
    settle(settings(), &script, Settle::Done).await.expect("settled");
}

#[test]
fn keywords_are_atoms() {
    assert!(is_keyword("$Filed") && is_keyword("sirt.filed-1"));
    for word in ["", "\\Seen", "a b", "(x", "x)", "{1}", "a%", "a*", "\"", "]", "é", "\u{7f}"] {
        assert!(!is_keyword(word), "{word:?}");
    }
}
