//! What several tests need: servers of their own, and the letters they carry.

pub mod desk;
pub mod dovecot;
pub mod gnupg;
pub mod letters;
pub mod mailman;
pub mod neomutt;
pub mod people;
pub mod pgp_mime;
pub mod postfix;
pub mod site;
pub mod smtp_sink;
pub mod story;
pub mod terminal;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

/// A loopback port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}

/// Returns when something listens there. Only for servers that cannot say so themselves.
pub fn until_listening(port: u16) {
    until_listening_within(port, 5);
}

/// For servers that take their time.
pub fn until_listening_within(port: u16, seconds: u32) {
    for _ in 0..100 * seconds {
        if TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("nothing listens on port {port} after {seconds} seconds");
}

/// Gives the work a file system of its own, of that size. Where this process may not mount one,
/// says so and leaves it out.
pub fn on_a_small_disk(size: &str, work: impl FnOnce(&std::path::Path)) {
    let place = tempfile::Builder::new().prefix("disk").tempdir().expect("a folder");
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", &format!("size={size}"), "none"])
        .arg(place.path())
        .output();
    if !mounted.is_ok_and(|mounted| mounted.status.success()) {
        return println!("no file system may be mounted here: left out");
    }
    let disk = Mounted(place.path());
    work(disk.0);
}

struct Mounted<'a>(&'a std::path::Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).output();
    }
}
