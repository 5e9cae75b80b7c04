//! What a list adds for one subscriber: footers, the subscriber's address, links that act for
//! whoever holds them. None of it is kept or passed on.

use super::{Address, Mail, encode};

/// Lines below the rule of a footer that may say what it is.
const FOOTER_LINES: usize = 6;
/// Characters of the shortest line that begins a footer of Mailman, and of Groups.io.
const RULE: usize = 30;
const WAVE: usize = 9;

/// Words of a link or address that acts for its subscriber alone.
const ACTS: [&str; 5] = ["unsub", "-leave@", "+leave@", "/leave/", "/mt/"];

/// A text without footers of list software, without any line that names one of these subscribers,
/// and without any link or address that would end or change their subscription. Quoted lines are
/// lines too.
pub fn without_list_lines(text: &str, subscribers: &[Address]) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        match footer(rest) {
            0 if is_private(line, subscribers) => at += 1,
            0 => {
                kept.push(line);
                at += 1;
            }
            lines => at += lines,
        }
    }
    let text = kept.join("\n");
    let text = text.trim_end();
    if text.is_empty() { String::new() } else { format!("{text}\n") }
}

/// How many of these lines are one footer; 0 where none begins here.
fn footer(lines: &[&str]) -> usize {
    let Some(first) = lines.first().map(|line| unquoted(line)) else { return 0 };
    let below = lines.iter().skip(1).take_while(|line| !unquoted(line).is_empty());
    if is_wave(first) {
        let end = lines.iter().skip(1).position(|line| is_wave(unquoted(line)));
        // One that never ends is somebody's own line: no more than its own paragraph is taken.
        return end.map_or_else(|| 1 + below.count(), |end| end + 2);
    }
    let rule = first.len() >= RULE && first.chars().all(|c| c == '_');
    let said = below.clone().take(FOOTER_LINES).map(|line| line.to_lowercase());
    let is_footer = said.into_iter().any(|line| line.contains("mailing list") || acts(&line));
    if rule && is_footer { 1 + below.count() } else { 0 }
}

fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', '|', ' ']).trim_end()
}

/// `-=-=-=-=-`
fn is_wave(line: &str) -> bool {
    let mut turns = line.bytes().zip(line.bytes().skip(1));
    line.len() >= WAVE && turns.all(|pair| matches!(pair, (b'-', b'=') | (b'=', b'-')))
}

fn is_private(line: &str, subscribers: &[Address]) -> bool {
    let line = line.to_lowercase();
    let named = |address: &Address| {
        let address = address.as_str().to_lowercase();
        // As it stands in a return path made for one reader.
        line.contains(&address) || line.contains(&address.replace('@', "="))
    };
    subscribers.iter().any(named) || acts(&line)
}

fn acts(line: &str) -> bool {
    let link = line.contains("://") || line.contains("mailto:") || line.contains('@');
    link && ACTS.iter().any(|word| line.contains(word))
}

/// A post as it is kept: who wrote it, when, in which thread of which list, and this text. A mail
/// of our own making, so that nothing of the way it took to us is in it.
pub fn kept_post(mail: &Mail, text: &str) -> Vec<u8> {
    let mut fields: Vec<(&str, Vec<String>)> = Vec::new();
    fields.extend(mail.from.iter().take(1).map(|from| ("From", encode::mailbox(from))));
    fields.extend(mail.date.map(|date| ("Date", encode::date(date))));
    fields.push(("Subject", encode::unstructured(&mail.subject)));
    let ids = |ids: &[super::MessageId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    fields.extend(mail.message_id.iter().map(|id| ("Message-ID", vec![id.to_string()])));
    fields.push(("In-Reply-To", ids(&mail.in_reply_to)));
    fields.push(("References", ids(&mail.references)));
    fields.extend(mail.field("list-id").map(|id| ("List-Id", encode::unstructured(id))));
    fields.push(("MIME-Version", vec!["1.0".to_owned()]));
    let kind = ["text/plain;", "charset=utf-8"].map(str::to_owned);
    fields.push(("Content-Type", kind.to_vec()));
    fields.push(("Content-Transfer-Encoding", vec!["quoted-printable".to_owned()]));
    let named = fields.iter().filter(|(_, words)| !words.is_empty());
    let header: String = named.map(|(name, words)| encode::field(name, words)).collect();
    let text = format!("{text}{}", files(mail));
    format!("{header}\r\n{}", encode::quoted_printable(&text)).into_bytes()
}

/// Files are not kept; that they were there is.
fn files(mail: &Mail) -> String {
    let line = |file: &super::Attachment| {
        format!("[A file, not kept: {}, {}, {} octets]\n", file.name, file.kind, file.bytes)
    };
    mail.attachments.iter().map(line).collect()
}

#[cfg(test)]
#[path = "list_footer_tests.rs"]
mod tests;
