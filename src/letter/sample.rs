//! Invented letters, one for every wording and kind of reader: every template is rendered with
//! them at start, so that a fault in one is found before anybody waits for a letter.

use super::{
    CannotDecrypt, CaseCard, CaseLetter, ChannelAnswer, DeadlineLine, Detail, FileLine, Letter,
    LetterNews, MailBlock, MissingElements, NotTakenIn, NoticePost, Plain, Protection, Reader,
    ReadyLine, Received, RosterChange, RosterChanged, StatusAnswer, VerdictBlock, Wording,
};
use super::{sample_orders, sample_watch};
use crate::case::{CaseId, SignForm, Status, Team, Tlp};
use crate::mail::{Address, Fingerprint, Mailbox, MessageId};
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use strum::VariantArray;

/// Mon 23 Nov 2026 09:12 UTC.
pub const RECEIVED: Timestamp = Timestamp::constant(1_795_425_120, 0);
/// Mon 7 Dec 2026 09:12 UTC.
pub const ASSESS_BY: Timestamp = Timestamp::constant(1_796_634_720, 0);

/// Every wording in every form, to each kind of reader it is for, from teams that have told all
/// about themselves and from teams that have not.
pub fn letters() -> Vec<(Letter, Team)> {
    let teams: Vec<Team> = [full_team(), bare_team()].into_iter().flatten().collect();
    let mut letters = Vec::new();
    for wording in wordings() {
        for letter in kinds(&wording) {
            letters.extend(teams.iter().map(|team| (letter.clone(), team.clone())));
        }
    }
    letters
}

fn kinds(wording: &Wording) -> Vec<Letter> {
    let form = wording.form();
    let of_case = match form.detail {
        _ if form.internal => vec![to_member(wording)],
        Detail::Case => vec![to_finder(wording, sealed())],
        Detail::InClear => vec![to_finder(wording, Protection::Signed)],
        Detail::None => vec![to_finder(wording, Protection::Signed), to_finder(wording, sealed())],
    };
    let mut letters: Vec<Letter> = of_case.into_iter().flatten().collect();
    let alone: Vec<Letter> = letters.iter().cloned().map(without_case).collect();
    letters.extend(alone);
    letters
}

fn without_case(letter: Letter) -> Letter {
    Letter { case: None, code: None, title: None, ..letter }
}

/// Encrypted, to a key that is not there.
pub fn sealed() -> Protection {
    let key = Fingerprint::parse("71B022D4A1C3E5F70819ABCD2233445566F809AE");
    key.map_or(Protection::Kept, |key| Protection::Sealed { key, certificate: None })
}

pub fn to_finder(wording: &Wording, protection: Protection) -> Option<Letter> {
    let clear = protection == Protection::Signed;
    let reply_to = clear.then(|| Address::parse("sirt+5f3kq8zt2m7xw4cd@example.org")).flatten();
    let to = Reader {
        address: Address::parse("fay@finders.example")?,
        name: "Fay Inder".to_owned(),
        member: None,
        participant: Some(1),
        zone: TimeZone::fixed(offset(1)),
        protection,
        reply_to,
    };
    letter(wording, to)
}

/// To the list of this name at example.org.
pub fn to_list(post: NoticePost) -> Option<Letter> {
    let list = Address::parse(&format!("{}@lists.example.org", post.list))?;
    let to = post.reader(list);
    let return_path = Address::parse("sirt+b5f3kq8zt2m7xw4cd@example.org");
    let letter = letter(&Wording::Notice(Box::new(post)), to)?;
    Some(Letter { return_path, references: Vec::new(), ..letter })
}

pub fn to_member(wording: &Wording) -> Option<Letter> {
    let to = Reader {
        address: Address::parse("val@example.org")?,
        name: "Val Olunteer".to_owned(),
        member: Some("val".to_owned()),
        participant: None,
        zone: TimeZone::UTC,
        protection: sealed(),
        reply_to: None,
    };
    letter(wording, to)
}

fn letter(wording: &Wording, to: Reader) -> Option<Letter> {
    Some(Letter {
        number: 17,
        case: CaseId::parse("SIRT-2026-4827"),
        to,
        wording: wording.clone(),
        code: Some("k7qd3mw2".to_owned()),
        title: Some("libexample heap overflow".to_owned()),
        tlp: Tlp::Red,
        message_id: MessageId::parse("k2m4p6q8r3s5t7v9w2x4y6z8ab@example.org")?,
        references: MessageId::parse("report.1@finders.example").into_iter().collect(),
        return_path: None,
        written: RECEIVED,
        files: Vec::new(),
        held: None,
        due: None,
        orders: None,
        enclosed: sample_orders::enclosed(wording),
    })
}

/// A notice for a list, as it was approved; no template renders it.
pub fn notice() -> Option<NoticePost> {
    Some(NoticePost {
        list: "siren".to_owned(),
        from: Mailbox {
            name: "Example SIRT".to_owned(),
            address: Address::parse("sirt@example.org")?,
        },
        subject: "[SIREN] SIRT-SIREN-2026-0007 v1: libexample overflow, exploited: yes".to_owned(),
        body: NOTICE.to_owned(),
        files: Vec::new(),
        sign: SignForm::Clearsign,
        key: None,
    })
}

/// With what list software and mail servers are known to stumble over.
const NOTICE: &str = "\
TLP:CLEAR

Title: libexample 1.4.0 to 1.6.2 overflow a buffer (CVE-2026-12345)

Description:
From 1.4.0 on, a long line in a configuration overflows a buffer.
.conf files that others can write are enough.

- Update to 1.6.3.
- Or: do not read configurations of others.

Known to be Actively Exploited? yes

-- not a signature, only two dashes

TLP:CLEAR
";

pub fn full_team() -> Option<Team> {
    Some(Team {
        name: "Example SIRT".to_owned(),
        policy_url: Some("https://example.org/security/policy".to_owned()),
        telephone: Some("+49 30 0000000".to_owned()),
        ..bare_team()?
    })
}

fn bare_team() -> Option<Team> {
    Some(Team {
        name: "Security Incident Response Team of the Example Foundation".to_owned(),
        address: Address::parse("sirt@example.org")?,
        case_prefix: "SIRT".to_owned(),
        subaddress: "+".to_owned(),
        key: Fingerprint::parse("9F2C41D70B6E5A8813C47E90D2A566BF3C18E704")?,
        exercise: false,
        policy_url: None,
        telephone: None,
    })
}

/// Every wording, in each form its fields can give it.
pub fn wordings() -> Vec<Wording> {
    let mut wordings = Vec::new();
    for received in received() {
        wordings.push(Wording::ReportReceived(received.clone()));
        wordings.push(Wording::ReportReceivedClear(received.clone()));
        wordings.push(Wording::PleaReceived(received.clone()));
        wordings.push(Wording::QuestionReceived(received));
    }
    for truth in [true, false] {
        wordings.push(Wording::NotTakenIn(not_taken_in(truth)));
        wordings.push(Wording::CannotDecrypt(cannot_decrypt(truth)));
        wordings.push(Wording::ChannelSet(channel("clear", truth)));
        wordings.push(Wording::ChannelSet(channel("encrypted", truth)));
        let unproven = ChannelAnswer { prove_key: truth, ..channel("encrypted", false) };
        wordings.push(Wording::ChannelSet(unproven));
        wordings.push(Wording::CaseOpened(Box::new(case_letter(truth))));
        wordings.push(Wording::MailJoined(Box::new(case_letter(truth))));
    }
    wordings.extend(Status::VARIANTS.iter().map(|status| Wording::StatusAnswer(answer(*status))));
    wordings.push(Wording::ProtectionHelp(Plain {}));
    wordings.push(Wording::MissingElements(MissingElements {
        missing: vec!["how it is triggered".to_owned(), "a proof of concept".to_owned()],
    }));
    wordings.push(Wording::RosterChanged(roster_changed()));
    wordings.push(Wording::LetterFailed(news("550 5.1.1: there is no such mailbox")));
    wordings.push(Wording::LetterHeld(news("there is no key we can encrypt to")));
    wordings.extend(sample_orders::wordings());
    wordings.extend(sample_watch::wordings());
    wordings
}

fn roster_changed() -> RosterChanged {
    let change = |member: &str, what: &str, waits: Option<&str>| RosterChange {
        member: member.to_owned(),
        what: vec![what.to_owned()],
        waits: waits.map(str::to_owned),
    };
    let key = Some("0B6E5A8813C47E90D2A566BF3C18E70411223344");
    let changes = vec![
        change("val", "has another key: it was 71B0 22D4, now it is 0B6E 5A88.", key),
        change("vic", "is on the roster no longer.", None),
    ];
    RosterChanged { changes }
}

/// An ordinary acknowledgement first, then the others.
pub fn received() -> Vec<Received> {
    let trouble =
        || Some("The key expired on 2026-11-03. Please extend it and send it again.".to_owned());
    let received = |came_encrypted, key_trouble, prove_key| Received {
        received: RECEIVED,
        assess_by: ASSESS_BY,
        came_encrypted,
        key_trouble,
        prove_key,
    };
    vec![
        received(false, None, false),
        received(true, None, false),
        received(true, None, true),
        received(true, trouble(), false),
        received(false, trouble(), false),
    ]
}

fn not_taken_in(too_large: bool) -> NotTakenIn {
    NotTakenIn { received: RECEIVED, too_large, bytes: 28_400_000, limit: 20 * 1024 * 1024 }
}

pub fn cannot_decrypt(named: bool) -> CannotDecrypt {
    let ids = ["3C18E70411223344", "0B6E5A8813C47E90D2A566BF3C18E70411223344"];
    CannotDecrypt {
        received: RECEIVED,
        assess_by: ASSESS_BY,
        key_ids: if named { ids.map(str::to_owned).to_vec() } else { Vec::new() },
        damaged: !named,
    }
}

fn channel(channel: &str, have_key: bool) -> ChannelAnswer {
    ChannelAnswer { channel: channel.to_owned(), have_key, prove_key: false }
}

fn answer(status: Status) -> StatusAnswer {
    let open = status == Status::Received;
    StatusAnswer {
        status: status.to_string(),
        opened: RECEIVED,
        assess_by: open.then_some(ASSESS_BY),
        handled: status != Status::Received,
    }
}

fn news(why: &str) -> LetterNews {
    LetterNews {
        letter: "L17".to_owned(),
        template: "report-received".to_owned(),
        to: "the finder".to_owned(),
        why: why.to_owned(),
        post: false,
    }
}

/// A letter to handlers with every field filled, or with every one empty that can be.
pub fn case_letter(filled: bool) -> CaseLetter {
    CaseLetter {
        mail: mail_block(filled),
        verdict: verdict_block(filled),
        card: case_card(filled),
        words: WORDS.to_owned(),
        word_lines: WORDS.lines().count(),
        words_cut: filled,
        ready: if filled { vec![ready_line()] } else { Vec::new() },
    }
}

const WORDS: &str = "\
Subject: Heap overflow in libexample when a length is negative

Hello,

in src/chunk.c:412 the length of a chunk is read as signed. A chunk with a negative length then
passes the check in line 415 and is copied with memcpy.

  ./chunkread crash.bin
";

fn some(filled: bool, text: &str) -> Vec<String> {
    if filled { vec![text.to_owned()] } else { Vec::new() }
}

fn mail_block(filled: bool) -> MailBlock {
    let file = FileLine {
        number: 1,
        name: "crash.bin".to_owned(),
        kind: "application/octet-stream".to_owned(),
        size: "4 KB".to_owned(),
    };
    MailBlock {
        number: 1,
        from: "fay@finders.example".to_owned(),
        calls_itself: filled.then(|| "Fay Inder".to_owned()),
        known: "first mail from this address".to_owned(),
        received: RECEIVED,
        encrypted: "yes, to our key".to_owned(),
        signed: "good, key 71B0 22D4 ... 09AE. The key came with the mail: first use, nobody has \
                 checked it is hers"
            .to_owned(),
        also_to: some(filled, "security@libexample.example"),
        reply_to: some(filled, "fay.inder@elsewhere.example"),
        files: if filled { vec![file] } else { Vec::new() },
        warnings: some(filled, "answers would go to another address than it came from"),
    }
}

fn verdict_block(filled: bool) -> VerdictBlock {
    VerdictBlock {
        class: "report".to_owned(),
        certain: if filled { "certain" } else { "in doubt" }.to_owned(),
        because: vec![
            "It names a package and versions.".to_owned(),
            "It names a file and a line.".to_owned(),
        ],
        pathway: "P1".to_owned(),
        pathway_words: "finder looks for maintainer".to_owned(),
        ids: some(filled, "CVE-2026-12345"),
        packages: some(filled, "pkg:generic/libexample"),
        versions: some(filled, "1.2.0 to 1.2.3"),
        like_it: some(filled, "SIRT-2026-1093 (the same id)"),
        deadline: filled.then(|| DeadlineLine {
            words: "I will publish on Friday 11 December".to_owned(),
            at: "2026-12-11, hour and zone not said".to_owned(),
        }),
        belongs: filled.then(|| "it answers our letter of 23 Nov 2026".to_owned()),
    }
}

pub fn case_card(filled: bool) -> CaseCard {
    CaseCard {
        status: "received".to_owned(),
        severity: "not set".to_owned(),
        handlers: some(filled, "Val"),
        embargo: "none agreed".to_owned(),
        read_in: vec!["Val".to_owned(), "Cora".to_owned()],
        waits_for: "us".to_owned(),
        channel: "finder: encrypted".to_owned(),
        assess_by: filled.then_some(ASSESS_BY),
        sent: some(filled, "09:13 UTC to the finder, encrypted: the report has arrived"),
    }
}

pub fn ready_line() -> ReadyLine {
    ReadyLine { line: "/take".to_owned(), does: "makes you its lead handler".to_owned() }
}
