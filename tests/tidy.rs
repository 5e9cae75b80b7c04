//! The house rules, as tests: who may name whom, sizes, words, and what never stands in a file.
//!
//! Each rule is a function from one file to its faults; the last tests plant a fault for each.

use regex::Regex;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Which of our modules a module may name. `limits` is free; what is missing here may name all.
const ARROWS: &[(&str, &[&str])] = &[
    ("limits", &[]),
    ("mail", &[]),
    ("case", &["mail"]),
    ("triage", &["case", "mail"]),
    ("letter", &["case", "mail"]),
    ("siren", &["case", "mail"]),
    ("command", &["siren", "letter", "case", "mail"]),
    ("desk", &["command", "siren", "letter", "triage", "case", "mail"]),
    ("pgp", &["mail"]),
    ("net", &[]),
    ("control", &[]),
    ("store", &["case", "letter", "desk", "mail"]),
    ("intake", &["net", "desk", "mail"]),
    ("outbox", &["net", "pgp", "letter", "case", "mail"]),
    ("worker", &["mail", "pgp"]),
    ("config", &["command", "case", "mail", "net", "intake", "pgp"]),
];

const CORE: &[&str] = &["case", "command", "triage", "siren", "letter", "desk"];

/// What the core does not name: no clock, no chance, nothing that waits or fails, no log.
const NOT_IN_CORE: &[&str] = &[
    r"\basync\b",
    r"\.await\b",
    r"\b(Timestamp|Zoned|Instant|SystemTime)::now\b",
    r"\bstd::(fs|io|net|env|process|thread|time|os)\b",
    r"\b(tokio|tracing|getrandom|rustix|log)::",
    r"\b(e?print(ln)?|dbg)!",
    r"\bHash(Map|Set)\b",
];

/// The only places that name an outside crate.
const HOMES: &[(&str, &[&str])] = &[
    ("mail_parser", &["src/mail/"]),
    ("html2text", &["src/mail/"]),
    ("sequoia_openpgp", &["src/pgp/"]),
    ("sled", &["src/store/"]),
    ("chacha20poly1305", &["src/store/"]),
    ("async_imap", &["src/intake/imap"]),
    ("lettre", &["src/outbox/relay"]),
    ("minijinja", &["src/letter/"]),
    ("clap", &["src/main.rs"]),
    ("tracing_subscriber", &["src/cli/log.rs"]),
    ("sd_notify", &["src/gateway/notify.rs"]),
    (
        "tokio",
        &[
            "src/main.rs",
            "src/gateway",
            "src/control",
            "src/worker",
            "src/net",
            "src/intake",
            "src/outbox",
            "src/cli",
            "src/tabletop",
        ],
    ),
    ("anyhow", &["src/main.rs", "src/pgp/"]),
];

/// Modules in which nothing may panic over what somebody sent or wrote.
const CAREFUL: &[&str] = &[
    "mail", "pgp", "worker", "intake", "outbox", "triage", "desk", "case", "letter", "command",
    "config", "cli", "control", "net", "store", "gateway",
];

/// Words for which this house has another.
const NOT_OUR_WORDS: &[&str] = &[
    "ticket",
    "submission",
    "repository",
    "manager",
    "researcher",
    "agent",
    "admin",
    "nda",
    "visibility",
    "bulletin",
    "announcement",
    "notification",
    "disposition",
    "email",
];

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
const COLUMNS: usize = 100;

/// One file of the project, by its path from the top.
struct File {
    path: String,
    text: String,
}

impl File {
    /// `case` of `src/case/id.rs` and of `src/case.rs`.
    fn module(&self) -> Option<&str> {
        let rest = self.path.strip_prefix("src/")?;
        rest.split('/').next().map(|first| first.trim_end_matches(".rs"))
    }

    /// The program's text without comments and without the tests at its end.
    fn code(&self) -> String {
        let tests =
            Regex::new(r"(?m)^#\[cfg\(test\)\]\n(?:#\[[^\n]*\]\n)*mod \w+ \{").expect("regex");
        let end = tests.find(&self.text).map_or(self.text.len(), |found| found.start());
        let lines = self.text[..end].lines();
        let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        if !path.is_dir() {
            found.push(path);
        } else if !["target", ".git"].iter().any(|skip| path.ends_with(skip)) {
            below(&path, found);
        }
    }
}

/// Every text file of the project: without those that git ignores, where git is at hand.
fn files() -> Vec<File> {
    let git = std::process::Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(top())
        .output();
    let kept: Option<BTreeSet<PathBuf>> = git.ok().filter(|git| git.status.success()).map(|git| {
        String::from_utf8_lossy(&git.stdout).lines().map(|line| top().join(line)).collect()
    });
    let mut paths = Vec::new();
    below(top(), &mut paths);
    paths.retain(|path| kept.as_ref().is_none_or(|kept| kept.contains(path)));
    paths.sort();
    paths
        .iter()
        .filter_map(|path| {
            let text = std::fs::read_to_string(path).ok()?;
            let path =
                path.strip_prefix(top()).expect("below the top").to_string_lossy().into_owned();
            Some(File { path, text })
        })
        .collect()
}

fn rust() -> Vec<File> {
    files().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

/// Files that are compiled for tests alone.
fn only_tests(files: &[File]) -> BTreeSet<String> {
    let declared = Regex::new(
        r#"(?x) \#\[cfg\(test\)\]\s* (?:\#\[path\ =\ "(?P<path>[^"]+)"\]\s*)?
            (?:pub(?:\([^)]*\))?\ )? mod\ (?P<name>\w+);"#,
    )
    .expect("regex");
    let mut found = BTreeSet::new();
    for file in files {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let stem = file.path.trim_end_matches(".rs").trim_end_matches("/mod");
        for test in declared.captures_iter(&file.text) {
            match (test.name("path"), &test["name"]) {
                (Some(path), _) => drop(found.insert(format!("{folder}/{}", path.as_str()))),
                (None, name) => {
                    found.extend([format!("{folder}/{name}.rs"), format!("{stem}/{name}.rs")])
                }
            }
        }
    }
    found
}

/// The program itself, without what is compiled for tests alone.
fn program() -> Vec<File> {
    let files = rust();
    let tests = only_tests(&files);
    let ours = |file: &File| {
        let test = file.path.ends_with("_tests.rs") || tests.contains(&file.path);
        file.path.starts_with("src/") && !test
    };
    files.into_iter().filter(ours).collect()
}

fn arrows(file: &File) -> Vec<String> {
    let Some(module) = file.module() else { return Vec::new() };
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
        return Vec::new();
    };
    let named = Regex::new(r"\bcrate::(?:(\w+)|\{([^;]*)\})").expect("regex");
    let first = Regex::new(r"(?:^|,)\s*(\w+)").expect("regex");
    let code = file.code();
    let mut found = BTreeSet::new();
    for name in named.captures_iter(&code) {
        match (name.get(1), name.get(2)) {
            (Some(one), _) => drop(found.insert(one.as_str().to_owned())),
            (None, Some(group)) => {
                let group = outermost(group.as_str());
                found.extend(first.captures_iter(&group).map(|name| name[1].to_owned()));
            }
            (None, None) => {}
        }
    }
    found.retain(|name| name != module && name != "limits" && !allowed.contains(&name.as_str()));
    found.iter().map(|name| format!("{}: {module} must not name {name}", file.path)).collect()
}

/// A group of imports without what stands in braces inside it.
fn outermost(group: &str) -> String {
    let mut depth = 0;
    group
        .chars()
        .filter(|c| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            depth == 0 && *c != '}'
        })
        .collect()
}

fn core(file: &File) -> Vec<String> {
    if !file.module().is_some_and(|module| CORE.contains(&module)) {
        return Vec::new();
    }
    let code = file.code();
    let found = NOT_IN_CORE.iter().filter_map(|banned| {
        let found = Regex::new(banned).expect("regex").find(&code)?.as_str().to_owned();
        Some(format!("{}: the core must not name {found}", file.path))
    });
    found.collect()
}

fn homes(file: &File) -> Vec<String> {
    let code = file.code();
    let away = HOMES.iter().filter(|(name, homes)| {
        let named = Regex::new(&format!(r"\b{name}(::|;)")).expect("regex").is_match(&code);
        named && !homes.iter().any(|home| file.path.starts_with(home))
    });
    away.map(|(name, _)| format!("{}: {name} has its place elsewhere", file.path)).collect()
}

fn panics(file: &File) -> Vec<String> {
    if !file.module().is_some_and(|module| CAREFUL.contains(&module)) {
        return Vec::new();
    }
    let panics =
        Regex::new(r"\.unwrap\(\)|\.expect\(|\b(todo|unimplemented|panic)!").expect("regex");
    let found: Vec<String> = panics.find_iter(&file.code()).map(|at| at.as_str().into()).collect();
    found.iter().map(|call| format!("{}: {call} may panic", file.path)).collect()
}

fn words(file: &File) -> Vec<String> {
    let defined = Regex::new(r"\b(?:struct|enum|trait|type|fn|mod)\s+(\w+)").expect("regex");
    let part = Regex::new(r"[A-Z]+(?:[a-z0-9]*)|[a-z0-9]+").expect("regex");
    let code = file.code();
    let names = defined.captures_iter(&code).map(|name| name[1].to_owned());
    let ours = |name: &String| {
        let mut parts = part.find_iter(name).map(|part| part.as_str().to_lowercase());
        !parts.any(|part| NOT_OUR_WORDS.contains(&part.as_str()))
    };
    let foreign = names.filter(|name| !ours(name));
    foreign.map(|name| format!("{}: {name} has another word here", file.path)).collect()
}

fn sizes(file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    let lines: Vec<&str> = file.text.lines().collect();
    if lines.len() > FILE_LINES {
        faults.push(format!("{}: {} lines", file.path, lines.len()));
    }
    for (number, line) in lines.iter().enumerate() {
        if line.chars().count() > COLUMNS {
            faults.push(format!("{}:{}: over {COLUMNS} columns", file.path, number + 1));
        }
    }
    for (number, name, length) in functions(&lines) {
        if length > FUNCTION_LINES {
            faults.push(format!("{}:{number}: {name} has {length} lines", file.path));
        }
    }
    faults
}

/// Line, name and length of each function; rustfmt has laid them out.
fn functions(lines: &[&str]) -> Vec<(usize, String, usize)> {
    let head =
        Regex::new(r"^( *)(?:pub(?:\([^)]*\))? )?(?:const |async )*fn (\w+)").expect("regex");
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let Some(head) = head.captures(line) else { continue };
        if line.ends_with('}') || line.ends_with(';') {
            continue;
        }
        let ends = [format!("{}}}", &head[1]), format!("{});", &head[1])];
        let length = lines[number..].iter().position(|line| ends.iter().any(|end| end == line));
        found.push((number + 1, head[2].to_owned(), length.unwrap_or(lines.len()) + 1));
    }
    found
}

/// What says where this was made instead of what it is. Written apart, so that it is not here.
fn machines(file: &File) -> Vec<String> {
    let hosts = [
        ["//crates", ".io"],
        ["index.crates", ".io"],
        ["static.crates", ".io"],
        ["pypi", ".org"],
        ["registry.npmjs", ".org"],
        ["deb.debian", ".org"],
        ["proxy.golang", ".org"],
        ["docs", ".rs/"],
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["/ho", "me/"],
        ["/tm", "p/"],
        [".car", "go/"],
    ];
    if file.path == "Cargo.lock" {
        return Vec::new();
    }
    let named =
        hosts.map(|parts| parts.concat()).into_iter().filter(|host| file.text.contains(host));
    named.map(|host| format!("{}: names {host}", file.path)).collect()
}

fn no_faults(files: &[File], rule: fn(&File) -> Vec<String>) {
    assert!(!files.is_empty());
    let faults: Vec<String> = files.iter().flat_map(rule).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn arrows_point_inwards() {
    no_faults(&program(), arrows);
}

#[test]
fn the_core_computes_and_does_nothing_else() {
    no_faults(&program(), core);
}

#[test]
fn outside_crates_have_one_place() {
    no_faults(&program(), homes);
}

#[test]
fn nothing_panics_over_what_strangers_sent() {
    no_faults(&program(), panics);
}

#[test]
fn one_word_a_thing() {
    no_faults(&program(), words);
}

#[test]
fn files_functions_and_lines_are_short() {
    no_faults(&rust(), sizes);
}

#[test]
fn no_file_says_where_it_was_made() {
    no_faults(&files(), machines);
}

#[test]
fn unsafe_code_is_forbidden() {
    for root in ["src/lib.rs", "src/main.rs"] {
        let text = std::fs::read_to_string(top().join(root)).expect("there");
        assert!(text.contains("#![forbid(unsafe_code)]"), "{root}");
    }
}

/// Rule, path, text with a fault, text without.
type Planted = (fn(&File) -> Vec<String>, &'static str, &'static str, &'static str);

const PLANTED: &[Planted] = &[
    (arrows, "src/case/id.rs", "use crate::store::Store;", "use crate::mail::Address;"),
    (arrows, "src/mail/mod.rs", "fn x() { crate::pgp::open() }", "use crate::limits::MIB;"),
    (
        arrows,
        "src/intake/imap.rs",
        "use crate::{limits, outbox::Fate};",
        "use crate::{net::{Tls, Login}, limits};",
    ),
    (arrows, "src/outbox/dress.rs", "use crate::{net::{Tls}, worker};", "// use crate::worker;"),
    (arrows, "src/control.rs", "use crate::store;", "#[cfg(test)]\nmod tests {\nuse crate::store;"),
    (core, "src/desk/mod.rs", "let now = Timestamp::now();", "use jiff::Timestamp;"),
    (core, "src/letter/mod.rs", "async fn x() {}", "fn x() {}"),
    (
        core,
        "src/triage/mod.rs",
        "use std::collections::HashMap;",
        "use std::collections::BTreeMap;",
    ),
    (core, "src/case/mod.rs", "tracing::info!(1);", "// tracing::info!(1);"),
    (homes, "src/mail/mod.rs", "use sequoia_openpgp::Cert;", "use mail_parser::Message;"),
    (homes, "src/gateway.rs", "sled::open(x)", "tokio::spawn(x)"),
    (homes, "src/intake/maildir.rs", "use async_imap::Client;", "use tokio::fs;"),
    (panics, "src/mail/mod.rs", "x.unwrap();", "key.unwrap(wrapped);"),
    (panics, "src/pgp/open.rs", "x.expect(\"y\");", "#[cfg(test)]\nmod tests {\nx.expect(\"y\");"),
    (panics, "src/desk/mod.rs", "todo!()", "// todo!()"),
    (words, "src/case/mod.rs", "pub struct CaseManager;", "pub struct Caseload;"),
    (words, "src/case/mod.rs", "fn open_ticket() {}", "fn open_case() {}"),
];

#[test]
fn each_rule_finds_a_fault_and_leaves_the_rest() {
    for (rule, path, bad, good) in PLANTED {
        let faults = |text: &str| rule(&File { path: (*path).into(), text: text.into() });
        assert!(!faults(bad).is_empty(), "not found: {path}: {bad}");
        assert!(faults(good).is_empty(), "found in {path}: {good}: {:?}", faults(good));
    }
}

#[test]
fn the_rule_of_sizes_finds_what_is_too_long() {
    let file = |text: String| File { path: "src/x.rs".into(), text };
    let long = format!(
        "    pub async fn x(\n        a: u8,\n    ) {{\n{}    }}\n",
        "        y();\n".repeat(70)
    );
    assert_eq!(sizes(&file(long)).len(), 1);
    let short = format!("fn x() {{\n{}}}\nfn z() {{}}\n", "    y();\n".repeat(68));
    assert!(sizes(&file(short)).is_empty());
    assert_eq!(sizes(&file("x\n".repeat(501))).len(), 1);
    assert_eq!(sizes(&file("x".repeat(101))).len(), 1);
}

#[test]
fn the_rule_of_machines_finds_hosts_and_paths() {
    for text in [["see https://crates", ".io/x"], ["cp /ro", "ot/x"], ["/ho", "me/val/x"]] {
        let file = File { path: "README.md".into(), text: text.concat() };
        assert_eq!(machines(&file).len(), 1, "{}", file.text);
    }
}

#[test]
fn files_for_tests_alone_are_known() {
    let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
    let found = only_tests(&[
        file("src/pgp/mod.rs", "#[cfg(test)]\npub(crate) mod cast;\nmod open;\n"),
        file("src/control.rs", "#[cfg(test)]\n#[path = \"control_tests.rs\"]\nmod tests;\n"),
    ]);
    assert!(found.contains("src/pgp/cast.rs") && found.contains("src/control_tests.rs"));
    assert!(!found.iter().any(|path| path.ends_with("open.rs")));
}
