//! Expectations held against what followed; with `UPDATE=1`, written anew.

use super::parse::{Block, Chunk, Story};
use super::play::{Played, Step, fill_in};
use super::told::{Told, squeezed};

/// What is wrong with a story, each with file and line.
pub fn check(story: &mut Story, played: &Played) -> Vec<String> {
    let name = story.name();
    let mut trouble = Vec::new();
    let mut rewritten = Vec::new();
    let mut steps = played.steps.iter();
    let mut now: Option<Open<'_>> = None;
    for chunk in &story.chunks {
        if let (Chunk::Block(block), Some(open)) = (chunk, now.take_if(|_| begins(chunk))) {
            open.close(&mut trouble, &mut rewritten, (&name, block.line));
        }
        let mut chunk = chunk.clone();
        if let Chunk::Block(block) = &mut chunk {
            if block.happens() {
                let step = steps.next().expect("a step was played for each block");
                now = Some(Open { step, left: step.letters.iter().collect(), at: block.line });
            }
            let keep = now.as_mut().is_none_or(|open| open.expect(block, &name, &mut trouble));
            if !keep {
                continue;
            }
        }
        rewritten.push(chunk);
    }
    if let Some(open) = now {
        open.close(&mut trouble, &mut rewritten, (&name, usize::MAX));
    }
    story.chunks = rewritten;
    trouble
}

fn begins(chunk: &Chunk) -> bool {
    matches!(chunk, Chunk::Block(block) if block.happens())
}

/// A step whose expectations are being read.
struct Open<'a> {
    step: &'a Step,
    /// Letters that no block has named yet.
    left: Vec<&'a Told>,
    at: usize,
}

impl Open<'_> {
    /// Compares one block, and writes it as it should be. False: it should not be there.
    fn expect(&mut self, block: &mut Block, name: &str, trouble: &mut Vec<String>) -> bool {
        let at = format!("{name}:{}", block.line);
        let rows = match block.kind.as_str() {
            "journal" => &self.step.facts,
            "cases" => &self.step.cases,
            "quarantine" => &self.step.quarantine,
            "posted" => &self.step.posted,
            "letter" => return self.letter(block, &at, trouble),
            "terminal" => &vec![self.step.answer.clone()],
            _ => return true,
        };
        let actual: String = rows.iter().map(|row| format!("{row}\n")).collect();
        if fill_in(&block.body, &self.step.names) != actual {
            trouble.push(format!("{at}: expected\n{}but it was\n{actual}", block.body));
            block.body = actual;
        }
        true
    }

    fn letter(&mut self, block: &mut Block, at: &str, trouble: &mut Vec<String>) -> bool {
        let fits = |told: &&Told| {
            block.get("to") == Some(&told.to) && block.get("wording") == Some(&told.wording)
        };
        let Some(index) = self.left.iter().position(fits) else {
            trouble.push(format!("{at}: no such letter was written: {}", block.words.join(" ")));
            return false;
        };
        let told = self.left.remove(index);
        let words = words(told);
        if block.words != words {
            let (expected, actual) = (block.words.join(" "), words.join(" "));
            trouble.push(format!("{at}: expected {expected}, but it was {actual}"));
            block.words = words;
        }
        let text = squeezed(&told.words());
        for line in block.body.lines() {
            let line = fill_in(line, &self.step.names);
            let (mark, wanted) = line.split_at(line.len().min(2));
            let there = text.contains(&squeezed(wanted));
            if !matches!((mark, there), ("+ ", true) | ("- ", false)) {
                trouble.push(format!("{at}: not so: {line}\n{}", told.text));
            }
        }
        true
    }

    /// Silence is checked: a letter that nobody expected is trouble.
    fn close(
        self,
        trouble: &mut Vec<String>,
        rewritten: &mut Vec<Chunk>,
        (name, before): (&str, usize),
    ) {
        // New blocks go in front of the prose that leads to the next step.
        let end = if before == usize::MAX { rewritten.len() } else { after_blocks(rewritten) };
        for (place, told) in self.left.iter().enumerate() {
            let words = words(told);
            let expected = words.join(" ");
            trouble.push(format!("{name}:{}: nobody expected a letter: {expected}", self.at));
            let block = Block { line: 0, kind: "letter".to_owned(), words, body: String::new() };
            rewritten.insert(end + 2 * place, Chunk::Prose("\n".to_owned()));
            rewritten.insert(end + 2 * place + 1, Chunk::Block(block));
        }
    }
}

fn after_blocks(chunks: &[Chunk]) -> usize {
    let last = chunks.iter().rposition(|chunk| matches!(chunk, Chunk::Block(_)));
    last.map_or(chunks.len(), |last| last + 1)
}

fn words(told: &Told) -> Vec<String> {
    let mut words = vec![format!("to={}", told.to), format!("wording={}", told.wording)];
    words.push(told.protection.to_owned());
    words.extend(told.state().map(|state| format!("state={state}")));
    words
}
