//! Authentication-Results (RFC 8601), read strictly: what is not well formed says nothing.

/// Comments in comments, deeper than any border writes them.
const COMMENTS: usize = 8;

#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Word(&'a str),
    Quoted(&'a str),
    End,
    Is,
}

/// The domains (in lower case) whose DKIM signatures passed, where `server` wrote the field.
pub fn dkim_passes(field: &str, server: &str) -> Vec<String> {
    let pieces = pieces(field).unwrap_or_default();
    let mut parts = pieces.split(|piece| *piece == Piece::End);
    let ours = match parts.next() {
        // The version, where it stands, is 1 (RFC 8601 section 2.2).
        Some([Piece::Word(id) | Piece::Quoted(id)]) => *id == server,
        Some([Piece::Word(id) | Piece::Quoted(id), Piece::Word("1")]) => *id == server,
        _ => false,
    };
    let results: Option<Vec<Option<String>>> = parts.map(result).collect();
    results.filter(|_| ours).into_iter().flatten().flatten().collect()
}

/// One result: its domain where it is a DKIM pass; `None` outside where it is not well formed.
fn result(part: &[Piece<'_>]) -> Option<Option<String>> {
    let (method, rest) = match part {
        [Piece::Word("none")] => return Some(None),
        [Piece::Word(method), Piece::Is, Piece::Word(result), rest @ ..] => {
            ((method, result), rest)
        }
        _ => return None,
    };
    let mut domain = None;
    for property in rest.chunks(3) {
        let [Piece::Word(name), Piece::Is, Piece::Word(value) | Piece::Quoted(value)] = property
        else {
            return None;
        };
        if name.eq_ignore_ascii_case("header.d") && domain.replace(*value).is_some() {
            return None;
        }
    }
    let dkim = method.0.split('/').next().is_some_and(|name| name.eq_ignore_ascii_case("dkim"));
    let passed = dkim && method.1.eq_ignore_ascii_case("pass");
    Some(domain.filter(|_| passed).map(str::to_ascii_lowercase))
}

/// Words, quoted words, semicolons and equals signs; comments left out (RFC 5322 section 3.2.2).
fn pieces(field: &str) -> Option<Vec<Piece<'_>>> {
    let (mut pieces, mut rest) = (Vec::new(), field.trim_start());
    while let Some(first) = rest.chars().next() {
        let tail = rest.get(first.len_utf8()..)?;
        rest = match first {
            ';' => {
                pieces.push(Piece::End);
                tail
            }
            '=' => {
                pieces.push(Piece::Is);
                tail
            }
            '(' => behind_comment(tail)?,
            '"' => {
                let (inner, tail) = tail.split_once('"')?;
                if inner.contains('\\') {
                    return None;
                }
                pieces.push(Piece::Quoted(inner));
                tail
            }
            _ => {
                let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
                let (word, tail) =
                    rest.split_at_checked(end).filter(|(word, _)| !word.is_empty())?;
                pieces.push(Piece::Word(word));
                tail
            }
        }
        .trim_start();
    }
    Some(pieces)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._+@/!#$%&'*^`{|}~:".contains(c)
}

fn behind_comment(text: &str) -> Option<&str> {
    let (mut depth, mut quoted) = (1, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if quoted => quoted = false,
            '\\' => quoted = true,
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(at + 1..);
        }
        if depth > COMMENTS {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = concat!(
        "mx.team.test 1 (border);\r\n dkim=pass (2048-bit key) header.d=Lists.Example ",
        "header.i=@lists.example header.b=\"abc\"; spf=fail smtp.mailfrom=x@y.test",
    );

    #[test]
    fn passes_are_named() {
        assert_eq!(dkim_passes(GOOD, "mx.team.test"), ["lists.example"]);
        let two = "mx; dkim=fail header.d=a.test; dkim/1=pass reason=\"ok\" header.d=b.test";
        assert_eq!(dkim_passes(two, "mx"), ["b.test"]);
        assert!(dkim_passes("mx; none", "mx").is_empty());
    }

    #[test]
    fn eve_cannot_write_a_pass() {
        for field in [
            "mx.evil.test; dkim=pass header.d=lists.example",
            "MX.team.test; dkim=pass header.d=lists.example",
            "mx.team.test.evil.test; dkim=pass header.d=lists.example",
            "mx.team.test 2; dkim=pass header.d=lists.example",
            "mx.team.test; dkim=fail (dkim=pass header.d=lists.example)",
            "mx.team.test; dkim=fail reason=\"; dkim=pass header.d=lists.example\"",
            "mx.team.test; spf=pass header.d=lists.example",
            "mx.team.test; dkim=pass header.d=evil.test header.d=lists.example",
            "mx.team.test; dkim=pass header.d=lists.example (",
            "mx.team.test; dkim=pass header.d=lists.example \"",
            "mx.team.test; dkim=passed header.d=lists.example",
            "mx.team.test; dkim=pass header.d lists.example",
            "(mx.team.test; dkim=pass header.d=lists.example",
        ] {
            assert!(dkim_passes(field, "mx.team.test").is_empty(), "{field}");
        }
        let deep = "(".repeat(100_000);
        assert!(dkim_passes(&deep, "mx").is_empty());
    }
}
