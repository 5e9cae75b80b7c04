//! A newsroom for tests: a case that is ready to be told of, members who may tell it, and the list.

use super::orders::cast::{Office, Order};
use super::orders::stage::{handled, insist};
use super::test_support::{Sketch, address};
use super::{ArrivalFacts, Decision, Input, News, Opened};
use crate::case::{
    Actor, CaseId, Class, Deed, Entry, Event, KnownWords, Manners, Matter, NoticeDraft, PostList,
    Posted,
};
use crate::letter::{Letter, NoticeStep, Wording};
use crate::mail::Mail;
use crate::siren::standing::{Looker, Place, post_of};
use crate::triage::Triage;
use jiff::SignedDuration;

pub struct Newsroom {
    pub office: Office,
    /// Everything that became a letter to a list.
    pub posts: Vec<Letter>,
    twin: Option<CaseId>,
    /// Letters wait.
    away: bool,
}

impl Newsroom {
    /// Val handles a case that nobody outside knows of. Cora and Vic coordinate; both can read.
    pub fn new() -> Newsroom {
        let mut office = handled();
        for member in &mut office.world.rules.roster.members {
            member.key_trouble = None;
        }
        office.read_in("vic");
        let siren = office.world.rules.lists[0].clone();
        office.world.rules.lists.push(PostList {
            name: "oss".to_owned(),
            address: address("oss-posts@lists.example"),
            manners: Manners::OssSecurity,
            ..siren
        });
        Newsroom { office, posts: Vec::new(), twin: None, away: false }
    }

    /// The same, public, labelled clear, with everything that a notice has to say.
    pub fn ready() -> Newsroom {
        let mut room = Newsroom::new();
        room.does("val", "/title libexample before 2.3.2: heap overflow in the header parser\n");
        room.does("val", "/cve CVE-2026-10001\n/severity high\n");
        room.does("val", "/affects pkg:pypi/libexample <2.3.2\n/fixed pkg:pypi/libexample 2.3.2\n");
        room.does("val", "/fact public at 2026-11-23T08:00Z https://lists.example.net/1\n");
        room.does("cora", "/tlp clear\n");
        room.does("val", "/siren draft\n");
        room.edits();
        room
    }

    /// The prose that nobody can take from the case.
    pub fn edits(&mut self) {
        for (part, text) in [
            ("description", DESCRIPTION),
            ("impact", "Whoever can hand it a file can run code as its user."),
            ("actions", "Update to 2.3.2. Until then, do not open files of strangers with it."),
        ] {
            self.does("val", &format!("/siren edit {part} {text}\n"));
        }
    }

    /// Orders, confirmed where that is asked for; and what falls due.
    pub fn does(&mut self, by: &str, text: &str) -> crate::letter::Transcript {
        let said = insist(&mut self.office, by, text);
        self.ring();
        said
    }

    /// Whatever comes of it.
    pub fn takes(&mut self, order: &Order<'_>, confirms: bool) {
        let (_, answer) = self.office.take(order);
        if let (Wording::Transcript(said), Some(code), true) =
            (&answer.wording, &answer.code, confirms)
            && said.outcome == "waits"
        {
            self.office.say(order.by, &format!("/confirm {code}\n"));
        }
        self.ring();
    }

    pub fn replay(&mut self, order: &Order<'_>) {
        self.office.replay(order);
        self.ring();
    }

    pub fn stranger(&mut self, sketch: &Sketch) {
        self.office.world.take(sketch);
        self.ring();
    }

    pub fn pass(&mut self, time: SignedDuration) {
        self.office.world.pass(time);
        self.ring();
    }

    /// A second finder told us of the same in confidence: that case is under an embargo, or not.
    pub fn twin(&mut self, embargoed: bool) {
        let id = self.twin.clone().unwrap_or_else(|| self.opens_twin());
        let case = self.office.cases().case(&id).expect("the twin");
        let mut embargo = crate::case::embargo::Embargo::default();
        if embargoed {
            embargo.state = crate::case::EmbargoState::Active;
            embargo.until = Some(self.office.world.now() + SignedDuration::from_hours(24 * 30));
        }
        let unchanged = case.embargo == embargo;
        if !unchanged {
            self.fold(&id, Event::Deed(Deed::EmbargoSet { embargo, private: Default::default() }));
        }
        self.ring();
    }

    pub fn twin_is_embargoed(&self) -> bool {
        let twin = self.twin.as_ref().and_then(|id| self.office.cases().case(id));
        twin.is_some_and(|case| case.embargo.in_force())
    }

    pub fn notice(&self) -> &NoticeDraft {
        self.office.case().notices.last().expect("a notice")
    }

    /// The newest post comes back by the watched list: signed well or not, its words whole or not.
    /// What the team hears.
    pub fn comes_back(&mut self, signature: bool, whole: bool) -> Option<NoticeStep> {
        let words = self.posted_words();
        let words = if whole { words } else { words.replace("2.3.2", "2.3.3") };
        self.own(signature.then_some(words), Some("siren"))
    }

    /// The same octets, straight to our own address.
    pub fn copy_sent_to_us(&mut self) -> Option<NoticeStep> {
        let words = self.posted_words();
        self.own(Some(words), None)
    }

    /// Its list is one that we watch.
    pub fn reads_its_list(&mut self) {
        let rules = &mut self.office.world.rules;
        rules.watches[0].address = Some(rules.lists[0].address.clone());
    }

    /// From now on no letter leaves.
    pub fn relay_is_away(&mut self) {
        self.away = true;
    }

    pub fn letter(&self, number: u64) -> &Posted {
        self.office.cases().letter(number).expect("the letter")
    }

    fn posted_words(&self) -> String {
        match &self.posts.last().expect("a post").wording {
            Wording::Notice(words) => words.body.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn own(&mut self, own_words: Option<String>, list: Option<&str>) -> Option<NoticeStep> {
        let post = self.posts.last().expect("a post");
        let mut triage = Triage::unopened("ours");
        (triage.class, triage.list) = (Class::OwnLetter, list.map(str::to_owned));
        let message_id = Some(post.message_id.clone());
        let mail = Mail { message_id, own_words, ..Mail::default() };
        let (_, now) = self.office.world.input(&Sketch::default());
        let arrival = ArrivalFacts {
            mail: format!("{:064x}", 900_000),
            exact: format!("{:064x}", 900_001),
            routeless: format!("{:064x}", 900_002),
            bytes: 1_000,
            mailbox: "siren".to_owned(),
            received: now,
            twin: None,
            retried: None,
        };
        let opened = Opened { mail, signed: None, triage, arrival };
        let decision = self.office.world.decide(&Input::Mail(Box::new(opened)));
        decision.letters.iter().find_map(|letter| match &letter.wording {
            Wording::NoticeNews(news) => Some(news.what),
            _ => None,
        })
    }

    fn opens_twin(&mut self) -> CaseId {
        let known: Vec<CaseId> = self.office.cases().cases().map(|case| case.id.clone()).collect();
        self.office.world.take(&Sketch { from: 1, ..Sketch::default() });
        let new = self.office.cases().cases().find(|case| !known.contains(&case.id));
        let id = new.expect("a new case").id.clone();
        let value = "CVE-2026-10001".to_owned();
        let private = KnownWords { value, detail: String::new() };
        self.fold(&id, Event::Deed(Deed::KnownSet { what: Matter::Cve, private }));
        self.twin = Some(id.clone());
        id
    }

    fn fold(&mut self, id: &CaseId, event: Event) {
        let (at, case) = (self.office.world.now(), Some(id.clone()));
        self.office.world.fold(Entry { at, case, by: Actor::Cli, event });
    }

    /// As the gateway asks, until nothing is due; posts leave at once.
    fn ring(&mut self) {
        for _ in 0..32 {
            let (cases, rules) = (self.office.cases(), self.office.rules());
            let due = super::next_deadline(cases, rules);
            if due.is_none_or(|due| due > self.office.world.now()) {
                return;
            }
            let decision = self.office.world.decide(&Input::Clock);
            self.leave(&decision);
        }
        panic!("the clock never comes to rest");
    }

    fn leave(&mut self, decision: &Decision) {
        for letter in decision.letters.iter().filter(|letter| letter.held.is_none()) {
            let number = letter.number;
            if self.away {
                continue;
            }
            self.office.world.decide(&Input::Letter { number, news: News::Tried });
            self.office.world.decide(&Input::Letter { number, news: News::Sent });
        }
        let posts = decision.letters.iter().filter(|one| matches!(one.wording, Wording::Notice(_)));
        self.posts.extend(posts.cloned());
    }
}

pub const DESCRIPTION: &str = "\
libexample reads the length of a chunk as a signed number and copies that many bytes. A file with \
a negative length writes behind the buffer, in every program that opens files with it.";

/// The digest under which the newest open notice would be posted now; any word where none could.
pub fn digest_now(office: &Office) -> String {
    let case = office.case();
    let place = Place {
        cases: office.cases(),
        rules: office.rules(),
        case,
        now: office.world.now(),
        by: Looker::Gateway,
    };
    let open = case.notices.iter().rev().find(|notice| notice.is_open());
    let post = open.and_then(|notice| post_of(&place, notice).ok());
    post.map_or_else(|| "zzzzzzzzzzzzzzzz".to_owned(), |post| post.digest(&office.rules().secrets))
}
