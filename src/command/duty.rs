//! `/duty`: who can be reached, at which hours, and who is away.

use super::page::{Block, Page};
use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case::{Member, Permission};

pub const DUTY: Command = Command {
    name: "duty",
    usage: "/duty",
    summary: "Who is there: coordinators first, with their hour and their absence.",
    help: "Coordinators hear of every new case. For each member it shows the hour that it is \
           with them, and whether they are away; /away sets your own absence.\n\n\
           /duty",
    needs: Needs::Member,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(duty),
};

fn duty(_: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let (first, others): (Vec<&Member>, Vec<&Member>) = asked
        .rules
        .roster
        .members
        .iter()
        .partition(|member| member.role == Permission::Coordinator);
    let rows = |members: &[&Member]| members.iter().map(|one| row(one, asked)).collect();
    let head = || vec!["Who", "With them it is", "There"];
    let blocks = vec![
        Block::Heading("Coordinators, who hear of every new case:".to_owned()),
        Block::Table { head: head(), rows: rows(&first) },
        Block::Heading("Volunteers:".to_owned()),
        Block::Table { head: head(), rows: rows(&others) },
    ];
    Ok(Ruling::page(Page { blocks }))
}

fn row(member: &Member, asked: &Asked<'_>) -> Vec<String> {
    let local = asked.now.to_zoned(member.zone.clone());
    let zone = member.zone.iana_name().unwrap_or("UTC").rsplit('/').next().unwrap_or_default();
    let hour = format!("{} {}", local.strftime("%a %H:%M"), zone.replace('_', " "));
    let day = |day: jiff::civil::Date| day.strftime("%a %-d %b %Y").to_string();
    let absence = asked.cases.away(&member.handle).filter(|(_, to)| *to >= local.date());
    let there = match (absence, &member.key_trouble) {
        (Some((from, to)), _) if from <= local.date() => format!("away until {} included", day(to)),
        (Some((from, to)), _) => format!("yes; away from {} to {} included", day(from), day(to)),
        (None, Some(_)) => "cannot be written to: their key cannot be used".to_owned(),
        (None, None) => "yes".to_owned(),
    };
    vec![member.handle.clone(), hour, there]
}

#[cfg(test)]
mod tests {
    use crate::case::{Actor, Entry, Event};
    use crate::desk::orders::cast::Office;

    #[test]
    fn coordinators_stand_first_and_absence_is_told() {
        let mut office = Office::new();
        let (from, to) = ("2026-11-20".parse().expect("day"), "2026-11-25".parse().expect("day"));
        let event = Event::MemberAway { member: "cora".into(), from, to };
        let at = office.world.now();
        office.world.fold(Entry { at, case: None, by: Actor::Cli, event });
        let page = office.asks("val", "/duty\n").pages.remove(0);
        let place = |word: &str| page.find(word).expect(word);
        assert!(place("cora") < place("Volunteers") && place("Volunteers") < place("val"));
        assert!(page.contains("away until Wed 25 Nov 2026 included"), "{page}");
        assert!(page.contains("Mon 09:00 UTC") && page.contains("key cannot be used"), "{page}");
        office.wait(24 * 3);
        assert!(!office.asks("val", "/duty\n").pages.remove(0).contains("away"));
    }
}
