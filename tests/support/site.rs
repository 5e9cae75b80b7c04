//! A desk whose mail comes from a Dovecot and leaves by a Postfix, both over TLS.

use super::desk::Desk;
use super::dovecot::{Dovecot, PASSWORD, USER};
use super::people::{Person, report};
use super::postfix::Postfix;
use sirt_gateway::net::Tls;

/// All letters, whoever they are for, go into this maildir.
const EVERYBODY: &str = "everybody";
const EVERY_ADDRESS: &str = "virtual_mailbox_domains = example.org, finders.example\n\
     virtual_mailbox_maps = static:everybody/\nin_flow_delay = 0\n\
     initial_destination_concurrency = 20\n";

pub struct Site {
    pub desk: Desk,
    pub dovecot: Dovecot,
    pub postfix: Postfix,
}

impl Site {
    pub fn new(coordinators: &[&Person]) -> Site {
        let (desk, dovecot) = (Desk::bare(), Dovecot::start());
        let postfix = Postfix::start(&[], EVERY_ADDRESS);
        let site = Site { desk, dovecot, postfix };
        site.desk.secret("keys/imap.password", &format!("{PASSWORD}\n"));
        site.desk.add(&site.servers());
        site.desk.members(coordinators);
        site
    }

    fn servers(&self) -> String {
        let imap = self.dovecot.endpoint(Tls::Implicit);
        let imap_ca = imap.ca_file.expect("its authority");
        format!(
            "\n[[mailbox]]\nname = \"security\"\n\
             imap = {{ host = \"localhost\", port = {}, user = \"{USER}\", \
             password_file = \"keys/imap.password\", ca_file = \"{}\" }}\n\
             [relay]\nsmtp = {{ host = \"localhost\", port = {}, ca_file = \"{}\" }}\n",
            imap.port,
            imap_ca.display(),
            self.postfix.tls_port,
            self.postfix.ca_file().display()
        )
    }

    /// One sealed report of each finder lies in the inbox.
    pub fn deliver_reports(&self, finders: &[Person]) {
        for mail in self.reports(finders) {
            self.dovecot.deliver(&mail);
        }
    }

    /// One sealed report of each finder.
    pub fn reports(&self, finders: &[Person]) -> Vec<Vec<u8>> {
        let team = self.desk.certificate();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let numbered: Vec<(usize, &Person)> = finders.iter().enumerate().collect();
        let write = |(number, fay): &(usize, &Person)| {
            fay.sealed(&format!("report{number}@finders.example"), &report(*number), &team)
        };
        std::thread::scope(|scope| {
            let shares = numbered.chunks(numbered.len().div_ceil(cores).max(1));
            let threads: Vec<_> = shares
                .map(|share| scope.spawn(move || share.iter().map(write).collect::<Vec<_>>()))
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("mails")).collect()
        })
    }

    /// The letters that have arrived, once there are so many.
    pub fn letters_when(&self, count: usize) -> Vec<Vec<u8>> {
        self.postfix.letters_when(EVERYBODY, count)
    }

    pub fn letters(&self) -> Vec<Vec<u8>> {
        self.postfix.letters(EVERYBODY)
    }

    pub fn assert_all_archived(&self, count: usize) {
        assert_eq!((self.dovecot.mails_in(""), self.dovecot.mails_in(".Archive")), (0, count));
    }
}
