//! The program from outside: what it prints, where, and how it ends.

use serde_json::Value;
use sirt_gateway::control::{Answer, Asked, Listener, Request};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A team made by `sirt init`.
struct Desk {
    folder: TempDir,
}

fn sirt(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sirt"));
    command.args(arguments).env_remove("SIRT_CONFIG").env_remove("CREDENTIALS_DIRECTORY");
    command.stdin(Stdio::null()).output().expect("sirt runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}"))
}

impl Desk {
    fn new() -> Desk {
        let desk = Desk { folder: TempDir::new().expect("folder") };
        let folder = desk.path("").display().to_string();
        let made = sirt(&["init", &folder, "--name", "Test SIRT", "--address", "sirt@sirt.test"]);
        assert_eq!(status(&made), 0, "{}", text(&made.stderr));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("desk").join(name)
    }

    fn sirt(&self, arguments: &[&str]) -> Output {
        let config = self.path("config.toml").display().to_string();
        sirt(&[arguments, &["--config", &config]].concat())
    }

    fn add(&self, more: &str) {
        let config = fs::read_to_string(self.path("config.toml")).expect("config");
        fs::write(self.path("config.toml"), config + more).expect("written");
    }

    /// Maildirs in and out, and Cora, who has the certificate in `key`.
    fn complete(&self, key: &str) {
        self.add("\n[[mailbox]]\nname = \"security\"\nmaildir = \"mail\"\n");
        self.add("\n[relay]\nmaildir = \"out\"\n");
        self.add(&format!(
            "\n[[member]]\nhandle = \"cora\"\nname = \"Cora\"\naddress = \"cora@sirt.test\"\n\
             key = \"{key}\"\nrole = \"coordinator\"\n"
        ));
        for folder in ["mail", "out"]
            .iter()
            .flat_map(|top| ["new", "cur", "tmp"].map(|sub| format!("{top}/{sub}")))
        {
            fs::create_dir_all(self.path(&folder)).expect("folder");
        }
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap_or_else(|error| panic!("{}: {error}", path.display())).mode() & 0o777
}

#[test]
fn init_makes_a_team_with_its_keys_and_what_is_published() {
    let desk = Desk::new();
    for (name, wanted) in [
        ("config.toml", 0o600),
        ("keys", 0o700),
        ("keys/state.key", 0o600),
        ("state", 0o700),
        ("keys/team.secret.asc", 0o600),
        ("keys/team.revocation.asc", 0o600),
        ("keys/team.asc", 0o644),
    ] {
        assert_eq!(mode(&desk.path(name)), wanted, "{name}");
    }
    assert_eq!(fs::read(desk.path("keys/state.key")).expect("key").len(), 32);
    let public = fs::read_to_string(desk.path("keys/team.asc")).expect("certificate");
    assert!(public.contains("PUBLIC KEY BLOCK") && !public.contains("PRIVATE"));
    let published = desk.path("publish/.well-known");
    let security = fs::read_to_string(published.join("security.txt")).expect("security.txt");
    for field in ["Contact: mailto:sirt@sirt.test\n", "Expires: 20", "Encryption: openpgp4fpr:"] {
        assert!(security.contains(field), "{security}");
    }
    for folder in ["openpgpkey", "openpgpkey/sirt.test"] {
        let hashes = published.join(folder).join("hu");
        assert_eq!(hashes.read_dir().expect("hu").count(), 1, "{folder}");
        assert!(published.join(folder).join("policy").is_file(), "{folder}");
    }
}

#[test]
fn init_overwrites_nothing() {
    let desk = Desk::new();
    let before = fs::read(desk.path("keys/state.key")).expect("key");
    let folder = desk.path("").display().to_string();
    let again = sirt(&["init", &folder, "--name", "Eve", "--address", "eve@evil.test"]);
    assert_eq!(status(&again), 2);
    assert!(text(&again.stderr).contains("a team is there already"), "{}", text(&again.stderr));
    fs::remove_file(desk.path("config.toml")).expect("removed");
    let again = sirt(&["init", &folder, "--name", "Eve", "--address", "eve@evil.test"]);
    assert_eq!(status(&again), 2, "keys alone are enough");
    assert_eq!(fs::read(desk.path("keys/state.key")).expect("key"), before);
}

#[test]
fn init_refuses_what_cannot_stand_in_a_letter() {
    let folder = TempDir::new().expect("folder");
    let path = folder.path().join("x").display().to_string();
    for (name, address) in [
        ("Us", "not an address"),
        ("", "us@example.org"),
        ("a\nBcc: eve@evil.test", "us@example.org"),
        ("Eve <eve@evil.test>", "us@example.org"),
    ] {
        let made = sirt(&["init", &path, "--name", name, "--address", address]);
        assert_eq!(status(&made), 2, "{name} {address}");
        assert_eq!(text(&made.stderr).lines().count(), 1);
        assert!(!Path::new(&path).exists());
    }
}

#[test]
fn a_name_with_quotes_of_toml_is_written_as_it_is() {
    let folder = TempDir::new().expect("folder");
    let path = folder.path().join("desk").display().to_string();
    let made = sirt(&["init", &path, "--name", "L'Équipe # 1", "--address", "o'neil@example.org"]);
    assert_eq!(status(&made), 0, "{}", text(&made.stderr));
    let config = format!("{path}/config.toml");
    let shown = sirt(&["key", "show", "--json", "--config", &config]);
    let shown: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    assert_eq!(shown["address"], "o'neil@example.org");
    assert_eq!(shown["named"], true);
}

#[test]
fn check_names_what_is_left_and_ends_with_1() {
    let desk = Desk::new();
    let checked = desk.sirt(&["check", "--offline", "--json"]);
    assert_eq!(status(&checked), 1);
    let findings: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    let all = findings.to_string();
    for words in [
        "no mailbox is configured",
        "no relay is configured",
        "no coordinator",
        "the state key lies",
    ] {
        assert!(all.contains(words), "{words}: {all}");
    }
    for finding in findings.as_array().expect("a list") {
        let keys: Vec<&String> = finding.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["do", "level", "what", "where"], "{finding}");
    }
    let page = desk.sirt(&["check", "--offline"]);
    assert!(text(&page.stdout).contains("ok     team key: "), "{}", text(&page.stdout));
}

#[test]
fn check_speaks_to_mailbox_and_relay() {
    let desk = Desk::new();
    desk.complete("keys/team.asc");
    desk.add(
        "\n[[mailbox]]\nname = \"closed\"\n\
         imap = { host = \"127.0.0.1\", port = 1, tls = \"none\", user = \"u\", \
         password_file = \"keys/pw\" }\n",
    );
    fs::write(desk.path("keys/pw"), "sesame\n").expect("written");
    fs::set_permissions(desk.path("keys/pw"), fs::Permissions::from_mode(0o600)).expect("mode");
    let checked = desk.sirt(&["check"]);
    assert_eq!(status(&checked), 1);
    let said = text(&checked.stdout);
    assert!(said.contains("(mailbox closed)"), "{said}");
    assert!(
        said.contains("ok     mailbox security: ") && said.contains("ok     relay: "),
        "{said}"
    );
    assert!(said.contains("the key of \"cora\" is also that of the team"), "{said}");
    assert!(!said.contains("sesame") && !text(&checked.stderr).contains("sesame"));
}

#[test]
fn a_wrong_configuration_is_told_whole_and_ends_with_2() {
    let desk = Desk::new();
    desk.add("\n[limits]\nmail = \"lots\"\nletters_per_huor = 7\n");
    for arguments in
        [&["check", "--offline"][..], &["cases"], &["run"], &["once"], &["key", "show"]]
    {
        let output = desk.sirt(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        let said = text(&output.stderr);
        assert_eq!(said.lines().count(), 2, "{said}");
        assert!(
            said.lines().all(|line| line.starts_with("sirt: ") && line.contains("config.toml:")),
            "{said}"
        );
        assert!(said.contains("did you mean 'letters_per_hour'?"), "{said}");
    }
    let json = desk.sirt(&["check", "--offline", "--json"]);
    assert_eq!(
        serde_json::from_slice::<Value>(&json.stdout).expect("JSON").as_array().map(Vec::len),
        Some(2)
    );
}

#[test]
fn usage_is_one_line_and_ends_with_2() {
    for (arguments, words) in [
        (&["csaes"][..], "did you mean 'cases'?"),
        (&[], "a command is missing"),
        (&["show"], "<CASE>"),
        (&["discard", "L1"], "--why"),
        (&["cases", "--jsno"], "--json"),
        (&["once", "--now", "yesterday"], "yesterday"),
        (&["backup", "x"], "unrecognized subcommand"),
    ] {
        let output = sirt(arguments);
        let said = text(&output.stderr);
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(said.starts_with("sirt: ") && said.lines().count() == 1, "{said}");
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn help_fits_into_80_columns_and_names_what_there_is() {
    let help = text(&sirt(&["--help"]).stdout);
    for command in [
        "init",
        "check",
        "run",
        "once",
        "cases",
        "show",
        "letters",
        "release",
        "discard",
        "quarantine",
        "retry",
        "journal",
        "verify",
        "tabletop",
        "commands",
        "key",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
        let own = sirt(&["help", command]);
        assert_eq!(status(&own), 0, "{command}");
        let own = text(&own.stdout);
        assert!(own.lines().all(|line| line.chars().count() <= 80), "{own}");
    }
    assert!(!help.contains("worker") && help.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn the_configuration_is_found_before_and_after_the_command_and_in_the_environment() {
    let desk = Desk::new();
    let config = desk.path("config.toml").display().to_string();
    for arguments in [["--config", &config, "key", "show"], ["key", "show", "--config", &config]] {
        assert_eq!(status(&sirt(&arguments)), 0, "{arguments:?}");
    }
    let mut named = Command::new(env!("CARGO_BIN_EXE_sirt"));
    let named = named.args(["key", "show"]).env("SIRT_CONFIG", &config).output().expect("runs");
    assert_eq!(status(&named), 0);
    let mut here = Command::new(env!("CARGO_BIN_EXE_sirt"));
    here.args(["key", "show"]).env_remove("SIRT_CONFIG").current_dir(desk.path(""));
    assert_eq!(status(&here.output().expect("runs")), 0);
}

#[test]
fn a_reader_who_has_seen_enough_ends_it_quietly() {
    let desk = Desk::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sirt"));
    let config = desk.path("config.toml");
    command.args(["key", "export", "--config"]).arg(config);
    // A pipe whose reading end is closed before anything is written.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = command.stdout(writer).stderr(Stdio::piped()).output().expect("runs");
    assert_eq!(status(&output), 0);
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn key_export_gives_what_init_has_published() {
    let desk = Desk::new();
    let exported = desk.sirt(&["key", "export"]);
    assert_eq!(exported.stdout, fs::read(desk.path("keys/team.asc")).expect("certificate"));
    let folder = desk.path("web");
    let written = desk.sirt(&["key", "export", "--wkd", &folder.display().to_string()]);
    assert_eq!(status(&written), 0);
    assert!(folder.join(".well-known/openpgpkey/policy").is_file());
}

/// Answers as a gateway would, with what the question asks for.
fn answer(request: &Request) -> Answer {
    match request {
        Request::Cases { .. } => Answer::Ok(serde_json::json!([{
            "case": "SIRT-2026-4827", "title": "\u{1b}[2Jheap overflow", "status": "received",
            "severity": null, "opened": "2026-11-23T09:12:00Z", "handlers": ["val"],
        }])),
        Request::Show { .. } => {
            Answer::Refused("no such case (SIRT-2026-1): see sirt cases".into())
        }
        Request::Release { .. } => Answer::Ok(serde_json::json!({"said": "L17 leaves now."})),
        Request::Verify => Answer::Ok(serde_json::json!({"ok": false, "findings": ["one"]})),
        Request::Journal { from } if *from < 3 => {
            Answer::Ok(serde_json::json!([{"seq": from}, {"seq": from + 1}]))
        }
        Request::Journal { .. } => Answer::Ok(serde_json::json!([])),
        _ => Answer::Failed("the disk is full (state): make room".into()),
    }
}

#[test]
fn a_running_gateway_is_asked_over_its_socket() {
    let desk = Desk::new();
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let (sender, mut asked) = tokio::sync::mpsc::channel::<Asked>(4);
    runtime.block_on(async {
        let listener = Listener::bind(&desk.path("state/control.sock")).expect("bound");
        tokio::spawn(listener.serve(sender));
        tokio::spawn(async move {
            while let Some(asked) = asked.recv().await {
                let said = answer(&asked.request);
                asked.answer.send(said).expect("somebody waits");
            }
        });
    });
    let page = desk.sirt(&["cases"]);
    assert_eq!(status(&page), 0);
    assert!(
        text(&page.stdout).ends_with("val       \\u{1b}[2Jheap overflow\n"),
        "{}",
        text(&page.stdout)
    );
    let json: Value =
        serde_json::from_slice(&desk.sirt(&["cases", "--json"]).stdout).expect("JSON");
    assert_eq!(json[0]["case"], "SIRT-2026-4827");
    let refused = desk.sirt(&["show", "SIRT-2026-1"]);
    assert_eq!(
        (status(&refused), text(&refused.stderr).as_str()),
        (1, "sirt: no such case (SIRT-2026-1): see sirt cases\n")
    );
    assert_eq!(text(&desk.sirt(&["release", "L17"]).stdout), "L17 leaves now.\n");
    let verified = desk.sirt(&["verify"]);
    assert_eq!((status(&verified), text(&verified.stdout).as_str()), (1, "one\n"));
    let journal = desk.sirt(&["journal", "--from", "1"]);
    assert_eq!(text(&journal.stdout), "{\"seq\":1}\n{\"seq\":2}\n");
    let failed = desk.sirt(&["quarantine"]);
    assert_eq!(status(&failed), 75);
    runtime.shutdown_background();
}

#[test]
fn run_and_once_need_a_mailbox_and_a_relay() {
    let desk = Desk::new();
    for command in ["run", "once"] {
        let output = desk.sirt(&[command]);
        assert_eq!(status(&output), 2);
        assert!(
            text(&output.stderr).contains("no mailbox is configured"),
            "{}",
            text(&output.stderr)
        );
    }
    desk.complete("keys/team.asc");
    let output = desk.sirt(&["once", "--now", "2026-11-23T09:12:00Z"]);
    assert_eq!(status(&output), 2, "only in exercises");
    assert!(text(&output.stderr).contains("exercise"), "{}", text(&output.stderr));
}
