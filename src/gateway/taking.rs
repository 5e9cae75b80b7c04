//! A batch of arrivals, from octets to commit: open in parallel, decide in order, dress in
//! parallel, commit once. Only then does the source hear what to do with each of them.

use super::book::Decided;
use super::summary::Summary;
use super::{Fault, Gateway};
use crate::case::{CaseId, Class, Quarantined};
use crate::control::Answer;
use crate::desk::{ArrivalFacts, Filing, Input, Opened, SignedWords, Trouble, Unfiled};
use crate::intake::{Arrival, Body, Handle, Settle};
use crate::letter::Letter;
use crate::limits::HEADER_BYTES;
use crate::mail::{self, Encrypted, KeyOrigin, Mail, Signature};
use crate::pgp::Certificate;
use crate::store::Digest;
use crate::triage::{self, Question};
use crate::worker::{self, Question as Judged};

/// What is to be settled at the source, and what the batch came to.
pub struct Taken {
    pub settle: Vec<(Handle, Settle)>,
    pub summary: Summary,
}

/// What opening came to. Where the mail cannot be read, `header` is its outer header, if that can.
pub(super) struct Looked {
    opened: worker::Opened,
    /// What a member signed, by our own verdict.
    signed: Option<SignedWords>,
    header: Mail,
}

/// An arrival that was not seen before, with its digests.
struct Fresh {
    handle: Handle,
    body: Body,
    facts: ArrivalFacts,
    exact: Digest,
    routeless: Digest,
}

impl Gateway {
    /// Takes a batch in. On an error nothing of it has become true, and the source keeps it all.
    pub async fn take(&mut self, batch: Vec<Arrival>) -> Result<Taken, Fault> {
        self.book.store().has_room()?;
        let mut taken = Taken { settle: Vec::new(), summary: Summary::default() };
        let fresh = self.unseen(batch, &mut taken)?;
        let opened = self.open_all(&fresh).await?;
        let mut letters = Vec::new();
        for (fresh, opened) in fresh.into_iter().zip(opened) {
            let (filing, more) = self.file(&fresh, opened)?;
            letters.extend(more);
            taken.count(fresh.handle, filing);
        }
        taken.summary.held += self.dress(letters)?;
        if self.book.cases().pinned().any(|member| member.untold) {
            self.judge_roster()?;
        }
        self.book.commit()?;
        Ok(taken)
    }

    /// Leaves out what is in the books already: the same octets are settled and nothing more.
    fn unseen(&mut self, batch: Vec<Arrival>, taken: &mut Taken) -> Result<Vec<Fresh>, Fault> {
        let mut fresh: Vec<Fresh> = Vec::new();
        for arrival in batch {
            let one = self.digested(arrival)?;
            let twice = fresh.iter().any(|other| other.exact == one.exact);
            if twice || self.book.seen(&one.exact)?.is_some() {
                taken.summary.duplicates += 1;
                taken.settle.push((one.handle, Settle::Done));
            } else {
                fresh.push(one);
            }
        }
        Ok(fresh)
    }

    fn digested(&self, arrival: Arrival) -> Result<Fresh, Fault> {
        let (octets, bytes) = match &arrival.body {
            Body::Whole(raw) => (mail::canonical(raw), raw.len() as u64),
            Body::TooLarge { header, bytes } => (mail::canonical(header), *bytes),
        };
        let store = self.book.store();
        let size = bytes.to_le_bytes();
        // A header alone may be another mail's too: its size makes the difference.
        let exact = match arrival.body {
            Body::Whole(_) => store.digest(&octets),
            Body::TooLarge { .. } => store.digest(&[octets.as_ref(), &size].concat()),
        };
        let routeless = store.digest(&[b"routeless", mail::routeless(&octets).as_slice()].concat());
        let facts = ArrivalFacts {
            mail: store.kept_id(&octets).to_string(),
            exact: exact.to_string(),
            routeless: routeless.to_string(),
            bytes,
            mailbox: arrival.mailbox.clone(),
            received: self.clock.received(arrival.received),
            twin: None,
            retried: None,
        };
        let Arrival { handle, body, .. } = arrival;
        Ok(Fresh { handle, body, facts, exact, routeless })
    }

    async fn open_all(&self, fresh: &[Fresh]) -> Result<Vec<Looked>, Fault> {
        let opening = fresh.iter().map(|one| self.look(&one.body));
        futures_util::future::try_join_all(opening).await
    }

    /// Opens a mail; where it cannot be read, its outer header alone, to know whose it is.
    async fn look(&self, body: &Body) -> Result<Looked, Fault> {
        let mut opened = self.open(body).await?;
        let mut header = Mail::default();
        if let (worker::Opened::Unparsable(_) | worker::Opened::Poison(_), Body::Whole(raw)) =
            (&opened, body)
            && let worker::Opened::Mail(mail, _) =
                self.ask_worker(header_block(raw), Vec::new()).await?
        {
            header = *mail;
        }
        let signed = match body {
            Body::Whole(raw) => self.prove(raw, &mut opened).await?,
            Body::TooLarge { .. } => None,
        };
        Ok(Looked { opened, signed, header })
    }

    async fn open(&self, body: &Body) -> Result<worker::Opened, Fault> {
        let raw = match body {
            Body::Whole(raw) => raw,
            Body::TooLarge { header, .. } => header,
        };
        let opened = self.ask_worker(raw, Vec::new()).await?;
        let on_record = self.keys_named_by(&opened);
        if on_record.is_empty() {
            return Ok(opened);
        }
        // Signed by a key that a case knows: once more, with that key.
        self.ask_worker(raw, on_record).await
    }

    pub(super) async fn ask_worker(
        &self,
        raw: &[u8],
        on_record: Vec<Certificate>,
    ) -> Result<worker::Opened, Fault> {
        let judged = Judged { now: self.clock.now(), on_record };
        let what = "no process to open mail can be started";
        self.pool.open(raw, &judged).await.map_err(|error| Fault::System { what, error })
    }

    /// Certificates of participants that a signature of this mail names and the worker lacked.
    fn keys_named_by(&self, opened: &worker::Opened) -> Vec<Certificate> {
        let worker::Opened::Mail(mail, _) = opened else { return Vec::new() };
        let Some(sender) = mail.sender() else { return Vec::new() };
        let issuers: Vec<&str> = match &mail.evidence.signature {
            Signature::UnknownKey { issuers } => issuers.iter().map(String::as_str).collect(),
            // Known from this mail alone; perhaps a case knows it too.
            Signature::Good(signed) if signed.key == KeyOrigin::InMail => {
                vec![signed.signer.as_str()]
            }
            _ => return Vec::new(),
        };
        let cases = self.book.cases().cases_of(&sender.address);
        let people = cases.filter_map(|case| case.participant_at(&sender.address));
        let named = people.flat_map(|person| &person.keys).filter(|key| {
            issuers.iter().any(|issuer| key.key_ids.iter().any(|id| named_by(id, issuer)))
        });
        let certificates = named.map(|key| Certificate::parse_all(key.certificate.as_bytes()));
        certificates.filter_map(Result::ok).flatten().collect()
    }

    /// Decides on one arrival; where it is not kept as it came, says what is.
    pub(super) fn file_one(
        &mut self,
        facts: ArrivalFacts,
        body: &Body,
        Looked { opened, signed, header }: Looked,
    ) -> (Decided, Option<Vec<u8>>) {
        let input = match (opened, body) {
            (worker::Opened::Mail(mail, _), Body::Whole(_)) => {
                self.triaged(*mail, signed, facts.clone())
            }
            (worker::Opened::Mail(mail, _), Body::TooLarge { .. }) => {
                let limit = self.taking.mail_limit as u64;
                unfiled(*mail, Trouble::TooLarge { limit }, facts.clone())
            }
            (worker::Opened::Unparsable(why), _) => {
                unfiled(header, Trouble::Unparsable { why }, facts.clone())
            }
            (worker::Opened::Poison(why), _) => {
                unfiled(header, Trouble::Poison { why }, facts.clone())
            }
        };
        let rendition = match &input {
            Input::Mail(opened) => rendition(opened.triage.class, &opened.mail),
            _ => None,
        };
        (self.book.decide(&input, self.clock.now()), rendition)
    }

    fn file(&mut self, fresh: &Fresh, opened: Looked) -> Result<(Filing, Vec<Letter>), Fault> {
        let mut facts = fresh.facts.clone();
        let twin = self.book.seen(&fresh.routeless)?;
        facts.twin = twin.as_deref().and_then(CaseId::parse);
        let name = facts.mail.clone();
        let (decided, rendition) = self.file_one(facts, &fresh.body, opened);
        let case = decided.case.as_ref();
        let octets = match (rendition, &fresh.body) {
            (Some(rendition), _) => rendition,
            (None, Body::Whole(raw)) => mail::canonical(raw).into_owned(),
            (None, Body::TooLarge { header, .. }) => mail::canonical(header).into_owned(),
        };
        self.book.keep(&name, case, octets)?;
        let case = case.map(CaseId::to_string).unwrap_or_default();
        self.book.remember(fresh.exact, case.clone());
        self.book.remember(fresh.routeless, case);
        Ok((decided.filing, decided.letters))
    }

    fn triaged(&self, mail: Mail, signed: Option<SignedWords>, arrival: ArrivalFacts) -> Input {
        let list = self.taking.lists.get(&arrival.mailbox).map(String::as_str);
        let (cases, rules) = (self.book.cases(), &self.book.rules);
        let question = Question { mail: &mail, cases, rules, list };
        let triage = triage::triage(&question);
        Input::Mail(Box::new(Opened { mail, signed, triage, arrival }))
    }
}

impl Gateway {
    /// A mail out of quarantine, once more through the whole way.
    pub(super) async fn take_again(
        &mut self,
        what: Quarantined,
        case: Option<CaseId>,
        body: Body,
    ) -> Result<Answer, Fault> {
        let facts = ArrivalFacts {
            mail: what.mail,
            exact: what.exact.clone(),
            routeless: what.exact,
            bytes: what.bytes,
            mailbox: what.mailbox,
            received: self.clock.now(),
            twin: case,
            retried: Some(what.quarantine),
        };
        let looked = self.look(&body).await?;
        let (decided, _) = self.file_one(facts, &body, looked);
        let case = decided.case;
        self.dress(decided.letters)?;
        self.book.commit()?;
        Ok(match decided.filing {
            Filing::Done => Answer::Ok(serde_json::json!({ "case": case })),
            Filing::Quarantined => Answer::Refused("it still cannot be opened".to_owned()),
        })
    }
}

/// Everything up to the first empty line, as far as a header may go.
fn header_block(raw: &[u8]) -> &[u8] {
    let end = raw.windows(2).zip(1..).find_map(|(two, at)| match two {
        b"\n\n" => Some(at + 1),
        b"\n\r" => Some(at + 2),
        _ => None,
    });
    raw.get(..end.unwrap_or(raw.len()).min(HEADER_BYTES).min(raw.len())).unwrap_or_default()
}

/// A fingerprint, and how a signature names it: in whole, or by its key id (the tail of version 4,
/// the head of version 6; RFC 9580 section 5.5.4).
fn named_by(fingerprint: &str, issuer: &str) -> bool {
    fingerprint.ends_with(issuer) || (fingerprint.len() == 64 && fingerprint.starts_with(issuer))
}

/// Of a list's traffic, our own rendition is kept: neither the way it took to us nor what the list
/// adds for one subscriber. What came encrypted stays as it came.
fn rendition(class: Class, mail: &Mail) -> Option<Vec<u8>> {
    let from_list = match class {
        Class::List => true,
        Class::OwnLetter => mail.field("list-id").is_some(),
        _ => false,
    };
    if !from_list || mail.evidence.encrypted != Encrypted::No {
        return None;
    }
    let text = mail::without_list_lines(&mail.text, &mail.delivered_to);
    Some(mail::kept_post(mail, &text))
}

fn unfiled(header: Mail, trouble: Trouble, arrival: ArrivalFacts) -> Input {
    Input::Unfiled(Box::new(Unfiled { header, trouble, arrival }))
}

impl Taken {
    fn count(&mut self, handle: Handle, filing: Filing) {
        let settle = match filing {
            Filing::Done => Settle::Done,
            Filing::Quarantined => Settle::Quarantined,
        };
        match filing {
            Filing::Done => self.summary.taken += 1,
            Filing::Quarantined => self.summary.quarantined += 1,
        }
        self.settle.push((handle, settle));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = "Delivered-To: reader@reader.example\r\nFrom: fay@finders.example\r\n\
        List-Id: <oss.lists.example.org>\r\nSubject: [oss] overflow\r\n\r\nUpdate.\r\n";
    const TEXT: &str = "Update.\nYou are reader@reader.example.\n";

    fn post(encrypted: Encrypted) -> Mail {
        let mut mail = mail::parse(RAW.as_bytes()).expect("a mail").mail();
        mail.text = TEXT.to_owned();
        mail.delivered_to = mail::Address::parse("reader@reader.example").into_iter().collect();
        mail.evidence.encrypted = encrypted;
        mail
    }

    #[test]
    fn no_address_of_a_subscriber_is_kept_of_a_lists_traffic() {
        for class in [Class::List, Class::OwnLetter] {
            let kept = rendition(class, &post(Encrypted::No)).expect("a rendition");
            let kept = String::from_utf8(kept).expect("text");
            assert!(kept.contains("Update.") && kept.contains("List-Id"), "{kept}");
            assert!(!kept.contains("reader"), "{kept}");
        }
    }

    #[test]
    fn reports_and_sealed_posts_are_kept_as_they_came() {
        assert_eq!(rendition(Class::Report, &post(Encrypted::No)), None);
        assert_eq!(rendition(Class::FollowUp, &post(Encrypted::No)), None);
        assert_eq!(rendition(Class::List, &post(Encrypted::Whole)), None);
    }
}
