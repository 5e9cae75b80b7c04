//! `[[list]]`, `[[watch]]` and `[siren]`: where notices go, whose traffic is read, and which posts
//! are worth a notice.

use super::read::{Item, Section};
use super::team::{time, web_address};
use crate::case::{Format, ListKey, Manners, SignForm, SirenRules, Tlp};
use crate::limits::{CATALOGUE_BYTES, POSTS_A_DAY};
use crate::mail::Address;
use crate::pgp::Certificate;
use serde_json::Value;
use std::collections::BTreeSet;

/// `[[list]]`: where notices go out.
#[derive(Clone, Debug)]
pub struct ListSettings {
    pub line: usize,
    pub name: String,
    pub address: Address,
    pub highest_tlp: Tlp,
    pub sign: SignForm,
    pub formats: Vec<Format>,
    /// What a post to it must hold and may not.
    pub manners: Manners,
    /// Posts of ours in 24 hours.
    pub a_day: usize,
    /// Posts are encrypted to it.
    pub key: Option<ListKey>,
}

/// `[[watch]]`: a list whose traffic is read.
#[derive(Clone, Debug)]
pub struct WatchSettings {
    pub line: usize,
    pub name: String,
    pub list_id: String,
    pub address: Option<Address>,
    /// The domain whose DKIM signature its posts carry.
    pub dkim: Option<String>,
    /// Where a post can be read, with `{message_id}` in it.
    pub archive: Option<String>,
}

pub(super) fn list(section: &Section) -> Option<ListSettings> {
    let name = section.needed("name", "name = \"siren\"").and_then(|item| item.line_text());
    let address = section
        .needed("address", "address = \"siren@lists.example.org\"")
        .and_then(|item| item.address());
    let manners = section.item("manners").map_or(Some(Manners::Siren), |item| item.word());
    let highest_tlp = section.item("highest_tlp").map_or(Some(Tlp::Clear), |item| item.word());
    let sign = section.item("sign").map_or(Some(SignForm::Clearsign), |item| item.word());
    let formats = section.item("formats").map(|item| item.texts()).unwrap_or_default();
    let formats = formats.iter().filter_map(Item::word).collect();
    let a_day = section.item("posts_a_day").and_then(|item| item.number(1..=1_000));
    let key = section.item("key").and_then(|item| list_key(&item));
    section.finish();
    Some(ListSettings {
        line: section.line,
        name: name?,
        address: address?,
        highest_tlp: highest_tlp?,
        sign: sign?,
        formats,
        manners: manners?,
        a_day: a_day.and_then(|posts| usize::try_from(posts).ok()).unwrap_or(POSTS_A_DAY),
        key,
    })
}

/// The one certificate in a file.
fn list_key(item: &Item) -> Option<ListKey> {
    let read = std::fs::read(item.file()?).ok();
    let found = read.and_then(|bytes| Certificate::parse_all(&bytes).ok()).unwrap_or_default();
    let [key] = found.as_slice() else {
        item.wrong("is not the file of one OpenPGP key", "export the list's key into it");
        return None;
    };
    Some(ListKey { fingerprint: key.fingerprint().clone(), certificate: key.armored() })
}

pub(super) fn watch(section: &Section) -> Option<WatchSettings> {
    let name = section.needed("name", "name = \"oss-security\"").and_then(|item| item.line_text());
    let list_id = section
        .needed("list_id", "list_id = \"oss-security.lists.openwall.com\"")
        .and_then(|item| list_id(&item));
    let address = section.item("address").and_then(|item| item.address());
    let dkim = section.item("dkim").and_then(|item| item.host());
    let archive = section.item("archive").and_then(|item| archive(&item));
    section.finish();
    let line = section.line;
    Some(WatchSettings { line, name: name?, list_id: list_id?, address, dkim, archive })
}

/// The identifier itself, with or without the brackets it stands in (RFC 2919 section 3).
fn list_id(item: &Item) -> Option<String> {
    let text = item.text()?;
    let bare = text.trim_start_matches('<').trim_end_matches('>');
    let fine =
        bare.contains('.') && bare.chars().all(|c| c.is_ascii_graphic() && !"<>".contains(c));
    if !fine {
        item.wrong("is not a List-Id", "write what its mails carry there, as \"name.example.org\"");
    }
    fine.then(|| bare.to_ascii_lowercase())
}

fn archive(item: &Item) -> Option<String> {
    let address = web_address(item)?;
    if !address.contains("{message_id}") {
        item.wrong("names no post", "put {message_id} where the Message-ID belongs");
        return None;
    }
    Some(address)
}

/// `[siren]`
pub(super) fn siren(section: Option<Section>) -> SirenRules {
    let mut rules = SirenRules::default();
    let Some(section) = section else { return rules };
    if let Some(item) = section.item("critical") {
        let names = item.texts();
        let names = names.iter().filter_map(Item::text);
        rules.critical = names.map(|name| name.to_lowercase()).collect();
    }
    if let Some(item) = section.item("exploited") {
        rules.exploited = catalogue(&item).unwrap_or_default();
    }
    if let Some(item) = section.item("digest_at") {
        rules.digest_at = time(&item).unwrap_or(rules.digest_at);
    }
    rules.namespace = section.item("namespace").and_then(|item| web_address(&item));
    rules.cve_org = section.item("cve_org").and_then(|item| uuid(&item));
    section.finish();
    rules
}

/// The ids in a catalogue of exploited holes: JSON with `cveID` in each entry.
fn catalogue(item: &Item) -> Option<BTreeSet<String>> {
    let path = item.file()?;
    let small = path.metadata().is_ok_and(|found| found.len() <= CATALOGUE_BYTES);
    let read = small.then(|| std::fs::read(&path).ok()).flatten();
    let json = read.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let entries = json.as_ref().and_then(|json| json.get("vulnerabilities")?.as_array());
    let Some(entries) = entries else {
        let todo = "give the JSON form of the catalogue, with vulnerabilities and cveID";
        item.wrong("is no catalogue of exploited holes", todo);
        return None;
    };
    let ids = entries.iter().filter_map(|entry| entry.get("cveID")?.as_str());
    Some(ids.map(str::to_ascii_uppercase).collect())
}

fn uuid(item: &Item) -> Option<String> {
    let text = item.text()?;
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let fine = lengths == [8, 4, 4, 4, 12]
        && text.chars().all(|c| c == '-' || c.is_ascii_digit() || ('a'..='f').contains(&c));
    if !fine {
        item.wrong("is not a UUID", "write it as 11111111-2222-4333-8444-555555555555");
    }
    fine.then(|| text.to_owned())
}
