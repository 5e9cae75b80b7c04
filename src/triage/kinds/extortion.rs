//! Extortion: pay, or else.

use super::Sign::{Seen, Words};
use super::{Check, Matter};
use crate::triage::pattern;
use regex::Regex;
use std::sync::LazyLock;

pub const CHECKS: &[Check] = &[
    Check {
        weight: 3,
        because: "It demands money.",
        sign: Words(&[
            "pay me",
            "pay us",
            "you must pay",
            "you have to pay",
            "you will pay",
            "unless you pay",
            "unless i am paid",
            "unless paid",
            "if you do not pay",
            "if you dont pay",
            "if i am not paid",
            "send payment",
            "ransom",
            "my price",
            "price for my silence",
            "for my silence",
            "keep quiet",
            "stay silent",
            "pay or",
            "consulting fee",
            "fee of",
            "for a fee",
            "make us an offer",
            "make me an offer",
            "what is it worth to you",
            "how much is it worth",
            "purchase the details",
            "buy the details",
            "buy this exploit",
            "sell you the",
            "send the money",
            "we expect payment",
            "i expect payment",
            "your payment",
            "zahlen sie",
            "bezahlen sie",
            "lösegeld",
            "payez",
            "si vous ne payez pas",
            "pague",
            "si no paga",
            "si no pagan",
        ]),
    },
    Check {
        weight: 3,
        because: "It names a sum of money or a wallet for coins.",
        sign: Seen(coins),
    },
    Check {
        weight: 3,
        because: "It threatens.",
        sign: Words(&[
            "or else",
            "or i publish",
            "or i will publish",
            "or i release",
            "or we publish",
            "or we release",
            "or i sell",
            "otherwise i publish",
            "otherwise i will publish",
            "otherwise i will sell",
            "otherwise i sell",
            "otherwise we will publish",
            "otherwise the exploit",
            "will be sold",
            "sell it to",
            "sell this to",
            "sell the exploit",
            "sell to the highest",
            "highest bidder",
            "interested buyers",
            "other buyers",
            "another buyer",
            "a broker",
            "exploit broker",
            "offer them to other",
            "offer it to other",
            "offer it to others",
            "come to terms",
            "unless we agree",
            "unless we hear",
            "unless i hear",
            "if you ignore",
            "if you refuse",
            "if you do not agree",
            "if we do not agree",
            "if i get no answer",
            "do not go to the police",
            "ransomware group*",
            "dark web",
            "darknet",
            "leak your",
            "leak everything",
            "leak all",
            "we have your data",
            "i have your data",
            "you will regret",
            "no police",
            "call the police",
            "last warning",
            "final warning",
            "tick tock",
            "sonst veröffentliche",
            "sonst verkaufe",
            "sinon je publie",
            "sinon je vends",
            "de lo contrario",
        ]),
    },
    Check { weight: 3, because: "It says what happens if nothing is paid.", sign: Seen(or_else) },
    Check {
        weight: 1,
        because: "It sets an ultimatum.",
        sign: Words(&[
            "you have 24 hours",
            "you have 48 hours",
            "you have 72 hours",
            "24 hours",
            "48 hours",
            "72 hours",
            "you have until",
            "ultimatum",
            "48 stunden",
            "24 stunden",
            "48 heures",
            "24 heures",
            "48 horas",
            "24 horas",
        ]),
    },
];

/// "… or all of it gets dumped."
fn or_else(matter: &Matter<'_>) -> bool {
    static OR: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\b(?:or|otherwise|else|sonst|sinon)\s+(?:i|we|it|they|all|everything",
            r"|alles|tout)\b",
            r"(?u:[^.!?]){0,80}?\b(?:publish|post|release|sell|sold|leak|dump|auction",
            r"|expos|destroy)",
        ))
    });
    OR.as_ref().is_some_and(|look| look.is_match(&matter.reading.own))
}

fn coins(matter: &Matter<'_>) -> bool {
    static COINS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)[0-9][0-9.,]* ?k? ?(?:btc|bitcoins?|xmr|monero|eth|ethereum",
            r"|usd|eur|euros?|dollars|usdt)\b|",
            r"(?:\$|€|£|\busd|\beur) ?[0-9][0-9.,]+|",
            r"(?:bitcoin|btc|monero|xmr) (?:wallet|address)|",
            r"\b(?:bc1[a-z0-9]{25,60}|[13][a-km-zA-HJ-NP-Z1-9]{25,34}|0x[0-9a-f]{40})\b",
        ))
    });
    COINS.as_ref().is_some_and(|coins| coins.is_match(&matter.reading.own))
}
