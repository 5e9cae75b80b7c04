//! Postfix's smtp-sink: a relay that takes everything, or fails as it is told.

use super::letters::below_transport_headers;
use super::{free_port, until_listening};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub struct SmtpSink {
    child: Child,
    dump: TempDir,
    pub port: u16,
}

impl SmtpSink {
    /// Starts one with more flags (`-q .` disconnects after the end of the mail's data).
    pub fn start(flags: &[&str]) -> SmtpSink {
        let (dump, port) = (tempfile::tempdir().expect("a directory"), free_port());
        let child = Command::new("/usr/sbin/smtp-sink")
            .current_dir(dump.path())
            .args(["-u", "root", "-d", "mail."])
            .args(flags)
            .args([&format!("127.0.0.1:{port}"), "64"])
            .stderr(Stdio::null())
            .spawn()
            .expect("smtp-sink of the postfix package");
        let sink = SmtpSink { child, dump, port };
        until_listening(port);
        sink
    }

    /// How many letters it took so far.
    pub fn count(&self) -> usize {
        std::fs::read_dir(self.dump.path()).expect("the dump").count()
    }

    /// What it took from others than ourselves, below its own fields.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        let files = std::fs::read_dir(self.dump.path()).expect("the dump");
        let read = |file: std::io::Result<std::fs::DirEntry>| {
            let stored = std::fs::read_to_string(file.expect("a file").path()).expect("ASCII");
            stored.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()
        };
        files.map(read).collect()
    }

    /// The letters it took. The sink adds one line end to each.
    pub fn letters(&self) -> Vec<Vec<u8>> {
        let files = std::fs::read_dir(self.dump.path()).expect("the dump");
        let read = |file: std::io::Result<std::fs::DirEntry>| {
            let stored = std::fs::read(file.expect("a file").path()).expect("its bytes");
            let letter = below_transport_headers(&stored);
            letter.strip_suffix(b"\r\n").expect("the sink's line end").to_vec()
        };
        files.map(read).collect()
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
