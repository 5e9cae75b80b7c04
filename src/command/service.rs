//! `/service`: what we do in this case.

use super::known;
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Deed, Service};

pub const SERVICE: Command = Command {
    name: "service",
    usage: "/service <service>",
    summary: "What we do in this case: coordination, notice, advice or education.",
    help: "\
coordination: bringing finder and maintainer together. notice: warning those who use it. advice: \
helping a maintainer with a report. education: a guide or a training. For the figures of the \
year; it writes to nobody.\n\nExample: /service advice",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(service),
};

fn service(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (case, service) = (asked.case()?, words.word_of::<Service>("a service")?.to_string());
    if case.service.as_ref() == Some(&service) {
        return Ok(Ruling::nothing(format!("Service: {service} already.")));
    }
    let answer = known::changed("Service", case.service.as_deref(), &service);
    Ok(Ruling::of(Deed::ServiceSet { service }, answer))
}
