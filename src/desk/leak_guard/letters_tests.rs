//! Letters as handlers write them, beside every mail under `fixtures/`: what is found by chance,
//! and whether what is pasted is found. The mails are opened as a worker opens them.

use super::passages::PASSAGE;
use super::plain::{plain, tokens, windows};
use super::{Sought, Source, held, passages};
use crate::case::Secrets;
use crate::pgp::{Opener, TeamKey};
use crate::worker::{Request, open};
use std::fs;
use std::path::{Path, PathBuf};

/// Fewer mails than this show too little.
const ENOUGH: usize = 120;

const LETTERS: [&str; 20] = [
    "Thank you for your report. We can reproduce it on the current Debian build: the length is \
     taken as negative and the copy starts in front of the buffer. The maintainers have it now, \
     and we will write again as soon as they answer, at the latest by 27 November 2026.",
    "Hello,\n\nwe have read your report about libexample 1.2.3 and think it is credible. Could \
     you send us the reproducer, please? An encrypted mail to this address will do. Please let \
     us know whether anybody else knows of this, and whether you plan to publish.\n\nKind regards",
    "Thank you. The project has confirmed the problem and is working on a fix. They ask for two \
     more weeks, until 11 December 2026. Is that acceptable for you? If not, tell us which date \
     would be.",
    "Dear maintainers,\n\nwe are a team of volunteers that helps with the coordinated disclosure \
     of vulnerabilities in open source software. Somebody reported a possible denial of service \
     in framer-x to us. We would like to send you the details. Could you name a person and an \
     OpenPGP key for that?",
    "A short update: the fix is merged on a private branch and will be in version 2.3.2. We have \
     asked for a CVE number. Nothing to do for you at the moment.",
    "We are sorry, but we only handle open source software, and the program you describe is \
     closed source. Please contact the vendor directly; many of them have a page about security \
     reports. If you do not get an answer, your national CERT may be able to help.",
    "Thank you for writing to us. A missing SPF or DMARC record is not a vulnerability in an open \
     source project, so there is nothing we could coordinate. We do not pay bounties.",
    "Hi,\n\nthis looks like a duplicate of something we already know about; we cannot say more at \
     the moment. You will be credited as an independent finder if you want that. Under which name \
     would you like to appear?",
    "Please do not publish yet. The embargo was agreed to end on 14 December 2026 at 14:00 UTC, \
     and the distributions need these days to build their packages. We will remind you two days \
     before.",
    "We see reports of active exploitation of OpenGallery uploads, so we would like to warn users \
     today. The notice will say that a web server may execute an uploaded file, and how to turn \
     that off. It will not say how to do it. Do you agree?",
    "Can you tell us which versions are affected? You wrote 4.2.1, but our tests show the same \
     behaviour in 4.1. Does the server have to run as root for this?",
    "Hello and thank you for your trust. You are not alone with this: we help maintainers with \
     exactly such reports. The first step would be to send us what the researcher told you, as \
     far as you may. There is no cost, and you decide what happens next.",
    "Vielen Dank für Ihre Meldung. Wir konnten den Fehler nachvollziehen und haben den \
     Entwickler angeschrieben. Bitte behalten Sie die Einzelheiten vorerst für sich. Wir melden \
     uns spätestens am 4. Dezember 2026 wieder bei Ihnen.",
    "Bonjour,\n\nmerci pour votre message. Nous avons pu reproduire l'injection SQL et nous \
     avons prévenu le projet. Pourriez-vous attendre sa réponse avant de publier ?\n\n\
     Cordialement",
    "Gracias por el informe. ¿Podría enviarnos la prueba de concepto cifrada con nuestra clave? \
     Todavía no hemos encontrado a nadie que mantenga el paquete.",
    "The repository of oldforum was archived and nobody has answered for three weeks. We intend \
     to publish a warning to its users without a fix, since there will be none. As a workaround \
     the search page can be switched off. You may comment on the draft until Friday.",
    "Your key has expired, so we could not encrypt our answer to you. Please send us the renewed \
     certificate. Until then we can only tell you that your report has arrived and that somebody \
     is looking at it.",
    "We rate this as high: the attacker needs no account and no interaction, but only the \
     availability is affected. CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H. The weakness is \
     CWE-400. Please object if you see this differently.",
    "The fix was released this morning as version 0.7.2, and the advisory is at \
     https://rustsec.example/advisories/RUSTSEC-2026-0101.html. Thank you for the good work and \
     for your patience. We close the case now; simply reply if there is anything left.",
    "Thank you for your question. Our policy is on our web page: we ask for 90 days, less if a \
     hole is being used, more if a fix needs the help of many. You can reach us encrypted at \
     this address. We are volunteers and answer within five business days.",
];

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn secrets() -> Secrets {
    Secrets { numbers: [1; 32], codes: [2; 32], tokens: [3; 32], message_ids: [4; 32] }
}

/// Name and words of every mail that can be opened.
fn mails() -> Vec<(String, String)> {
    let secret = fs::read(fixtures("people").join("team.secret.asc")).expect("the team's key");
    let team = TeamKey::read(&secret, None).expect("the team's key");
    let opener = Opener::new(&team.decryption_part().expect("a part")).expect("an opener");
    let ours = [team.certificate().fingerprint().clone()];
    let now = "2026-11-20T12:00:00Z".parse().expect("an instant");
    let request = Request { on_record: &[], ours: &ours, now };
    let mut found = Vec::new();
    for folder in ["mail", "held-out"] {
        for file in fs::read_dir(fixtures(folder)).expect(folder) {
            let path = file.expect("a file").path();
            if path.extension().is_none_or(|end| end != "eml") {
                continue;
            }
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let raw = fs::read(&path).expect("a mail");
            found.extend(open(&raw, &opener, &request).map(|opened| (name, opened.mail.text)));
        }
    }
    assert!(found.len() >= ENOUGH, "only {} mails", found.len());
    found.sort();
    found
}

#[test]
fn letters_of_handlers_hold_no_words_of_strangers_by_chance() {
    let (secrets, mails) = (secrets(), mails());
    let known: Vec<(&str, Vec<u64>)> =
        mails.iter().map(|(name, text)| (name.as_str(), passages(&secrets, text))).collect();
    let sources = known.iter().map(|(whose, passages)| Source { whose, passages }).collect();
    let sought = Sought { secrets: &secrets, sources, known: Vec::new() };
    for letter in LETTERS {
        let found: Vec<&str> =
            held(letter, &sought).iter().map(|held| known[held.source].0).collect();
        assert_eq!(found, [""; 0], "{letter}");
    }
    let counts: Vec<usize> = known.iter().map(|(_, passages)| passages.len()).collect();
    let pairs = LETTERS.len() * known.len();
    println!("{pairs} pairs, none; a mail has at most {:?} passages", counts.iter().max());
}

/// Words in a row from every place of every mail, pasted behind quote marks in lines of five.
#[test]
fn what_is_pasted_from_a_mail_is_found() {
    let mails = mails();
    for (length, percent) in [(9, 80), (11, 90), (16, 94), (20, 95)] {
        let (mut pasted, mut found) = (0, 0);
        for (_, text) in &mails {
            let (all, some) = pastes(text, length);
            (pasted, found) = (pasted + all, found + some);
        }
        println!("{found} of {pasted} pastes of {length} words are found");
        assert!(found * 100 >= pasted * percent, "{length} words: {found} of {pasted}");
    }
}

/// How many pastes of that many words there are, and how many are found. One in which two
/// passages begin and end is always found.
fn pastes(text: &str, length: usize) -> (usize, usize) {
    let secrets = secrets();
    let kept = passages(&secrets, text);
    let sources = vec![Source { whose: "somebody", passages: &kept }];
    let sought = Sought { secrets: &secrets, sources, known: Vec::new() };
    let words = tokens(&plain(text));
    let mut found = 0;
    for some in words.windows(length) {
        let words: Vec<&str> = some.iter().map(|token| token.word.as_str()).collect();
        let lines: Vec<String> = words.chunks(5).map(|five| five.join(" ")).collect();
        let paste = format!("Hello,\n\n> {}\n", lines.join("\n> ").to_uppercase());
        let held = !held(&paste, &sought).is_empty();
        assert!(held || windows(some, PASSAGE).len() < 2, "{paste}");
        found += usize::from(held);
    }
    ((words.len() + 1).saturating_sub(length), found)
}
