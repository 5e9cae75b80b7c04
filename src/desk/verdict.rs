//! What the sender cannot imitate: our own findings about a mail, as sentences. Of what a stranger
//! wrote only names and subjects stand here, cleaned and cut.

use super::draft::Draft;
use super::{ArrivalFacts, one_line, same_words};
use crate::case::{Case, Found, Pathway};
use crate::letter::{DeadlineLine, FileLine, MailBlock, VerdictBlock};
use crate::mail::{Encrypted, Evidence, KeyOrigin, Mail, Mailbox, Signature, Signed};
use crate::triage::{Certainty, Link, Triage};

/// The block WHAT CAME IN, for this reader.
pub fn mail_block(
    draft: &Draft<'_>,
    mail: &Mail,
    arrival: &ArrivalFacts,
    reader: &str,
) -> MailBlock {
    let sender = mail.sender();
    MailBlock {
        number: draft.case.as_ref().map_or(1, |case| case.mails.len().max(1)),
        from: sender.map_or("nobody: the mail names no single sender".to_owned(), |sender| {
            sender.address.to_string()
        }),
        calls_itself: sender
            .map(|sender| one_line(&sender.name))
            .filter(|name| !name.trim().is_empty()),
        known: known(draft, sender, reader),
        received: arrival.received,
        encrypted: encrypted(&mail.evidence).to_owned(),
        signed: signed(draft, &mail.evidence),
        also_to: also_to(draft, mail),
        reply_to: addresses(&mail.reply_to),
        files: files(mail),
        warnings: warnings(draft, mail, reader),
    }
}

fn known(draft: &Draft<'_>, sender: Option<&Mailbox>, reader: &str) -> String {
    let this = draft.case.as_ref().map(|case| &case.id);
    let Some(sender) = sender else { return String::new() };
    let others: Vec<_> =
        draft.cases.cases_of(&sender.address).filter(|case| Some(&case.id) != this).collect();
    let names: Vec<&str> = others
        .iter()
        .filter(|case| case.readable_by(reader))
        .map(|case| case.id.as_str())
        .collect();
    match (others.is_empty(), names.is_empty()) {
        (true, _) => "no other case of this address".to_owned(),
        (false, false) => format!("takes part in {} too", names.join(", ")),
        (false, true) => "known to the team; ask the duty coordinator".to_owned(),
    }
}

fn encrypted(evidence: &Evidence) -> &'static str {
    match evidence.encrypted {
        Encrypted::Unknown => "could not be checked",
        Encrypted::No => "no: servers on the way could read it",
        Encrypted::Whole => "yes, to our key",
        Encrypted::Partly => "only in part; the parts are marked in the text",
        Encrypted::NotToUs { .. } => "yes, but not to our key: nobody here can read it",
        Encrypted::Damaged => "yes, but damaged or unsafe: it was not opened",
    }
}

fn signed(draft: &Draft<'_>, evidence: &Evidence) -> String {
    match &evidence.signature {
        Signature::Unknown => "could not be checked".to_owned(),
        Signature::None => "no".to_owned(),
        Signature::Good(signed) => good(draft, signed),
        Signature::Partly(signed) => format!(
            "only a part of the mail, by key {}; the rest is unsigned",
            signed.signer.short()
        ),
        Signature::UnknownKey { issuers } => format!(
            "by a key we do not have ({}), so not checked",
            issuers.first().map_or("unnamed".to_owned(), |issuer| one_line(issuer))
        ),
        Signature::Bad { why } => format!("NOT VALID: {}", one_line(why)),
    }
}

fn good(draft: &Draft<'_>, signed: &Signed) -> String {
    let key = signed.signer.short();
    if signed.meant_for_others {
        return format!("good, key {key}, but made for other readers than us");
    }
    if !signed.alive_now {
        return format!("once good, key {key}, which has expired or been revoked");
    }
    let member = draft.rules.roster.by_key(&signed.signer);
    let people = draft.case.iter().flat_map(|case| &case.participants);
    if people.into_iter().any(|one| one.refused_keys.contains(&signed.signer)) {
        return format!("by key {key}, which was REFUSED in this case: it is not theirs");
    }
    match (signed.key, member) {
        (_, Some(member)) => format!("good, key {key}, on the roster as {}", member.handle),
        (KeyOrigin::OnRecord, None) if proven(draft.case.as_ref(), signed) => {
            let before = draft.case.as_ref().and_then(|case| draft.cases.case(&case.id));
            match proven(before, signed) {
                true => format!("good, key {key}, on record in this case"),
                false => format!("good, key {key}, proven by this mail: on record from now on"),
            }
        }
        (KeyOrigin::OnRecord, None) => format!(
            "good, key {key}. The key came with an earlier mail: nobody has checked whose it is"
        ),
        (KeyOrigin::InMail, None) => format!(
            "good, key {key}. The key came with the mail: first use, nobody has checked whose it is"
        ),
    }
}

/// On record as somebody's in this case, and proven to be theirs.
fn proven(case: Option<&Case>, signed: &Signed) -> bool {
    let mut people = case.into_iter().flat_map(|case| &case.participants);
    people.any(|one| one.keys.iter().any(|key| key.proven && key.fingerprint == signed.signer))
}

/// Who else has it, our own addresses left out. Names are claims, addresses too.
fn also_to(draft: &Draft<'_>, mail: &Mail) -> Vec<String> {
    let others = mail.to.iter().chain(&mail.cc);
    others
        .filter(|other| !draft.rules.is_ours(&other.address))
        .take(SHOWN)
        .map(|other| other.address.to_string())
        .collect()
}

fn addresses(boxes: &[Mailbox]) -> Vec<String> {
    boxes.iter().take(SHOWN).map(|one| one.address.to_string()).collect()
}

/// Addresses and files listed in one letter.
const SHOWN: usize = 20;

fn files(mail: &Mail) -> Vec<FileLine> {
    let files = mail.attachments.iter().take(SHOWN).enumerate();
    files
        .map(|(index, file)| FileLine {
            number: index + 1,
            name: one_line(&file.name),
            kind: one_line(&file.kind),
            size: size(file.bytes),
        })
        .collect()
}

/// Octets as people say them.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KB", bytes.div_ceil(1_024)),
        _ => format!("{} MB", bytes.div_ceil(1_048_576)),
    }
}

fn warnings(draft: &Draft<'_>, mail: &Mail, reader: &str) -> Vec<String> {
    let mut warnings: Vec<String> = same_words::warning(draft, mail, reader).into_iter().collect();
    if mail.message_id.as_ref().is_some_and(|id| draft.cases.case_of_message(id).is_some()) {
        warnings.push("Another mail with the same Message-ID came before it.".to_owned());
    }
    warnings.extend(mail.oddities.iter().map(|odd| one_line(odd)));
    if draft.exposure.is_some() {
        let words = "It came in the clear and holds words that had gone or come encrypted.";
        warnings.push(words.to_owned());
    }
    if mail.evidence.from_mismatch {
        let words = "The sender inside the encryption is another than the one outside.";
        warnings.push(words.to_owned());
    }
    if mail.secret_key_inside {
        warnings.push("It holds somebody's secret key. Tell its owner; it is burnt.".to_owned());
    }
    let claimed = mail.sender().and_then(|sender| draft.rules.roster.by_address(&sender.address));
    if let (Some(member), None) = (claimed, mail.evidence.signed()) {
        let handle = &member.handle;
        warnings
            .push(format!("It claims to be from {handle}; no signature of {handle} proves it."));
    }
    warnings.truncate(SHOWN);
    warnings
}

/// The block WHAT WE TAKE IT FOR, for this reader.
pub fn verdict_block(draft: &Draft<'_>, triage: &Triage, reader: &str) -> VerdictBlock {
    let Found { ids, packages, versions, deadline, .. } = &triage.found;
    VerdictBlock {
        class: triage.class.to_string(),
        certain: certain(triage.certain).to_owned(),
        because: triage.because.iter().map(|reason| one_line(reason)).collect(),
        pathway: triage.pathway.to_string().to_uppercase(),
        pathway_words: pathway(triage.pathway).to_owned(),
        ids: ids.clone(),
        packages: packages.clone(),
        versions: versions.iter().map(|range| in_words(range)).collect(),
        like_it: like_it(draft, triage, reader),
        deadline: deadline.as_ref().map(|deadline| DeadlineLine {
            words: one_line(&deadline.words),
            at: deadline.at.clone(),
        }),
        belongs: triage
            .belongs
            .as_ref()
            .map(|belongs| link(belongs.by, belongs.participant.is_some())),
    }
}

/// A range of versions as people say it: `>=1.2.0|<=1.2.3` is "1.2.0 to 1.2.3".
fn in_words(range: &str) -> String {
    let bound = |text: &str| -> Option<String> {
        let said = [
            (">=", "", " and later"),
            ("<=", "up to ", ""),
            ("<", "before ", ""),
            (">", "after ", ""),
        ];
        let (sign, before, after) = said.into_iter().find(|(sign, _, _)| text.starts_with(sign))?;
        Some(format!("{before}{}{after}", text.strip_prefix(sign)?))
    };
    match range.split_once('|') {
        Some((from, to)) if from.starts_with(">=") => {
            let to = bound(to).unwrap_or_else(|| to.to_owned());
            let to = to.strip_prefix("up to ").unwrap_or(&to).to_owned();
            format!("{} to {to}", from.trim_start_matches(">="))
        }
        _ => bound(range).unwrap_or_else(|| range.to_owned()),
    }
}

fn certain(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Likely => "likely",
        Certainty::Doubtful => "in doubt",
    }
}

fn pathway(pathway: Pathway) -> &'static str {
    match pathway {
        Pathway::P0 => "list traffic",
        Pathway::P1 => "a finder looks for the maintainer",
        Pathway::P2 => "a maintainer asks for help",
        Pathway::P3 => "nobody may be there to mend it; the users may have to be warned",
    }
}

fn link(by: Link, takes_part: bool) -> String {
    let by = match by {
        Link::Code => "it names a letter of ours",
        Link::MessageId => "it answers a letter of ours",
        Link::SignedNumber => "it names the case, in words signed by a key on record",
        Link::Number => "it names the case, from an address that takes part",
    };
    match takes_part {
        true => by.to_owned(),
        false => format!("{by}, but its sender takes no part in the case"),
    }
}

/// Other cases with an id in common, as far as this reader may read them.
fn like_it(draft: &Draft<'_>, triage: &Triage, reader: &str) -> Vec<String> {
    let this = draft.case.as_ref().map(|case| &case.id);
    let alike = triage.found.ids.iter().flat_map(|id| draft.cases.cases_naming(id));
    let mut alike: Vec<String> = alike
        .filter(|case| Some(&case.id) != this && case.readable_by(reader))
        .map(|case| case.id.to_string())
        .collect();
    alike.sort();
    alike.dedup();
    alike.truncate(SHOWN);
    alike
}
