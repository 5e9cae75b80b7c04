//! Past mail of watched lists through the program: `sirt import` and `sirt observations`.

use jiff::Timestamp;
use serde_json::Value;
use sirt_gateway::mail::Address;
use sirt_gateway::pgp::{Profile, TeamKey};
use sirt_gateway::{config, gateway};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const LIST_ID: &str = "List-Id: <oss.lists.example>\n";

/// A team that watches one list.
struct Watching {
    folder: TempDir,
}

impl Watching {
    fn new() -> Watching {
        let desk = Watching { folder: TempDir::new().expect("a folder") };
        let folder = desk.path("").display().to_string();
        let made = desk.run(&["init", &folder, "--name", "T", "--address", "sirt@sirt.test"], "");
        assert!(made.status.success(), "{made:?}");
        let more = "\n[[mailbox]]\nname = \"security\"\nmaildir = \"mail\"\n\
                    [relay]\nmaildir = \"out\"\n\
                    [[watch]]\nname = \"oss\"\nlist_id = \"oss.lists.example\"\n\
                    address = \"oss@lists.example\"\n\
                    [[member]]\nhandle = \"cora\"\nname = \"Cora\"\naddress = \"cora@sirt.test\"\n\
                    key = \"keys/cora.asc\"\nrole = \"coordinator\"\n";
        let config = fs::read_to_string(desk.path("config.toml")).expect("config") + more;
        fs::write(desk.path("config.toml"), config).expect("written");
        let cora = Address::parse("cora@sirt.test").expect("an address");
        let key = TeamKey::generate("Cora", &cora, Profile::Rfc4880, Timestamp::now());
        let armored = key.expect("a key").key.certificate().armored();
        fs::write(desk.path("keys/cora.asc"), armored).expect("written");
        for folder in ["mail", "out"] {
            for part in ["new", "cur", "tmp"] {
                fs::create_dir_all(desk.path(folder).join(part)).expect("a folder");
            }
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("desk").join(name)
    }

    fn run(&self, arguments: &[&str], stdin: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sirt"));
        command.args(arguments).env_remove("SIRT_CONFIG").env_remove("CREDENTIALS_DIRECTORY");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().expect("sirt runs");
        let mut pipe = running.stdin.take().expect("stdin");
        // Whoever refuses reads nothing.
        _ = pipe.write_all(stdin.as_bytes());
        drop(pipe);
        running.wait_with_output().expect("sirt ends")
    }

    fn sirt(&self, arguments: &[&str], stdin: &str) -> Output {
        let config = self.path("config.toml").display().to_string();
        self.run(&[arguments, &["--config", &config]].concat(), stdin)
    }

    fn json(&self, arguments: &[&str], stdin: &str) -> Value {
        let said = self.sirt(&[arguments, &["--json"]].concat(), stdin);
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        serde_json::from_slice(&said.stdout).expect("JSON")
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path.display().to_string()
    }
}

fn post(number: usize, fields: &str) -> String {
    format!(
        "From: Ralph <ralph@project.example>\nTo: somebody@example.net\nDate: Mon, 23 Nov 2026 \
         09:0{number}:00 +0000\nMessage-ID: <{number}@project.example>\nSubject: hole {number} in \
         libexample\n{fields}\nThe length of chunk number {number} is read as signed.\n"
    )
}

fn mbox(mails: &[String]) -> String {
    let one = |mail: &String| format!("From x@y.example Mon Nov 23 09:00:00 2026\n{mail}\n");
    mails.iter().map(one).collect()
}

fn count(counts: &Value, name: &str) -> u64 {
    counts[name].as_u64().unwrap_or_else(|| panic!("{name}: {counts}"))
}

#[test]
fn past_mail_is_read_once_whatever_file_it_stands_in() {
    let desk = Watching::new();
    let listed = |number| post(number, LIST_ID);
    let by_address = post(4, "").replace("somebody@example.net", "oss@lists.example");
    let own = post(5, LIST_ID).replace("ralph@project.example", "sirt@sirt.test");
    let own = format!("List-Post: <mailto:oss@lists.example>\n{own}");
    let mails = [listed(1), listed(2), listed(2), post(3, ""), by_address, own];
    let first = desk.file("past.mbox", &mbox(&mails));
    let counts = desk.json(&["import", &first], "");
    assert_eq!((count(&counts, "read"), count(&counts, "observed")), (6, 3), "{counts}");
    assert_eq!((count(&counts, "duplicates"), count(&counts, "unlisted")), (1, 1), "{counts}");
    assert_eq!(count(&counts, "ours"), 1, "{counts}");
    let again = desk.json(&["import", &first], "");
    assert_eq!(count(&again, "observed"), 0, "{again}");
    // A maildir, a single mail, and stdin; one mail is new in each.
    desk.file("box/cur/1:2,S", &listed(1));
    desk.file("box/new/6", &listed(6));
    let folder = desk.folder.path().join("box").display().to_string();
    let single = desk.file("seven.eml", &listed(7));
    let more = desk.json(&["import", &folder, &single, "-"], &mbox(&[listed(8)]));
    assert_eq!((count(&more, "read"), count(&more, "observed")), (4, 3), "{more}");
    // One list for all of it, whatever the mails say.
    let forced = desk.json(&["import", &first, "--list", "oss"], "");
    assert_eq!(count(&forced, "observed"), 0, "octets are read once: {forced}");
    let nine = desk.file("nine.eml", &post(9, ""));
    assert_eq!(count(&desk.json(&["import", &nine, "--list", "oss"], ""), "observed"), 1);
    let listed = desk.json(&["observations"], "");
    let listed = listed.as_array().expect("a list").iter();
    let names: Vec<_> = listed.map(|one| one["id"].as_str().expect("a name")).collect();
    assert_eq!(names, ["O1", "O2", "O3", "O4", "O5", "O6", "O7"]);
    let quiet = fs::read_dir(desk.path("out/new")).expect("out").count();
    assert_eq!(quiet, 0, "nobody is told");
}

#[test]
fn observations_say_everything_that_was_read() {
    let desk = Watching::new();
    let file = desk.file("past.mbox", &mbox(&[post(1, LIST_ID)]));
    desk.json(&["import", &file], "");
    let listed = desk.json(&["observations"], "");
    for name in [
        "number",
        "id",
        "at",
        "list",
        "kind",
        "subject",
        "author",
        "posted",
        "message_id",
        "thread",
        "archive",
        "series",
        "ids",
        "about",
        "packages",
        "affected",
        "fixed",
        "cvss",
        "severity",
        "exploited",
        "malicious",
        "takes_back",
        "from_us",
        "reasons",
        "candidate",
        "same_as",
        "same_because",
        "update_of",
        "cases",
        "past",
        "told",
        "gist",
    ] {
        assert!(listed[0].get(name).is_some(), "{name}: {listed}");
    }
    assert_eq!((&listed[0]["list"], &listed[0]["past"]), (&"oss".into(), &true.into()));
    let none = desk.json(&["observations", "--list", "other"], "");
    assert_eq!(none, Value::Array(Vec::new()));
    let none = desk.json(&["observations", "--since", "2199-01-01"], "");
    assert_eq!(none, Value::Array(Vec::new()));
    let page = desk.sirt(&["observations"], "");
    let page = String::from_utf8(page.stdout).expect("text");
    assert!(page.starts_with("POST") && page.lines().all(|line| line.chars().count() <= 80));
    assert!(desk.json(&["verify"], "")["ok"].as_bool().expect("a word"));
}

#[test]
fn what_cannot_be_imported_is_said_in_one_line() {
    let desk = Watching::new();
    let file = desk.file("past.mbox", &mbox(&[post(1, LIST_ID)]));
    for (arguments, wanted) in [
        (vec!["import", "/nowhere/x.mbox"], "/nowhere/x.mbox"),
        (vec!["import", &file, "--list", "siren"], "there is oss"),
        (vec!["import"], "missing"),
        (vec!["observations", "--since", "yesterday"], "write a day"),
    ] {
        let said = desk.sirt(&arguments, "");
        let stderr = String::from_utf8(said.stderr).expect("text");
        assert_eq!(said.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(wanted) && stderr.lines().count() == 1, "{stderr}");
    }
}

#[test]
fn while_a_gateway_holds_the_state_nothing_is_imported() {
    let desk = Watching::new();
    let file = desk.file("past.mbox", &mbox(&[post(1, LIST_ID)]));
    let settings = config::load(&desk.path("config.toml"), None).expect("settings");
    let book = gateway::open_to_read(&settings, Timestamp::now()).expect("the state");
    let said = desk.sirt(&["import", &file], "");
    assert_eq!(said.status.code(), Some(75), "{said:?}");
    drop(book);
    assert_eq!(count(&desk.json(&["import", &file], ""), "observed"), 1);
}
