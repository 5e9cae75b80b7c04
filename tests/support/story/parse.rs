//! A story as prose and blocks, and back as text.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

pub struct Story {
    pub path: PathBuf,
    pub chunks: Vec<Chunk>,
}

#[derive(Clone)]
pub enum Chunk {
    Prose(String),
    Block(Block),
}

/// A fenced block: ```` ```kind flag key=value ```` and its lines.
#[derive(Clone, Default)]
pub struct Block {
    pub line: usize,
    pub kind: String,
    pub words: Vec<String>,
    pub body: String,
}

impl Story {
    pub fn read(path: &Path) -> Story {
        let text = std::fs::read_to_string(path).expect("a story");
        let mut story = Story { path: path.to_owned(), chunks: Vec::new() };
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let Some(info) = line.strip_prefix("```") else {
                story.prose(line);
                continue;
            };
            let mut words = info.split_whitespace().map(str::to_owned);
            let (kind, words) = (words.next().unwrap_or_default(), words.collect());
            let mut body = String::new();
            let inside = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
            inside.for_each(|line| _ = writeln!(body, "{line}"));
            story.chunks.push(Chunk::Block(Block { line: number + 1, kind, words, body }));
        }
        story
    }

    fn prose(&mut self, line: &str) {
        match self.chunks.last_mut() {
            Some(Chunk::Prose(prose)) => _ = writeln!(prose, "{line}"),
            _ => self.chunks.push(Chunk::Prose(format!("{line}\n"))),
        }
    }

    pub fn name(&self) -> String {
        self.path.file_name().expect("a name").to_string_lossy().into_owned()
    }

    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.chunks.iter().filter_map(|chunk| match chunk {
            Chunk::Block(block) => Some(block),
            Chunk::Prose(_) => None,
        })
    }

    pub fn text(&self) -> String {
        let chunk = |chunk: &Chunk| match chunk {
            Chunk::Prose(prose) => prose.clone(),
            Chunk::Block(block) => block.text(),
        };
        self.chunks.iter().map(chunk).collect()
    }
}

impl Block {
    pub fn text(&self) -> String {
        let words: String = self.words.iter().map(|word| format!(" {word}")).collect();
        format!("```{}{words}\n{}```\n", self.kind, self.body)
    }

    pub fn has(&self, flag: &str) -> bool {
        self.words.iter().any(|word| word == flag)
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    pub fn number(&self, key: &str) -> Option<usize> {
        self.get(key).map(|value| value.parse().expect("a number"))
    }

    /// Something happens; everything else is what follows from it.
    pub fn happens(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "mail"
                | "post"
                | "orders"
                | "again"
                | "stolen"
                | "bounce"
                | "listed"
                | "clock"
                | "terminal"
                | "restart"
        )
    }

    /// Orders are a mail too: signed, sealed, above the quoted case line of the newest letter to
    /// their author; `older` to the one before, `fresh` answers nothing, `clear` is not encrypted.
    /// A key of `with=` signs.
    pub fn as_mail(&self) -> Block {
        let by = self.get("by").expect("by=");
        let signer = self.get("with").unwrap_or(by);
        let mut words = vec![format!("from={signer}"), format!("as={by}"), "sign".to_owned()];
        words.extend(self.get("signed").map(|span| format!("signed={span}")));
        words.extend((!self.has("clear")).then(|| "seal".to_owned()));
        let mut body = format!("Subject: Re: your letter\n\n{}", self.body);
        if !self.has("fresh") {
            words.push(format!("answers={by}"));
            let which = if self.has("older") { "older " } else { "" };
            let line = format!("{{{which}case-line {by}}}");
            body += &format!("\nExample SIRT wrote:\n> {line}\n> Words of ours.\n");
        }
        Block { kind: "mail".to_owned(), words, body, ..self.clone() }
    }

    /// A post is a mail that came by the mailbox of a list, with the marks of the list.
    pub fn as_post(&self) -> Block {
        let list = self.get("list").expect("list=");
        let mut words = self.words.clone();
        words.push(format!("mailbox={list}"));
        let body = format!(
            "To: {list}@lists.example\nList-Id: <{list}.lists.example>\n\
             List-Post: <mailto:{list}@lists.example>\nPrecedence: list\n{}",
            self.body
        );
        Block { kind: "mail".to_owned(), words, body, ..self.clone() }
    }

    /// The fields of a mail, and its words.
    pub fn mail(&self) -> (BTreeMap<String, String>, String) {
        let (head, body) = self.body.split_once("\n\n").unwrap_or((self.body.trim_end(), ""));
        let field = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        };
        (head.lines().filter_map(field).collect(), body.to_owned())
    }
}
