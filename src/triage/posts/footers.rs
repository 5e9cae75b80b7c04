//! What list software writes below a post: rulers, links for one subscriber, addresses, tokens.

use crate::mail::quote::unquoted;
use crate::triage::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// A list's block of words is not longer.
const BLOCK_LINES: usize = 20;

/// A link or a line that belongs to one subscriber, or tells how to stop being one.
static PERSONAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)unsubscribe|\bunsub\b|/leave/|/mailman3?/(?:options|listinfo)",
        r"|/g/[!-~]+/(?:unsub|leave)",
        r"|mute this topic|you receive all messages sent|view/reply online|group owner:",
        r"|change your (?:settings|preferences|subscription)|manage your subscription",
        r"|you(?:'re| are) (?:receiving|subscribed)|you received this (?:message|mail",
        r"|email) because",
        r"|to stop receiving|[?&](?:token|confirm|subscriber|email|recipient)=",
        r"|\[[!-~]+@[!-Z^-~]+\]\s*$|\bmailing list +-- |list info(?:rmation)?:",
        r"|to view this discussion (?:on the web )?visit|to leave send an",
    ))
});

/// The text without the footers of Groups.io, Mailman and Google Groups, and without any line that
/// holds a subscriber's address or token, wherever it stands and however often it is quoted.
pub fn without_footers(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        let skipped = footer(rest);
        if skipped == 0 && !is_personal(line) {
            out.push_str(line);
            out.push('\n');
        }
        at += skipped.max(1);
    }
    out
}

fn is_personal(line: &str) -> bool {
    PERSONAL.as_ref().is_none_or(|look| look.is_match(line))
}

/// How many lines a footer takes that begins here; 0 where none does.
fn footer(lines: &[&str]) -> usize {
    let Some(first) = lines.first().map(|line| unquoted(line).1.trim()) else { return 0 };
    let block = lines.get(1..lines.len().min(BLOCK_LINES + 1)).unwrap_or_default();
    if is_groups_ruler(first) {
        let end = block.iter().position(|line| is_groups_ruler(unquoted(line).1.trim()));
        return end.map_or(lines.len().min(BLOCK_LINES), |end| end + 2);
    }
    if !is_ruler(first) && first != "--" {
        return 0;
    }
    let words = block.iter().take_while(|line| !unquoted(line).1.trim().is_empty()).count();
    let near = block.get(..words).unwrap_or_default();
    if near.iter().any(|line| is_personal(line) || names_a_list(line)) { words + 1 } else { 0 }
}

/// `-=-=-=-=-=-` of Groups.io.
fn is_groups_ruler(line: &str) -> bool {
    line.len() >= 8 && line.contains("-=-=") && line.chars().all(|c| matches!(c, '-' | '=' | '.'))
}

fn is_ruler(line: &str) -> bool {
    line.len() >= 20 && line.chars().all(|c| matches!(c, '_' | '-'))
}

fn names_a_list(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.contains("mailing list") || line.contains("listinfo") || line.contains("google groups")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_subscriber_is_left() {
        let footers = [
            "-=-=-=-=-=-=-=-=-=-=-=-\nGroups.io Links: You receive all messages sent\n\
             View/Reply Online (#7): https://lists.test/g/siren/message/7\n\
             Mute This Topic: https://lists.test/mt/1/4711\nGroup Owner: siren+owner@lists.test\n\
             Unsubscribe: https://lists.test/g/siren/leave/1/4711/xyzzy [vic@team.test]\n\
             -=-=-=-=-=-=-=-=-=-=-=-\n",
            "_______________________________________________\nsec mailing list -- sec@lists.test\n\
             To unsubscribe send a mail to sec-leave+vic=team.test@lists.test\n",
            "-- \nYou received this message because you are subscribed to the Google Groups\n\
             To unsubscribe from this group, send a mail to x+unsubscribe@groups.test.\n",
            "https://lists.test/options/sec?email=vic%40team.test\n",
            "> Unsubscribe: https://lists.test/leave/99/abc [vic@team.test]\n",
        ];
        for footer in footers {
            let text = without_footers(&format!("libexample 1.2.3\n\nMore words.\n{footer}"));
            assert_eq!(text, "libexample 1.2.3\n\nMore words.\n", "{footer}");
        }
    }

    #[test]
    fn words_below_a_ruler_stay() {
        let text = "Title\n--------------------\nlibexample 1.2.3 is affected\n\n-- \nFay\n";
        assert_eq!(without_footers(text), text);
    }
}
