//! A state that was damaged on purpose: noticed by `verify`, mended by the next start where the
//! journal can, and named in one line where it cannot.

use crate::support::desk::{Desk, Running};
use crate::support::people::{Person, finders, report};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const REPORTS: usize = 12;

/// A desk that has worked, its caseload, and a copy of its state.
struct Before {
    desk: Desk,
    cases: Vec<Value>,
    copy: PathBuf,
}

impl Before {
    fn new() -> Before {
        let cora = Person::new("Cora", "cora@example.org");
        let desk = Desk::local(&[&cora]);
        let team = desk.certificate();
        for (number, fay) in finders(REPORTS).iter().enumerate() {
            desk.deliver(&fay.sealed(
                &format!("r{number}@finders.example"),
                &report(number),
                &team,
            ));
        }
        assert_eq!(desk.once()["taken"], REPORTS);
        let (cases, copy) = (desk.cases(), desk.path("copy"));
        assert_eq!(cases.len(), REPORTS);
        copy_all(&desk.path("state"), &copy);
        Before { desk, cases, copy }
    }

    /// The state as it was.
    fn put_back(&self) {
        fs::remove_dir_all(self.desk.path("state")).expect("removed");
        copy_all(&self.copy, &self.desk.path("state"));
    }

    fn verify(&self) -> (i32, Vec<Value>) {
        let done = self.desk.sirt(&["verify", "--json"]);
        let told = done.json();
        let findings = told["findings"].as_array().expect("a list").clone();
        assert_eq!(told["ok"] == true, done.status == 0, "{done:?}");
        for finding in &findings {
            assert!(finding["do"].as_str().is_some_and(|todo| !todo.is_empty()), "{finding}");
        }
        (done.status, findings)
    }

    /// `verify` has found something, the next start mends it, and all is as before.
    fn assert_mends_itself(&self, harm: &str) {
        let (status, findings) = self.verify();
        assert_eq!(status, 1, "{harm}");
        assert!(findings.iter().any(|finding| finding["level"] != "note"), "{harm}: {findings:?}");
        self.assert_as_before(harm);
    }

    fn assert_as_before(&self, harm: &str) {
        assert_eq!(self.desk.once()["taken"], 0, "{harm}");
        assert_eq!(self.desk.cases(), self.cases, "{harm}");
        let (status, findings) = self.verify();
        assert_eq!(status, 0, "{harm}: {findings:?}");
    }

    fn file_in(&self, folder: &str) -> PathBuf {
        let files = fs::read_dir(self.desk.path("state").join(folder)).expect("a folder");
        files.flatten().map(|file| file.path()).max().expect("a file")
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_all(&entry.path(), &target);
        } else if entry.file_type().expect("a type").is_file() {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Changes one octet, so many parts of a thousand into the file.
fn flip(path: &Path, thousandth: usize) {
    let mut bytes = fs::read(path).expect("a file");
    let place = bytes.len() * thousandth / 1_000;
    bytes[place] ^= 0x20;
    fs::write(path, bytes).expect("written");
}

fn cut(path: &Path, octets: u64) {
    let file = fs::File::options().write(true).open(path).expect("a file");
    let length = file.metadata().expect("its length").len();
    file.set_len(length.saturating_sub(octets)).expect("cut");
}

/// Files of sled, in all its folders.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.file_type().expect("a type").is_dir() {
            true => files.extend(files_below(&entry.path())),
            false => files.push(entry.path()),
        }
    }
    files.sort();
    files
}

#[test]
fn a_damaged_sled_is_noticed_and_built_anew() {
    let before = Before::new();
    let sled = before.desk.path("state/sled");
    fs::remove_dir_all(&sled).expect("removed");
    before.assert_mends_itself("sled is gone");
    for file in files_below(&before.copy.join("sled")) {
        let name = file.strip_prefix(&before.copy).expect("below it").to_path_buf();
        let path = before.desk.path("state").join(&name);
        if file.metadata().expect("its length").len() == 0 {
            continue;
        }
        before.put_back();
        fs::write(&path, vec![0x5a; 4_096]).expect("written");
        before.assert_mends_itself(&format!("{} is garbage", name.display()));
    }
}

/// Not every octet of sled's files means something; what `verify` passes over has done no harm.
#[test]
fn an_octet_flipped_in_sled_changes_no_case() {
    let before = Before::new();
    let mut noticed = 0;
    for file in files_below(&before.copy.join("sled")) {
        let name = file.strip_prefix(&before.copy).expect("below it").to_path_buf();
        if file.metadata().expect("its length").len() == 0 {
            continue;
        }
        for thousandth in [2, 40, 400] {
            before.put_back();
            flip(&before.desk.path("state").join(&name), thousandth);
            let harm = format!("{} flipped at {thousandth}", name.display());
            let (status, findings) = before.verify();
            noticed += usize::from(status == 1 || !findings.is_empty());
            before.assert_as_before(&harm);
        }
    }
    assert!(noticed > 0, "verify has noticed none of them");
}

#[test]
fn a_sled_cut_short_is_mended() {
    let before = Before::new();
    let mut noticed = 0;
    for file in files_below(&before.copy.join("sled")) {
        let name = file.strip_prefix(&before.copy).expect("below it").to_path_buf();
        let length = file.metadata().expect("its length").len();
        for octets in [length / 3, length * 9 / 10].into_iter().filter(|octets| *octets > 0) {
            before.put_back();
            cut(&before.desk.path("state").join(&name), octets);
            let (status, findings) = before.verify();
            noticed += usize::from(status == 1 || !findings.is_empty());
            before.assert_as_before(&format!("{} without {octets}", name.display()));
        }
    }
    assert!(noticed > 0, "verify has noticed none of them");
}

#[test]
fn a_torn_last_commit_is_taken_back_and_the_mail_taken_again() {
    let before = Before::new();
    let one_more = Person::new("Fay", "fay@finders.example");
    let mail = one_more.sealed("late@finders.example", &report(99), &before.desk.certificate());
    before.desk.add("\n[letters]\nautomatic = false\n");
    before.desk.deliver(&mail);
    assert_eq!(before.desk.once()["taken"], 1);
    let whole = before.desk.cases();
    let journal = before.file_in("journal");
    let (copied, known) = (before.copy.join("journal"), fs::metadata(&journal).expect("it").len());
    let old = fs::metadata(copied.join(journal.file_name().expect("a name"))).expect("it").len();
    // Cut inside the first commit that came on top: it never counted.
    cut(&journal, known - old - 10);
    before.desk.deliver(&mail);
    let (_, findings) = before.verify();
    assert!(
        findings.iter().any(|it| it["what"].as_str().is_some_and(|it| it.contains("not finished")))
    );
    assert_eq!(before.desk.once()["taken"], 1, "it is taken in once more");
    let again = before.desk.cases();
    assert_eq!((again.len(), whole.len()), (REPORTS + 1, REPORTS + 1));
    assert_eq!(again.last().map(|case| &case["case"]), whole.last().map(|case| &case["case"]));
    assert_eq!(before.verify().0, 0);
}

#[test]
fn a_changed_journal_is_named_and_nothing_is_written_over_it() {
    let before = Before::new();
    let journal = before.file_in("journal");
    let name = journal.file_name().expect("a name").to_string_lossy().into_owned();
    for (thousandth, with_sled) in [(300, true), (500, false), (800, true)] {
        before.put_back();
        flip(&journal, thousandth);
        if !with_sled {
            fs::remove_dir_all(before.desk.path("state/sled")).expect("removed");
        }
        let damaged = fs::read(&journal).expect("a journal");
        let words = [name.trim_end_matches(".log"), "is damaged at entry", "backup"];
        for command in ["once", "run", "cases"] {
            before.desk.sirt(&[command]).ended(75).says(&words);
        }
        let (status, findings) = before.verify();
        assert_eq!(status, 1);
        assert!(findings[0]["what"].as_str().is_some_and(|what| what.contains("at entry")));
        assert!(fs::read(&journal).expect("a journal") == damaged, "it was written to");
    }
}

/// The id that `verify` names is that of the mail itself.
#[test]
fn a_damaged_mail_is_named_also_beside_a_running_gateway() {
    let before = Before::new();
    let segment = before.file_in("mail");
    flip(&segment, 500);
    let (status, offline) = before.verify();
    assert_eq!(status, 1);
    assert_names_one_mail(&offline);

    let gateway: Running<'_> = before.desk.start();
    let (status, beside) = before.verify();
    assert_eq!((status, &beside), (1, &offline), "the same, asked through the socket");
    flip(&segment, 500);
    assert_eq!(before.verify(), (0, Vec::new()), "mended under its hand");
    flip(&segment, 250);
    let (status, findings) = before.verify();
    assert_eq!(status, 1);
    assert_names_one_mail(&findings);
    gateway.stop();
    assert_eq!(before.verify(), (1, findings));
    assert_eq!(before.desk.cases(), before.cases, "a damaged mail costs itself alone");
}

#[track_caller]
fn assert_names_one_mail(findings: &[Value]) {
    let [finding] = findings.iter().filter(|one| one["level"] == "error").collect::<Vec<_>>()[..]
    else {
        panic!("{findings:?}")
    };
    let place = finding["where"].as_str().expect("a place");
    assert!(place.starts_with("mail ") && place.contains(" of entry "), "{finding}");
    assert_ne!(finding["do"], json!(""));
}
