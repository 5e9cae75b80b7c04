use super::*;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

fn command(line: &str) -> SecretSource {
    SecretSource::Command(line.to_owned())
}

fn text(source: &SecretSource) -> Result<String, String> {
    source.text().map(|secret| secret.reveal().to_owned())
}

fn file(folder: &TempDir, name: &str, bytes: &[u8], mode: u32) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("written");
    fs::set_permissions(&path, Permissions::from_mode(mode)).expect("mode");
    path
}

#[test]
fn one_line_end_is_cut_and_no_more() {
    let folder = TempDir::new().expect("folder");
    for (written, read) in [("pw", "pw"), ("pw\n", "pw"), ("pw\r\n", "pw"), (" p w ", " p w ")] {
        let source = SecretSource::File(file(&folder, "one", written.as_bytes(), 0o600));
        assert_eq!(text(&source).expect("a secret"), read);
    }
    for written in ["", "\n", "a\nb\n", "a\n\n"] {
        let source = SecretSource::File(file(&folder, "bad", written.as_bytes(), 0o600));
        assert!(text(&source).is_err(), "{written:?}");
    }
}

#[test]
fn a_file_opened_to_others_later_is_refused_when_it_is_read() {
    let folder = TempDir::new().expect("folder");
    let source = SecretSource::File(file(&folder, "pw", b"secret-words", 0o604));
    let error = text(&source).expect_err("readable by others");
    assert!(error.contains("chmod 600") && !error.contains("secret-words"), "{error}");
}

#[test]
fn a_command_prints_a_secret() {
    assert_eq!(text(&command("printf 'from a vault\\n'")).expect("a secret"), "from a vault");
    assert!(text(&command("echo almost; exit 1")).is_err());
    assert!(text(&command("/nowhere/at/all")).is_err());
    let error = text(&command("echo sesame; false")).expect_err("failed");
    assert!(!error.contains("sesame"), "{error}");
}

#[test]
fn a_command_that_hangs_is_ended_with_all_it_started() {
    let folder = TempDir::new().expect("folder");
    let mark = folder.path().join("mark");
    let line = format!("(sleep 600; touch {}) & sleep 600", mark.display());
    let error = printed(&line, Duration::from_millis(50)).expect_err("too long");
    assert!(error.contains("took more than"), "{error}");
    assert!(!mark.exists());
}

#[test]
fn what_systemd_lays_ready_goes_first() {
    let (folder, lent) = (TempDir::new().expect("folder"), TempDir::new().expect("lent"));
    let path = file(&folder, "imap.password", b"on disk", 0o600);
    file(&lent, "imap.password", b"lent\n", 0o440);
    let source = secret_at(&path, Some(lent.path()));
    assert_eq!(text(&source).expect("a secret"), "lent");
    assert_eq!(secret_at(&path, None), SecretSource::File(path.clone()));
    let other = folder.path().join("other");
    assert_eq!(secret_at(&other, Some(lent.path())), SecretSource::File(other.clone()));
}

#[test]
fn a_state_key_is_32_octets_however_they_end() {
    let folder = TempDir::new().expect("folder");
    let mut raw = [7_u8; 32];
    raw[31] = b'\n';
    let key = |bytes: &[u8]| {
        SecretSource::File(file(&folder, "state.key", bytes, 0o600)).key().map(|key| *key)
    };
    assert_eq!(key(&raw), Ok(raw));
    assert_eq!(key("0a".repeat(32).as_bytes()), Ok([10; 32]));
    assert_eq!(key(format!("{}\n", "0a".repeat(32)).as_bytes()), Ok([10; 32]));
    assert!(key(&[7; 31]).is_err() && key(b"").is_err() && key(&[7; 34]).is_err());
}

#[test]
fn a_source_shows_no_secret() {
    let shown = format!("{:?}", Secret::new("sesame".into()));
    assert!(!shown.contains("sesame"));
}
