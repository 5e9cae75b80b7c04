//! A Mailman 3 of our own, without its web part: posts go in by LMTP and out to a sink.

use super::smtp_sink::SmtpSink;
use super::{free_port, until_listening_within};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Where Debian's package has it.
const BIN: &str = "/usr/lib/mailman3/bin";
/// Runners that this list needs not.
const IDLE: &str = "archive bad bounces command digest nntp rest retry shunt task virgin";

/// Lists of these names at lists.example.org, with a tag in the Subject, a footer, and an address
/// of the list in From; one reader.
const SETUP: &str = r#"
from mailman.app.lifecycle import create_list
from mailman.database.transaction import transaction
from mailman.interfaces.action import Action
from mailman.interfaces.domain import IDomainManager
from mailman.interfaces.mailinglist import DMARCMitigateAction
from mailman.interfaces.subscriptions import ISubscriptionManager
from mailman.interfaces.usermanager import IUserManager
from mailman.utilities.datetime import now
from zope.component import getUtility

def setup(*names):
    with transaction():
        getUtility(IDomainManager).add('lists.example.org')
        reader = getUtility(IUserManager).create_address('reader@reader.example', 'A Reader')
        reader.verified_on = now()
        for name in names:
            mlist = create_list(name + '@lists.example.org', ['owner@lists.example.org'])
            mlist.subject_prefix = '[%s] ' % name
            mlist.default_nonmember_action = Action.accept
            mlist.send_welcome_message = False
            mlist.admin_immed_notify = False
            mlist.dmarc_mitigate_action = DMARCMitigateAction.munge_from
            mlist.dmarc_mitigate_unconditionally = True
            ISubscriptionManager(mlist).register(
                reader, pre_verified=True, pre_confirmed=True, pre_approved=True)
"#;

pub struct Mailman {
    master: Child,
    lmtp: u16,
    sink: SmtpSink,
    _folder: TempDir,
}

impl Mailman {
    pub fn with(lists: &[&str]) -> Mailman {
        let folder = tempfile::Builder::new().prefix("mailman").tempdir().expect("a folder");
        let (lmtp, sink) = (free_port(), SmtpSink::start(&[]));
        let config = folder.path().join("mailman.cfg");
        std::fs::write(&config, settings(folder.path(), lmtp, sink.port)).expect("written");
        std::fs::write(folder.path().join("lists.py"), SETUP).expect("written");
        let made = Command::new("/usr/bin/mailman")
            .env("PYTHONPATH", folder.path())
            .args(["--run-as-root", "-C"])
            .arg(&config)
            .args(["shell", "--run", "lists.setup"])
            .args(lists)
            .output()
            .expect("the package mailman3");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let master = Command::new(format!("{BIN}/master"))
            .arg("-C")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the master of mailman3");
        let mailman = Mailman { master, lmtp, sink, _folder: folder };
        until_listening_within(lmtp, 60);
        mailman
    }

    /// Hands a post to a list (RFC 2033).
    pub fn post(&self, list: &str, octets: &[u8]) {
        let stream = TcpStream::connect(("127.0.0.1", self.lmtp)).expect("a connection");
        let mut lines = BufReader::new(stream.try_clone().expect("the same")).lines();
        let mut stream = stream;
        let mut answer = move || loop {
            let line = lines.next().expect("an answer").expect("a line");
            if line.as_bytes().get(3) == Some(&b' ') {
                assert!(line.starts_with(['2', '3']), "{line}");
                return;
            }
        };
        answer();
        for order in [
            "LHLO sirt.example.org".to_owned(),
            "MAIL FROM:<sirt+b5f3kq8zt2m7xw4cd@example.org>".to_owned(),
            format!("RCPT TO:<{list}@lists.example.org>"),
            "DATA".to_owned(),
        ] {
            stream.write_all(format!("{order}\r\n").as_bytes()).expect("written");
            answer();
        }
        for line in octets.split_inclusive(|octet| *octet == b'\n') {
            let dot: &[u8] = if line.starts_with(b".") { b"." } else { b"" };
            stream.write_all(&[dot, line].concat()).expect("written");
        }
        stream.write_all(b".\r\n").expect("written");
        answer();
    }

    /// What the reader got, once that many copies left.
    pub fn delivered(mut self, count: usize) -> Vec<Vec<u8>> {
        for _ in 0..3_000 {
            if self.sink.count() >= count {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        self.end();
        self.sink.mails()
    }

    /// Its runners end with it, and only when what they do is done.
    fn end(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.master);
        _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        _ = self.master.wait();
    }
}

impl Drop for Mailman {
    fn drop(&mut self) {
        if self.master.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.end();
        }
    }
}

/// Nothing is asked of the network: a rule for senders' domains would fetch a list from it.
fn settings(folder: &Path, lmtp: u16, smtp: u16) -> String {
    let var = folder.join("var");
    let var = var.display();
    let idle: String = IDLE.split(' ').map(|r| format!("[runner.{r}]\nstart: no\n")).collect();
    format!(
        "[mailman]\nlayout: here\nsite_owner: owner@lists.example.org\n\
         [paths.here]\nvar_dir: {var}\nbin_dir: {BIN}\nqueue_dir: {var}/queue\n\
         list_data_dir: {var}/lists\nlog_dir: {var}/logs\nlock_dir: {var}/locks\n\
         data_dir: {var}/data\ncache_dir: {var}/cache\netc_dir: {}\n\
         messages_dir: {var}/messages\narchive_dir: {var}/archives\n\
         template_dir: {var}/templates\npid_file: {var}/master.pid\nlock_file: {var}/master.lck\n\
         [database]\nclass: mailman.database.sqlite.SQLiteDatabase\n\
         url: sqlite:///{var}/data/mailman.db\n\
         [mta]\nincoming: mailman.mta.null.NullMTA\noutgoing: mailman.mta.deliver.deliver\n\
         smtp_host: 127.0.0.1\nsmtp_port: {smtp}\nlmtp_host: 127.0.0.1\nlmtp_port: {lmtp}\n\
         [dmarc]\nresolver_timeout: 1s\norg_domain_data_url: file:///dev/null\n\
         [webservice]\nhostname: 127.0.0.1\nport: {}\nadmin_user: a\nadmin_pass: b\n{idle}",
        folder.display(),
        free_port()
    )
}
