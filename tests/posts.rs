//! Walks the posts under `fixtures/posts`: opens each as a worker does, reads it, and compares what
//! it says with the `.observed` beside it. The form of that file stands in the README there.
//!
//! `SIRT_POSTS=folder cargo test --test main scores_a_folder -- --nocapture` scores another folder
//! of the same form and prints precision, recall and F1 of each field, with every error.

use sirt_gateway::case::{Observed, Watch};
use sirt_gateway::mail::{Fingerprint, Mail};
use sirt_gateway::pgp::{Opener, TeamKey};
use sirt_gateway::triage::posts::read;
use sirt_gateway::worker::{Request, open};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Fewer posts than this show too little.
const ENOUGH: usize = 20;
const SETS: [&str; 3] = ["ids", "affected", "fixed"];

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn watch() -> Watch {
    Watch {
        name: "oss-list".to_owned(),
        list_id: "oss-list.lists.test".to_owned(),
        address: None,
        archive: Some("https://lists.test/oss-list/{message_id}/".to_owned()),
    }
}

pub struct Desk {
    opener: Opener,
    ours: Vec<Fingerprint>,
}

impl Desk {
    pub fn new() -> Desk {
        let secret = fs::read(fixtures("people").join("team.secret.asc")).expect("the team's key");
        let team = TeamKey::read(&secret, None).expect("the team's key");
        let part = team.decryption_part().expect("its decryption part");
        let opener = Opener::new(&part).expect("an opener");
        Desk { opener, ours: vec![team.certificate().fingerprint().clone()] }
    }

    pub fn open(&self, raw: &[u8]) -> Mail {
        let now = "2026-11-20T12:00:00Z".parse().expect("instant");
        let request = Request { on_record: &[], ours: &self.ours, now };
        open(raw, &self.opener, &request).expect("a mail").mail
    }

    pub fn read(&self, raw: &[u8]) -> Observed {
        read(&self.open(raw), Some(&watch()))
    }

    fn read_file(&self, path: &Path) -> Observed {
        self.read(&fs::read(path).expect("a mail"))
    }
}

type Lines = BTreeMap<String, String>;

/// What the `.observed` beside a post says.
fn expected(path: &Path) -> Lines {
    let path = path.with_extension("observed");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    pairs.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned())).collect()
}

/// What was read, in the same form.
fn shown(post: &Observed) -> Lines {
    let yes = |said: bool| if said { "yes" } else { "no" }.to_owned();
    let series = post.series.as_ref().map(|s| format!("{} {}", s.name, s.version));
    let thread: Vec<&str> = post.thread.iter().map(|id| id.as_str()).collect();
    let severity = post.severity.map(|severity| severity.to_string());
    [
        ("kind", post.kind.to_string()),
        ("ids", post.ids.join(" ")),
        ("about", post.about.join(" ")),
        ("affected", post.affected.join(" ")),
        ("fixed", post.fixed.join(" ")),
        ("series", series.unwrap_or_default()),
        ("severity", severity.unwrap_or_default()),
        ("exploited", yes(post.exploited.is_some())),
        ("malicious", yes(post.malicious.is_some())),
        ("takes-back", yes(post.takes_back)),
        ("subject", post.subject.clone()),
        ("author", post.author.clone()),
        ("thread", thread.join(" ")),
        ("archive", post.archive.clone().unwrap_or_default()),
        ("gist", post.gist.clone()),
        ("packages", post.packages.join(" ")),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into()
}

fn set(lines: &Lines, key: &str) -> BTreeSet<String> {
    lines.get(key).map(|v| v.split_whitespace().map(str::to_owned).collect()).unwrap_or_default()
}

pub fn posts(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).expect("a folder");
    let mut posts: Vec<PathBuf> = files
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    posts.sort();
    posts
}

#[test]
fn every_post_says_what_it_says() {
    let (desk, mut wrong) = (Desk::new(), Vec::new());
    let posts = posts(&fixtures("posts"));
    assert!(posts.len() >= ENOUGH, "{} posts are too few", posts.len());
    for path in &posts {
        let (wanted, found) = (expected(path), shown(&desk.read_file(path)));
        let name = path.file_stem().expect("a name").to_string_lossy();
        for (key, value) in &wanted {
            let same = match key.as_str() {
                "ids" | "about" | "affected" | "fixed" => set(&wanted, key) == set(&found, key),
                "gist" => found[key].contains(value.as_str()),
                _ => &found[key] == value,
            };
            if !same {
                wrong.push(format!("{name}: {key}: wanted {value:?}, got {:?}", found[key]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Eve subscribes Vic's address, so that the list writes it below every post. None of it is kept.
#[test]
fn nothing_of_a_subscriber_is_kept() {
    let desk = Desk::new();
    for path in posts(&fixtures("posts")) {
        let post = format!("{:?}", desk.read_file(&path));
        for private in ["vic@", "vic%40", "vic=", "/leave/", "xyzzy-token", "unsubscribe"] {
            assert!(!post.contains(private), "{}: {private}: {post}", path.display());
        }
    }
}

/// A post that is wrapped otherwise, tagged and given a footer has the print of the first.
#[test]
fn a_list_leaves_the_print_alone() {
    let desk = Desk::new();
    let (one, other) = (fixtures("posts/siren-first.eml"), fixtures("posts/siren-groups-copy.eml"));
    let (one, other) = (desk.read_file(&one), desk.read_file(&other));
    let (one, other): (BTreeSet<_>, BTreeSet<_>) =
        (one.print.into_iter().collect(), other.print.into_iter().collect());
    assert!(one.len() >= 20);
    assert!(one.intersection(&other).count() * 10 >= one.len() * 9, "{one:?} {other:?}");
}

/// Hits, false finds and misses of one field.
#[derive(Default)]
struct Score {
    hits: usize,
    false_finds: usize,
    misses: usize,
    /// Posts in which the whole set is right.
    exact: usize,
}

impl Score {
    fn add(&mut self, wanted: &BTreeSet<String>, found: &BTreeSet<String>) {
        self.hits += wanted.intersection(found).count();
        self.false_finds += found.difference(wanted).count();
        self.misses += wanted.difference(found).count();
        self.exact += usize::from(wanted == found);
    }

    fn line(&self, posts: usize) -> String {
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let precision = share(self.hits, self.hits + self.false_finds);
        let recall = share(self.hits, self.hits + self.misses);
        let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
        let exact = share(self.exact, posts);
        format!("precision {precision:.3} recall {recall:.3} F1 {f1:.3} whole sets {exact:.3}")
    }
}

#[test]
fn scores_a_folder() {
    let Some(folder) = std::env::var_os("SIRT_POSTS") else { return };
    let (desk, posts) = (Desk::new(), posts(Path::new(&folder)));
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut kinds: BTreeMap<String, Score> = BTreeMap::new();
    for path in &posts {
        let (wanted, found) = (expected(path), shown(&desk.read_file(path)));
        let name = path.file_stem().expect("a name").to_string_lossy();
        for key in SETS {
            let (wanted, found) = (set(&wanted, key), set(&found, key));
            if wanted != found {
                println!("{name}: {key}: wanted {wanted:?}, got {found:?}");
            }
            scores.entry(key).or_default().add(&wanted, &found);
        }
        let both = |lines: &Lines| -> BTreeSet<String> {
            let fixed = set(lines, "fixed").into_iter().map(|one| format!("fixed {one}"));
            set(lines, "affected").into_iter().chain(fixed).collect()
        };
        scores.entry("versions").or_default().add(&both(&wanted), &both(&found));
        for key in wanted.keys().filter(|key| !SETS.contains(&key.as_str())) {
            let (wanted, found) = (&wanted[key], &found[key]);
            if wanted != found {
                println!("{name}: {key}: wanted {wanted:?}, got {found:?}");
            }
            if key == "kind" {
                kinds.entry(wanted.clone()).or_default().hits += usize::from(wanted == found);
                kinds.entry(wanted.clone()).or_default().misses += usize::from(wanted != found);
                kinds.entry(found.clone()).or_default().false_finds += usize::from(wanted != found);
            }
        }
    }
    println!("{} posts", posts.len());
    for (key, score) in &scores {
        println!("{key:>10}: {}", score.line(posts.len()));
    }
    for (kind, score) in &kinds {
        println!("{kind:>12}: {} ({})", score.line(1), score.hits + score.misses);
    }
}
