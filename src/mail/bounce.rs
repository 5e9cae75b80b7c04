//! Delivery status notifications (RFC 3464): what became of which letter.

use super::{Address, Bounce, MessageId, clean};
use crate::limits::LINE_CHARS;
use mail_parser::{HeaderForm, MessageParser, MessagePart};

/// Groups of fields read from one notification.
const GROUPS: usize = 100;

/// Reads the notification whose parts are the children of `root`. Only its fields are read,
/// never the words of a mail server, and nothing that came back is opened.
pub(super) fn read(root: MessagePart<'_>) -> Option<Bounce> {
    let status = root.children().find(|part| is_status(*part))?;
    let text = String::from_utf8_lossy(&status.decoded()).replace("\r\n", "\n");
    let recipients: Vec<Bounce> = text.split("\n\n").take(GROUPS).filter_map(recipient).collect();
    let failed = recipients.iter().find(|bounce| bounce.action == "failed");
    let mut bounce = failed.or(recipients.first())?.clone();
    bounce.original = root.children().find_map(original);
    Some(bounce)
}

fn is_status(part: MessagePart<'_>) -> bool {
    part.is_content_type("message", "delivery-status")
        || part.is_content_type("message", "global-delivery-status")
}

/// RFC 3464 section 2.3: the fields of one recipient.
fn recipient(group: &str) -> Option<Bounce> {
    let value = |name: &str| {
        group.split('\n').find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.trim().eq_ignore_ascii_case(name).then(|| clean::line(value))
        })
    };
    let word = |value: String| -> String {
        let word = value.split([' ', '(', ';']).next().unwrap_or_default().to_ascii_lowercase();
        clean::cut(&word, LINE_CHARS)
    };
    let action = word(value("action")?);
    let recipient = value("original-recipient").or_else(|| value("final-recipient"));
    Some(Bounce {
        action,
        status: value("status").map(word).unwrap_or_default(),
        recipient: recipient.as_deref().and_then(address),
        original: None,
    })
}

/// `rfc822; fay@example.org`, with or without brackets.
fn address(value: &str) -> Option<Address> {
    let (_, address) = value.split_once(';')?;
    Address::parse(address.trim().trim_start_matches('<').trim_end_matches('>'))
}

/// The Message-ID of what came back: of a whole mail, or of its header alone.
fn original(part: MessagePart<'_>) -> Option<MessageId> {
    if let Some(mail) = part.nested() {
        return mail.message_id().and_then(MessageId::parse);
    }
    let headers = part.is_content_type("text", "rfc822-headers")
        || part.is_content_type("message", "rfc822-headers")
        || part.is_content_type("message", "global-headers");
    let body = headers.then(|| part.decoded())?;
    let body = body.trim_ascii_start();
    let parser = MessageParser::new().header("Received", HeaderForm::Ignore);
    parser.parse_headers(body)?.message_id().and_then(MessageId::parse)
}

#[cfg(test)]
mod tests {
    use crate::mail::{Bounce, parse};

    fn report(status: &str, returned: &str) -> Option<Bounce> {
        let mail = format!(
            "From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; \
             report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n\
             Content-Type: message/delivery-status\r\n\r\n{status}\r\n\
             --b\r\n{returned}\r\n--b--\r\n"
        );
        parse(mail.as_bytes()).expect("a mail").content().bounce
    }

    const STATUS: &str = "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: RFC822; \
        mo@example.org\r\n\
        Action: delayed\r\nStatus: 4.2.2\r\n\r\nFinal-Recipient: rfc822;<fay@Example.org>\r\n\
        Action: Failed (expired)\r\nStatus: 5.1.1 (bad destination)\r\n\
        Diagnostic-Code: smtp; 550 no\r\n";

    #[test]
    fn the_failed_recipient_and_the_letter_are_named() {
        let whole =
            "Content-Type: message/rfc822\r\n\r\nMessage-ID: <one@sirt.example>\r\n\r\nwords";
        let header = "Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <one@sirt.example>\r\n\
            To: x@y.example\r\n";
        for returned in [whole, header] {
            let bounce = report(STATUS, returned).expect("a bounce");
            assert_eq!((bounce.action.as_str(), bounce.status.as_str()), ("failed", "5.1.1"));
            assert_eq!(bounce.recipient.expect("a recipient").as_str(), "fay@example.org");
            assert_eq!(bounce.original.expect("a letter").as_str(), "one@sirt.example");
        }
    }

    #[test]
    fn what_is_no_status_is_no_bounce() {
        assert_eq!(report("Reporting-MTA: dns; mx.example\r\n", "\r\nx"), None);
        let human = b"From: fay@example.org\r\nSubject: Undeliverable: my report\r\n\r\nhello\r\n";
        assert_eq!(parse(human).expect("a mail").content().bounce, None);
    }

    #[test]
    fn eve_cannot_make_a_server_speak_commands() {
        let evil = "Action: failed\r\nFinal-Recipient: rfc822; a@b\u{202e} <c@d>\r\nStatus: \
            5\u{1b}[31m x\r\n";
        let bounce = report(evil, "\r\nx").expect("a bounce");
        assert_eq!(bounce.recipient, None);
        assert_eq!(bounce.status, "5");
    }
}
