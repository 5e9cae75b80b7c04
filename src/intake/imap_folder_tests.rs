use super::super::imap::ImapSettings;
use super::super::imap_script::{OPEN, after_open, play, settings};
use super::super::{Afterwards, SourceError, SourceErrorKind};

const NOOP: &str = "C: NOOP\nS: $ NO enough\n";
const CAPS: &str = "MOVE";

/// Nothing but the connection: the NOOP that follows is refused.
async fn opened(settings: ImapSettings, script: &str) -> Result<(), SourceError> {
    let (mut source, server) = play(settings, script);
    let error = source.next().await.err().expect("some trouble");
    drop(source);
    server.finish().await;
    if error.words.ends_with("the server refused NOOP") { Ok(()) } else { Err(error) }
}

fn into(folder: &str) -> ImapSettings {
    ImapSettings { done: Afterwards::Move(folder.into()), ..settings() }
}

async fn refused(settings: ImapSettings, script: &str, kind: SourceErrorKind, words: &str) {
    let error = opened(settings, script).await.expect_err("refused");
    assert!(error.words.contains(words), "{error}");
    assert_eq!(error.kind, kind, "{error}");
}

#[tokio::test]
async fn a_missing_folder_is_made() {
    let made = "C: LIST \"\" \"Archive\"\nS: $ OK\n\
                C: LIST \"\" \"\"\nS: * LIST (\\Noselect) \"/\" \"\"\nS: $ OK\n\
                C: LIST \"\" \"INBOX/Archive\"\nS: $ OK\n\
                C: CREATE \"Archive\"\nS: $ OK\nC: SUBSCRIBE \"Archive\"\nS: $ NO why\n";
    opened(into("Archive"), &after_open(CAPS, &[made, NOOP])).await.expect("made");
}

#[tokio::test]
async fn a_folder_that_another_gateway_made_is_there() {
    let there = "C: LIST \"\" \"Archive\"\nS: * LIST (\\Noselect) \"/\" Archive\nS: $ OK\n\
                 C: LIST \"\" \"\"\nS: * LIST (\\Noselect) NIL \"\"\nS: $ OK\n\
                 C: CREATE \"Archive\"\nS: $ NO [ALREADYEXISTS] there\n";
    opened(into("Archive"), &after_open(CAPS, &[there, NOOP])).await.expect("there");
}

#[tokio::test]
async fn folders_below_inbox_are_found_or_made() {
    let list = "C: LIST \"\" \"Archive\"\nS: $ OK\n\
                C: LIST \"\" \"\"\nS: * LIST (\\Noselect) \".\" \"\"\nS: $ OK\n\
                C: LIST \"\" \"INBOX.Archive\"\n";
    let found = "S: * LIST () \".\" INBOX.Archive\nS: $ OK\n";
    opened(into("Archive"), &after_open(CAPS, &[list, found, NOOP])).await.expect("found");
    let made = "S: $ OK\nC: CREATE \"Archive\"\nS: $ NO [CANNOT] outside\n\
                C: CREATE \"INBOX.Archive\"\nS: $ OK\nC: SUBSCRIBE \"INBOX.Archive\"\nS: $ OK\n";
    opened(into("Archive"), &after_open(CAPS, &[list, made, NOOP])).await.expect("made");
}

#[tokio::test]
async fn the_servers_separator_and_alphabet_are_used() {
    let list = "C: LIST \"\" \"\"\nS: * LIST (\\Noselect) \".\" \"\"\nS: $ OK\n\
                C: LIST \"\" \"SIRT.Erledigt &- gepr&APw-ft\"\n\
                S: * LIST () \".\" \"SIRT.Erledigt &- gepr&APw-ft\"\nS: $ OK\n";
    let script = after_open(CAPS, &[list, NOOP]);
    opened(into("SIRT/Erledigt & geprüft"), &script).await.expect("found");
}

#[tokio::test]
async fn eve_cannot_put_a_command_into_a_folder_name() {
    let odd = "C: LIST \"\" \"A\\\\\\\"&AA0ACg-x LOGOUT\"\n\
               S: * LIST () \"/\" \"A\\\\\\\"&AA0ACg-x LOGOUT\"\nS: $ OK\n";
    let script = after_open(CAPS, &[odd, NOOP]);
    opened(into("A\\\"\r\nx LOGOUT"), &script).await.expect("quoted");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told() {
    let list = "C: LIST \"\" \"INBOX.Archive\"\nS: $ OK\nC: CREATE \"INBOX.Archive\"\n";
    let no = after_open(CAPS, &[list, "S: $ NO [NOPERM] no\n"]);
    refused(into("INBOX.Archive"), &no, SourceErrorKind::Settings, "cannot be made").await;
    let full = after_open(CAPS, &[list, "S: $ NO [OVERQUOTA] full\n"]);
    refused(into("INBOX.Archive"), &full, SourceErrorKind::Temporary, "over its quota").await;
}

#[tokio::test]
async fn what_a_server_cannot_do_is_told_before_any_mail_is_taken() {
    let settings_kind = SourceErrorKind::Settings;
    let flag = |word: &str| ImapSettings { done: Afterwards::Flag(word.into()), ..settings() };
    let only = |caps: &str| OPEN.replace("CAPS", caps);
    refused(into("Archive"), &only("IDLE"), settings_kind, "neither MOVE nor UIDPLUS").await;
    refused(into("inbox"), &only("MOVE"), settings_kind, "must be other folders").await;
    let delete = ImapSettings { done: Afterwards::Delete, ..settings() };
    refused(delete.clone(), &only("MOVE"), settings_kind, "no UIDPLUS").await;
    opened(delete, &(only("UIDPLUS") + NOOP)).await.expect("can delete");
    let seen = ImapSettings { done: Afterwards::Seen, ..settings() };
    refused(seen, &only("MOVE"), settings_kind, "done for IMAP").await;
    for word in ["", "\\Seen", "a b", "x)", "ü", "a\"b"] {
        refused(flag(word), &only("MOVE"), settings_kind, "cannot be a keyword").await;
    }
    let fixed = only("MOVE").replace(" \\*)", ")");
    refused(flag("$Filed"), &fixed, settings_kind, "keeps no keyword").await;
    let named = fixed.replace("\\Deleted)] limited", "\\Deleted $filed)] limited");
    opened(flag("$Filed"), &(named + NOOP)).await.expect("named");
    let silent =
        only("MOVE").replace("S: * OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] limited\n", "");
    opened(flag("$Filed"), &(silent + NOOP)).await.expect("nothing said: all last");
}

#[tokio::test]
async fn a_folder_that_cannot_be_opened_is_told() {
    let open = OPEN.replace("CAPS", CAPS);
    let (before, _) = open.split_once("S: * FLAGS").expect("select");
    for (answer, kind, words) in [
        ("S: $ NO [NONEXISTENT] none\n", SourceErrorKind::Settings, "check `folder`"),
        ("S: $ NO [NOPERM] none\n", SourceErrorKind::Settings, "check `folder`"),
        ("S: $ NO [SERVERBUG] none\n", SourceErrorKind::Temporary, "trouble of its own"),
        ("S: $ BAD connected but not\n", SourceErrorKind::Temporary, "SELECT"),
    ] {
        refused(settings(), &(before.to_owned() + answer), kind, words).await;
    }
    let reading = open.replace("[READ-WRITE]", "[READ-ONLY]");
    refused(settings(), &reading, SourceErrorKind::Settings, "may only be read").await;
    for line in ["S: * OK [UIDVALIDITY 7] valid\n", "S: * 2 EXISTS\n"] {
        let without = open.replace(line, "");
        refused(settings(), &without, SourceErrorKind::Temporary, "does not say").await;
    }
}
