//! `sirt commands`: what can be said to the gateway by mail.

use crate::config::Settings;

/// A word on the first line of a reply, and what it does.
const WORDS: &[(&str, &str)] = &[
    ("status", "where the case stands; answered once an hour"),
    ("clear", "write to me without encryption from now on"),
    ("encrypt", "write to me encrypted only"),
];

/// An address beside the team's own, and what it does.
const ADDRESSES: &[(&str, &str)] = &[
    ("key", "sends back the team's OpenPGP certificate"),
    ("help", "sends back how to write to the team, encrypted or not"),
];

/// The manual of everything that is understood in mail.
pub fn commands(settings: Option<&Settings>) -> String {
    let mut text = String::from(
        "People who take part in a case reply to a letter of it. One word alone on the\n\
         first line is understood; everything else is read by people:\n\n",
    );
    for (word, does) in WORDS {
        text.push_str(&format!("  {word:10} {does}\n"));
    }
    text.push_str("\nAnybody may write to:\n\n");
    for (detail, does) in ADDRESSES {
        text.push_str(&format!("  {:32} {does}\n", beside(settings, detail)));
    }
    text.push_str(
        "\nWords that members sign are kept with their case and are not orders in this\n\
         version: work on cases with this command line.\n",
    );
    text
}

/// The team's address with a detail; as an example where no configuration is at hand.
fn beside(settings: Option<&Settings>, detail: &str) -> String {
    match settings.map(|settings| &settings.team) {
        Some(team) if !team.subaddress.is_empty() => {
            team.address.with_detail(&team.subaddress, detail).to_string()
        }
        _ => format!("sirt+{detail}@example.org"),
    }
}
