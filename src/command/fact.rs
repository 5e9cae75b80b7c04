//! `/fact`: what has happened to the disclosure. While an embargo is in force, that it is out is
//! one member's claim until a second has signed it.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, dates};
use crate::case::facts::{self, Fact, Known, Learned, Said};
use crate::case::{self, Case, Deed, LetterState};
use crate::limits::VALUE_CHARS;
use crate::mail::clean;

pub const FACT: Command = Command {
    name: "fact",
    usage: "/fact [not] <fact> [at <instant>] [source]",
    summary: "What has happened: who knows, is there a fix, is it public, is it attacked.",
    help: "\
Facts: vendor-aware (the maintainer knows), fix-ready, fix-deployed, public (the vulnerability is \
known), exploit (how to exploit it is published), attacks (it is exploited). When it came to be so \
may follow, as at 2026-12-11T14:00Z; without it, now. Where you know it from may end the line, in \
up to 250 characters.

While an embargo is in force, public, exploit and attacks are claims as long as one member alone \
says so: the handlers and coordinators are told, and what was to leave this case is held. When a \
second member signs the same line, a handler or a coordinator, it is a fact; public and exploit \
end the embargo. /fact not takes a claim back, by who made it or a coordinator. Facts stay.

Nobody outside is written to.

/fact public at 2026-12-11T14:00Z https://news.example/42",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(fact),
};

fn fact(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    if words.keyword("not") {
        return take_back(words.word_of("the claim")?, case, asked);
    }
    let fact: Fact = words.word_of("a fact")?;
    let at = match words.keyword("at") {
        true => dates::instant(words, asked)?,
        false => asked.now,
    };
    let source = clean::line(words.rest());
    if source.chars().count() > VALUE_CHARS {
        return Err(words.slip(format!("a source has at most {VALUE_CHARS} characters")).into());
    }
    let by = asked.by.handle.as_str();
    let may_confirm = asked.is_handler() || asked.is_coordinator();
    let said = Said { fact, at, source: &source, by, may_confirm };
    let learned = facts::learn(&case.facts, case.embargo.state, &said, asked.now);
    let learned = learned.map_err(Refusal::new)?;
    Ok(match learned.claim {
        true => claims(fact, learned, by),
        false => tells(fact, learned, case, asked),
    })
}

/// One member alone says that it is out.
fn claims(fact: Fact, learned: Learned, by: &str) -> Ruling {
    let answer = format!(
        "{fact}: claimed by {by}, not signed by a second member yet, because the embargo is in \
         force. All handlers and coordinators of this case are told, and what was to leave it is \
         held, until one of them signs /fact {fact}, or it is taken back."
    );
    let deed = Deed::FactLearned { fact, claim: true, private: learned.known };
    let ruling = Ruling::of(deed, answer).then(format!("/fact not {fact}"), "takes it back");
    Ruling {
        holds: Some(format!("{fact} is claimed, and not signed by a second member")),
        ..ruling
    }
}

fn tells(fact: Fact, learned: Learned, case: &Case, asked: &Asked<'_>) -> Ruling {
    let since = learned.known.get(&fact).map_or(asked.now, |known| known.at);
    let before = was(case.facts.get(&fact), asked);
    let mut answer = format!("{fact}: {before}, now so since {}.", dates::told(since, asked));
    let implied = learned.known.keys().filter(|one| **one != fact).map(Fact::to_string);
    let implied: Vec<String> = implied.collect();
    if !implied.is_empty() {
        answer.push_str(&format!(" With it: {}.", implied.join(", ")));
    }
    let ends = learned.embargo_exits.then(|| Deed::EmbargoSet {
        embargo: case.embargo.exited(),
        private: case::Words::of(&fact.to_string()),
    });
    answer.push_str(match (&ends, case.embargo.in_force(), learned.must_decide) {
        (Some(_), true, _) => " The embargo is over.",
        (Some(_), false, _) => " The proposal of an embargo is withdrawn.",
        (None, _, true) => {
            " The embargo is still in force. A coordinator decides soon: /embargo lift, or it \
             stands."
        }
        _ => "",
    });
    let deed = Deed::FactLearned { fact, claim: false, private: learned.known };
    let ruling = Ruling::of(deed, answer);
    let ruling = Ruling { deeds: ruling.deeds.into_iter().chain(ends).collect(), ..ruling };
    held(case, asked).into_iter().fold(ruling, |ruling, letter| {
        ruling.then(format!("/release {letter}"), "lets this held letter leave after all")
    })
}

fn was(known: Option<&Known>, asked: &Asked<'_>) -> String {
    match known {
        None => "not known".to_owned(),
        Some(known) if known.confirmed => format!("so since {}", dates::told(known.at, asked)),
        Some(known) => format!("claimed by {}", known.by),
    }
}

/// A claimed exploit claims, too, that it is public: both are taken back together.
fn take_back(fact: Fact, case: &Case, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let by = asked.by.handle.as_str();
    let claim = |fact: &Fact| case.facts.get(fact).filter(|known| !known.confirmed);
    facts::take_back(&case.facts, fact, by, asked.is_coordinator()).map_err(Refusal::new)?;
    if fact == Fact::Public && claim(&Fact::Exploit).is_some() {
        return Err(Refusal::new(
            "An exploit is claimed, and that makes it public. Say /fact not exploit.",
        ));
    }
    let both = fact == Fact::Exploit
        && claim(&Fact::Exploit).zip(claim(&Fact::Public)).is_some_and(|(one, other)| {
            (&one.by, one.at, &one.source) == (&other.by, other.at, &other.source)
        });
    let answer = match both {
        true => "The claims exploit and public are taken back.".to_owned(),
        false => format!("The claim {fact} is taken back."),
    };
    let ruling = Ruling::of(
        Deed::FactWithdrawn { fact },
        format!("{answer} Letters that it held stay held until somebody lets them leave."),
    );
    let ruling = if both { ruling.and(Deed::FactWithdrawn { fact: Fact::Public }) } else { ruling };
    Ok(held(case, asked).into_iter().fold(ruling, |ruling, letter| {
        ruling.then(format!("/release {letter}"), "lets this held letter leave after all")
    }))
}

/// Letters of this case to people outside that a person may let go.
fn held(case: &Case, asked: &Asked<'_>) -> Vec<String> {
    let letters = asked.cases.letters_in(&case.id);
    let held = letters.filter(|letter| {
        letter.participant.is_some() && letter.state == LetterState::Held && !letter.kept
    });
    held.map(|letter| letter.id()).collect()
}

#[cfg(test)]
#[path = "fact_tests.rs"]
mod tests;
