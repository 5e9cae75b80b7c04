//! A Dovecot of our own: a generated configuration in a temporary folder, free loopback ports,
//! started as the current user and stopped by its process id.

use rcgen::{CertificateParams, KeyPair};
use rustix::process::{Pid, Signal, getegid, geteuid, kill_process};
use sirt_gateway::net::{Endpoint, Login, Secret, Tls};
use std::fs::{self, Permissions};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tempfile::TempDir;

pub const USER: &str = "sirt";
pub const PASSWORD: &str = "sesame \"open\\";

pub struct Dovecot {
    files: Files,
    master: Child,
    delivered: AtomicU64,
}

/// What is there before it runs.
struct Files {
    dir: TempDir,
    /// Without and with implicit TLS.
    ports: (u16, u16),
}

/// What differs from an ordinary server.
#[derive(Default)]
pub struct Setup<'a> {
    /// Lines for the end of the configuration.
    pub more: &'a str,
}

impl Dovecot {
    pub fn start() -> Dovecot {
        Dovecot::with(&Setup::default())
    }

    pub fn with(setup: &Setup<'_>) -> Dovecot {
        let dir = tempfile::tempdir().expect("a temporary folder");
        // Its processes have to get at their sockets.
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).expect("permissions");
        let files = Files { dir, ports: free_ports() };
        files.write(setup);
        let master = files.run();
        let mut server = Dovecot { files, master, delivered: AtomicU64::new(0) };
        server.listens();
        server
    }

    /// Ends it and all its sessions, and starts it on the same ports.
    pub fn restart(&mut self) {
        self.stop();
        self.master = self.files.run();
        self.listens();
    }

    fn stop(&mut self) {
        if let Some(pid) = i32::try_from(self.master.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let _ = self.master.wait();
    }

    fn listens(&mut self) {
        for _ in 0..1_000 {
            if TcpStream::connect(("127.0.0.1", self.files.ports.0)).is_ok() {
                return;
            }
            assert!(self.master.try_wait().expect("wait").is_none(), "{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("dovecot does not listen: {}", self.log());
    }

    fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.files.path(name)).unwrap_or_default();
        read("said") + &read("log")
    }

    /// `doveadm`, for what a person at the server does.
    pub fn doveadm(&self, arguments: &[&str]) {
        let output = self.files.program("doveadm").args(arguments).output().expect("doveadm");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "doveadm {arguments:?}: {words}");
    }

    /// The user's maildir.
    pub fn maildir(&self) -> PathBuf {
        self.files.path("mail")
    }

    /// The mails in `new` and `cur` of the maildir or of a folder below it.
    pub fn mails_in(&self, folder: &str) -> usize {
        let base = self.maildir().join(folder);
        let count = |part: &str| fs::read_dir(base.join(part)).map_or(0, Iterator::count);
        count("new") + count("cur")
    }

    /// Delivers a mail as a mail server does; gives back its file.
    pub fn deliver(&self, octets: &[u8]) -> PathBuf {
        let number = self.delivered.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}.M{number:06}P1.test", 1_700_000_000 + number);
        let on_its_way = self.maildir().join("tmp").join(&name);
        let there = self.maildir().join("new").join(&name);
        fs::write(&on_its_way, octets).expect("write");
        fs::rename(&on_its_way, &there).expect("rename");
        there
    }

    /// The folder counts as made anew: numbers seen before mean nothing any more.
    pub fn renew(&self, uid_validity: u32) {
        let number = uid_validity.to_string();
        self.doveadm(&["mailbox", "update", "-u", USER, "--uid-validity", &number, "INBOX"]);
    }

    pub fn endpoint(&self, tls: Tls) -> Endpoint {
        let (imap, imaps) = self.files.ports;
        let port = if tls == Tls::Implicit { imaps } else { imap };
        let ca_file = Some(self.files.path("cert.pem"));
        Endpoint { host: "localhost".into(), port, tls, ca_file }
    }

    pub fn login() -> Login {
        Login::Password { user: USER.into(), password: Secret::new(PASSWORD.into()) }
    }
}

impl Files {
    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn program(&self, name: &str) -> Command {
        let place = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
            .iter()
            .map(|folder| Path::new(folder).join(name))
            .find(|path| path.exists());
        let mut command = Command::new(place.unwrap_or_else(|| name.into()));
        command.arg("-c").arg(self.path("dovecot.conf"));
        command
    }

    fn run(&self) -> Child {
        // A pipe would be held open by its children.
        let said = fs::File::create(self.path("said")).expect("file");
        let mut command = self.program("dovecot");
        command.arg("-F").stdout(Stdio::null()).stderr(said);
        command.spawn().expect("dovecot is needed for this test; `make test` installs it")
    }

    fn write(&self, setup: &Setup<'_>) {
        self.write_certificate();
        let Users { uid, gid, .. } = users();
        for part in ["", "new", "cur", "tmp"] {
            let folder = self.path("mail").join(part);
            fs::create_dir_all(&folder).expect("maildir");
            chown(&folder, Some(uid), Some(gid)).expect("owner");
        }
        fs::write(self.path("passwd"), format!("{USER}:{{PLAIN}}{PASSWORD}::::::\n"))
            .expect("user");
        fs::write(self.path("dovecot.conf"), self.configuration() + setup.more).expect("conf");
    }

    fn write_certificate(&self) {
        let key = KeyPair::generate().expect("key");
        let params = CertificateParams::new(vec!["localhost".into()]).expect("params");
        let certificate = params.self_signed(&key).expect("certificate");
        fs::write(self.path("cert.pem"), certificate.pem()).expect("write");
        fs::write(self.path("key.pem"), key.serialize_pem()).expect("write");
    }

    fn configuration(&self) -> String {
        let dir = self.dir.path().display();
        let Users { internal, group, login, uid, gid } = users();
        let (imap, imaps) = self.ports;
        format!(
            "base_dir = {dir}/run\nstate_dir = {dir}/state\nlog_path = {dir}/log\n\
             protocols = imap\nlisten = 127.0.0.1, ::1\n\
             default_internal_user = {internal}\ndefault_internal_group = {group}\n\
             default_login_user = {login}\n\
             first_valid_uid = {uid}\nfirst_valid_gid = {gid}\n\
             mail_location = maildir:{dir}/mail\n\
             mail_max_userip_connections = 100\nauth_failure_delay = 0\n\
             ssl = yes\nssl_cert = <{dir}/cert.pem\nssl_key = <{dir}/key.pem\n\
             disable_plaintext_auth = no\nauth_mechanisms = plain login\n\
             passdb {{\n  driver = passwd-file\n  args = {dir}/passwd\n}}\n\
             userdb {{\n  driver = static\n  args = uid={uid} gid={gid} home={dir}/mail\n}}\n\
             namespace inbox {{\n  inbox = yes\n}}\n\
             service anvil {{\n  chroot =\n}}\n\
             service imap-login {{\n  chroot =\n  \
             inet_listener imap {{\n    port = {imap}\n  }}\n  \
             inet_listener imaps {{\n    port = {imaps}\n    ssl = yes\n  }}\n}}\n"
        )
    }
}

/// Who Dovecot runs as: all the same without root; with root, users of its package and nobody,
/// since neither logins nor mail may belong to root.
struct Users {
    internal: String,
    group: String,
    login: String,
    uid: u32,
    gid: u32,
}

fn users() -> Users {
    let (uid, gid) = (geteuid().as_raw(), getegid().as_raw());
    if uid != 0 {
        let (internal, login) = (id(&["-un"]), id(&["-un"]));
        return Users { internal, group: id(&["-gn"]), login, uid, gid };
    }
    let number = |what: &str| id(&[what, "nobody"]).parse().expect("a number");
    Users {
        internal: "dovecot".into(),
        group: "dovecot".into(),
        login: "dovenull".into(),
        uid: number("-u"),
        gid: number("-g"),
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
    }
}

fn free_ports() -> (u16, u16) {
    let listeners = [(), ()].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
    let [one, two] = listeners.map(|listener| listener.local_addr().expect("address").port());
    (one, two)
}

fn id(arguments: &[&str]) -> String {
    let output = Command::new("id").args(arguments).output().expect("id");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
