//! A Postfix of our own on loopback ports, with its queue, log, certificate and maildirs in a
//! temporary directory. Postfix can only be started by root.

use super::{free_port, letters::below_transport_headers};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Who delivers into the maildirs.
const NOBODY: u32 = 65_534;

pub struct Postfix {
    home: TempDir,
    /// Without TLS, and with STARTTLS where it is asked for.
    pub port: u16,
    /// With TLS from the first octet.
    pub tls_port: u16,
}

impl Postfix {
    /// Starts one that takes mail for these users at example.org. `more` is added to its main.cf.
    pub fn start(users: &[&str], more: &str) -> Postfix {
        let home = tempfile::Builder::new().prefix("postfix").tempdir().expect("a directory");
        let postfix = Postfix { home, port: free_port(), tls_port: free_port() };
        let path = postfix.home.path();
        // Its daemons are not root and must find their way in.
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("permissions");
        for directory in ["config", "queue", "data", "mail", "log"] {
            fs::create_dir(path.join(directory)).expect(directory);
        }
        chown(path.join("mail"), Some(NOBODY), Some(NOBODY)).expect("owner of the maildirs");
        let data = Command::new("chown").arg("postfix").arg(path.join("data")).status();
        assert!(data.expect("chown").success());
        postfix.write_certificate();
        fs::write(path.join("config/main.cf"), main_cf(path, more)).expect("main.cf");
        let mailbox = |user: &&str| format!("{user}@example.org {user}/\n");
        let mailboxes: String = users.iter().map(mailbox).collect();
        fs::write(path.join("config/mailboxes"), mailboxes).expect("mailboxes");
        fs::write(path.join("config/master.cf"), postfix.master_cf()).expect("master.cf");
        postfix.run("start");
        postfix
    }

    /// A `postfix` command; `start` returns when the ports are open.
    pub fn run(&self, command: &str) {
        let config = self.home.path().join("config");
        let done = Command::new("/usr/sbin/postfix").arg("-c").arg(config).arg(command).output();
        let done = done.expect("the postfix package");
        assert!(done.status.success(), "postfix {command}: {done:?}\n{}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log/mail.log")).unwrap_or_default()
    }

    /// From now on this user's mail goes into that maildir, which nobody owns.
    pub fn delivers_into(&self, user: &str, maildir: &Path) {
        let place = self.home.path().join("mail").join(user);
        std::os::unix::fs::symlink(maildir, place).expect("a link");
    }

    /// The certificate of its authority, for `ca_file`.
    pub fn ca_file(&self) -> PathBuf {
        self.home.path().join("certificate.pem")
    }

    /// The letters delivered so far to this local part, whole, below the transport's fields.
    pub fn letters(&self, user: &str) -> Vec<Vec<u8>> {
        let folder = self.home.path().join("mail").join(user).join("new");
        let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
        let read = |file: std::io::Result<fs::DirEntry>| {
            below_transport_headers(&fs::read(file.expect("a file").path()).expect("its bytes"))
        };
        files.map(read).collect()
    }

    /// The same once there are so many of them: its queue manager delivers after it has answered.
    pub fn letters_when(&self, user: &str, count: usize) -> Vec<Vec<u8>> {
        for _ in 0..1_000 {
            let letters = self.letters(user);
            if letters.len() >= count {
                return letters;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("not all of {count} letters after twenty seconds:\n{}", self.log());
    }

    fn write_certificate(&self) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a key");
        fs::write(self.ca_file(), made.cert.pem()).expect("certificate");
        fs::write(self.home.path().join("key.pem"), made.key_pair.serialize_pem()).expect("key");
    }

    fn master_cf(&self) -> String {
        let (plain, tls) = (self.port, self.tls_port);
        format!(
            "127.0.0.1:{plain} inet n - n - - smtpd\n\
             127.0.0.1:{tls} inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n\
             pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\n\
             qmgr unix n - n 300 1 qmgr\ntlsmgr unix - - n 1000? 1 tlsmgr\n\
             rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\n\
             defer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\n\
             verify unix - - n - 1 verify\nflush unix n - n 1000? 0 flush\n\
             proxymap unix - - n - - proxymap\nproxywrite unix - - n - 1 proxymap\n\
             error unix - - n - - error\nretry unix - - n - - error\n\
             discard unix - - n - - discard\nvirtual unix - n n - - virtual\n\
             anvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\n\
             postlog unix-dgram n - n - 1 postlogd\n"
        )
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let config = self.home.path().join("config");
        let _ = Command::new("/usr/sbin/postfix").arg("-c").arg(config).arg("stop").output();
    }
}

/// Mail for example.org goes to a maildir named by its local part; none goes anywhere else.
fn main_cf(home: &Path, more: &str) -> String {
    let home = home.display();
    format!(
        "compatibility_level = 3.6\nqueue_directory = {home}/queue\ndata_directory = {home}/data\n\
         maillog_file = {home}/log/mail.log\nmaillog_file_prefixes = {home}/log\n\
         myhostname = relay.example\nmydestination =\nlocal_recipient_maps =\nalias_maps =\n\
         inet_interfaces = loopback-only\ninet_protocols = ipv4\n\
         mynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions = reject_unauth_destination\n\
         default_transport = error:nothing leaves this test\nsmtputf8_enable = no\n\
         smtpd_peername_lookup = no\nsmtpd_client_connection_rate_limit = 0\n\
         virtual_mailbox_domains = example.org\nvirtual_mailbox_base = {home}/mail\n\
         virtual_mailbox_maps = texthash:{home}/config/mailboxes\n\
         virtual_uid_maps = static:{NOBODY}\nvirtual_gid_maps = static:{NOBODY}\n\
         smtpd_tls_cert_file = {home}/certificate.pem\nsmtpd_tls_key_file = {home}/key.pem\n\
         smtpd_tls_security_level = may\n{more}"
    )
}
