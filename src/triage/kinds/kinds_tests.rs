use super::super::reading::plain_words;
use super::*;

#[test]
fn every_phrase_can_be_heard() {
    for check in TOPICS.iter().flat_map(|(_, checks)| *checks) {
        let Sign::Words(words) = check.sign else { continue };
        for word in words {
            let bare = word.trim_end_matches('*');
            assert_eq!(plain_words(bare).trim(), bare, "{word:?} is not written in plain words");
        }
    }
    assert!(EAR.is_some());
}

#[test]
fn no_phrase_stands_twice_in_one_check() {
    for check in TOPICS.iter().flat_map(|(_, checks)| *checks) {
        let Sign::Words(words) = check.sign else { continue };
        for (number, word) in words.iter().enumerate() {
            assert!(!words[..number].contains(word), "{word:?} stands twice");
        }
    }
}

#[test]
fn phrases_are_whole_words() {
    let heard = |text: &str| heard(&plain_words(text)).iter().any(|check| *check);
    assert!(heard("a heap\noverflow!"));
    assert!(heard("vulnerabilities"));
    assert!(!heard("spock"), "poc is a word, not a piece of one");
}

#[test]
fn every_reason_is_a_sentence() {
    for check in TOPICS.iter().flat_map(|(_, checks)| *checks) {
        assert!(check.because.ends_with('.') && check.weight > 0, "{}", check.because);
    }
}
