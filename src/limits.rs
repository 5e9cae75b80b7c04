//! Every limit of the gateway, by name and in one place.
//!
//! What strangers send is measured against these before anything expensive happens to it.

use std::time::Duration;

pub const KIB: usize = 1024;
pub const MIB: usize = 1024 * KIB;

/// Octets of one mail; `[limits] mail` narrows or widens it. Above it: header only, quarantined,
/// answered.
pub const MAIL_BYTES: usize = 20 * MIB;
/// Octets that one encrypted part may open to. Above `MAIL_BYTES`, below the look-ahead of the
/// OpenPGP reader.
pub const OPENED_BYTES: usize = 40 * MIB;
/// Octets of the outer header block.
pub const HEADER_BYTES: usize = 256 * KIB;
/// Header fields kept of one mail, and characters kept of one field.
pub const HEADER_FIELDS: usize = 500;
pub const FIELD_CHARS: usize = 4_000;
/// Addresses read from one field.
pub const ADDRESSES: usize = 100;
/// Message-IDs read from References.
pub const REFERENCES: usize = 50;
/// Characters of one Message-ID (RFC 5322 section 2.1.1 bounds the line).
pub const MESSAGE_ID_CHARS: usize = 250;
/// MIME parts of one mail, and how deep they may nest.
pub const PARTS: usize = 1_000;
/// Header fields of all parts together.
pub const PARTS_FIELDS: usize = 20_000;
pub const DEPTH: usize = 32;
/// Octets of readable text kept of one mail.
pub const TEXT_BYTES: usize = 512 * KIB;
/// Octets of HTML of one mail, and open elements in it, that are rendered with care; beyond them
/// it is only stripped.
pub const HTML_BYTES: usize = 256 * KIB;
pub const HTML_DEPTH: usize = 100;
/// Received fields of a mail; more mean that it runs in a circle (RFC 5321 section 6.3).
pub const HOPS: usize = 30;
/// Attachments listed.
pub const ATTACHMENTS: usize = 100;
/// Octets and packets of a signature part, counted before anything is verified.
pub const SIGNATURE_BYTES: usize = 64 * KIB;
pub const SIGNATURE_PACKETS: usize = 16;
/// Session-key packets of one message, and how many without a key id are tried.
pub const SESSION_KEY_PACKETS: usize = 200;
pub const HIDDEN_RECIPIENTS: usize = 20;
/// Encrypted or signed pieces opened below the root of one mail.
pub const ERRANT_PIECES: usize = 16;
/// Octets of key material in one mail; of one Autocrypt header (Autocrypt 1.1); of a stored
/// certificate.
pub const KEY_BYTES: usize = MIB;
pub const AUTOCRYPT_BYTES: usize = 10 * KIB;
pub const CERTIFICATE_BYTES: usize = 64 * KIB;
/// Certificates learned from one mail.
pub const CANDIDATE_KEYS: usize = 8;
/// Characters of a stranger's one-line field in a letter.
pub const LINE_CHARS: usize = 120;

/// Memory and processor time a worker may use for opening; wall time for one mail.
pub const WORKER_MEMORY: usize = 1024 * MIB;
pub const WORKER_MAIL_TIME: Duration = Duration::from_secs(30);
/// Deaths of a worker over one mail before that mail is poison.
pub const POISON_DEATHS: u32 = 3;

/// Arrivals of one batch: opened in parallel, committed with one pair of syncs.
pub const BATCH_MAILS: usize = 100;
pub const BATCH_BYTES: usize = 32 * MIB;
/// Letters of one wave to the relay: one sync before, one after.
pub const WAVE_LETTERS: usize = 4;
/// Extracted ids, packages, versions and dates kept of one mail.
pub const EXTRACTED: usize = 64;
/// Keyed digests of passages kept of one mail, and how many of them may be of single strings.
pub const PASSAGES: usize = 512;
pub const PASSAGE_STRINGS: usize = 128;
/// Places in one mail that each reader of ids, packages, versions or dates looks at.
pub const MENTIONS: usize = 1_000;

/// How far a correspondent's clock may be ahead of ours.
pub const CLOCK_SKEW: Duration = Duration::from_secs(30 * 60);
/// Certificates read from one block of key material, and encryption subkeys sealed to of one.
pub const CERTIFICATES: usize = 64;
pub const ENCRYPTION_SUBKEYS: usize = 8;
/// Packets looked at in front of the data of one OpenPGP message, and how deep they may nest.
pub const MESSAGE_PACKETS: usize = 300;
pub const MESSAGE_DEPTH: isize = 4;
/// Stack of the thread that opens mail, for parsers that recurse.
pub const WORKER_STACK: usize = 64 * MIB;
/// Octets of one frame between gateway and worker.
pub const FRAME_BYTES: usize = 64 * MIB;
/// How long a new team key is valid.
pub const KEY_VALIDITY: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);
/// Octets after which the journal and the kept mail begin a new segment (between two commits).
pub const JOURNAL_SEGMENT_BYTES: u64 = 64 * MIB as u64;
pub const MAIL_SEGMENT_BYTES: u64 = 256 * MIB as u64;
/// Octets of one journal entry as JSON; of one kept mail or dressed letter.
pub const ENTRY_BYTES: usize = 8 * MIB;
pub const KEPT_BYTES: usize = 128 * MIB;
/// Spare keys made at a time, at least; the fewest that may be left before more are made.
pub const SPARE_KEYS: u32 = 1_024;
pub const FEWEST_SPARE_KEYS: u32 = 256;
/// Octets of a snapshot in one sled value. Seventeen of them must fit a leaf of 128 KiB, above
/// which sled would write them to files of their own.
pub const INDEX_PIECE_BYTES: usize = 4 * KIB;
pub const INDEX_CACHE_BYTES: u64 = 16 * MIB as u64;
/// How long sled may take to open and to be read through before it is rebuilt instead.
pub const INDEX_OPEN_TIME: Duration = Duration::from_secs(120);
/// How long this process waits for its own earlier hold on the state to end.
pub const LOCK_TIME: Duration = Duration::from_secs(2);
/// Free octets below which no work is begun.
pub const FREE_FLOOR_BYTES: u64 = 3 * MAIL_BYTES as u64 + 200 * MIB as u64;
/// Octets of one line of a letter without its CRLF (RFC 5322 section 2.1.1).
pub const LETTER_LINE: usize = 998;
/// Connections to the relay at one time; letters and time one connection is used for.
pub const RELAY_CONNECTIONS: usize = 4;
pub const RELAY_LETTERS: u32 = 100;
pub const RELAY_LIFE: Duration = Duration::from_secs(5 * 60);
/// Octets of one reply line and of one whole reply of the relay.
pub const REPLY_LINE: usize = 2 * KIB;
pub const REPLY_BYTES: usize = 16 * KIB;
/// Refusals in a row at the relay's door that still count as passing trouble.
pub const DOOR_REFUSALS: u32 = 2;
/// How long the relay may take (RFC 5321 section 4.5.3.2); EHLO and AUTH have no figure there.
pub const SMTP_GREETING_TIME: Duration = Duration::from_secs(5 * 60);
pub const SMTP_EHLO_TIME: Duration = Duration::from_secs(5 * 60);
pub const SMTP_AUTH_TIME: Duration = Duration::from_secs(2 * 60);
pub const SMTP_MAIL_TIME: Duration = Duration::from_secs(5 * 60);
pub const SMTP_RCPT_TIME: Duration = Duration::from_secs(5 * 60);
pub const SMTP_DATA_TIME: Duration = Duration::from_secs(2 * 60);
pub const SMTP_BLOCK_TIME: Duration = Duration::from_secs(3 * 60);
pub const SMTP_DOT_TIME: Duration = Duration::from_secs(10 * 60);
pub const SMTP_QUIT_TIME: Duration = Duration::from_secs(5);
/// How long a check of the settings waits.
pub const PROBE_TIME: Duration = Duration::from_secs(60);
/// How long a letter is tried, and after how many attempts it is given up whatever the clock says.
pub const RETRY_LIFE: Duration = Duration::from_secs(5 * 24 * 60 * 60);
pub const RETRY_ATTEMPTS: u32 = 30;
/// The longest pause between two attempts.
pub const RETRY_PAUSE: Duration = Duration::from_secs(8 * 60 * 60);
/// Attempts after which an answer that may pass is believed, and a letter of unknown fate is held.
pub const SOFT_ATTEMPTS: u32 = 3;
pub const UNKNOWN_ATTEMPTS: u32 = 4;

/// Waiting for a server: TCP (name look-up included), STARTTLS and TLS, the greeting, one command.
pub const CONNECT_TIME: Duration = Duration::from_secs(20);
pub const HANDSHAKE_TIME: Duration = Duration::from_secs(20);
pub const GREETING_TIME: Duration = Duration::from_secs(20);
pub const COMMAND_TIME: Duration = Duration::from_secs(60);
/// Without a single octet from the server while mail is read.
pub const QUIET_TIME: Duration = Duration::from_secs(60);
/// One whole listing or batch, however steadily it trickles; moving one batch.
pub const BATCH_TIME: Duration = Duration::from_secs(20 * 60);
pub const SETTLE_TIME: Duration = Duration::from_secs(5 * 60);
/// Sent data that nobody acknowledges ends the connection.
pub const UNACKNOWLEDGED_TIME: Duration = Duration::from_secs(60);
/// One IDLE (NATs forget a connection long before RFC 2177's 29 minutes), its end, the pause
/// between two looks where there is no IDLE.
pub const IDLE_TIME: Duration = Duration::from_secs(5 * 60);
pub const IDLE_END_TIME: Duration = Duration::from_secs(15);
pub const POLL_TIME: Duration = Duration::from_secs(60);
/// Addresses of one host that are tried.
pub const HOST_ADDRESSES: usize = 8;
/// Octets of the few lines before STARTTLS, and how many lines.
pub const PLAIN_LINE_BYTES: usize = 4 * KIB;
pub const PLAIN_LINES: usize = 64;
/// Octets of one line of an IMAP server outside literals, and how deep its lists nest.
pub const IMAP_LINE_BYTES: usize = 64 * KIB;
pub const IMAP_DEPTH: usize = 32;
/// Octets asked for at once; a larger mail comes in parts of this size.
pub const PART_BYTES: usize = 8 * MIB;
/// Mails of one listing; what lies behind them is listed when these are done.
pub const LISTED_MAILS: usize = 200_000;
/// Characters of one UID set in a command (RFC 2683 section 3.2.1.5 asks for short lines).
pub const UID_SET_CHARS: usize = 900;
/// Files a worker may have open; its pipes, and what libraries open once.
pub const WORKER_FILES: u64 = 16;
/// How long a worker may take to read its setup.
pub const WORKER_START_TIME: Duration = Duration::from_secs(20);

/// How long refused orders can be mended and waiting ones confirmed.
pub const ORDERS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// Age above which a signature makes no orders, and how far its clock may be ahead.
pub const SIGNATURE_AGE: Duration = Duration::from_secs(48 * 60 * 60);
pub const SIGNATURE_AHEAD: Duration = Duration::from_secs(10 * 60);
/// Age above which risky orders are confirmed.
pub const RISKY_AGE: Duration = Duration::from_secs(2 * 60 * 60);
/// How long words to somebody outside wait and can be stopped.
pub const SEND_DELAY: Duration = Duration::from_secs(5 * 60);
/// Letters to one member in an hour about words they signed that were not obeyed.
pub const REFUSALS_AN_HOUR: usize = 10;
/// Free cases one member may take in 24 hours.
pub const TAKES_A_DAY: usize = 3;
/// Readers of one letter above which it is confirmed.
pub const MANY_READERS: usize = 3;
/// Characters of one word of a command that an answer repeats, or looks for its nearest.
pub const WORD_CHARS: usize = 60;
/// Days after the first proposal at which an embargo ends at the latest; how often its end is
/// moved later; days that are left when a fix is ready.
pub const EMBARGO_DAYS: i64 = 180;
pub const EMBARGO_REVISIONS: u32 = 3;
pub const EMBARGO_DAYS_WITH_FIX: i64 = 14;
/// Characters of one value in a command: a package URL, versions, a vector.
pub const VALUE_CHARS: usize = 250;
/// Characters of one note, and reminders in one case.
pub const NOTE_CHARS: usize = 20_000;
pub const REMINDERS: usize = 100;
/// Octets of a catalogue of exploited holes.
pub const CATALOGUE_BYTES: u64 = 64 * 1024 * 1024;
/// How far the clock may run ahead of time before what would leave by it is held.
pub const CLOCK_JUMP: Duration = Duration::from_secs(60 * 60);
/// How long a post of ours may take to come back from a list that we read.
pub const SEEN_AGAIN: Duration = Duration::from_secs(6 * 60 * 60);
/// Days after the one it is dated until a notice without an instant has to be dated anew.
pub const NOTICE_DATE_DAYS: i64 = 3;
/// Characters of the title of a notice, and of each of its other parts; entries in one part of it.
pub const NOTICE_TITLE_CHARS: usize = 200;
pub const NOTICE_CHARS: usize = 20_000;
pub const NOTICE_ROWS: usize = 100;
/// Posts of ours to one list in 24 hours; above it they wait for a person.
pub const POSTS_A_DAY: usize = 5;
/// Posts of lists looked at for one thread, id, series, subject or phrase, and names one flaw has.
pub const POSTS_LOOKED_UP: usize = 64;
pub const ALIASES: usize = 8;
/// Posts looked up for one phrase, the newest; those with most in common are compared as a whole.
pub const POSTS_A_PHRASE: usize = 24;
pub const POSTS_ALIKE: usize = 16;
/// Digests of a post's text by which posts alike are found: the smallest ones.
pub const PRINT_BAND: usize = 12;
/// Characters of a reason why a post may be worth a notice.
pub const REASON_CHARS: usize = 240;
/// Commands of one mail, and characters of one of them.
pub const COMMANDS_A_MAIL: usize = 50;
pub const COMMAND_CHARS: usize = 4_000;
/// Rows of one list in an answer, lines of history, and characters of a title or note in them.
pub const PAGE_ROWS: usize = 50;
pub const HISTORY_ROWS: usize = 20;
pub const TITLE_CHARS: usize = 60;
pub const SHOWN_NOTE_CHARS: usize = 300;
/// Characters of the Subject of a post; characters that its description has without links.
pub const SUBJECT_CHARS: usize = 200;
pub const USEFUL_CHARS: usize = 80;
/// Days that lists of distributions keep something private, and if it is exploited already.
pub const DISTROS_DAYS: i64 = 14;
pub const DISTROS_EXPLOITED_DAYS: i64 = 2;
/// Characters of one part of a notice.
pub const PART_CHARS: usize = 20_000;
/// A post in short: characters of it, and of one sentence kept of it.
pub const GIST_CHARS: usize = 300;
/// Words of one shingle of a post's print, and how many of their digests are kept.
pub const SHINGLE_WORDS: usize = 5;
pub const PRINT_DIGESTS: usize = 64;
/// Ids that "CVE-2024-1001 through CVE-2024-1009" may stand for.
pub const ID_SPAN: u64 = 20;
/// Without another post of a watched list before an urgent digest is written; how long the first
/// urgent post waits at most, and so the time between two digests; urgent digests in 24 hours.
pub const DIGEST_QUIET_TIME: Duration = Duration::from_secs(10 * 60);
pub const DIGEST_LATEST_TIME: Duration = Duration::from_secs(60 * 60);
pub const URGENT_DIGESTS_A_DAY: usize = 12;
/// Flaws shown in full in one digest, and lists whose other posts are counted in it.
pub const DIGEST_ENTRIES: usize = 12;
pub const DIGEST_LISTS: usize = 8;
/// Between two letters to the people of one case about public posts that touch it: while it is
/// not public, and afterwards. Posts shown in one of them.
pub const ALARM_PAUSE: Duration = Duration::from_secs(60 * 60);
pub const NEWS_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);
pub const ALARM_POSTS: usize = 4;
/// Ids, packages or versions of one post that a letter names, and characters of a link in one.
pub const DIGEST_NAMES: usize = 6;
pub const LINK_CHARS: usize = 200;
