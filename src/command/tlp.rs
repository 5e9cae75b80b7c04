//! `/tlp`: how far words of the case may be passed on.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::embargo::{self, forbidden_by_embargo};
use crate::case::{Deed, Tlp, values};

pub const TLP: Command = Command {
    name: "tlp",
    usage: "/tlp <label>",
    summary: "How far words of the case may be passed on (TLP 2.0).",
    help: "\
Labels, from closed to open: red, amber+strict, amber, green, clear. For coordinators.

While an embargo is in force the label only becomes stricter; while one is proposed nothing is \
marked clear. A looser label is confirmed first. /undo does not change a label back: set it again.

/tlp amber+strict",
    needs: Needs::Coordinator,
    writes: "",
    takes_text: false,
    risky: true,
    rule: Rule::Asks(tlp),
};

fn tlp(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    words.peek().ok_or_else(|| Refusal::new(LABELS))?;
    let label = values::tlp(words.rest()).map_err(|why| words.slip(why))?;
    if label == case.tlp {
        return Ok(Ruling::nothing(format!("The label is {} already.", label.label())));
    }
    let looser = label < case.tlp;
    let public = (label == Tlp::Clear).then_some(embargo::Deed::Public);
    let loosens = looser.then_some(embargo::Deed::LoosenTlp);
    let state = case.embargo.state;
    let forbids = |deed| forbidden_by_embargo(state, deed);
    if let Some(why) = loosens.into_iter().chain(public).find_map(forbids) {
        return Err(Refusal::new(why));
    }
    let answer = format!("Label: {}, now {}.", case.tlp.label(), label.label());
    let ruling = Ruling::of(Deed::TlpSet { tlp: label }, answer);
    Ok(match looser {
        true => ruling.after(format!("the label becomes looser: {}", label.label())),
        false => ruling,
    })
}

const LABELS: &str = "Which label? It is clear, green, amber, amber+strict or red.";

#[cfg(test)]
mod tests {
    use crate::case::Tlp;
    use crate::desk::orders::stage::{embargoed, handled, insist, said};

    #[test]
    fn a_label_gets_looser_only_when_confirmed() {
        let mut office = handled();
        assert_eq!(office.say("cora", "/tlp amber\n").outcome, "waits");
        office.confirmed("cora", "/tlp amber\n");
        assert_eq!(office.case().tlp, Tlp::Amber);
        let told = said(&insist(&mut office, "cora", "/tlp red\n"));
        assert_eq!(told, "Label: TLP:AMBER, now TLP:RED.");
        assert!(office.refused("cora", "/undo\n").contains("Too late"));
        assert!(office.refused("cora", "/tlp white\n").contains("/tlp clear"));
        assert!(office.refused("cora", "/tlp\n").contains("amber+strict"));
        assert!(office.refused("val", "/tlp amber\n").contains("for coordinators"));
    }

    #[test]
    fn under_embargo_it_only_becomes_stricter() {
        let mut office = embargoed();
        for label in ["amber+strict", "clear"] {
            assert!(office.refused("cora", &format!("/tlp {label}\n")).contains("stricter"));
        }
        let mut office = handled();
        insist(&mut office, "val", "/embargo until +9d\n");
        assert!(office.refused("cora", "/tlp clear\n").contains("proposed"));
        office.confirmed("cora", "/tlp green\n");
    }
}
