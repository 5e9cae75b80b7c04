//! What a reader outside cannot open, or should never see: our own house, private networks.

use super::{Finding, Look, finding, when};
use crate::case::{CaseId, codes_in};
use core::net::IpAddr;
use regex::Regex;
use std::sync::LazyLock;

static URL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)\b[a-z][a-z0-9+.-]{1,15}://[^\s<>"'\\]+"#).ok());

/// Folders of somebody's own machine.
static FOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let unix = "file:/[^/]|/(?:home|users|work|workspace|builds)/[a-z]";
    let other = r"[a-z]:\\users\\|\\\\[a-z0-9]";
    Regex::new(&format!(r"(?i)(?:^|[\s\x22'(=<])(?:{unix}|{other})")).ok()
});

/// Schemes that lead into somebody's own machine or network.
const OWN_SCHEMES: &[&str] = &["file", "smb", "nfs", "afp", "ssh", "sftp", "imap", "imaps", "mid"];
/// Names that no public name server answers for.
const PRIVATE_ENDS: &[&str] = &[
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "corp",
    "home",
    "private",
    "home.arpa",
];
/// Places that show nothing to who has not logged in.
const LOGIN_HOSTS: &[&str] = &[
    "docs.google.com",
    "drive.google.com",
    "slack.com",
    "sharepoint.com",
    "teams.microsoft.com",
    "discord.com",
    "notion.so",
    "atlassian.net",
    "dropbox.com",
];
const INSIDE: &str = "it is inside a private network";
/// Where machines in a cloud read their own settings: what attacks aim at, in no one's house.
const METADATA: &str = "169.254.169.254";
/// In an address, they let in whoever has it.
const SECRETS: &[&str] = &[
    "token=",
    "access_token=",
    "api_key=",
    "apikey=",
    "x-amz-signature=",
    "sig=",
    "password=",
    "secret=",
];

/// Every address in it can be opened by anybody. Signs of attacks may name machines inside a
/// network, as those are what attackers look for.
pub(super) fn public(look: &Look<'_>) -> Vec<Finding> {
    let all = crate::siren::texts::all(look.said);
    all.iter().flat_map(|(part, text)| in_part(part, text)).collect()
}

fn in_part(part: &'static str, text: &str) -> Vec<Finding> {
    let signs = part == "indicators";
    let mut found = Vec::new();
    for shown in URL.iter().flat_map(|url| url.find_iter(text)) {
        let shown = shown.as_str().trim_end_matches(['.', ',', ';', ')', ']']);
        let Some(why) = why_private(shown).filter(|why| !signs || *why != INSIDE) else { continue };
        let what = format!("Readers cannot follow {}: {why}. Take it out.", cut(shown));
        found.push(finding("reference", part, what));
    }
    let folder = !signs && FOLDER.as_ref().is_some_and(|folder| folder.is_match(text));
    let what = "It names a folder on somebody's own machine. Take it out.";
    found.extend(when(folder, "reference", part, what));
    found
}

/// An address may itself be a secret: only its beginning is shown.
fn cut(url: &str) -> String {
    let bare = url.split(['?', '#']).next().unwrap_or(url);
    bare.rsplit_once('@').map_or(bare, |(_, host)| host).chars().take(60).collect()
}

fn why_private(url: &str) -> Option<&'static str> {
    let (scheme, rest) = url.split_once("://")?;
    if OWN_SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) {
        return Some("it is no address on the web");
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if authority.contains('@') {
        return Some("it holds a name or password");
    }
    let host = host(authority);
    let path = path.to_ascii_lowercase();
    if is_private(&host) {
        Some(INSIDE)
    } else if SECRETS.iter().any(|word| path.contains(word)) {
        Some("it holds a secret of whoever copied it")
    } else if needs_login(&host, &path) {
        Some("it needs a login")
    } else {
        None
    }
}

/// Without port and brackets, in lower case.
fn host(authority: &str) -> String {
    let lower = authority.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix('[') {
        return rest.split(']').next().unwrap_or(rest).to_owned();
    }
    lower.split(':').next().unwrap_or(&lower).trim_end_matches('.').to_owned()
}

fn is_private(host: &str) -> bool {
    if host == METADATA {
        return false;
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return match address {
            IpAddr::V4(four) => {
                four.is_private()
                    || four.is_loopback()
                    || four.is_link_local()
                    || four.is_unspecified()
            }
            IpAddr::V6(six) => {
                six.is_loopback()
                    || six.is_unspecified()
                    || six.is_unique_local()
                    || six.is_unicast_link_local()
            }
        };
    }
    let ends = |end: &str| host == end || host.ends_with(&format!(".{end}"));
    !host.contains('.')
        || PRIVATE_ENDS.iter().any(|end| ends(end))
        || host.starts_with("intranet.")
        || host.contains(".internal.")
        || host.starts_with("internal.")
}

/// Drafts of advisories, private forks, rooms of a team.
fn needs_login(host: &str, path: &str) -> bool {
    let within = |one: &str| host == one || host.ends_with(&format!(".{one}"));
    let draft = path.contains("/security/advisories/new")
        || path.contains("/confidential")
        || (host == "github.com"
            && path.split('/').nth(2).is_some_and(|name| name.contains("-ghsa-")));
    draft || path.contains("/-/security/") || LOGIN_HOSTS.iter().any(|one| within(one))
}

/// Nothing by which our own cases and letters are named.
pub(super) fn ours(look: &Look<'_>) -> Vec<Finding> {
    let prefix = &look.around.team.case_prefix;
    let broken = [
        anywhere(look, "It names a case of ours, which tells readers nothing.", |text| {
            !CaseId::find_all(text, prefix).is_empty()
        }),
        anywhere(look, "It holds a line from a letter of ours, with its code.", |text| {
            codes_in(text).next().is_some()
        }),
        anywhere(look, "It names a mail or an address of ours meant for one reader.", |text| {
            names_own_mail(look, text)
        }),
        anywhere(look, "It holds words from a letter to the handlers.", |text| {
            text.contains("INTERNAL. For the handlers")
        }),
    ];
    broken.into_iter().flatten().collect()
}

fn anywhere(look: &Look<'_>, what: &str, says: impl Fn(&str) -> bool) -> Option<Finding> {
    let found = look.texts().any(&says);
    when(found, "ours", look.part_with(&says), &format!("{what} Take it out."))
}

/// A reply address with a detail, or a Message-ID that is not one of the posts it follows.
fn names_own_mail(look: &Look<'_>, text: &str) -> bool {
    let team = look.around.team;
    let (local, domain) = (team.address.local(), team.address.domain());
    let history = look.notice.heading().history.iter().filter_map(|one| one.message_id.as_ref());
    let known: Vec<&str> =
        history.chain(&look.around.references).map(crate::mail::MessageId::as_str).collect();
    let end = format!("@{domain}");
    text.split(|c: char| c.is_whitespace() || "<>()[],;:\"'".contains(c))
        .filter(|word| !known.contains(word))
        .filter_map(|word| word.trim_end_matches('.').strip_suffix(&end))
        .any(|left| {
            let detail =
                left.strip_prefix(local).and_then(|rest| rest.strip_prefix(&team.subaddress));
            let detail = detail.filter(|_| !team.subaddress.is_empty());
            let public = ["key", "help", "siren-subscribe"];
            detail.is_some_and(|detail| !public.contains(&detail)) || is_our_id(left)
        })
}

/// As our Message-IDs look: 26 characters of the alphabet of codes.
fn is_our_id(left: &str) -> bool {
    left.len() == 26 && left.bytes().all(|b| b"23456789abcdefghjkmnpqrstvwxyz".contains(&b))
}
