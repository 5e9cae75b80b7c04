//! The cast: people with keys, and the mail they write.

use jiff::{SignedDuration, Timestamp};
use sirt_gateway::mail::compose::{self, Header, Hp};
use sirt_gateway::mail::{Address, Mailbox, MessageId};
use sirt_gateway::pgp::{Certificate, Profile, TeamKey};

pub struct Person {
    pub name: String,
    pub address: Address,
    pub key: TeamKey,
}

impl Person {
    pub fn new(name: &str, address: &str) -> Person {
        Person::born(name, address, Timestamp::now() - SignedDuration::from_hours(1))
    }

    /// With a key as old as that; keys are valid for two years.
    pub fn born(name: &str, address: &str, born: Timestamp) -> Person {
        let address = Address::parse(address).expect("an address");
        let key = TeamKey::generate(name, &address, Profile::Rfc4880, born).expect("a key").key;
        Person { name: name.to_owned(), address, key }
    }

    pub fn handle(&self) -> &str {
        self.address.local()
    }

    fn header(&self, id: &str, subject: &str) -> Header {
        Header {
            from: Mailbox { name: self.name.clone(), address: self.address.clone() },
            to: Mailbox {
                name: String::new(),
                address: Address::parse(super::desk::TEAM).expect("an address"),
            },
            reply_to: None,
            subject: subject.to_owned(),
            date: Timestamp::now(),
            message_id: MessageId::parse(id).expect("an id"),
            in_reply_to: None,
            references: Vec::new(),
            auto_submitted: None,
            autocrypt: None,
            loop_mark: None,
        }
    }

    /// A mail in the clear.
    pub fn plain(&self, id: &str, subject: &str, text: &str) -> Vec<u8> {
        let header = self.header(id, subject);
        compose::plain(&header, &compose::text_part(text)).expect("a mail")
    }

    /// Signed, encrypted, its Subject protected, with the writer's key in its Autocrypt field.
    pub fn sealed(&self, id: &str, text: &str, to: &Certificate) -> Vec<u8> {
        let subject = text.lines().next().expect("a first line");
        let inner =
            Header { autocrypt: Some(self.key.certificate().bytes()), ..self.header(id, subject) };
        let outer = Header { subject: "...".to_owned(), ..inner.clone() };
        let part = compose::text_part(text).protected(&inner, &outer, Hp::Cipher).expect("a part");
        let bytes = compose::signable(&part);
        let armored = self.key.seal(&bytes, to, Timestamp::now()).expect("sealed");
        compose::encrypted(&outer, &armored, "seed").expect("a mail")
    }
}

/// A report of some five thousand octets.
pub fn report(number: usize) -> String {
    let line = "The loop in parse_header() copies without a check of the length it was given.\n";
    format!(
        "Heap overflow number {number} in libexample\n\n\
         Hello,\n\nI found a heap-based buffer overflow in libexample 1.4.{number}, function\n\
         parse_header(). A crafted file gives remote code execution. Proof of concept:\n\
         python3 -c 'print(\"A\" * {number})' | ./example\n\n{}\nFay\n",
        line.repeat(40)
    )
}

/// One finder for each number, each with a key of their own; made on all processors.
pub fn finders(count: usize) -> Vec<Person> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let numbers: Vec<usize> = (0..count).collect();
    let finder = |number: &usize| {
        let address = format!("fay{number}@finders.example");
        Person::new(&format!("Fay Number {number}"), &address)
    };
    std::thread::scope(|scope| {
        let shares = numbers.chunks(count.div_ceil(cores).max(1));
        let threads: Vec<_> = shares
            .map(|share| scope.spawn(move || share.iter().map(finder).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("people")).collect()
    })
}
