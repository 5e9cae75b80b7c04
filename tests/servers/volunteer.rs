//! A volunteer with a mail client of her own: neomutt, Dovecot, Postfix and the gateway, all real.

use crate::support::desk::{Desk, field, wait_for};
use crate::support::dovecot::{Dovecot, PASSWORD, Setup, USER};
use crate::support::gnupg::Gnupg;
use crate::support::neomutt::{Account, Letter, Neomutt, Place};
use crate::support::people::Person;
use crate::support::postfix::Postfix;
use serde_json::{Value, json};
use sirt_gateway::mail::parse_payload;
use sirt_gateway::net::Tls;
use std::fs;

const VALS_PASSWORD: &str = "sesame";
/// Everybody's mail has a maildir of its own; sirt+token@ is the team's as well.
const ADDRESSES: &str = "virtual_mailbox_domains = example.org, finders.example\n\
     virtual_mailbox_maps = inline:{ sirt@example.org=sirt/, val@example.org=val/, \
     fay@finders.example=fay/ }\nrecipient_delimiter = +\n";

/// Val, Fay, the team, and what carries mail between them.
struct Round {
    desk: Desk,
    val: Person,
    fay: Person,
    team_box: Dovecot,
    val_box: Dovecot,
    postfix: Postfix,
}

impl Round {
    fn new() -> Round {
        let more = format!("passdb {{\n  driver = static\n  args = password={VALS_PASSWORD}\n}}\n");
        let round = Round {
            desk: Desk::bare(),
            val: Person::new("Val Olunteer", "val@example.org"),
            fay: Person::new("Fay Inder", "fay@finders.example"),
            team_box: Dovecot::start(),
            val_box: Dovecot::with(&Setup { more: &more }),
            postfix: Postfix::start(&[], ADDRESSES),
        };
        round.postfix.delivers_into("sirt", &round.team_box.maildir());
        round.postfix.delivers_into("val", &round.val_box.maildir());
        round.desk.secret("keys/imap.password", &format!("{PASSWORD}\n"));
        round.desk.add(&round.servers());
        round.desk.members(&[&round.val]);
        round
    }

    fn servers(&self) -> String {
        let imap = self.team_box.endpoint(Tls::Implicit);
        format!(
            "\n[[mailbox]]\nname = \"security\"\n\
             imap = {{ host = \"localhost\", port = {}, user = \"{USER}\", \
             password_file = \"keys/imap.password\", ca_file = \"{}\" }}\n\
             [relay]\nsmtp = {{ host = \"localhost\", port = {}, ca_file = \"{}\" }}\n",
            imap.port,
            imap.ca_file.expect("its authority").display(),
            self.postfix.tls_port,
            self.postfix.ca_file().display()
        )
    }

    /// Val's client, with her inbox open.
    fn client(&self) -> Neomutt {
        let imap = self.val_box.endpoint(Tls::Implicit);
        Neomutt::start(&Account {
            person: &self.val,
            team: &self.desk.certificate(),
            imap_port: imap.port,
            smtp_port: self.postfix.tls_port,
            password: VALS_PASSWORD,
            trusted: &[imap.ca_file.expect("its certificate"), self.postfix.ca_file()],
        })
    }

    /// Fay writes, signed and encrypted, and the gateway takes it. The first line is the subject.
    fn fay_writes(&self, words: &str) {
        let id = format!("fay{}@finders.example", words.len());
        let mail = self.fay.sealed(&id, words, &self.desk.certificate());
        self.team_box.deliver(&mail);
        assert_eq!(self.desk.once()["taken"], 1);
    }

    /// The mail that Val has sent, as it went over the wire; the gateway takes it.
    fn val_wrote(&self) -> Vec<u8> {
        let inbox = self.team_box.maildir().join("new");
        let mails = || fs::read_dir(&inbox).expect("a folder").flatten().map(|file| file.path());
        wait_for("Val's mail", || mails().count() == 1);
        let mail = fs::read(mails().next().expect("a mail")).expect("its octets");
        assert_eq!(self.desk.once()["taken"], 1);
        mail
    }

    /// The words inside it: signed by Val and by nobody else.
    fn words(&self, mail: &[u8]) -> String {
        let secret = fs::read(self.desk.path("keys/team.secret.asc")).expect("the team's key");
        let (team, val) = (Gnupg::holding(&secret), self.val.key.certificate());
        team.run(&["--import"], val.armored().as_bytes());
        let inside = team.open(mail, val.fingerprint().as_str());
        parse_payload(inside.as_bytes()).expect("a payload").content().text
    }

    /// The newest mail in the journal: by whom, and what it was taken for.
    fn filed(&self) -> (String, String) {
        let filed = self.desk.facts("mail.filed").pop().expect("a mail");
        let word = |value: &Value| value.as_str().expect("a word").to_owned();
        (word(&filed["by"]), word(&filed["facts"]["class"]))
    }

    fn case(&self) -> String {
        let cases = self.desk.cases();
        cases.last().expect("a case")["case"].as_str().expect("its name").to_owned()
    }
}

const REPORT: &str = "Heap overflow in libexample

Hello,

in src/chunk.c:412 of libexample 1.2.3 the length of a chunk is read as
signed. A file with a negative length writes before the buffer and can
execute code. A crashing file and the sanitizer's trace follow.

Fay
";

const ORDERS: &str = "/take
/severity high

I look at it tonight.
";

/// The note is no order: it stands below a blank line.
const BELOW: &str = "/severity high

Same function as last year's hole: see the fix of 1.1.
";

const PLEA: &str = "Denial of service in libother

Hello,

libother 0.9.1 takes for ever to parse \"((((((\": a regular expression
with nested groups. Anybody can stop a server with one request.

Fay
";

#[test]
fn val_answers_a_case_from_neomutt_and_reads_what_came_of_it() {
    let round = Round::new();
    round.fay_writes(REPORT);
    let case = round.case();
    let client = round.client();
    assert_eq!(client.index_when(1).len(), 1);
    let told = client.screen_of_newest();
    assert_verified(&told);
    assert!(told.contains("| signed. A file with a negative length"), "{told}");

    client.reply(Letter::Newest, ORDERS, Place::Above);
    let mail = round.val_wrote();
    assert_says_nothing_outside(&mail, &case);
    let inside = round.words(&mail);
    let at = |words: &str| inside.find(words).unwrap_or_else(|| panic!("no {words}: {inside}"));
    assert!(at("/take\n") < at(&format!("> [{case} ")), "{inside}");
    assert!(at("> | signed. A file") < at("\n-- \nVal Olunteer"), "{inside}");
    assert_eq!(round.filed(), ("member:val".to_owned(), "orders".to_owned()));

    let index = client.index_when(2);
    // The title shows once the letter was open; outside stands the case alone.
    assert!(index[0].contains(&format!("[{case}] Heap overflow in libexample")), "{index:?}");
    assert!(index[1].ends_with(&format!("[{case}]")), "{index:?}");
    let told = client.screen_of_newest();
    assert_verified(&told);
    assert_done(
        &told,
        &[
            "1  /take\n     Handlers: nobody before, val now.",
            "2  /severity high\n     Severity: not set before, high now.",
            "3  /note\n     Noted. Only those who read this case can read it.",
            "Handlers    val             Read in   val",
        ],
    );
    let case = &round.desk.cases()[0];
    assert_eq!((&case["handlers"], &case["severity"]), (&json!(["val"]), &json!("high")));
    print_for_the_readme(&index, ORDERS, &told);
}

#[test]
fn a_case_is_one_thread_in_neomutt_and_words_may_stand_below_the_quote() {
    let round = Round::new();
    round.fay_writes(REPORT);
    round.fay_writes(&format!("Proof for {}\n\nThe trace, as promised.\n", round.case()));
    round.fay_writes(PLEA);
    let client = round.client();
    assert_eq!(client.index_when(3).len(), 3);
    client.reply(Letter::Number(1), BELOW, Place::Below);
    let inside = round.words(&round.val_wrote());
    let at = |words: &str| inside.find(words).unwrap_or_else(|| panic!("no {words}: {inside}"));
    assert!(at("> | signed. A file") < at("\n/severity high\n"), "{inside}");
    assert!(at("\nSame function") < at("\n-- \nVal Olunteer"), "{inside}");
    assert_eq!(round.filed(), ("member:val".to_owned(), "orders".to_owned()));

    let index = client.index_when(4);
    let threads = client.threads();
    let begin = index.iter().filter(|line| !line.contains("->")).count();
    assert_eq!((begin, threads.len()), (2, 2), "{index:?} {threads:?}");
    for case in round.desk.cases() {
        let named = |line: &&String| line.contains(case["case"].as_str().expect("its name"));
        assert_eq!(threads.iter().filter(named).count(), 1, "{case} in {threads:?}");
    }
    assert_verified(&client.screen_of(Letter::Number(2)));
    let told = client.screen_of_newest();
    assert_verified(&told);
    assert_done(
        &told,
        &[
            "1  /severity high\n     Severity: not set before, high now.",
            "2  /note\n     Noted. Only those who read this case can read it.",
        ],
    );
}

/// It was opened and its signature is the team's.
fn assert_verified(shown: &str) {
    assert!(shown.contains("Good signature from: Example SIRT <sirt@example.org>"), "{shown}");
    assert!(
        shown.contains("[-- The following data is PGP/MIME signed and encrypted --]"),
        "{shown}"
    );
}

/// Every line was carried out, and nothing left the team.
fn assert_done(shown: &str, words: &[&str]) {
    assert!(shown.contains("DONE: each line did what stands under it."), "{shown}");
    assert!(shown.contains("No letter to anybody outside leaves by it."), "{shown}");
    words.iter().for_each(|words| assert!(shown.contains(words), "no {words}: {shown}"));
}

/// Neither words nor the case stand where servers can read them.
fn assert_says_nothing_outside(mail: &[u8], case: &str) {
    assert_eq!(field(mail, "Subject").as_deref(), Some("..."));
    assert_eq!(field(mail, "To").as_deref(), Some("Example SIRT <sirt@example.org>"));
    let text = String::from_utf8_lossy(mail);
    assert!(!text.contains(case) && !text.contains("/take"), "{text}");
}

/// A run as the README shows it; `-- --nocapture` prints it.
fn print_for_the_readme(index: &[String], orders: &str, letter: &str) {
    let piece = [&index.join("\n"), orders.trim_end(), letter].join("\n\n");
    assert!(piece.lines().all(|line| line.chars().count() <= 80), "{piece}");
    println!("{piece}");
}
