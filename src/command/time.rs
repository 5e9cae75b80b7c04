//! `/time`: hours worked on a case.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling};
use crate::case;
use crate::limits::VALUE_CHARS;
use crate::mail::clean;

pub const TIME: Command = Command {
    name: "time",
    usage: "/time <1h30> [what]",
    summary: "Hours you have worked on the case.",
    help: "\
Written as 1h30, 1h, 90m or 1:30; at most 168 hours at once. What you did may follow, in up to \
250 characters. The answer says how much the case has taken in all. /undo takes back a slip.

/time 1h30 reproduced it",
    needs: Needs::Reader,
    writes: "",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(time),
};

fn time(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let minutes = words.span()?;
    let what = clean::line(words.rest());
    if what.chars().count() > VALUE_CHARS {
        let said = format!("what was done takes at most {VALUE_CHARS} characters");
        return Err(words.slip(said).into());
    }
    let spent = |mine: bool| {
        let own = |hours: &&case::Hours| !mine || hours.by == asked.by.handle;
        case.hours.iter().filter(own).map(|hours| u64::from(hours.minutes)).sum::<u64>()
    };
    let (mine, all) = (spent(true) + u64::from(minutes), spent(false) + u64::from(minutes));
    let deed = case::Deed::TimeSpent { minutes, private: case::Words::of(&what) };
    let answer = format!(
        "{} added. Yours in this case: {}; everybody's: {}.",
        span(u64::from(minutes)),
        span(mine),
        span(all)
    );
    Ok(Ruling::of(deed, answer))
}

/// "1 h 30", "45 min"
fn span(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::orders::stage::{handled, insist, said, undone};

    #[test]
    fn hours_add_up() {
        let mut office = handled();
        let told = said(&insist(&mut office, "val", "/time 1h30 reproduced it\n"));
        assert_eq!(told, "1 h 30 added. Yours in this case: 1 h 31; everybody's: 1 h 32.");
        assert_eq!(office.case().hours.last().map(|one| one.what.as_str()), Some("reproduced it"));
        for slip in ["/time\n", "/time 90\n", "/time 200h\n"] {
            office.refused("val", slip);
        }
        undone(&mut office, "val", "/time 2h\n");
    }
}
