//! A report: somebody has found something in open-source software.

use super::Sign::{Seen, Words};
use super::{Check, Matter};
use crate::mail::Encrypted;
use crate::triage::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// What a report can be checked by.
pub const SUBSTANCE: &[Check] = &[
    Check { weight: 4, because: "It holds the trace of a crash.", sign: Seen(trace) },
    Check { weight: 4, because: "It holds a patch.", sign: Seen(patch) },
    Check { weight: 3, because: "It names a file and a line.", sign: Seen(file_and_line) },
    Check { weight: 3, because: "It names a package and versions.", sign: Seen(package_version) },
    Check { weight: 2, because: "It names a package.", sign: Seen(package) },
    Check { weight: 2, because: "It names functions or code.", sign: Seen(code) },
    Check { weight: 2, because: "It rates the weakness (CWE or CVSS).", sign: Seen(rating) },
    Check { weight: 2, because: "A reproducer or a patch is attached.", sign: Seen(attached) },
    Check { weight: 1, because: "It names a commit.", sign: Seen(commit) },
    Check { weight: 1, because: "It names the id of a known vulnerability.", sign: Seen(known_id) },
];

/// How people speak when they report.
pub const WORDS: &[Check] = &[
    Check {
        weight: 3,
        because: "It speaks of malicious code or a compromised project.",
        sign: Words(&[
            "backdoor*",
            "malicious code",
            "malicious release*",
            "malicious package*",
            "malicious version*",
            "malicious payload",
            "malicious commit*",
            "malicious maintainer",
            "typosquat*",
            "supply chain attack",
            "supply chain compromise",
            "account takeover of the maintainer",
            "maintainer account was compromised",
            "maintainers account was compromised",
            "compromised maintainer*",
            "steals credentials",
            "exfiltrates",
            "infostealer",
            "hijacked package",
            "schadcode",
            "hintertür",
        ]),
    },
    Check {
        weight: 3,
        because: "It says that attacks are seen.",
        sign: Words(&[
            "exploited in the wild",
            "active exploitation",
            "actively exploited",
            "being exploited",
            "in the wild",
            "mass exploitation",
            "wird bereits ausgenutzt",
            "wird aktiv ausgenutzt",
            "exploitée activement",
        ]),
    },
    Check { weight: 2, because: "It names a kind of weakness in code.", sign: Words(WEAKNESSES) },
    Check {
        weight: 2,
        because: "It tells how to reproduce it.",
        sign: Words(&[
            "steps to reproduce",
            "to reproduce",
            "reproducer",
            "reproduces",
            "reproducible",
            "reproduction",
            "proof of concept",
            "poc",
            "minimal example",
            "test case",
            "crafted",
            "fuzz*",
            "how to trigger",
            "can be triggered",
            "is triggered",
            "nachstellen",
            "reproduzier*",
            "preuve de concept",
            "pour reproduire",
            "prueba de concepto",
            "para reproducir",
        ]),
    },
    Check {
        weight: 2,
        because: "It says what is affected or where the cause lies.",
        sign: Words(&[
            "affected version*",
            "affected versions",
            "versions affected",
            "vulnerable version*",
            "affects all versions",
            "all versions",
            "latest version",
            "root cause",
            "is affected",
            "are affected",
            "affected",
            "the bug is in",
            "fixed in",
            "suggested fix",
            "proposed fix",
            "proposed patch",
            "possible fix",
            "does not check",
            "doesnt check",
            "is not validated",
            "not sanitized",
            "without checking",
            "never checked",
            "attacker can",
            "attacker could",
            "an attacker",
            "allows an attacker",
            "lets anyone",
            "lets anybody",
            "betroffen*",
            "angreifer",
            "attaquant",
            "versions concernées",
            "atacante",
            "versiones afectadas",
        ]),
    },
    Check {
        weight: 1,
        because: "It speaks of a vulnerability.",
        sign: Words(&[
            "vulnerab*",
            "security issue*",
            "security bug*",
            "security hole*",
            "security flaw*",
            "security problem*",
            "security weakness*",
            "security defect*",
            "security report",
            "exploit*",
            "cve",
            "zero day",
            "0day",
            "advisory",
            "sicherheitslücke*",
            "schwachstelle*",
            "sicherheitsproblem*",
            "vulnérabilité*",
            "faille*",
            "vulnerabilidad*",
            "fallo de seguridad",
            "vulnerabilità",
        ]),
    },
    Check {
        weight: 1,
        because: "It speaks of disclosure or an embargo.",
        sign: Words(&[
            "embargo*",
            "coordinated disclosure",
            "responsible disclosure",
            "responsibly disclose*",
            "disclosure",
            "disclose*",
            "90 days",
            "credit me",
            "please credit",
            "credited as",
            "offenlegung",
            "veröffentlich*",
            "divulgation",
            "divulgación",
        ]),
    },
    Check { weight: 2, because: "It came encrypted to us.", sign: Seen(encrypted) },
    Check {
        weight: 2,
        because: "An OpenPGP block stands in it.",
        sign: Words(&["begin pgp", "here stood an encrypted block", "encrypted piece"]),
    },
];

const WEAKNESSES: &[&str] = &[
    "buffer overflow*",
    "heap overflow*",
    "stack overflow*",
    "heap buffer overflow*",
    "heap corruption",
    "memory corruption",
    "overflow",
    "overflows",
    "integer overflow*",
    "out of bounds",
    "oob",
    "use after free",
    "uaf",
    "double free",
    "null pointer",
    "null dereference",
    "uninitialized memory",
    "format string",
    "type confusion",
    "race condition",
    "toctou",
    "path traversal",
    "directory traversal",
    "zip slip",
    "sql injection",
    "sqli",
    "command injection",
    "code injection",
    "code execution",
    "remote code execution",
    "rce",
    "execute arbitrary",
    "run arbitrary",
    "template injection",
    "ssti",
    "deserializ*",
    "deserialis*",
    "prototype pollution",
    "cross site scripting",
    "xss",
    "csrf",
    "ssrf",
    "xxe",
    "open redirect",
    "request smuggling",
    "header injection",
    "crlf injection",
    "authentication bypass",
    "auth bypass",
    "authorization bypass",
    "bypass*",
    "privilege escalation",
    "local root",
    "sandbox escape",
    "container escape",
    "denial of service",
    "dos attack*",
    "dos vulnerability",
    "dos via",
    "remote dos",
    "redos",
    "infinite loop",
    "infinite recursion",
    "resource exhaustion",
    "zip bomb",
    "decompression bomb",
    "timing attack",
    "side channel",
    "padding oracle",
    "signature verification",
    "signature forgery",
    "nonce reuse",
    "predictable token*",
    "weak random*",
    "hardcoded credential*",
    "hardcoded key*",
    "hard coded",
    "information leak",
    "information disclosure",
    "memory leak",
    "segfault*",
    "crash",
    "crashes",
    "crashed",
    "panic",
    "panics",
    "addresssanitizer",
    "pufferüberlauf",
    "pufferüberläufe",
    "speicherfehler",
    "codeausführung",
    "pfadüberquerung",
    "absturz",
    "dépassement de tampon",
    "dépassement",
    "exécution de code",
    "traversée de répertoire",
    "injection sql",
    "desbordamiento*",
    "ejecución de código",
    "inyección*",
];

fn matches(look: &LazyLock<Option<Regex>>, text: &str) -> bool {
    look.as_ref().is_some_and(|regex| regex.is_match(text))
}

fn trace(matter: &Matter<'_>) -> bool {
    static TRACE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"ERROR: (?:Address|Memory|Thread|Leak|UndefinedBehavior)Sanitizer|runtime error: |",
            r"SUMMARY: [A-Z][A-Za-z]+Sanitizer|(?m:^\s*#[0-9]{1,2}\s+0x[0-9a-f]+)|",
            r"Traceback \(most recent call last\)|thread '(?u:[^'\n]){1,60}' panicked at|",
            r"panic: runtime error|(?m:^\s+at [\w$.<>]+\([\w$.]+:[0-9]+\))|",
            r"Program received signal SIG|Segmentation fault|Exception in thread",
        ))
    });
    matches(&TRACE, &matter.reading.own)
}

fn patch(matter: &Matter<'_>) -> bool {
    static PATCH: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"(?m:^diff --git a/)|(?m:^@@ -[0-9]+(?:,[0-9]+)? \+[0-9]+)|(?m:^--- a/[[:graph:]]+$)",
        )
    });
    matches(&PATCH, &matter.reading.own)
}

pub fn file_and_line(matter: &Matter<'_>) -> bool {
    static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"[A-Za-z0-9_]\.(?:c|h|cc|cpp|cxx|hpp|py|js|ts|jsx|tsx|rs|go|java|kt|php|rb|pl|pm|",
            r"swift|scala|cs|lua|ex|erl|hs|ml|zig|sh|m|S)(?::[0-9]{1,6}|#L[0-9]{1,6}|",
            r",? \(?(?:in )?(?:line|lines|Zeile|ligne|línea) ?[0-9]{1,6})",
        ))
    });
    matches(&LINE, &matter.reading.own)
}

fn code(matter: &Matter<'_>) -> bool {
    static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"[a-z0-9]_[a-z0-9_]+\(\)|[A-Za-z_][A-Za-z0-9_]*(?:::|->|\.)[A-Za-z_][A-Za-z0-9_]*\(|",
            r"(?:memcpy|malloc|realloc|strcpy|sprintf|eval|exec|system|unserialize|pickle\.loads?",
            r"|innerHTML|readObject)\(|(?m:^#!/)|(?m:^\s*(?:import|#include|use) [\w:.<>/]+;?$)|",
            r"[a-z]+[A-Z][A-Za-z]+\(\)|[a-z]{3,}_[a-z_]{3,}\b",
        ))
    });
    matches(&CODE, &matter.reading.own)
}

fn package(matter: &Matter<'_>) -> bool {
    !matter.found.packages.is_empty()
}

fn package_version(matter: &Matter<'_>) -> bool {
    package(matter) && !matter.found.versions.is_empty()
}

fn has_id(matter: &Matter<'_>, wanted: fn(&str) -> bool) -> bool {
    matter.found.ids.iter().any(|id| wanted(id))
}

fn rating(matter: &Matter<'_>) -> bool {
    has_id(matter, |id| id.starts_with("CWE-") || id.starts_with("CVSS:") || id.starts_with("AV:"))
}

fn commit(matter: &Matter<'_>) -> bool {
    has_id(matter, |id| id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

fn known_id(matter: &Matter<'_>) -> bool {
    has_id(matter, |id| id.starts_with(|c: char| c.is_ascii_uppercase()) && id.contains('-'))
        && matter.found.ids.iter().any(|id| !id.starts_with("CWE-"))
}

fn attached(matter: &Matter<'_>) -> bool {
    matter.mail.attachments.iter().any(|file| {
        let name = file.name.to_ascii_lowercase();
        let told = ["poc", "exploit", "repro", "crash", "testcase", "advisory", "vuln", "report"];
        let ends = [".patch", ".diff", ".pcap", ".core"];
        told.iter().any(|word| name.contains(word)) || ends.iter().any(|end| name.ends_with(end))
    })
}

fn encrypted(matter: &Matter<'_>) -> bool {
    matches!(matter.mail.evidence.encrypted, Encrypted::Whole | Encrypted::Partly)
}
