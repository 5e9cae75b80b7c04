//! A story is played: its steps happen at a desk, and what followed is written down.

use super::cast::{Draft, Person, Protect, TEAM, ciphertext, delivery_report, person};
use super::desk::{Desk, Mode};
use super::parse::{Block, Story};
use super::told::{self, Told, squeezed};
use crate::lists::transforms;
use jiff::SignedDuration;
use serde_json::{Value, json};
use sirt_gateway::case::LetterState;
use sirt_gateway::control::{Answer, Request};
use sirt_gateway::mail::MessageId;
use std::collections::BTreeMap;

/// What followed from each step, in the order of the blocks that happen.
pub struct Played {
    pub steps: Vec<Step>,
    pub end: End,
    pub deaths: usize,
    /// A death left open whether a post had left: it waits for a person, and is not sent twice.
    pub post_waits: bool,
}

#[derive(Default)]
pub struct Step {
    pub facts: Vec<String>,
    pub letters: Vec<Told>,
    pub answer: String,
    pub cases: Vec<String>,
    pub quarantine: Vec<String>,
    /// The newest post to a list, line by line.
    pub posted: Vec<String>,
    /// Placeholders, and what they stood for after this step.
    pub names: BTreeMap<String, String>,
}

/// How everything stands: the same, however often the gateway died.
#[derive(Debug, PartialEq)]
pub struct End {
    cases: Value,
    timelines: BTreeMap<String, Vec<String>>,
    /// Message-ID of each letter that left, and how often.
    left: BTreeMap<String, usize>,
    states: Vec<(String, String)>,
}

struct Stage {
    desk: Desk,
    mode: Mode,
    mails: Vec<Vec<u8>>,
    letters: Vec<Told>,
    next: u64,
}

pub async fn play(story: &Story, mode: Mode) -> Played {
    let options = story.blocks().find(|block| block.kind == "desk").cloned().unwrap_or_default();
    let desk = Desk::open(&options).await;
    let mut stage = Stage { desk, mode, mails: Vec::new(), letters: Vec::new(), next: 0 };
    let mut steps = Vec::new();
    for block in story.blocks().filter(|block| block.happens()) {
        steps.push(stage.step(block).await);
    }
    if mode == Mode::Reopened {
        stage.desk.lose_sled().await;
    }
    let end = stage.end().await;
    let book = stage.desk.gateway().book();
    let mut letters = book.cases().letters();
    let post_waits = letters.any(|one| one.is_post() && one.state == LetterState::Held);
    Played { steps, end, deaths: stage.desk.deaths, post_waits }
}

impl Stage {
    async fn step(&mut self, block: &Block) -> Step {
        let made = match block.kind.as_str() {
            "orders" => Some(block.as_mail()),
            "post" => Some(block.as_post()),
            _ => None,
        };
        let block = made.as_ref().unwrap_or(block);
        let mut answer = String::new();
        match block.kind.as_str() {
            "clock" => {
                let span = block.words.first().expect("a time").trim_start_matches('+');
                let span: SignedDuration = span.parse().expect("a span such as +48h");
                self.desk.now += span;
            }
            "terminal" => answer = self.at_terminal(block).await,
            "restart" => {
                block
                    .words
                    .iter()
                    .filter_map(|word| word.split_once('='))
                    .for_each(|(member, key)| self.desk.lay_key(member, key));
                self.desk.reopen().await;
            }
            _ => {
                let mail = self.mail(block);
                let list = block.get("of").filter(|_| block.kind == "listed");
                self.desk.deliver(block.get("mailbox").or(list).unwrap_or("security"), &mail);
                self.mails.push(mail);
            }
        }
        self.desk.settle_down(self.mode).await;
        self.followed(answer).await
    }

    async fn followed(&mut self, answer: String) -> Step {
        let lines = self.desk.journal(self.next);
        self.next = lines.last().map_or(self.next, |line| line["seq"].as_u64().expect("seq") + 1);
        let facts = lines.iter().filter_map(told::fact).collect();
        let mut letters = Vec::new();
        for (number, wording) in lines.iter().filter_map(told::wording) {
            let posted = self.desk.gateway().book().cases().letter(number).expect("a letter");
            let told = told::letter(&self.desk, posted, &wording);
            if std::env::var_os("TELL").is_some() {
                println!("=== {} ({}, {})\n{}\n", told.to, wording, told.protection, told.text);
            }
            letters.push(told);
        }
        let again = |told: &Told| told::letter(&self.desk, &told.posted, &told.wording);
        self.letters.extend(letters.iter().map(again).collect::<Vec<_>>());
        let cases = self.rows(&Request::Cases { all: true }, case_row).await;
        let quarantine = self.rows(&Request::Quarantine, quarantine_row).await;
        self.approved_as_shown(&letters);
        let posted = self.newest_post().map(|post| post.text.lines().map(str::to_owned).collect());
        let posted = posted.unwrap_or_default();
        Step { facts, letters, answer, cases, quarantine, posted, names: self.names() }
    }

    async fn rows(&mut self, request: &Request, row: fn(&Value) -> String) -> Vec<String> {
        let Answer::Ok(Value::Array(rows)) = self.desk.ask(request).await else {
            panic!("no rows")
        };
        rows.iter().map(row).collect()
    }

    async fn at_terminal(&mut self, block: &Block) -> String {
        let asked = fill_in(&block.words.join(" "), &self.names());
        let mut words = asked.split_whitespace();
        let verb = words.next().expect("what is asked");
        let id = words.next().expect("a number").to_owned();
        let request = match verb {
            "accept" => Request::AcceptKey { key: id },
            "release" => Request::Release { id },
            "discard" => Request::Discard { id, why: words.collect::<Vec<_>>().join(" ") },
            "retry" => Request::Retry { id },
            other => panic!("nobody asks {other} at the terminal"),
        };
        match self.desk.ask(&request).await {
            Answer::Ok(answer) => answer.to_string(),
            Answer::Refused(why) => format!("refused: {why}"),
            Answer::Failed(why) => format!("failed: {why}"),
        }
    }

    fn newest_post(&self) -> Option<&Told> {
        self.letters.iter().rev().find(|letter| letter.protection == "public")
    }

    /// Whoever approved a post has seen it in a letter before, word for word.
    fn approved_as_shown(&self, letters: &[Told]) {
        for post in letters.iter().filter(|letter| letter.protection == "public") {
            let (subject, body) = post.text.split_once("\n\n").expect("a header and a body");
            let bars: String = body.lines().map(|line| format!("| {line}\n")).collect();
            let bars = bars.replace("| \n", "|\n");
            let subject = squeezed(subject);
            for approver in ["val", "cora"] {
                let shown = |letter: &&Told| {
                    letter.to == approver
                        && letter.wording == "transcript"
                        && letter.text.contains(&bars)
                        && squeezed(&letter.text).contains(subject.trim_start_matches("Subject: "))
                };
                let seen = self.letters.iter().find(shown);
                assert!(seen.is_some(), "{approver} has never seen\n{}", post.text);
            }
        }
    }

    /// Our newest post, as a list's software hands it on.
    fn listed(&self, block: &Block) -> Vec<u8> {
        let post = self.newest_post().expect("a post");
        let kept = self.desk.gateway().book().kept(&post.posted.mail).expect("the book");
        let mut raw = String::from_utf8(kept.expect("its octets")).expect("ASCII");
        if let Some((old, new)) = block.get("changed").and_then(|change| change.split_once('/')) {
            assert!(raw.contains(old), "no {old} in it");
            raw = raw.replace(old, new);
        }
        let raw = match block.get("by").expect("by=") {
            "ezmlm" => transforms::ezmlm(&raw),
            "mailman" => transforms::mailman(&raw),
            "groups-io" => transforms::groups_io(&raw),
            other => panic!("no list is handed on by {other}"),
        };
        raw.into_bytes()
    }

    fn mail(&self, block: &Block) -> Vec<u8> {
        let number = self.mails.len() + 1;
        let earlier = || &self.mails[block.number("mail").expect("mail=") - 1];
        match block.kind.as_str() {
            "again" if block.has("route") => {
                let hop = "Received: from a.example by b.example; Mon, 23 Nov 2026 09:01:00 +0000";
                [format!("{hop}\r\nDelivered-To: {TEAM}\r\n").as_bytes(), earlier()].concat()
            }
            "again" => earlier().clone(),
            "bounce" => {
                let letter = self.newest(block.get("of").expect("of="));
                let path = letter.posted.return_token.as_ref();
                let path = path.map(|token| TEAM.replace('@', &format!("+{token}@")));
                let own = block.get("at").is_none();
                let to = path.filter(|_| own).unwrap_or_else(|| TEAM.to_owned());
                let action = block.get("action").unwrap_or("failed");
                delivery_report(&to, (action, &letter.posted.message_id), number)
            }
            "listed" => self.listed(block),
            "stolen" => {
                let draft = self.draft(block, number);
                draft.around(&ciphertext(earlier()), &self.id(block, draft.writer))
            }
            _ => self.written(block, number),
        }
    }

    fn written(&self, block: &Block, number: usize) -> Vec<u8> {
        let draft = self.draft(block, number);
        let team = if block.has("wrong-key") { "old-team" } else { "team" };
        let protect = match (block.has("seal") || block.has("wrong-key"), block.has("sign")) {
            (true, _) => Protect::Seal(person(team).key.certificate()),
            (false, true) => Protect::Sign,
            (false, false) => Protect::Nothing,
        };
        draft.octets(&protect, &self.id(block, draft.writer))
    }

    fn id(&self, block: &Block, writer: &Person) -> String {
        let number = block.number("id-of").unwrap_or(self.mails.len() + 1);
        let domain = writer.address.split('@').next_back().expect("a domain");
        format!("m{number}@{domain}")
    }

    fn draft(&self, block: &Block, number: usize) -> Draft<'static> {
        let writer = person(block.get("from").expect("from="));
        let claims = block.get("as").map_or(writer, person);
        let (fields, words) = block.mail();
        let names = self.names();
        let fields = fields.into_iter().map(|(name, value)| (name, fill_in(&value, &names)));
        let mut words = fill_in(&words, &names);
        let filler = "A line to make this mail long, and nothing more than that.\n";
        words += &filler.repeat(block.number("fill").unwrap_or(0) / filler.len());
        let reader = block.get("from").unwrap_or_default().trim_start_matches("false-");
        let answered = block.has("answers").then(|| self.newest(reader).posted.message_id.clone());
        let answers = block.get("answers").map(|of| self.newest(of).posted.message_id.clone());
        let apart = block.get("signed").map(|span| span.parse().expect("a span such as -72h"));
        let at = self.desk.now + apart.unwrap_or(SignedDuration::ZERO);
        let key = block.has("key").then_some(writer);
        let answers: Option<MessageId> = answered.or(answers);
        let (fields, file) = (fields.collect(), block.get("file").map(str::to_owned));
        Draft { writer, claims, number, at, answers, fields, words, key, file }
    }

    fn newest(&self, handle: &str) -> &Told {
        let mut theirs = self.letters.iter().rev().filter(|letter| letter.to == handle);
        theirs.next().unwrap_or_else(|| panic!("{handle} has no letter to answer"))
    }

    fn names(&self) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        for handle in ["fay", "false-fay", "mo", "vic", "vic-new", "eve"] {
            let fingerprint = person(handle).key.certificate().fingerprint().to_string();
            names.insert(format!("{{fingerprint {handle}}}"), fingerprint);
        }
        let mut cases: Vec<_> = self.desk.gateway().book().cases().cases().collect();
        let order = |case: &&sirt_gateway::case::Case| {
            let opened = case.mails.first().map(|mail| mail.at);
            (case.opened, opened, self.case_order(case.id.as_str()))
        };
        cases.sort_by_key(order);
        let numbers: Vec<_> = cases.iter().map(|case| &case.id).zip(1..).collect();
        for (number, case) in cases.iter().enumerate() {
            names.insert(format!("{{case {}}}", number + 1), case.id.to_string());
            names.insert("{case}".to_owned(), case.id.to_string());
        }
        for letter in &self.letters {
            if let Some(digest) = letter.digest() {
                let older = names.insert("{digest}".to_owned(), digest.to_owned());
                if let Some(older) = older.filter(|older| older != digest) {
                    names.insert("{older digest}".to_owned(), older);
                }
            }
            let (to, line) = (&letter.to, letter.case_line());
            let code = letter.posted.code.clone().unwrap_or_default();
            names.insert(format!("{{code {to}}}"), code);
            if letter.wording == "transcript" {
                let code = letter.posted.code.clone().unwrap_or_default();
                names.insert(format!("{{answer {to}}}"), code);
            }
            if !line.is_empty() {
                let older = names.insert(format!("{{case-line {to}}}"), line.to_owned());
                names.insert(format!("{{older case-line {to}}}"), older.unwrap_or_default());
                let of = numbers.iter().find(|(id, _)| letter.posted.case.as_ref() == Some(*id));
                if let Some((_, number)) = of {
                    names.insert(format!("{{case-line {to} {number}}}"), line.to_owned());
                }
            }
            let id = letter.posted.message_id.to_string();
            names.insert(format!("{{letter-id {to}}}"), id);
            let reply_to = letter.field("Reply-To").unwrap_or_default();
            let reply_to = reply_to.rsplit('<').next().unwrap_or_default().trim_end_matches('>');
            names.insert(format!("{{reply-to {to}}}"), reply_to.to_owned());
        }
        names
    }

    /// Where in the journal a case begins.
    fn case_order(&self, id: &str) -> usize {
        let lines = self.desk.journal(0);
        lines.iter().position(|line| line["case"] == id).unwrap_or(usize::MAX)
    }

    async fn end(&mut self) -> End {
        let Answer::Ok(cases) = self.desk.ask(&Request::Cases { all: true }).await else {
            panic!("no cases")
        };
        let book = self.desk.gateway().book();
        let passing = ["letter.tried", "letter.delayed"];
        let timeline = |case: &sirt_gateway::case::Case| {
            let moments = case.timeline.iter().filter(|one| !passing.contains(&one.event.as_str()));
            moments.map(|one| format!("{} {} {}", one.at, one.event, one.by)).collect()
        };
        let timelines = book.cases().cases().map(|case| (case.id.to_string(), timeline(case)));
        let mut left = BTreeMap::new();
        for letter in self.desk.posted() {
            let text = String::from_utf8_lossy(&letter).into_owned();
            let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: "));
            *left.entry(id.expect("a Message-ID").to_owned()).or_default() += 1;
        }
        let states = book.cases().letters().map(|one| (one.id(), one.state.to_string()));
        End { cases, timelines: timelines.collect(), left, states: states.collect() }
    }
}

impl End {
    /// Every letter that left, left once.
    pub fn nothing_twice(&self) -> bool {
        self.left.values().all(|count| *count == 1)
    }
}

fn case_row(case: &Value) -> String {
    let of = |key: &str| case[key].as_str().unwrap_or("-").to_owned();
    let title = json!(case["title"]);
    format!(
        "{} class={} pathway={} status={} title={title}",
        of("case"),
        of("class"),
        of("pathway"),
        of("status")
    )
}

fn quarantine_row(mail: &Value) -> String {
    format!("{} case={} why={}", mail["id"].as_str().unwrap_or("-"), mail["case"], mail["why"])
}

/// Placeholders become what they stand for.
pub fn fill_in(text: &str, names: &BTreeMap<String, String>) -> String {
    names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}
