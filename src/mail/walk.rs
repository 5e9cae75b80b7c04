//! The walk over the parts of an entity, in order, each part once.
//!
//! Text is shown, everything else is a file. Encrypted and signed parts below the root become
//! pieces of their own and are never joined with their neighbours.

use super::armor::What;
use super::content::{Content, Matter, Piece, Place};
use super::files::{self, keep_key, keep_piece};
use super::shape::{self, Shape};
use super::words::{self, Words};
use super::{KeySource, autocrypt, bounce, clean, header, protected, text};
use crate::limits::{HTML_BYTES, LINE_CHARS, TEXT_BYTES};
use mail_parser::{MessagePart, MessageRef, PartKind};

/// Octets of a text that are looked at to see whether it is empty.
const GLANCE: usize = 4_000;

pub(super) fn content(root: MessagePart<'_>) -> Content {
    let mut walk = Walk::new(root);
    walk.root(root);
    walk.finish(root)
}

pub(super) fn file(root: MessagePart<'_>, index: usize) -> Option<Vec<u8>> {
    let mut walk = Walk::new(root);
    walk.root(root);
    walk.files.get(index).map(|part| part.decoded().into_owned())
}

struct Walk<'m> {
    content: Content,
    /// The parts behind `content.attachments`, in the same order.
    files: Vec<MessagePart<'m>>,
    /// The root carries protected headers, so legacy displays of them are left out.
    payload: bool,
    /// Inside a mail that the sender passed on.
    forwarded: bool,
    /// Inside a report of a mail server: nothing that came back is opened.
    returned: bool,
    /// Octets of HTML that may still be rendered with care.
    care: usize,
    texts: usize,
    /// Armored messages and cleartext-signed blocks met in texts; words met beside them.
    blocks: usize,
    words: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Shown,
    /// An alternative that is not shown: its files are listed all the same.
    Hidden,
}

impl<'m> Walk<'m> {
    fn new(root: MessagePart<'m>) -> Walk<'m> {
        Walk {
            content: Content::default(),
            files: Vec::new(),
            payload: protected::read(root).is_some(),
            forwarded: false,
            returned: false,
            care: HTML_BYTES,
            texts: 0,
            blocks: 0,
            words: false,
        }
    }

    /// The root has the layer that its opener dealt with: no piece is made of it.
    fn root(&mut self, root: MessagePart<'m>) {
        match shape::of(root) {
            Shape::Signed { .. } => self.first_child(root),
            Shape::Encrypted { .. } => {
                self.unfit("It is encrypted.");
                self.returned = true;
                root.children().for_each(|child| self.list(child));
            }
            Shape::Plain if root.is_multipart() => self.multipart(root, Mode::Shown),
            Shape::Plain => self.leaf(root, Mode::Shown, true),
        }
    }

    fn first_child(&mut self, part: MessagePart<'m>) {
        if let Some(child) = part.children().next() {
            self.part(child, Mode::Shown);
        }
    }

    fn part(&mut self, part: MessagePart<'m>, mode: Mode) {
        if !part.is_multipart() {
            return self.leaf(part, mode, false);
        }
        match shape::of(part) {
            Shape::Plain => self.multipart(part, mode),
            Shape::Encrypted { ciphertext } => self.piece(Matter::EncryptedEntity(ciphertext)),
            Shape::Signed { signed, signature } => {
                self.piece(Matter::Signed { signed, signature });
                self.first_child(part);
            }
        }
    }

    fn piece(&mut self, matter: Matter) {
        self.unfit("A part of it is encrypted or signed by itself.");
        if !self.returned {
            let piece = Piece { matter, place: Place::Part, forwarded: self.forwarded };
            keep_piece(&mut self.content, piece);
        }
    }

    fn multipart(&mut self, part: MessagePart<'m>, mode: Mode) {
        match part.content_type().and_then(|kind| kind.subtype()) {
            Some("alternative") if mode == Mode::Shown => self.alternative(part),
            Some("report") => self.report(part),
            _ => part.children().for_each(|child| self.part(child, mode)),
        }
    }

    /// RFC 2046 section 5.1.4: one of these is shown, plain text before anything else.
    fn alternative(&mut self, part: MessagePart<'m>) {
        let children: Vec<MessagePart<'m>> = part.children().collect();
        let filled = |html: bool| {
            children.iter().position(|child| {
                let leaf = first_leaf(*child);
                leaf.is_text() && is_html(leaf) == html && !is_empty(leaf)
            })
        };
        let chosen = filled(false).or_else(|| filled(true)).unwrap_or(0);
        for (index, child) in children.iter().enumerate() {
            self.part(*child, if index == chosen { Mode::Shown } else { Mode::Hidden });
        }
        if let Some(shown) = children.get(chosen) {
            self.compare(*shown, &children);
        }
    }

    /// Alternatives that say different things to different readers carry no orders.
    fn compare(&mut self, shown: MessagePart<'m>, children: &[MessagePart<'m>]) {
        let others = children.iter().filter(|other| other.id() != shown.id());
        let mut others = others.map(|other| texts(*other)).filter(|t| !t.is_empty()).peekable();
        if self.content.not_for_orders.is_some() || others.peek().is_none() {
            return;
        }
        let said = said(&texts(shown));
        if !others.all(|other| said.as_ref().is_some_and(|said| says(&other, said))) {
            self.unfit("Its text and its other form do not say the same.");
        }
    }

    /// RFC 6522: words for people first, then what a server says and what came back.
    fn report(&mut self, part: MessagePart<'m>) {
        self.unfit("It is a report of a mail server.");
        let before = std::mem::replace(&mut self.returned, true);
        if !self.forwarded && self.content.bounce.is_none() {
            self.content.bounce = bounce::read(part);
        }
        for (index, child) in part.children().enumerate() {
            match index {
                0 => self.part(child, Mode::Shown),
                _ => self.list(child),
            }
        }
        self.returned = before;
    }

    fn leaf(&mut self, part: MessagePart<'m>, mode: Mode, root: bool) {
        if self.is_legacy_display(part, root) {
            return;
        }
        match part.nested() {
            Some(mail) => self.forward(part, mail, mode),
            None if !is_readable(part, root) => self.list(part),
            None if mode == Mode::Shown => self.read(part),
            None => {}
        }
    }

    /// The older form of protected headers repeats them in a part of its own.
    fn is_legacy_display(&self, part: MessagePart<'m>, root: bool) -> bool {
        let kind = part.content_type();
        let marked = kind.is_some_and(|kind| kind.attribute("protected-headers") == Some("v1"));
        self.payload
            && !self.forwarded
            && !root
            && marked
            && kind.is_some_and(|kind| kind.ctype() == "text")
    }

    fn list(&mut self, part: MessagePart<'m>) {
        if files::list(&mut self.content, part, self.forwarded, !self.returned) {
            self.files.push(part);
        }
    }

    /// A mail that was passed on is a file, and its words are shown below a line that says so.
    fn forward(&mut self, part: MessagePart<'m>, mail: MessageRef<'m>, mode: Mode) {
        self.list(part);
        if mode == Mode::Hidden || self.returned {
            return;
        }
        self.unfit("It passes on another mail.");
        self.say(&heading(mail));
        self.words = true;
        let before = std::mem::replace(&mut self.forwarded, true);
        self.part(mail.root_part(), Mode::Shown);
        self.forwarded = before;
    }

    fn read(&mut self, part: MessagePart<'m>) {
        // Clients put empty texts around a file.
        if part.text().is_some_and(|words| words.trim().is_empty()) {
            return;
        }
        self.texts += 1;
        if let Some(why) = words::unfit(part) {
            self.unfit(why);
        }
        if !self.content.text.is_empty() && !self.content.text.ends_with("\n\n") {
            self.say("\n");
        }
        let words = Words::of(part, &mut self.care);
        for stretch in words.stretches() {
            self.stretch(&words, stretch.what, stretch.bytes);
        }
    }

    fn stretch(&mut self, words: &Words<'_>, what: What, bytes: &[u8]) {
        match what {
            What::Words => self.words |= !words::is_blank(bytes),
            What::Message => self.block(Matter::Encrypted(bytes.to_vec())),
            What::Clearsigned => self.block(Matter::Clearsigned(bytes.to_vec())),
            What::PublicKey if self.returned => {}
            What::PublicKey => keep_key(&mut self.content, KeySource::Pasted, bytes),
            What::SecretKey => self.content.secret_key = true,
        }
        match what {
            What::Words | What::Clearsigned => {
                let mut read = words.read(bytes, self.payload && !self.forwarded);
                if !read.ends_with('\n') {
                    read.push('\n');
                }
                self.say(&read);
            }
            _ => self.say(words::placeholder(what)),
        }
    }

    fn block(&mut self, matter: Matter) {
        self.unfit("There is OpenPGP inside its text.");
        self.blocks += 1;
        if !self.returned {
            let piece = Piece { matter, place: Place::InText, forwarded: self.forwarded };
            keep_piece(&mut self.content, piece);
        }
    }

    fn say(&mut self, words: &str) {
        let room = TEXT_BYTES.saturating_sub(self.content.text.len());
        let kept = clean::prefix(words, room);
        self.content.text_cut |= kept.len() < words.len();
        self.content.text.push_str(kept);
    }

    /// The first reason stands.
    fn unfit(&mut self, why: &'static str) {
        self.content.not_for_orders.get_or_insert(why);
    }

    fn finish(mut self, root: MessagePart<'m>) -> Content {
        match self.texts {
            0 => self.unfit("It has no text."),
            1 => {}
            _ => self.unfit("It has more than one text."),
        }
        if self.content.text_cut {
            self.unfit("Its text is too long.");
        }
        self.content.autocrypt = autocrypt::read(root);
        self.whole_text();
        self.content
    }

    /// A text that is one block and nothing else is how older clients send a mail.
    fn whole_text(&mut self) {
        if self.blocks != 1 || self.words {
            return;
        }
        let block = self.content.pieces.iter_mut().find(|piece| piece.place == Place::InText);
        if let Some(piece) = block {
            piece.place = Place::WholeText;
            if matches!(piece.matter, Matter::Encrypted(_)) {
                self.content.text.clear();
            }
        }
    }
}

/// The part that a multipart shows first.
fn first_leaf(part: MessagePart<'_>) -> MessagePart<'_> {
    match part.children().next() {
        Some(child) => first_leaf(child),
        None => part,
    }
}

fn is_html(part: MessagePart<'_>) -> bool {
    matches!(part.kind(), PartKind::Html)
}

fn is_empty(part: MessagePart<'_>) -> bool {
    part.text_prefix_bytes(GLANCE).is_none_or(|text| text.trim().is_empty())
}

/// Words to read, rather than a file that happens to be text.
fn is_readable(part: MessagePart<'_>, root: bool) -> bool {
    let kind = part.content_type().map(|kind| (kind.ctype(), kind.subtype()));
    let old_pgp = root && kind == Some(("application", Some("pgp")));
    if root || !part.is_text() {
        return part.is_text() || old_pgp;
    }
    let file = part.attachment_name().is_some_and(|name| !name.is_empty())
        || part.content_disposition().is_some_and(|d| d.is_attachment());
    let words = matches!(kind, None | Some(("text", Some("plain" | "html" | "markdown"))))
        || matches!(kind, Some(("text", Some("x-patch" | "x-diff"))));
    words && !file
}

/// The texts of an alternative that are shown; files among them are not.
fn texts(part: MessagePart<'_>) -> Vec<MessagePart<'_>> {
    if !part.is_multipart() {
        return Vec::from_iter(part.is_text().then_some(part));
    }
    let shown = part.children().filter(|child| child.is_multipart() || is_readable(*child, false));
    shown.flat_map(texts).collect()
}

/// Their words; none where they are too long to be orders.
fn said(parts: &[MessagePart<'_>]) -> Option<String> {
    let bytes: usize = parts.iter().map(|part| part.raw_body().len()).sum();
    (bytes <= TEXT_BYTES).then(|| parts.iter().map(|part| Words::of(*part, &mut 0).all()).collect())
}

/// The same letters and digits, markup aside.
fn says(parts: &[MessagePart<'_>], words: &str) -> bool {
    said(parts).is_some_and(|said| text::same_words(&said, words))
}

fn heading(mail: MessageRef<'_>) -> String {
    let short = |text: &str| clean::cut(&clean::line(text), LINE_CHARS);
    let from = mail.from().and_then(|from| from.first()).and_then(|from| from.address());
    let from = short(from.unwrap_or("an unknown sender"));
    let date = mail.date().and_then(header::instant);
    let date = date.map(|date| format!(" of {date}")).unwrap_or_default();
    let subject = short(mail.subject().unwrap_or_default());
    format!("\n[A mail from {from}{date} is passed on: {subject}]\n\n")
}
