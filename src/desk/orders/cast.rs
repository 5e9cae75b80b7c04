//! Orders in tests: who signs what, and what the answer says.

use crate::case::{CaseId, Caseload, Entry, HouseRules};
use crate::desk::test_support::{Sketch, World, address};
use crate::desk::{ArrivalFacts, Decision, Input, News, Opened, SignedWords};
use crate::letter::{Letter, Transcript, Wording};
use crate::mail::{Encrypted, KeyOrigin, Mail, Mailbox, Signature, Signed};
use crate::triage::{Question, triage};
use jiff::{SignedDuration, Timestamp};

/// A world with one case of Fay's, whose key is proven, and members cora and vic (coordinators,
/// vic without a usable key) and val (volunteer).
pub struct Office {
    pub world: World,
    pub case: CaseId,
    orders: u64,
}

/// One signed mail.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    pub by: &'a str,
    pub text: String,
    /// How long ago it was signed.
    pub age: SignedDuration,
    pub encrypted: bool,
    /// Signed bytes are these, whatever they say: a replay has those of another.
    pub bytes: Option<String>,
}

impl Office {
    pub fn new() -> Office {
        let mut world = World::new();
        world.take(&Sketch { signed: 1, key: true, ..Sketch::default() });
        let case = world.cases.cases().next().expect("a case").id.clone();
        Office { world, case, orders: 0 }
    }

    pub fn cases(&self) -> &Caseload {
        &self.world.cases
    }

    pub fn rules(&self) -> &HouseRules {
        &self.world.rules
    }

    pub fn case(&self) -> &crate::case::Case {
        self.world.cases.case(&self.case).expect("the case")
    }

    /// Lets a member read the case, as `/readin` would.
    pub fn read_in(&mut self, member: &str) {
        let by = crate::case::Actor::Cli;
        let event = crate::case::Event::ReadIn { member: member.into(), why: "test".into() };
        let (at, case) = (self.world.now(), Some(self.case.clone()));
        self.world.fold(Entry { at, case, by, event });
    }

    /// `text` under a case line of the newest letter to this member, or under `/case`.
    pub fn order<'a>(&self, by: &'a str, text: &str) -> Order<'a> {
        let mut letters = self.cases().letters_in(&self.case);
        let code = letters
            .rfind(|letter| letter.member.as_deref() == Some(by) && letter.code.is_some())
            .and_then(|letter| letter.code.clone());
        let text = match code {
            Some(code) => format!("[{} {code} sirt@example.org TLP:RED]\n{text}", self.case),
            None => format!("/case {}\n{text}", self.case),
        };
        Order { by, text, age: SignedDuration::ZERO, encrypted: true, bytes: None }
    }

    /// Carries orders out, sends what may leave, and gives the letter that answers them.
    pub fn take(&mut self, order: &Order<'_>) -> (Decision, Letter) {
        self.orders += 1;
        let input = self.input(order);
        let decision = self.world.decide(&input);
        let now = self.world.now();
        for letter in &decision.letters {
            if letter.held.is_none() && letter.due.is_none_or(|due| due <= now) {
                let number = letter.number;
                self.world.decide(&Input::Letter { number, news: News::Tried });
                self.world.decide(&Input::Letter { number, news: News::Sent });
            }
        }
        let to = |letter: &&Letter| letter.to.member.as_deref() == Some(order.by);
        let answer = decision.letters.iter().rfind(to).expect("an answer").clone();
        (decision, answer)
    }

    /// The transcript of orders given now, over a case line of ours.
    pub fn say(&mut self, by: &str, text: &str) -> Transcript {
        let order = self.order(by, text);
        self.transcript(&order)
    }

    pub fn transcript(&mut self, order: &Order<'_>) -> Transcript {
        let (_, answer) = self.take(order);
        match answer.wording {
            Wording::Transcript(transcript) => *transcript,
            other => panic!("no transcript: {other:?}"),
        }
    }

    /// Orders that name no case, and they were done.
    pub fn asks(&mut self, by: &str, text: &str) -> Transcript {
        let order = Order { text: text.to_owned(), ..self.order(by, "") };
        let transcript = self.transcript(&order);
        assert_eq!(transcript.outcome, "done", "{text}: {transcript:#?}");
        transcript
    }

    /// The same, and it was done.
    pub fn does(&mut self, by: &str, text: &str) -> Transcript {
        let transcript = self.say(by, text);
        assert_eq!(transcript.outcome, "done", "{text}: {transcript:#?}");
        transcript
    }

    /// The same, and nothing was done: why not, from the lines themselves.
    pub fn refused(&mut self, by: &str, text: &str) -> String {
        let before = self.case().matter();
        let transcript = self.say(by, text);
        assert_eq!(transcript.outcome, "refused", "{text}: {transcript:#?}");
        assert_eq!(self.case().matter(), before, "nothing is done");
        let steps = transcript.steps.iter().flat_map(|step| step.did.clone());
        transcript.why.into_iter().chain(steps).collect::<Vec<_>>().join("\n")
    }

    /// Asks for a confirmation, gives it, and it is done.
    pub fn confirmed(&mut self, by: &str, text: &str) -> Transcript {
        let order = self.order(by, text);
        let (_, answer) = self.take(&order);
        let Wording::Transcript(asked) = &answer.wording else { panic!("no transcript") };
        assert_eq!(asked.outcome, "waits", "{text}: {asked:#?}");
        let code = answer.code.expect("a code");
        self.does(by, &format!("/confirm {code}"))
    }

    pub fn wait(&mut self, hours: i64) {
        self.world.pass(SignedDuration::from_hours(hours));
    }

    /// A mail that may get no answer: one that was read before.
    pub fn replay(&mut self, order: &Order<'_>) -> Decision {
        self.orders += 1;
        let input = self.input(order);
        self.world.decide(&input)
    }

    /// The same from an address that is not on the roster.
    pub fn sent_elsewhere(&mut self, order: &Order<'_>) -> Decision {
        self.orders += 1;
        let mut input = self.input(order);
        if let Input::Mail(opened) = &mut input {
            opened.mail.from[0].address = address("elsewhere@example.com");
        }
        self.world.decide(&input)
    }

    fn input(&self, order: &Order<'_>) -> Input {
        let now = self.world.now();
        let member = self.rules().roster.by_handle(order.by).expect("a member").clone();
        let made: Timestamp = now - order.age;
        let bytes =
            order.bytes.clone().unwrap_or_else(|| format!("{} {}", self.orders, order.text));
        let signed = Signed {
            signer: member.key.clone(),
            made,
            key: KeyOrigin::OnRecord,
            alive_now: true,
            meant_for_others: false,
            digest: blake3::hash(bytes.as_bytes()).to_hex().to_string(),
        };
        let from = Mailbox { name: member.name.clone(), address: member.address.clone() };
        let mut mail = Mail {
            from: vec![from.clone()],
            to: vec![Mailbox { name: String::new(), address: address("sirt@example.org") }],
            text: order.text.clone(),
            ..Mail::default()
        };
        mail.evidence.encrypted = if order.encrypted { Encrypted::Whole } else { Encrypted::No };
        mail.evidence.signature = Signature::Good(signed.clone());
        let words = SignedWords {
            signed,
            text: order.text.clone(),
            text_cut: false,
            not_for_orders: None,
            subject: None,
            from: vec![from],
            encrypted: order.encrypted,
            oddities: Vec::new(),
        };
        let (cases, rules) = (self.cases(), self.rules());
        let triage = triage(&Question { mail: &mail, cases, rules, list: None });
        let arrival = ArrivalFacts {
            mail: format!("{:064x}", 500_000 + self.orders),
            exact: format!("{:064x}", 600_000 + self.orders),
            routeless: format!("{:064x}", 700_000 + self.orders),
            bytes: 1_000,
            mailbox: "security".to_owned(),
            received: now,
            twin: None,
            retried: None,
        };
        Input::Mail(Box::new(Opened { mail, signed: Some(words), triage, arrival }))
    }
}
