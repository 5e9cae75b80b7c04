use super::*;
use crate::intake::Afterwards;
use crate::net::{Login, Tls};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

/// A whole configuration; the tests spoil one line of it at a time.
const GOOD: &str = r#"[team]
name = "Example SIRT"
address = "sirt@example.org"
subaddress = "+"
key = "keys/team.secret.asc"
state_key_file = "keys/state.key"

[[mailbox]]
name = "security"
imap = { host = "imap.example.org", user = "sirt", password_file = "keys/imap.password" }
done = "Done"

[[mailbox]]
name = "lists"
maildir = "mail/lists"
list = "oss-security"

[relay]
smtp = { host = "mail.example.org", tls = "starttls" }

[[member]]
handle = "cora"
name = "Cora Ordinator"
address = "cora@example.org"
key = "keys/cora.asc"
role = "coordinator"
timezone = "Europe/Berlin"
hours = "Mon-Fri 09:00-17:00"

[[member]]
handle = "val"
name = "Val Olunteer"
address = "val@example.org"
key = "keys/val.asc"
also_from = ["val@home.example"]

[[list]]
name = "siren"
address = "siren@lists.example.org"
highest_tlp = "clear"
formats = ["osv", "csaf"]

[[watch]]
name = "oss-security"
list_id = "oss-security.lists.openwall.com"

[limits]
mail = "20 MiB"
"#;

/// A folder with everything that `GOOD` names.
pub(super) struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Place {
        let place = Place { folder: TempDir::new().expect("a folder") };
        fs::create_dir(place.path("keys")).expect("keys");
        for name in ["team.secret.asc", "imap.password", "token", "cora.asc", "val.asc", "eve.asc"]
        {
            place.write(&format!("keys/{name}"), "secret of the imap server\n", 0o600);
        }
        place.write("keys/state.key", &"k".repeat(32), 0o600);
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str, mode: u32) {
        let path = self.path(name);
        fs::write(&path, text).expect("written");
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("mode");
    }

    pub fn load(&self, text: &str) -> Result<Settings, Problems> {
        self.write("config.toml", text, 0o600);
        load(&self.path("config.toml"), None)
    }
}

#[test]
fn a_whole_configuration_is_read() {
    let place = Place::new();
    let settings = place.load(GOOD).expect("settings");
    assert_eq!(settings.team.case_prefix, "SIRT");
    assert_eq!(settings.team.state, place.path("state"));
    assert_eq!(settings.team.publish_time, jiff::civil::time(14, 0, 0, 0));
    let [imap, maildir] = settings.mailboxes.as_slice() else { panic!("two mailboxes") };
    let SourceSettings::Imap { endpoint, access, folder, idle } = &imap.source else {
        panic!("imap")
    };
    assert_eq!(
        (endpoint.port, endpoint.tls, folder.as_str(), *idle),
        (993, Tls::Implicit, "INBOX", true)
    );
    assert_eq!(imap.done, Afterwards::Move("Done".into()));
    assert_eq!(imap.quarantine.as_deref(), Some("Quarantine"));
    let Ok(Login::Password { user, password }) = access.login() else { panic!("a password") };
    assert_eq!((user.as_str(), password.reveal()), ("sirt", "secret of the imap server"));
    assert_eq!((&maildir.done, &maildir.quarantine), (&Afterwards::Seen, &None));
    let Some(RelaySettings::Smtp { endpoint, access, .. }) = &settings.relay else {
        panic!("smtp")
    };
    assert_eq!((endpoint.port, endpoint.tls, access), (587, Tls::StartTls, &Access::Nobody));
    assert_eq!(settings.members.len(), 2);
    assert_eq!(settings.members.first().map(|cora| cora.hours.len()), Some(1));
    assert_eq!(settings.limits.mail, 20 * 1024 * 1024);
    assert!(settings.complete().is_ok());
}

#[test]
fn the_team_alone_is_a_configuration() {
    let place = Place::new();
    let settings = place.load("[team]\nname = \"Us\"\naddress = \"us@example.org\"\n");
    let settings = settings.expect("settings");
    assert_eq!(settings.team.subaddress, "+");
    assert!(settings.letters.automatic && !settings.team.exercise);
    let missing = settings.complete().expect_err("nothing to run");
    assert_eq!(missing.0.len(), 2, "{missing}");
}

/// What is replaced in `GOOD`, by what, and what has to be said on which line.
type Wrong = (&'static str, &'static str, usize, &'static str);

const WRONG: &[Wrong] = &[
    ("[team]", "[taem]", 1, "the section [team] is missing"),
    ("[team]", "[taem]", 1, "unknown setting 'taem' in the file|did you mean 'team'?"),
    ("name = \"Example SIRT\"", "", 1, "name is missing in [team]|write name = \"Example SIRT\""),
    ("name = \"Example SIRT\"", "name = 7", 2, "name in [team] is not a text|quotes"),
    ("name = \"Example SIRT\"", "name = \"\"", 2, "name in [team] is empty"),
    ("name = \"Example SIRT\"", "name = \"a\\nBcc: eve@evil.test\"", 2, "not one line"),
    (
        "\"sirt@example.org\"",
        "\"Us <sirt@example.org>\"",
        3,
        "address in [team] is not a mail address|bare",
    ),
    ("subaddress = \"+\"", "subaddress = \"=\"", 4, "cannot be \"=\"|write one of: +, -, none"),
    (
        "subaddress = \"+\"",
        "subadress = \"+\"",
        4,
        "unknown setting 'subadress' in [team]|did you mean 'subaddress'?",
    ),
    ("subaddress = \"+\"", "case_prefix = \"sirt 1\"", 4, "cannot begin a case number"),
    ("subaddress = \"+\"", "exercise = \"yes\"", 4, "neither true nor false"),
    (
        "subaddress = \"+\"",
        "exercise = true",
        18,
        "an exercise would write to people|maildir = \"out\"",
    ),
    ("subaddress = \"+\"", "policy_url = \"http://example.org\"", 4, "not a web address|https"),
    ("subaddress = \"+\"", "publish_time = \"25:00\"", 4, "not a time of day|\"14:00\""),
    ("subaddress = \"+\"", "publish_time = \"2pm\"", 4, "not a time of day"),
    (
        "subaddress = \"+\"",
        "templates = \"nowhere\"",
        4,
        "nowhere, which is not there|correct the path",
    ),
    (
        "subaddress = \"+\"",
        "key_passphrase = \"correct horse\"",
        4,
        "unknown setting 'key_passphrase'|secrets never stand in this file|key_passphrase_file",
    ),
    (
        "subaddress = \"+\"",
        "state_key_command = \"cat k\"",
        4,
        "says the same a second time|not both",
    ),
    ("keys/team.secret.asc", "keys/nobody.asc", 5, "keys/nobody.asc, which is not there"),
    ("keys/state.key", "keys/none.key", 6, "keys/none.key, which is not there"),
    ("name = \"security\"\n", "", 8, "name is missing in [[mailbox]]"),
    (
        "name = \"lists\"",
        "name = \"security\"",
        13,
        "mailbox \"security\" stands twice|the first is on line 8",
    ),
    ("\"imap.example.org\"", "\"imaps://imap.example.org\"", 10, "not a host name|without scheme"),
    ("host = \"imap.example.org\", ", "", 10, "host is missing in [[mailbox]] imap"),
    ("host = \"imap", "hots = \"imap", 10, "unknown setting 'hots'|did you mean 'host'?"),
    ("user = \"sirt\", ", "", 10, "user is missing in [[mailbox]] imap"),
    (
        "password_file = \"keys/imap.password\"",
        "password = \"hunter2\"",
        10,
        "unknown setting 'password'|secrets never stand in this file|password_file",
    ),
    (
        "password_file = \"keys/imap.password\"",
        "port = 993",
        10,
        "has a user and no password|password_file",
    ),
    (
        "password_file = \"keys/imap.password\"",
        "token = \"ya29\"",
        10,
        "unknown setting 'token'|token_file",
    ),
    (
        "user = \"sirt\",",
        "user = \"sirt\", token_file = \"keys/token\",",
        10,
        "a password and a token",
    ),
    ("user = \"sirt\",", "user = \"sirt\", password_command = \"x\",", 10, "not both"),
    (
        "user = \"sirt\",",
        "user = \"sirt\", tls = \"none\",",
        10,
        "would send everything in the clear",
    ),
    (
        "user = \"sirt\",",
        "user = \"sirt\", tls = \"startls\",",
        10,
        "cannot be \"startls\"|did you mean \"starttls\"?",
    ),
    ("user = \"sirt\",", "user = \"sirt\", port = 70000,", 10, "not such a number|1 to 65535"),
    (
        "user = \"sirt\",",
        "user = \"sirt\", port = \"993\",",
        10,
        "not such a number|without quotes",
    ),
    (
        "user = \"sirt\",",
        "user = \"sirt\", ca_file = \"no.pem\",",
        10,
        "no.pem, which is not there",
    ),
    ("done = \"Done\"", "done = { flag = \"\\\\Seen\" }", 11, "is not a keyword"),
    (
        "done = \"Done\"",
        "done = { flag = \"$Filed\", delete = true }",
        11,
        "does not say one thing",
    ),
    ("done = \"Done\"", "done = { move = \"x\" }", 11, "unknown setting 'move'"),
    ("done = \"Done\"", "done = true", 11, "neither a folder nor a mark"),
    ("done = \"Done\"", "maildir = \"x\"", 8, "has both imap and maildir"),
    ("done = \"Done\"", "poll = 0", 11, "not such a number|1 to 3600"),
    ("maildir = \"mail/lists\"\n", "", 13, "has neither imap nor maildir"),
    (
        "maildir = \"mail/lists\"",
        "maildir = \"state\"",
        13,
        "mailbox \"lists\" and the state share a folder",
    ),
    (
        "maildir = \"mail/lists\"",
        "maildir = \"m\"\nfolder = \"Lists\"",
        16,
        "means nothing beside maildir",
    ),
    (
        "list = \"oss-security\"",
        "list = \"oss-securty\"",
        13,
        "carries an unknown list|did you mean \"oss-security\"?",
    ),
    ("[relay]", "[[relay]]", 18, "relay in the file is not a section"),
    ("smtp = {", "smpt = {", 19, "unknown setting 'smpt'|did you mean 'smtp'?"),
    ("smtp = {", "maildir = \"out\"\nsmtp = {", 18, "has both smtp and maildir"),
    (
        "tls = \"starttls\"",
        "password_file = \"keys/imap.password\"",
        19,
        "user is missing in [relay] smtp",
    ),
    ("handle = \"val\"", "handle = \"cora\"", 30, "handle \"cora\" stands twice"),
    ("handle = \"val\"", "handle = \"finder\"", 31, "a word with a meaning of its own"),
    ("handle = \"val\"", "handle = \"Val O\"", 31, "is not a handle|a-z"),
    (
        "\"val@example.org\"",
        "\"cora@example.org\"",
        30,
        "the address of member \"val\" is also that of member \"cora\"",
    ),
    ("\"val@example.org\"", "\"SIRT@example.org\"", 30, "one of the team's own"),
    ("\"val@example.org\"", "\"sirt+val@example.org\"", 30, "one of the team's own"),
    (
        "\"val@home.example\"",
        "\"siren@lists.example.org\"",
        37,
        "the address of list \"siren\" is also that of member \"val\"",
    ),
    ("[\"val@home.example\"]", "\"val@home.example\"", 35, "also_from in [[member]] is not a list"),
    (
        "[\"val@home.example\"]",
        "[\"val at home\"]",
        35,
        "an entry of also_from in [[member]] is not a mail address",
    ),
    ("keys/val.asc", "keys/cora.asc", 34, "\"cora\" and \"val\" name the same key"),
    ("keys/val.asc", "keys/vic.asc", 34, "keys/vic.asc, which is not there"),
    (
        "role = \"coordinator\"",
        "role = \"admin\"",
        26,
        "cannot be \"admin\"|volunteer, coordinator",
    ),
    ("Europe/Berlin", "Europe/Bonn", 27, "not a time zone|Europe/Berlin"),
    ("Mon-Fri 09:00-17:00", "weekdays", 28, "hours in [[member]] are not hours"),
    ("Mon-Fri 09:00-17:00", "Mon-Fri 17:00-09:00", 28, "are not hours"),
    ("[[list]]", "[list]", 37, "list in the file stands once|two brackets"),
    ("highest_tlp = \"clear\"", "highest_tlp = \"white\"", 40, "cannot be \"white\""),
    ("highest_tlp = \"clear\"", "sign = \"smime\"", 40, "cannot be \"smime\"|clearsign, pgp-mime"),
    ("\"csaf\"", "\"pdf\"", 41, "an entry of formats in [[list]] cannot be \"pdf\""),
    ("list_id = \"oss-security.lists.openwall.com\"", "", 43, "list_id is missing"),
    ("\"oss-security.lists.openwall.com\"", "\"the list\"", 45, "is not a List-Id"),
    ("\"20 MiB\"", "\"20 miles\"", 48, "not such a size|\"20 MiB\""),
    ("\"20 MiB\"", "\"20 GiB\"", 48, "not such a size"),
    ("[limits]", "[mail]\nauthserv_id = \"a b\"\n[limits]", 48, "not a host name"),
    ("[limits]", "[letters]\nautomatic = 1\n[limits]", 48, "neither true nor false"),
    ("[limits]", "[log]\nlevel = \"loud\"\n[limits]", 48, "cannot be \"loud\""),
    ("[limits]", "[limits]\nletters_per_hour = -1", 48, "not such a number"),
    ("[limits]", "[limits]\nworkers = 0", 48, "not such a number|1 to 64"),
    ("[limits]", "[limits", 47, "mend the TOML"),
    ("name = \"siren\"", "name = \"siren\"\nname = \"siren\"", 39, "duplicate key|mend the TOML"),
];

#[test]
fn each_fault_is_told_with_its_line_and_what_to_do() {
    let place = Place::new();
    let untold: Vec<String> = WRONG.iter().filter_map(|wrong| not_told(&place, wrong)).collect();
    assert!(untold.is_empty(), "{}", untold.join("\n"));
}

fn not_told(place: &Place, (old, new, line, words): &Wrong) -> Option<String> {
    assert!(GOOD.contains(old), "{old} is not in the configuration");
    let Err(Problems(problems)) = place.load(&GOOD.replacen(old, new, 1)) else {
        return Some(format!("accepted: {new}"));
    };
    let told = |problem: &Problem| {
        let text = problem.to_string();
        problem.line == *line && words.split('|').all(|word| text.contains(word))
    };
    let all: Vec<String> = problems.iter().map(Problem::to_string).collect();
    let one_line = all.iter().all(|text| !text.contains('\n'));
    let fine = problems.iter().any(told) && one_line;
    (!fine).then(|| format!("{new}\n  wanted, line {line}: {words}\n  told: {all:?}"))
}

#[test]
fn all_faults_are_told_at_once_and_no_secret_is_repeated() {
    let place = Place::new();
    let text = GOOD
        .replace("subaddress = \"+\"", "key_passphrase = \"correct horse\"")
        .replace("role = \"coordinator\"", "role = \"boss\"")
        .replace("\"20 MiB\"", "\"much\"");
    let problems = place.load(&text).expect_err("three faults");
    assert_eq!(problems.0.iter().map(|problem| problem.line).collect::<Vec<_>>(), [4, 26, 48]);
    assert!(!problems.to_string().contains("horse"), "{problems}");
}

#[test]
fn a_fault_of_form_shows_no_line_of_the_file() {
    let place = Place::new();
    let text = "[team]\npassword = hunter2\n";
    let problems = place.load(text).expect_err("not TOML");
    assert!(!problems.to_string().contains("hunter2"), "{problems}");
}

#[test]
fn eve_writes_to_the_configuration() {
    let place = Place::new();
    for mode in [0o602, 0o620, 0o666] {
        place.write("config.toml", GOOD, mode);
        let problems = load(&place.path("config.toml"), None).expect_err("writable");
        assert!(problems.to_string().contains("others can write"), "{problems}");
    }
    place.write("config.toml", GOOD, 0o644);
    assert!(load(&place.path("config.toml"), None).is_ok(), "it may be read by all");
}

#[test]
fn eve_replaces_the_key_of_a_member() {
    let place = Place::new();
    place.write("keys/val.asc", "hers", 0o666);
    let problems = place.load(GOOD).expect_err("writable");
    assert!(problems.to_string().contains("val.asc, which others can write"), "{problems}");
    place.write("keys/val.asc", "his", 0o644);
    assert!(place.load(GOOD).is_ok());
    fs::set_permissions(place.path("keys"), Permissions::from_mode(0o777)).expect("mode");
    assert!(place.load(GOOD).is_err(), "she can rename what lies in a folder of hers");
}

#[test]
fn eve_reads_a_password_file() {
    let place = Place::new();
    for name in ["imap.password", "team.secret.asc", "state.key"] {
        place.write(&format!("keys/{name}"), "open", 0o644);
        let problems = place.load(GOOD).expect_err("readable");
        assert!(problems.to_string().contains("others can read"), "{problems}");
        place.write(&format!("keys/{name}"), "shut", 0o600);
    }
    assert!(place.load(GOOD).is_ok());
}

#[test]
fn templates_that_others_can_write_are_refused() {
    let place = Place::new();
    fs::create_dir(place.path("words")).expect("folder");
    place.write("words/case-opened.txt", "Subject: ours\n\nwords\n", 0o644);
    place.write("words/notes.md", "not one", 0o644);
    let text = GOOD.replace("subaddress = \"+\"", "templates = \"words\"");
    let settings = place.load(&text).expect("settings");
    let read = settings.replaced_templates().expect("templates");
    assert_eq!(read, [("case-opened".to_owned(), "Subject: ours\n\nwords\n".to_owned())]);
    place.write("words/case-opened.txt", "Subject: hers\n\nwords\n", 0o666);
    let problems = settings.replaced_templates().expect_err("writable");
    assert!(problems.to_string().contains("others can write"), "{problems}");
}

#[test]
fn the_house_rules_follow_the_settings() {
    use crate::case::Secrets;
    use crate::mail::Fingerprint;
    use std::collections::BTreeMap;
    let secrets =
        || Secrets { numbers: [1; 32], codes: [2; 32], tokens: [3; 32], message_ids: [4; 32] };
    let key = |digit: &str| Fingerprint::parse(&digit.repeat(40)).expect("fingerprint");
    let settings = Place::new().load(GOOD).expect("settings");
    let keys = BTreeMap::from([("cora".to_owned(), key("A")), ("val".to_owned(), key("B"))]);
    let rules = settings.house_rules(secrets(), &key("C"), &keys).expect("rules");
    assert_eq!(
        rules.roster.by_key(&key("B")).map(|val| val.signs_as.as_str()),
        Some("Example SIRT")
    );
    assert_eq!(rules.roster.coordinators().count(), 1);
    assert_eq!((rules.lists.len(), rules.watches.len(), rules.letters.an_hour), (1, 1, 5_000));
    let same = BTreeMap::from([("cora".to_owned(), key("A")), ("val".to_owned(), key("A"))]);
    let problems =
        settings.house_rules(secrets(), &key("C"), &same).expect_err("one key, two people");
    assert!(problems.to_string().contains("config.toml:34"), "{problems}");
    assert!(settings.house_rules(secrets(), &key("A"), &keys).is_err(), "the team's own key");
}
