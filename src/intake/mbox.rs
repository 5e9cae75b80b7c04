//! Mail out of files of the past: mbox, a single mail, a maildir. Read once, from the beginning, a
//! mail at a time; nothing is changed, and the memory it takes is that of one mail.

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Octets looked at in one go; a longer line comes in pieces.
const PIECE: u64 = 64 * 1024;
/// How a mail in an mbox begins.
const BEGIN: &[u8] = b"From ";

/// Mails of one file, in its order. `None` stands for one above the size limit.
pub struct PastMail<R> {
    reader: R,
    limit: usize,
    /// It is one mail, whatever stands in it.
    single: bool,
    /// The `From ` line of the next mail was read.
    begun: bool,
    ended: bool,
}

/// Opens a file, or with `-` what comes in at the terminal.
pub fn open(path: &Path, limit: usize) -> io::Result<PastMail<Box<dyn BufRead>>> {
    if path.as_os_str() == "-" {
        return PastMail::new(Box::new(BufReader::new(io::stdin())), limit);
    }
    PastMail::new(Box::new(BufReader::new(std::fs::File::open(path)?)), limit)
}

/// The mails of a maildir, or the files of a folder: each is one mail, in order of names.
pub fn files_of(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let parts = [folder.join("cur"), folder.join("new")];
    let maildir = parts.iter().any(|part| part.is_dir());
    let folders = if maildir { parts.to_vec() } else { vec![folder.to_owned()] };
    let mut files = Vec::new();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        for entry in folder.read_dir()? {
            let path = entry?.path();
            let name = path.file_name().map(std::ffi::OsStr::as_encoded_bytes);
            let hidden = name.is_some_and(|name| name.starts_with(b"."));
            files.extend((path.is_file() && !hidden).then_some(path));
        }
    }
    files.sort_by(|one, other| one.file_name().cmp(&other.file_name()));
    Ok(files)
}

impl<R: BufRead> PastMail<R> {
    pub fn new(mut reader: R, limit: usize) -> io::Result<PastMail<R>> {
        let single = !reader.fill_buf()?.starts_with(BEGIN);
        Ok(PastMail { reader, limit, single, begun: single, ended: false })
    }

    /// The next mail.
    fn one(&mut self) -> io::Result<Option<Option<Vec<u8>>>> {
        let (mut mail, mut too_large, mut blank, mut whole) = (Vec::new(), false, true, true);
        while !self.ended {
            let line = self.piece()?;
            let begins = whole && blank && !self.single && is_begin(&line);
            if line.is_empty() {
                self.ended = true;
            } else if begins && !std::mem::replace(&mut self.begun, true) {
                // The first of the file.
            } else if begins {
                break;
            } else {
                let text = if whole && !self.single { unquoted(&line) } else { &line };
                too_large |= mail.len() + text.len() > self.limit;
                mail.extend(text.iter().filter(|_| !too_large));
                blank = whole && matches!(line.as_slice(), b"\n" | b"\r\n");
            }
            whole = line.ends_with(b"\n");
        }
        if blank && !self.single {
            // The blank line that an mbox puts behind each mail.
            mail.truncate(mail.len() - if mail.ends_with(b"\r\n") { 2 } else { mail.len().min(1) });
        }
        let nothing = mail.iter().all(u8::is_ascii_whitespace) && !too_large;
        Ok(match (nothing, self.ended) {
            (true, true) => None,
            (true, false) => Some(Some(Vec::new())),
            (false, _) => Some((!too_large).then_some(mail)),
        })
    }

    /// A line, or a part of a very long one; empty at the end.
    fn piece(&mut self) -> io::Result<Vec<u8>> {
        let mut piece = Vec::new();
        self.reader.by_ref().take(PIECE).read_until(b'\n', &mut piece)?;
        Ok(piece)
    }
}

impl<R: BufRead> Iterator for PastMail<R> {
    type Item = io::Result<Option<Vec<u8>>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.one() {
                // Two `From ` lines with nothing between them.
                Ok(Some(Some(mail))) if mail.is_empty() => {}
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
                other => return other.transpose(),
            }
        }
    }
}

/// `From somebody Mon Nov 23 09:00:00 2026`, as archives write it: an hour and a year at least.
/// Words of a person that begin with "From" have none.
fn is_begin(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(BEGIN) else { return false };
    let rest = String::from_utf8_lossy(rest.get(..rest.len().min(200)).unwrap_or_default());
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let hour = |word: &str| {
        let parts: Vec<&str> = word.split(':').collect();
        matches!(parts.len(), 2 | 3) && parts.iter().all(|part| part.len() <= 2 && digits(part))
    };
    let year = |word: &str| word.len() == 4 && digits(word) && ("1970".."2100").contains(&word);
    rest.split_whitespace().any(hour) && rest.split_whitespace().any(year)
}

/// `>From ` was `From ` (mboxo), and `>>From ` was `>From ` (mboxrd).
fn unquoted(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|byte| **byte == b'>').count();
    let quoted = marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(BEGIN));
    if quoted { line.get(1..).unwrap_or_default() } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(text: &str, limit: usize) -> Vec<Option<String>> {
        let mails = PastMail::new(text.as_bytes(), limit).expect("a reader");
        let text = |mail: Vec<u8>| String::from_utf8(mail).expect("text");
        mails.map(|mail| mail.expect("read").map(text)).collect()
    }

    const BOX: &str = "From fay@finders.example Mon Nov 23 09:00:00 2026\nSubject: one\n\n\
                       From here on it is said\nthat\n\nFrom me, with love\n>From the start\n\
                       >>From above\n\n\
                       From mboxrd@z Thu Jan  1 00:00:00 1970\nSubject: two\n\nx\n\n\
                       From solar at lists.example  Mon Nov 23 09:00:00 2026\nSubject: three\n\n";

    #[test]
    fn an_mbox_is_read_a_mail_at_a_time() {
        let read = mails(BOX, 1_000);
        assert_eq!(read.len(), 3);
        let first = read[0].as_deref().expect("a mail");
        assert!(first.starts_with("Subject: one\n") && first.contains("\nFrom me, with love\n"));
        assert!(first.contains("\nFrom the start\n>From above\n"), "{first}");
        assert_eq!(read[1].as_deref(), Some("Subject: two\n\nx\n"));
        assert_eq!(mails(&BOX.replace('\n', "\r\n"), 1_000).len(), 3);
    }

    #[test]
    fn a_single_mail_is_one_whatever_stands_in_it() {
        let mail = format!("Subject: all of it\n\n{BOX}");
        assert_eq!(mails(&mail, 10_000), [Some(mail)]);
        assert!(mails("", 10).is_empty() && mails("\n\n", 10).is_empty());
    }

    #[test]
    fn one_mail_that_is_too_large_takes_no_other_along() {
        let long = "y".repeat(300_000);
        let text = BOX.replace("x\n", &format!("{long}\n"));
        let read = mails(&text, 1_000);
        assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
    }
}
