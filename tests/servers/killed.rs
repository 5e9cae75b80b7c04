//! A gateway that is killed again and again, at places that nobody chose.

use crate::support::desk::{Desk, by_recipient, field, recipient, wait_for};
use crate::support::people::{Person, finders};
use crate::support::site::Site;
use serde_json::{Value, json};
use sirt_gateway::limits::WAVE_LETTERS;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, Instant};

const REPORTS: usize = 300;
const KILLS: usize = 20;
/// Every fifth time it is told to stop, and has to do so in time.
const STOPS: usize = 5;
/// Letters that the relay may get twice, with the same Message-ID: the one wave that was on its way
/// at each kill.
const A_HANDFUL: usize = WAVE_LETTERS * KILLS;
/// Octets that the journal grows by in each run at least: a letter that is on its way in four runs
/// in a row is held for a person, as it should be, and that is another test's matter.
const PROGRESS: u64 = 4 * 1024;
/// Set it to play a failed run again.
const SEED: &str = "SIRT_KILL_SEED";

#[test]
fn a_gateway_that_is_killed_twenty_times_ends_as_if_nothing_had_been() {
    let seed = seed();
    println!("{SEED}={seed}");
    let cora = Person::new("Cora", "cora@example.org");
    let site = Site::new(&[&cora]);
    let finders = finders(REPORTS);
    let mails = site.reports(&finders);
    let undisturbed = Undisturbed::of(&site.desk, &mails);
    mails.iter().for_each(|mail| drop(site.dovecot.deliver(mail)));

    let begun = Instant::now();
    for (number, (place, pause)) in places(seed, undisturbed.journal).into_iter().enumerate() {
        let kill = number % 5 != 4;
        let place = place.max(if number == 0 { 0 } else { journal(&site.desk) + PROGRESS });
        let gateway = if kill { site.desk.start_soon() } else { site.desk.start() };
        wait_for("journal of that length", || journal(&site.desk) >= place);
        std::thread::sleep(pause);
        if kill { gateway.kill() } else { gateway.stop() }
    }
    println!("{KILLS} kills and {STOPS} stops in {:.1?}", begun.elapsed());
    let mut gateway = site.desk.start();
    wait_for("end of the work", || !gateway.is_alive() || is_done(&site));
    assert!(gateway.is_alive(), "{}", site.desk.said());
    gateway.stop();

    site.assert_all_archived(REPORTS);
    assert_eq!(cases(&site.desk), undisturbed.cases);
    assert_eq!(letters(&site.desk), undisturbed.letters);
    assert_each_once(&site, &finders, &cora);
    assert_eq!(site.desk.json(&["verify"]), json!({ "ok": true, "findings": [] }));
}

/// What the same mails come to when nobody kills anything.
struct Undisturbed {
    /// Octets of its journal.
    journal: u64,
    cases: BTreeSet<String>,
    letters: BTreeMap<String, usize>,
}

impl Undisturbed {
    fn of(desk: &Desk, mails: &[Vec<u8>]) -> Undisturbed {
        let twin = desk.twin();
        mails.iter().for_each(|mail| twin.deliver(mail));
        assert_eq!(twin.once()["taken"], mails.len());
        let (cases, letters) = (cases(&twin), letters(&twin));
        assert_eq!(cases.len(), mails.len());
        Undisturbed { journal: journal(&twin), cases, letters }
    }
}

/// Octets of the journal after which it is killed, and how long after that.
fn places(seed: u64, journal: u64) -> Vec<(u64, Duration)> {
    let mut random = Random(seed);
    let mut places: Vec<u64> =
        (0..KILLS + STOPS).map(|_| random.next() % (journal * 95 / 100)).collect();
    places.sort_unstable();
    // Once before there is any state, or while it is made.
    places[0] = 0;
    places.into_iter().map(|place| (place, Duration::from_micros(random.next() % 30_000))).collect()
}

/// xorshift64*: the same places from the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 8
    }
}

fn seed() -> u64 {
    let given = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).expect("randomness");
        u64::from_le_bytes(bytes) | 1
    })
}

fn journal(desk: &Desk) -> u64 {
    let Ok(files) = fs::read_dir(desk.path("state/journal")) else { return 0 };
    files.flatten().filter_map(|file| file.metadata().ok()).map(|data| data.len()).sum()
}

fn is_done(site: &Site) -> bool {
    let archived = site.dovecot.mails_in(".Archive") >= REPORTS;
    archived && {
        let letters = site.desk.json(&["letters"]);
        let letters = letters.as_array().expect("a list");
        letters.len() >= 2 * REPORTS && letters.iter().all(|letter| letter["state"] == "sent")
    }
}

/// Each case by all that does not hang on the order in which mails were taken.
fn cases(desk: &Desk) -> BTreeSet<String> {
    let told = |case: &Value| {
        let told = ["title", "status", "class", "pathway", "tlp", "severity", "handlers"];
        told.map(|name| case[name].to_string()).join(" ")
    };
    desk.cases().iter().map(told).collect()
}

/// How many letters of each kind went to whom.
fn letters(desk: &Desk) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for letter in desk.json(&["letters"]).as_array().expect("a list") {
        assert_eq!(letter["state"], "sent", "{letter}");
        *counts.entry(format!("{} to {}", letter["template"], letter["to"])).or_default() += 1;
    }
    counts
}

/// By Message-ID each letter has arrived, and is the only one of its kind to its reader.
fn assert_each_once(site: &Site, finders: &[Person], cora: &Person) {
    let wanted: BTreeSet<String> = site
        .desk
        .json(&["letters"])
        .as_array()
        .expect("a list")
        .iter()
        .map(|letter| letter["message_id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(wanted.len(), 2 * REPORTS);
    let mut unique = BTreeMap::new();
    wait_for("letter to be delivered", || {
        let id = |letter: Vec<u8>| (field(&letter, "Message-ID").expect("an id"), letter);
        unique = site.letters().into_iter().map(id).collect::<BTreeMap<_, _>>();
        unique.len() >= wanted.len()
    });
    let bare = |id: &String| id.trim_matches(['<', '>']).to_owned();
    assert_eq!(unique.keys().map(bare).collect::<BTreeSet<_>>(), wanted.iter().map(bare).collect());
    let twice = site.letters().len() - unique.len();
    println!("{twice} letters went out a second time, the same octet for octet");
    assert!(twice <= A_HANDFUL, "{twice} letters were repeated");
    for letter in site.letters() {
        let id = field(&letter, "Message-ID").expect("an id");
        assert!(
            unique.get(&id) == Some(&letter),
            "two letters with one id to {}",
            recipient(&letter)
        );
    }
    let counts = by_recipient(&unique.into_values().collect::<Vec<_>>());
    let fays = finders.iter().map(|fay| (fay.address.to_string(), 1));
    let all: BTreeMap<String, usize> = fays.chain([(cora.address.to_string(), REPORTS)]).collect();
    assert_eq!(counts, all);
}
