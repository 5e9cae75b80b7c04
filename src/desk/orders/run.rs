//! The lines of one mail, run in order on a scratch copy of everything. Nothing is true yet.

use super::carried::{Carried, note_of};
use super::may::may;
use super::plan::{Plan, Planned, mended, suggestion, unknown};
use super::{Orders, outgoing, stop, taken, transcript};
use crate::case::{Actor, Case, CaseId, Deed, Event, Outcome};
use crate::command::words::Words;
use crate::command::{self, Asked, Needs, Refusal, Rule, Ruling};
use crate::desk::draft::Draft;
use crate::desk::notify;
use crate::letter::Step;
use crate::limits::RISKY_AGE;

/// Why a risky order waits where the mail holds no case line of ours.
const NO_CASE_LINE: &str = "does harm in the wrong case, and your mail did not hold the first line \
                            of a letter of ours. Keep that line when you reply";

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
        self.trial.go_to(planned.case.as_ref());
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
        did.extend(self.note_all(orders, events));
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
        let mut waits = false;
        for say in &ruling.says {
            let sending = notify::Sending { orders, plan, say };
            let said = notify::say(&mut self.trial, &sending)?;
            did.extend(said.told.iter().cloned());
            waits |= said.letter.is_none();
            self.carried.say(said);
        }
        // Who works on this case hears what was done to it: not that nothing was, nor where else.
        let case = self.trial.case.as_ref().filter(|_| here);
        let next = ruling.next;
        if let (Some(notice), Some(case)) = (ruling.notice, &self.trial.case) {
            self.carried.shows_notice(&case.id, notice);
        }
        match (ruling.plea, case) {
            (Some(plea), Some(case)) => {
                self.carried.ask(&case.id, plea);
                self.carried.take(None, &did, ruling.shows, next);
            }
            // Others read the words themselves: the note, the letter. Words that wait, they do not.
            _ if only_words && !waits => self.carried.take(None, &did, ruling.shows, next),
            _ => self.carried.take(case, &did, ruling.shows, next),
        }
        self.carried.confirm.extend(ruling.confirm);
        self.carried.attach(&self.trial, &ruling.attaches)?;
        Ok(did)
    }

    /// Facts about the case, with what follows at once from them.
    fn note_all(&mut self, orders: &Orders, events: Vec<Event>) -> Vec<String> {
        let by = Actor::Member(orders.member.handle.clone());
        let mut did = Vec::new();
        for event in events {
            if let (Some(note), Some(id)) = (note_of(&event), &self.trial.here()) {
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
        did
    }

    /// The first fact of these orders in a case says whose they are: so they can be taken back.
    pub fn begin(&mut self, orders: &Orders) {
        let case = self.trial.here();
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
        let here = self.trial.here();
        if self.trial.take_up(case) {
            self.begin(orders);
        }
        self.trial.go_to(here.as_ref());
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
        draft.go_to(plan.named.first().or(self.carried.opened.as_ref()));
    }

    /// Orders that changed nothing are remembered all the same.
    fn end(&mut self, draft: &Draft<'_>, orders: &Orders) {
        self.trial.go_to(draft.here().as_ref());
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
