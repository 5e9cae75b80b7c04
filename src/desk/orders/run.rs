//! The lines of one mail, run in order on a scratch copy of everything. Nothing is true yet.

use super::carried::{Carried, note_of, plural};
use super::which_case::{Named, case_line};
use super::{Orders, outgoing, stop, taken, transcript};
use crate::case::{Actor, Case, CaseId, Deed, Event, Outcome, Permission};
use crate::command::nearest::nearest;
use crate::command::sheet::Sheet;
use crate::command::words::Words;
use crate::command::{self, Asked, COMMANDS, Command, NOT_READABLE, Needs, Refusal, Rule, Ruling};
use crate::desk::draft::Draft;
use crate::desk::notify;
use crate::letter::Step;
use crate::limits::RISKY_AGE;
use jiff::Timestamp;

/// Why a risky order waits where the mail holds no case line of ours.
const NO_CASE_LINE: &str = "does harm in the wrong case, and your mail did not hold the first line \
                            of a letter of ours. Keep that line when you reply";

/// What a mail asks for, line by line.
#[derive(Clone, Debug)]
pub struct Plan {
    pub lines: Vec<Planned>,
    pub text: String,
    pub named: Named,
    /// `/try`
    pub tries: bool,
    /// `/confirm` without a code: words leave without the wait.
    pub at_once: bool,
    /// What of the mail was not used.
    pub unused: Option<String>,
    /// When it was first sent in, where it is run a second time: `+2d` means the same day then.
    pub since: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct Planned {
    pub number: usize,
    pub case: Option<CaseId>,
    pub line: String,
    /// The text is its.
    pub has_text: bool,
}

impl Plan {
    pub fn of(sheet: &Sheet, named: Named) -> Plan {
        let lines = sheet.lines.iter().map(|line| line.text.clone()).collect();
        let unused = sheet.unused.told();
        Plan { unused, ..Plan::again(lines, sheet.text.clone(), named) }
    }

    /// Lines that were read before.
    pub fn again(lines: Vec<String>, text: String, named: Named) -> Plan {
        let mut case = named.base.clone();
        let mut planned: Vec<Planned> = Vec::new();
        for (line, number) in lines.into_iter().zip(1..) {
            case = case_line(&line).or(case);
            planned.push(Planned { number, case: case.clone(), line, has_text: false });
        }
        let is = |name: &'static str| move |one: &Planned| one.names(name) && one.is_bare();
        let (tries, at_once) = (planned.iter().any(is("try")), planned.iter().any(is("confirm")));
        if !text.is_empty() {
            let takes = |one: &&mut Planned| one.command().is_some_and(|known| known.takes_text);
            match planned.iter_mut().rev().find(takes) {
                Some(last) => last.has_text = true,
                None => planned.push(Planned {
                    number: planned.len() + 1,
                    case,
                    line: "/note".to_owned(),
                    has_text: true,
                }),
            }
        }
        Plan { lines: planned, text, named, tries, at_once, unused: None, since: None }
    }

    /// What usually comes next is done further down by itself.
    fn goes_on(&self, from: &Planned, next: &str) -> bool {
        let name = next.split_whitespace().next().unwrap_or_default().trim_start_matches('/');
        self.lines.iter().any(|line| line.number > from.number && line.names(name))
    }

    pub fn asks_to(&self, name: &str) -> bool {
        self.lines.iter().any(|line| line.names(name))
    }
}

impl Planned {
    fn name(&self) -> &str {
        let bare = self.line.trim_start().trim_start_matches('/');
        bare.split_whitespace().next().unwrap_or_default()
    }

    pub fn names(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// A command without arguments.
    fn is_bare(&self) -> bool {
        self.line.split_whitespace().count() == 1
    }

    fn command(&self) -> Option<&'static Command> {
        command::named(self.name())
    }
}

/// A plan that was run: how each line went, and the copy with everything it would make true.
pub struct Run<'a> {
    pub trial: Draft<'a>,
    pub steps: Vec<Step>,
    /// The first line that was refused, and whether another might be meant.
    pub failed: Option<(usize, Option<String>)>,
    /// That line was refused because the mail names no case.
    pub no_case: bool,
    pub carried: Carried,
}

impl<'a> Run<'a> {
    pub fn of(draft: &Draft<'a>, orders: &Orders, plan: &Plan) -> Run<'a> {
        Run::with(draft, orders, plan, None)
    }

    /// The same for orders that mend or confirm earlier ones.
    pub fn with(draft: &Draft<'a>, orders: &Orders, plan: &Plan, uses: Option<String>) -> Run<'a> {
        let carried = Carried::new(draft, uses);
        let mut run =
            Run { trial: draft.clone(), steps: Vec::new(), failed: None, no_case: false, carried };
        for planned in &plan.lines {
            run.line(orders, plan, planned);
        }
        run.age(orders, plan);
        run
    }

    fn line(&mut self, orders: &Orders, plan: &Plan, planned: &Planned) {
        match &planned.case {
            Some(id) if self.trial.case.as_ref().is_none_or(|case| case.id != *id) => {
                _ = self.trial.take_up(id);
            }
            Some(_) => {}
            None => self.trial.put_down(),
        }
        let did = match self.does(orders, plan, planned) {
            Ok(did) => did,
            Err(refusal) => {
                let meant = suggestion(planned).or_else(|| mended(planned, &refusal));
                self.no_case |= self.failed.is_none() && refusal.what == command::NO_CASE;
                self.failed.get_or_insert((planned.number, meant));
                return self.step(planned, vec![refusal.what], refusal.at);
            }
        };
        self.step(planned, did, None);
    }

    fn step(&mut self, planned: &Planned, did: Vec<String>, at: Option<(usize, usize)>) {
        let caret = at.map(|(column, width)| " ".repeat(column) + &"^".repeat(width.max(1)));
        let (number, line) = (planned.number, planned.line.clone());
        self.steps.push(Step { number, line, caret, did });
    }

    fn does(
        &mut self,
        orders: &Orders,
        plan: &Plan,
        planned: &Planned,
    ) -> Result<Vec<String>, Refusal> {
        let command = planned.command().ok_or_else(|| unknown(planned))?;
        may(&self.trial, orders, command, planned)?;
        match command.rule {
            Rule::Asks(rule) => {
                let mut ruling = self.ask(rule, orders, plan, planned)?;
                if ruling.next.iter().any(|(line, _)| plan.goes_on(planned, line)) {
                    ruling.next.clear();
                }
                let certain = plan.named.certain.as_ref();
                if command.risky && (certain.is_none() || planned.case.as_ref() != certain) {
                    let why = format!("/{} {NO_CASE_LINE}", command.name);
                    self.carried.confirm.push(why);
                }
                self.carry(orders, plan, ruling)
            }
            Rule::Steers => stop::steer(self, orders, planned),
        }
    }

    fn ask(
        &self,
        rule: fn(&mut Words<'_>, &Asked<'_>) -> Result<Ruling, Refusal>,
        orders: &Orders,
        plan: &Plan,
        planned: &Planned,
    ) -> Result<Ruling, Refusal> {
        let now = plan.since.unwrap_or(self.trial.now);
        // What asks for no right to read is not shown what needs one.
        let shown = |case: &&Case| {
            planned.command().is_some_and(|command| command.needs == Needs::Taker)
                || case.readable_by(&orders.member.handle)
        };
        let case = self.trial.case.as_ref().filter(shown);
        let mut asked = Asked::of(&orders.member, self.trial.cases, self.trial.rules);
        asked = asked.at(now).about(case, planned.case.is_some()).beside(self.trial.changed());
        asked.takes = super::opening::takes(&self.trial, &orders.member.handle);
        asked.text = if planned.has_text { plan.text.as_str() } else { "" };
        asked.sends_too = !planned.names("send") && plan.asks_to("send");
        asked.seen = &orders.seen;
        let mut words = Words::of(&planned.line);
        let ruling = rule(&mut words, &asked)?;
        words.end()?;
        Ok(ruling)
    }

    /// Notes what a ruling says, and writes what it writes, on the copy.
    pub fn carry(
        &mut self,
        orders: &Orders,
        plan: &Plan,
        ruling: Ruling,
    ) -> Result<Vec<String>, Refusal> {
        let by = Actor::Member(orders.member.handle.clone());
        let mut did: Vec<String> = vec![ruling.answer.clone()];
        let other = ruling.other.into_iter().map(|one| one.event(orders));
        let (outside, other): (Vec<Event>, Vec<Event>) = other.partition(outgoing::of_no_case);
        outgoing::note_outside(self, orders, outside);
        let events: Vec<Event> = ruling.deeds.into_iter().map(Event::Deed).chain(other).collect();
        let here = !events.is_empty() || !ruling.says.is_empty() || ruling.opens.is_some();
        let notes = events.iter().all(|event| note_of(event).is_some());
        let only_words = notes && (!events.is_empty() || !ruling.says.is_empty());
        // A letter alone is something to take back, too.
        if !events.is_empty() || !ruling.says.is_empty() {
            self.begin(orders);
        }
        for event in events {
            if let (Some(note), Some(id)) = (note_of(&event), &planned_case(&self.trial)) {
                self.carried.noted(id, note);
            }
            let proven = match &event {
                Event::Deed(Deed::KeyJudged { participant, accepted: true, .. }) => {
                    Some(*participant)
                }
                _ => None,
            };
            self.trial.note(by.clone(), event);
            let said = proven.map(|person| notify::say_kept(&mut self.trial, person, Some(orders)));
            did.extend(stop::kept_words(&said.unwrap_or_default()));
        }
        for whom in &ruling.stops {
            did.extend(stop::stops(self, orders, whom)?);
        }
        if let Some(why) = &ruling.holds {
            did.extend(outgoing::hold(self, orders, why));
        }
        for (case, deed) in ruling.elsewhere {
            self.begin_in(&case, orders);
            self.trial.note_in(&case, by.clone(), Event::Deed(deed));
        }
        for (case, other) in ruling.other_elsewhere {
            self.begin_in(&case, orders);
            self.trial.note_in(&case, by.clone(), other.event(orders));
        }
        for (case, told) in ruling.tells {
            self.carried.news.entry(case).or_default().did.push(told);
        }
        if let Some(opens) = ruling.opens {
            did.push(super::opening::open(self, orders, opens));
        }
        for say in &ruling.says {
            let sending = notify::Sending { orders, plan, say };
            let said = notify::say(&mut self.trial, &sending)?;
            did.extend(said.told.iter().cloned());
            self.carried.say(said);
        }
        // Who works on this case hears what was done to it: not that nothing was, nor where else.
        let case = self.trial.case.as_ref().filter(|_| here);
        let next = ruling.next;
        match (ruling.plea, case) {
            (Some(plea), Some(case)) => self.carried.ask(&case.id, plea),
            // Others read the words themselves: the note, the letter.
            _ if only_words => self.carried.take(None, &did, ruling.shows, next),
            _ => self.carried.take(case, &did, ruling.shows, next),
        }
        self.carried.confirm.extend(ruling.confirm);
        self.carried.attach(&self.trial, &ruling.attaches)?;
        Ok(did)
    }

    /// The first fact of these orders in a case says whose they are: so they can be taken back.
    pub fn begin(&mut self, orders: &Orders) {
        let case = planned_case(&self.trial);
        let Some(number) = self.carried.begin(case) else { return };
        let mut fact = taken(orders, Outcome::Done);
        fact.changes = true;
        fact.uses = self.carried.uses.clone();
        if number > 0 {
            fact.orders = format!("{}.{number}", fact.orders);
            fact.code = None;
        }
        let by = Actor::Member(orders.member.handle.clone());
        self.trial.note(by, Event::OrdersTaken(fact));
    }

    fn begin_in(&mut self, case: &CaseId, orders: &Orders) {
        let here = self.trial.case.as_ref().map(|case| case.id.clone());
        if self.trial.take_up(case) {
            self.begin(orders);
        }
        match here {
            Some(here) => _ = self.trial.take_up(&here),
            None => self.trial.put_down(),
        }
    }

    /// Orders that come late, or out of order, are confirmed where they can do harm.
    fn age(&mut self, orders: &Orders, plan: &Plan) {
        let risky = |one: &Planned| one.command().is_some_and(|command| command.risky);
        if !plan.lines.iter().any(risky) {
            return;
        }
        let age = self.trial.now.duration_since(orders.made);
        if age > jiff::SignedDuration::try_from(RISKY_AGE).unwrap_or_default() {
            self.carried.late.push("You signed it more than two hours ago".to_owned());
        }
        let handle = &orders.member.handle;
        let cases = plan.lines.iter().filter(|one| risky(one)).filter_map(|one| one.case.as_ref());
        let mut newest = cases
            .filter_map(|id| self.trial.cases.case(id))
            .filter_map(|case| case.newest_orders.get(handle));
        if newest.any(|newest| *newest > orders.made) {
            self.carried.late.push(
                "You signed it before other orders of yours in this case that were carried out \
                 already"
                    .to_owned(),
            );
        }
    }

    /// What becomes of it. `confirmed`: the digest that a `/confirm` was for.
    pub fn settle(
        mut self,
        draft: &mut Draft<'a>,
        orders: &Orders,
        plan: &Plan,
        confirmed: Option<&str>,
    ) {
        let digest = self.carried.digest(draft, &self.trial);
        let agreed = confirmed.is_some_and(|confirmed| confirmed == digest);
        if confirmed.is_some() && !agreed {
            let why = "Something has changed since the preview you confirmed";
            self.carried.late.insert(0, why.to_owned());
        }
        let outcome = match () {
            () if self.failed.is_some() => Outcome::Refused,
            () if plan.tries => Outcome::Tried,
            () if !agreed && self.carried.asks() => Outcome::Waits,
            () => Outcome::Done,
        };
        if outcome == Outcome::Done {
            self.end(draft, orders);
            let told = notify::orders_done(&mut self.trial, orders, &self.carried);
            *draft = self.trial.clone();
            self.back(draft, plan);
            return transcript::write(draft, orders, plan, &self, (outcome, told));
        }
        self.keep(draft, orders, plan, (outcome, digest));
        transcript::write(draft, orders, plan, &self, (outcome, notify::Told::default()));
    }

    /// To the case that the answer is about: the first that was named.
    fn back(&self, draft: &mut Draft<'_>, plan: &Plan) {
        match plan.named.first() {
            Some(id) => _ = draft.take_up(id),
            None => draft.put_down(),
        }
    }

    /// Orders that changed nothing are remembered all the same.
    fn end(&mut self, draft: &Draft<'_>, orders: &Orders) {
        match draft.case.as_ref().map(|case| case.id.clone()) {
            Some(id) => _ = self.trial.take_up(&id),
            None => self.trial.put_down(),
        }
        if self.carried.begun() {
            return;
        }
        let mut fact = taken(orders, Outcome::Done);
        fact.uses = self.carried.uses.clone();
        self.trial.note(Actor::Member(orders.member.handle.clone()), Event::OrdersTaken(fact));
    }

    fn keep(
        &self,
        draft: &mut Draft<'_>,
        orders: &Orders,
        plan: &Plan,
        (outcome, digest): (Outcome, String),
    ) {
        let mut fact = taken(orders, outcome);
        fact.uses = self.carried.uses.clone();
        fact.why = self.failed.as_ref().map(|(line, _)| format!("line {line}"));
        fact.private = crate::case::KeptOrders {
            lines: plan
                .lines
                .iter()
                .filter(|one| !one.added())
                .map(|one| one.line.clone())
                .collect(),
            text: plan.text.clone(),
            case: plan.named.base.clone(),
            certain: plan.named.certain.is_some(),
            digest,
            answers: plan.named.answers,
            since: plan.since,
        };
        draft.note(Actor::Member(orders.member.handle.clone()), Event::OrdersTaken(fact));
    }
}

impl Planned {
    /// It stands for text without a command.
    pub fn added(&self) -> bool {
        self.has_text && self.line == "/note"
    }
}

fn planned_case(draft: &Draft<'_>) -> Option<CaseId> {
    draft.case.as_ref().map(|case| case.id.clone())
}

fn unknown(planned: &Planned) -> Refusal {
    let name = planned.name();
    let column = planned.line.find(name).unwrap_or_default();
    let at = Some((
        planned.line.get(..column).unwrap_or_default().chars().count(),
        name.chars().count(),
    ));
    if name.eq_ignore_ascii_case("accept") {
        let what = "What do you accept? /engage takes the case on; /embargo accept for <who> \
                    records an agreement; /key accept <fingerprint> a key.";
        return Refusal { what: what.to_owned(), at, meant: None };
    }
    let what = match meant(name) {
        Some(meant) => format!("No such command. Did you mean /{meant} ?"),
        None => "No such command. /help lists them all.".to_owned(),
    };
    Refusal { what, at, meant: None }
}

fn meant(name: &str) -> Option<&'static str> {
    nearest(&name.to_ascii_lowercase(), COMMANDS.iter().map(|command| command.name))
}

/// The line as it was probably meant.
fn suggestion(planned: &Planned) -> Option<String> {
    let name = planned.name();
    if command::named(name).is_some() {
        return None;
    }
    meant(name).map(|meant| planned.line.replacen(name, meant, 1))
}

/// The line with the word that was probably meant in its place. Only where columns are characters.
fn mended(planned: &Planned, refusal: &Refusal) -> Option<String> {
    let (meant, (column, width)) = (refusal.meant.as_ref()?, refusal.at?);
    let line = &planned.line;
    let before = line.is_ascii().then(|| line.get(..column))??;
    Some(format!("{before}{meant}{}", line.get(column + width..)?))
}

/// The role, and whether the case may be read: refused in the same words whether it exists or not.
fn may(
    draft: &Draft<'_>,
    orders: &Orders,
    command: &Command,
    planned: &Planned,
) -> Result<(), Refusal> {
    let member = &orders.member;
    if command.needs == Needs::Member {
        return Ok(());
    }
    if planned.case.is_none() {
        return Err(Refusal::new(command::NO_CASE));
    }
    let case = draft.case.as_ref();
    if command.needs == Needs::Taker {
        // Its rule gives the same answer for a case that is not there.
        return Ok(());
    }
    let case = case.filter(|case| case.readable_by(&member.handle));
    let case = case.ok_or_else(|| Refusal::new(NOT_READABLE))?;
    let coordinator = member.role == Permission::Coordinator;
    match command.needs {
        Needs::Coordinator if !coordinator => Err(Refusal::new(format!(
            "/{} is for coordinators. Ask one: {}.",
            command.name,
            coordinators(draft)
        ))),
        Needs::Handler if !coordinator && !case.handlers.contains(&member.handle) => {
            Err(Refusal::new(format!(
                "/{} is for the handlers of the case. Send /take first, or ask {}.",
                command.name,
                match case.handlers.first() {
                    Some(lead) => lead.clone(),
                    None => coordinators(draft),
                }
            )))
        }
        _ => Ok(()),
    }
}

fn coordinators(draft: &Draft<'_>) -> String {
    let names: Vec<&str> =
        draft.rules.roster.coordinators().map(|member| member.handle.as_str()).collect();
    plural(&names)
}
