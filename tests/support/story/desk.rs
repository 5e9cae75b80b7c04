//! The desk of a story: real settings, a real state, maildirs in and out, and a gateway that can
//! be made to die at any step of its store.

use super::cast::{BEGIN, TEAM, person};
use super::parse::Block;
use jiff::Timestamp;
use sirt_gateway::config::{self, Settings};
use sirt_gateway::control::{Answer, Request};
use sirt_gateway::gateway::{self, Clock, Fault, Gateway, Summary};
use sirt_gateway::intake::Source;
use sirt_gateway::limits::UNKNOWN_ATTEMPTS;
use sirt_gateway::store::{Settings as StoreSettings, Step, Trouble, Watch};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

/// How a story is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Whole,
    /// The gateway is dropped after every step; every mail comes again, because its settling was
    /// lost; at the end sled is gone.
    Reopened,
    /// It dies before each step of its store, one after the other.
    Crashing,
}

/// The team's own, and one for each list that is read.
const MAILBOXES: [&str; 3] = ["security", "oss-security", "siren"];

pub struct Desk {
    folder: TempDir,
    settings: Settings,
    trap: Arc<Trap>,
    running: Option<(Gateway, Vec<Source>)>,
    pub now: Timestamp,
    delivered: usize,
    pub deaths: usize,
}

/// Lets so many steps of the store happen; from then on the process is as good as dead.
struct Trap(AtomicI64);

const DISARMED: i64 = i64::MIN;

impl Trap {
    fn watch(self: &Arc<Trap>) -> Watch {
        let trap = self.clone();
        Arc::new(move |_: Step| {
            let left = trap.0.load(Ordering::SeqCst);
            if left == DISARMED {
                return None;
            }
            trap.0.store(left - 1, Ordering::SeqCst);
            // What is being written is torn.
            (left <= 0).then_some(Trouble { kind: ErrorKind::Other, written: 7 })
        })
    }

    fn arm(&self, steps: i64) {
        self.0.store(steps, Ordering::SeqCst);
    }

    fn fell(&self) -> bool {
        let left = self.0.swap(DISARMED, Ordering::SeqCst);
        left != DISARMED && left < 0
    }
}

impl Desk {
    pub async fn open(options: &Block) -> Desk {
        let folder = TempDir::new().expect("a folder");
        lay_out(folder.path(), options);
        let settings = config::load(&folder.path().join("config.toml"), None).expect("settings");
        let trap = Arc::new(Trap(AtomicI64::new(DISARMED)));
        let (now, delivered, deaths) = (BEGIN, 0, 0);
        let mut desk = Desk { folder, settings, trap, running: None, now, delivered, deaths };
        desk.reopen().await;
        desk
    }

    /// The gateway ends, however it is, and another begins.
    pub async fn reopen(&mut self) {
        self.running = None;
        let store = StoreSettings { watch: Some(self.trap.watch()), ..StoreSettings::default() };
        let program = PathBuf::from(env!("CARGO_BIN_EXE_sirt"));
        let gateway = gateway::start_with(&self.settings, program, Clock::Set(self.now), store);
        let gateway = gateway.await.expect("a gateway");
        self.running = Some((gateway, gateway::sources(&self.settings)));
    }

    pub fn gateway(&self) -> &Gateway {
        &self.running.as_ref().expect("a gateway").0
    }

    /// Another key in the place of a member's.
    pub fn lay_key(&mut self, member: &str, key: &str) {
        let armored = person(key).key.certificate().armored();
        let file = self.folder.path().join(format!("keys/{member}.asc"));
        write(&file, armored.as_bytes());
        let file = self.folder.path().join("config.toml");
        self.settings = config::load(&file, None).expect("settings");
    }

    fn parts(&mut self) -> (&mut Gateway, &mut Vec<Source>) {
        let (gateway, sources) = self.running.as_mut().expect("a gateway");
        (gateway, sources)
    }

    pub fn deliver(&mut self, mailbox: &str, octets: &[u8]) {
        self.delivered += 1;
        let name = format!("{}.{:03}.story", self.now.as_second(), self.delivered);
        let new = self.folder.path().join("mail").join(mailbox).join("new");
        write(&new.join(name), octets);
    }

    pub async fn run(&mut self) -> Result<Summary, Fault> {
        let now = self.now;
        let (gateway, sources) = self.parts();
        *gateway.clock_mut() = Clock::Set(now);
        let finished = gateway::once(gateway, sources).await?;
        assert!(finished.sources.is_empty() && finished.relay.is_none(), "{finished:?}");
        Ok(finished.summary)
    }

    /// Takes in and sends what there is, in spite of everything.
    pub async fn settle_down(&mut self, mode: Mode) {
        if mode == Mode::Crashing {
            self.die_at_every_step().await;
        }
        self.run().await.expect("a run");
        if mode == Mode::Reopened {
            self.forget_settling();
            self.reopen().await;
            let again = self.run().await.expect("a run");
            assert_eq!(Summary { duplicates: 0, ..again }, Summary::default());
        }
    }

    async fn die_at_every_step(&mut self) {
        let mut steps = 0;
        loop {
            let before = self.entries();
            if !self.may_die() {
                return;
            }
            self.trap.arm(steps);
            let ended = self.run().await;
            if !self.trap.fell() {
                ended.expect("a run that nothing disturbed");
                return;
            }
            self.deaths += 1;
            self.reopen().await;
            // What became true is behind us; what comes next is disturbed at another step.
            steps = if self.entries() > before { self.deaths as i64 % 5 } else { steps + 1 };
        }
    }

    /// A letter whose fate is lost too often waits for a person, as it should.
    fn may_die(&self) -> bool {
        let book = self.gateway().book();
        book.cases().waiting().all(|letter| letter.attempts + 1 < UNKNOWN_ATTEMPTS)
    }

    /// How many entries the journal holds.
    fn entries(&self) -> usize {
        self.journal(0).len()
    }

    pub fn journal(&self, from: u64) -> Vec<serde_json::Value> {
        let mut lines = Vec::new();
        loop {
            let next = lines.last().map_or(from, |line| seq(line) + 1);
            let more = self.gateway().book().journal(next).expect("the journal");
            if more.is_empty() {
                return lines;
            }
            lines.extend(more);
        }
    }

    pub async fn ask(&mut self, request: &Request) -> Answer {
        let now = self.now;
        let (gateway, _) = self.parts();
        *gateway.clock_mut() = Clock::Set(now);
        gateway::answer(gateway, request, 0).await.expect("an answer")
    }

    /// Every mail stands in its folder again as if it had just come.
    fn forget_settling(&self) {
        for mailbox in MAILBOXES {
            let folder = self.folder.path().join("mail").join(mailbox);
            for entry in fs::read_dir(folder.join("cur")).expect("cur") {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                let name = name.split(':').next().expect("a name").to_owned();
                fs::rename(&path, folder.join("new").join(name)).expect("moved back");
            }
        }
    }

    /// Ends, loses sled, and begins again.
    pub async fn lose_sled(&mut self) {
        self.running = None;
        fs::remove_dir_all(self.folder.path().join("state/sled")).expect("sled");
        self.reopen().await;
    }

    /// The letters in the maildir, as files.
    pub fn posted(&self) -> Vec<Vec<u8>> {
        let entries = fs::read_dir(self.folder.path().join("out/new")).expect("out");
        let mut paths: Vec<PathBuf> =
            entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        paths.iter().map(|path| fs::read(path).expect("a letter")).collect()
    }
}

fn seq(line: &serde_json::Value) -> u64 {
    line["seq"].as_u64().expect("a sequence number")
}

fn lay_out(folder: &Path, options: &Block) {
    for inner in ["keys", "out"] {
        make(&folder.join(inner));
    }
    for mailbox in MAILBOXES {
        for part in ["new", "cur", "tmp"] {
            make(&folder.join("mail").join(mailbox).join(part));
        }
    }
    let team = person("team").key.to_secret_armor(None).expect("a key");
    write(&folder.join("keys/team.secret.asc"), team.as_bytes());
    // Always the same, so that numbers and codes are the same in every run.
    write(&folder.join("keys/state.key"), &[7; 32]);
    for handle in ["val", "vic", "cora"] {
        let expired = options.get("expired") == Some(handle);
        let key = if expired { &person("cora-expired").key } else { &person(handle).key };
        let armored = key.certificate().armored();
        write(&folder.join(format!("keys/{handle}.asc")), armored.as_bytes());
    }
    write(&folder.join("config.toml"), configuration(options).as_bytes());
}

fn configuration(options: &Block) -> String {
    let subaddress = options.get("subaddress").unwrap_or("+");
    let mut text = format!(
        "[team]\nname = \"Example SIRT\"\naddress = \"{TEAM}\"\nexercise = true\n\
         subaddress = \"{subaddress}\"\n[limits]\nworkers = 1\nmail = \"{}\"\n\
         [relay]\nmaildir = \"out\"\n\
         [[mailbox]]\nname = \"security\"\nmaildir = \"mail/security\"\n\
         [[mailbox]]\nname = \"oss-security\"\nmaildir = \"mail/oss-security\"\n\
         list = \"oss-security\"\n[[watch]]\nname = \"oss-security\"\n\
         list_id = \"oss-security.lists.example\"\naddress = \"oss-security@lists.example\"\n",
        options.get("mail_limit").unwrap_or("20MiB").replace("KiB", " KiB").replace("MiB", " MiB")
    );
    text += &lists(options);
    let coordinators = options.get("coordinators").unwrap_or("cora");
    for handle in ["cora", "val", "vic"] {
        let (name, address) = (person(handle).name, person(handle).address);
        let coordinates = coordinators.split(',').any(|one| one == handle);
        let role = if coordinates { "coordinator" } else { "volunteer" };
        text += &format!(
            "[[member]]\nhandle = \"{handle}\"\nname = \"{name}\"\naddress = \"{address}\"\n\
             key = \"keys/{handle}.asc\"\nrole = \"{role}\"\n"
        );
    }
    text
}

/// Notices go to siren, which is read too, and to oss-security in the manners of that list.
fn lists(options: &Block) -> String {
    let a_day = options.get("posts_a_day").unwrap_or("5");
    let sign = options.get("sign").unwrap_or("clearsign");
    let formats = options.get("formats").map(|form| format!("\"{form}\"")).unwrap_or_default();
    format!(
        "[[mailbox]]\nname = \"siren\"\nmaildir = \"mail/siren\"\nlist = \"siren\"\n\
         [[watch]]\nname = \"siren\"\nlist_id = \"siren.lists.example.org\"\n\
         address = \"siren@lists.example.org\"\n\
         [[list]]\nname = \"siren\"\naddress = \"siren@lists.example.org\"\n\
         posts_a_day = {a_day}\nsign = \"{sign}\"\nformats = [{formats}]\n\
         [[list]]\nname = \"oss-security\"\naddress = \"oss-security@lists.example\"\n\
         manners = \"oss-security\"\nsign = \"{sign}\"\n"
    )
}

fn make(path: &Path) {
    fs::create_dir_all(path).expect("a folder");
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("its mode");
}

fn write(path: &Path, octets: &[u8]) {
    fs::write(path, octets).expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("its mode");
}
