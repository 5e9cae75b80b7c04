//! A terminal that a test looks at and types into: tmux, on a socket of its own.

use std::ffi::OsStr;
use std::fs;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// As wide as the narrowest that people use, and high enough for a whole letter.
const COLUMNS: &str = "80";
const ROWS: &str = "300";

/// What tmux says once the program in it has ended.
const ENDED: &str = "Pane is dead";

/// How long anything may take to show.
const PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);
const LOOKS_BETWEEN_KEYS: usize = 25;

pub struct Terminal {
    place: TempDir,
}

impl Terminal {
    /// Runs this program in it, with these variables besides those of the test.
    pub fn run(program: &[&str], variables: &[(&str, &OsStr)]) -> Terminal {
        let place = tempfile::Builder::new().prefix("tmux").tempdir().expect("a folder");
        let settings = "set -g status off\nset -g default-terminal screen\n\
             set -g remain-on-exit on\nset -s escape-time 0\n";
        fs::write(place.path().join("conf"), settings).expect("settings");
        let terminal = Terminal { place };
        let mut tmux = terminal.tmux();
        tmux.envs(variables.iter().copied());
        tmux.args(["new-session", "-d", "-x", COLUMNS, "-y", ROWS]).args(program);
        told(&tmux.output().expect("tmux is needed for this test; `make test` installs it"));
        terminal
    }

    fn tmux(&self) -> Command {
        let mut tmux = Command::new("tmux");
        tmux.env_remove("TMUX").env("LC_ALL", "C.UTF-8").env("TZ", "UTC").arg("-u");
        tmux.arg("-S").arg(self.place.path().join("socket"));
        tmux.arg("-f").arg(self.place.path().join("conf"));
        tmux
    }

    /// Presses keys, by tmux's names for them: `Enter`, `F5`, `y`.
    pub fn press(&self, keys: &[&str]) {
        told(&self.tmux().arg("send-keys").args(keys).output().expect("tmux"));
    }

    /// What it shows, without the blank lines below.
    pub fn screen(&self) -> String {
        let shown = told(&self.tmux().args(["capture-pane", "-p"]).output().expect("tmux"));
        shown.trim_end().to_owned()
    }

    /// The screen once this can be seen on it.
    #[track_caller]
    pub fn until(&self, what: &str, seen: impl Fn(&str) -> bool) -> String {
        self.until_pressing(&[], what, seen)
    }

    /// The same, for what shows only after keys that do no harm when pressed again.
    #[track_caller]
    pub fn until_pressing(&self, keys: &[&str], what: &str, seen: impl Fn(&str) -> bool) -> String {
        let (begun, mut before) = (Instant::now(), String::new());
        for look in 0.. {
            let screen = self.screen();
            // Twice the same: it is painted to its end.
            if seen(&screen) && screen == before {
                return screen;
            }
            let in_time = begun.elapsed() < PATIENCE && !screen.contains(ENDED);
            assert!(in_time, "no {what} on the screen:\n{screen}");
            if look % LOOKS_BETWEEN_KEYS == 0 && !keys.is_empty() {
                self.press(keys);
            }
            before = screen;
            std::thread::sleep(BETWEEN_LOOKS);
        }
        unreachable!("it is found, or time is up")
    }
}

fn told(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.tmux().arg("kill-server").output();
    }
}
