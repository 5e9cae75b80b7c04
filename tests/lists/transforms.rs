//! What list software does to a post on its way, as far as it has been seen in public archives.

/// Header and body of a mail, both with CRLF.
fn split(mail: &str) -> (&str, &str) {
    mail.split_once("\r\n\r\n").expect("a header and a body")
}

/// The fields, each with its continuation lines.
fn fields(header: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in header.split("\r\n") {
        match fields.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => *last += &format!("\r\n{line}"),
            _ => fields.push(line.to_owned()),
        }
    }
    fields
}

fn is(field: &str, name: &str) -> bool {
    field.to_ascii_lowercase().starts_with(&format!("{}:", name.to_ascii_lowercase()))
}

fn field(mail: &str, name: &str) -> String {
    let fields = fields(split(mail).0);
    let found = fields.into_iter().find(|field| is(field, name)).unwrap_or_default();
    found.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

fn with_field(mail: &str, name: &str, value: &str) -> String {
    let (header, body) = split(mail);
    let mut fields = fields(header);
    let new = format!("{name}: {value}");
    match fields.iter_mut().find(|field| is(field, name)) {
        Some(old) => *old = new,
        None => fields.push(new),
    }
    format!("{}\r\n\r\n{body}", fields.join("\r\n"))
}

fn with_body(mail: &str, change: impl Fn(&str) -> String) -> String {
    let (header, body) = split(mail);
    format!("{header}\r\n\r\n{}", change(body))
}

fn tagged(mail: &str, tag: &str) -> String {
    with_field(mail, "Subject", &format!("[{tag}] {}", field(mail, "Subject")))
}

/// A new entity of kind multipart/mixed around the old one, with a text below.
fn wrapped(mail: &str, footer: &str) -> String {
    let (header, body) = split(mail);
    let content =
        |field: &&String| is(field, "Content-Type") || is(field, "Content-Transfer-Encoding");
    let all = fields(header);
    let (inner, outer): (Vec<String>, Vec<String>) =
        all.into_iter().partition(|field| content(&field));
    format!(
        "{}\r\nContent-Type: multipart/mixed; boundary=\"===============42==\"\r\n\r\n\
         --===============42==\r\n{}\r\n\r\n{body}\r\n--===============42==\r\n\
         Content-Type: text/plain; charset=\"us-ascii\"\r\nMIME-Version: 1.0\r\n\
         Content-Disposition: inline\r\n\r\n{footer}\r\n--===============42==--\r\n",
        outer.join("\r\n"),
        inner.join("\r\n")
    )
}

const MAILMAN_FOOTER: &str = "_______________________________________________\r\n\
    Siren mailing list -- siren@lists.example.org\r\n\
    To unsubscribe send an email to siren-leave@lists.example.org\r\n";

const GROUPS_FOOTER: &str = "\r\n\r\n-=-=-=-=-=-=-=-=-=-=-=-\r\n\
    Groups.io Links: You receive all messages sent to this group.\r\n\
    View/Reply Online (#7): https://lists.example.org/g/siren/message/7\r\n\
    Mute This Topic: https://lists.example.org/mt/1234567/8901234\r\n\
    Unsubscribe: https://lists.example.org/g/siren/unsub [reader@reader.example]\r\n\
    -=-=-=-=-=-=-=-=-=-=-=-\r\n";

/// ezmlm: a tag, fields of the list, and not an octet of the body.
pub fn ezmlm(mail: &str) -> String {
    let mail = tagged(mail, "oss-security");
    let mail = with_field(&mail, "Mailing-List", "contact oss-security-help@lists.example.org");
    let mail = with_field(&mail, "List-Id", "<oss-security.lists.example.org>");
    with_field(&mail, "Reply-To", "oss-security@lists.example.org")
}

fn mailman_fields(mail: &str) -> String {
    let mail = tagged(mail, "Siren");
    let mail = with_field(&mail, "Reply-To", &field(&mail, "From"));
    let mail = with_field(&mail, "From", "Example SIRT via Siren <siren@lists.example.org>");
    with_field(&mail, "List-Id", "<siren.lists.example.org>")
}

/// Mailman with From munged: a footer below a text, or in a part of its own beside all else.
pub fn mailman(mail: &str) -> String {
    let mail = mailman_fields(mail);
    let plain = field(&mail, "Content-Type").starts_with("text/plain")
        && field(&mail, "Content-Transfer-Encoding") == "7bit";
    match plain {
        true => with_body(&mail, |body| format!("{body}{MAILMAN_FOOTER}")),
        false => wrapped(&mail, MAILMAN_FOOTER),
    }
}

/// Groups.io: another From and Message-ID, a footer with the subscriber's own links.
pub fn groups_io(mail: &str) -> String {
    let mail = tagged(mail, "siren");
    let from = "\"Example SIRT via lists.example.org\" <sirt=example.org@lists.example.org>";
    let mail = with_field(&mail, "From", from);
    let mail = with_field(&mail, "Message-ID", "<18A2B3C4D5E6F708.1234@lists.example.org>");
    let mail = with_field(&mail, "Reply-To", "siren@lists.example.org, sirt@example.org");
    let mail = with_field(&mail, "List-Id", "<siren.lists.example.org>");
    let plain = field(&mail, "Content-Type").starts_with("text/plain")
        && field(&mail, "Content-Transfer-Encoding") == "7bit";
    match plain {
        true => with_body(&mail, |body| format!("{body}{GROUPS_FOOTER}")),
        false => wrapped(&mail, GROUPS_FOOTER),
    }
}

/// The text of a mail of one text once more, as quoted-printable in UTF-8.
pub fn requoted(mail: &str) -> String {
    if !field(mail, "Content-Type").starts_with("text/plain") {
        return in_parts(mail, requoted_part);
    }
    let mail = with_field(mail, "Content-Type", "text/plain; charset=\"UTF-8\"");
    let mail = with_field(&mail, "Content-Transfer-Encoding", "quoted-printable");
    with_body(&mail, quoted)
}

fn quoted(body: &str) -> String {
    let mut out = String::new();
    for line in body.split_terminator("\r\n") {
        let line = line.replace('=', "=3D");
        let mut rest = line.as_str();
        while rest.len() > 60 {
            out += &format!("{}=\r\n", &rest[..60].trim_end_matches(['=', '3', 'D']));
            rest = &rest[rest[..60].trim_end_matches(['=', '3', 'D']).len()..];
        }
        out += &format!("{rest}\r\n");
    }
    out
}

fn requoted_part(part: &str) -> String {
    if !part.starts_with("Content-Type: text/plain") {
        return part.to_owned();
    }
    let (header, body) = split(part);
    match header.contains("quoted-printable") {
        // Another program finds other characters worth a code.
        true => format!("{header}\r\n\r\n{}", body.replace("=46", "F").replace("=2E", ".")),
        false => {
            format!("{}\r\n\r\n{}", header.replace("7bit", "quoted-printable"), quoted(body))
        }
    }
}

/// Changes each part between two delimiters.
fn in_parts(mail: &str, change: fn(&str) -> String) -> String {
    let mut out: Vec<String> = Vec::new();
    for piece in mail.split("\r\n--=_") {
        match piece.split_once("\r\n") {
            Some((delimiter, part)) if !out.is_empty() && part.starts_with("Content-") => {
                out.push(format!("{delimiter}\r\n{}", change(part)));
            }
            _ => out.push(piece.to_owned()),
        }
    }
    out.join("\r\n--=_")
}

/// Blanks at the end of lines go.
pub fn stripped(mail: &str) -> String {
    with_body(mail, |body| body.split("\r\n").map(str::trim_end).collect::<Vec<_>>().join("\r\n"))
}

/// The text says another character set, as it does where a list adds a footer in one.
pub fn other_charset(mail: &str) -> String {
    mail.replace("charset=us-ascii", "charset=\"utf-8\"")
}

/// Lines that begin with From are changed by whoever keeps mail in one file.
pub fn mbox(mail: &str) -> String {
    with_body(mail, |body| body.replace("\r\nFrom ", "\r\n>From "))
}

/// As a text made of HTML may look: every blank line twice.
pub fn doubled(mail: &str) -> String {
    with_body(mail, |body| body.replace("\r\n\r\n", "\r\n\r\n\r\n"))
}
