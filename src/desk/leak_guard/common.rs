//! Words that stand in every letter about every hole: two texts may share them by chance.

/// Is it a word that says nothing about whose text it stands in?
pub fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok()
}

/// English, German, French, Spanish and Dutch, and the parts of a CVSS vector, in the order of
/// their octets.
#[rustfmt::skip]
const COMMON: [&str; 637] = [
    "aan", "aber", "about", "above", "ac", "accept", "address", "affected", "after", "again",
    "against", "al", "all", "alle", "allow", "allows", "almost", "already", "als", "also", "always",
    "am", "an", "anbei", "and", "another", "answer", "answered", "any", "anybody", "anyone",
    "anything", "apr", "april", "arbitrary", "are", "as", "ask", "asked", "at", "attach",
    "attached", "attacker", "attackers", "attention", "au", "auch", "auf", "aug", "august", "aus",
    "aux", "av", "available", "avec", "aware", "away", "back", "be", "because", "become", "been",
    "before", "bei", "being", "believe", "below", "best", "beste", "better", "between", "bin",
    "bis", "bitte", "bonjour", "both", "bug", "business", "but", "by", "call", "can", "cannot",
    "care", "case", "ce", "ces", "cette", "check", "cheers", "code", "come", "comes", "como", "con",
    "confirm", "contact", "coordinated", "coordination", "cordial", "cordialement", "could", "cve",
    "cvss", "da", "damit", "dank", "danke", "dans", "das", "dass", "dat", "date", "day", "days",
    "de", "dear", "dec", "december", "del", "dem", "den", "der", "des", "description", "detail",
    "details", "deze", "did", "die", "dies", "diese", "dieser", "directly", "disclose", "disclosed",
    "disclosure", "dit", "do", "does", "doing", "done", "dont", "down", "du", "due", "durch",
    "during", "each", "een", "ein", "eine", "einem", "einen", "einer", "eines", "either", "el",
    "ella", "elle", "else", "email", "embargo", "en", "encrypted", "end", "enough", "er", "es",
    "est", "esta", "este", "esto", "et", "even", "ever", "every", "everything", "execute",
    "execution", "exploit", "faille", "feb", "february", "few", "find", "first", "fix", "fixed",
    "following", "for", "forward", "found", "free", "freundlichen", "fri", "friday", "from", "fuer",
    "full", "further", "fwd", "für", "geehrte", "geehrter", "get", "give", "given", "gmt", "go",
    "going", "good", "got", "gracias", "great", "greetings", "groet", "gruss", "grüsse", "grüssen",
    "ha", "habe", "haben", "had", "hallo", "happy", "has", "hat", "have", "having", "he", "hear",
    "hello", "help", "hemos", "her", "here", "hesitate", "het", "hi", "him", "his", "hola", "hole",
    "hope", "hour", "hours", "how", "however", "ich", "id", "if", "ihnen", "ihr", "ihre", "ihrem",
    "ihren", "ihrer", "ik", "il", "im", "impact", "in", "information", "into", "is", "issue",
    "issues", "ist", "it", "its", "ive", "ja", "jan", "january", "je", "jetzt", "jul", "july",
    "jun", "june", "just", "kann", "keep", "keine", "key", "kind", "kindly", "know", "known",
    "können", "la", "las", "last", "latest", "le", "least", "les", "let", "letter", "leur", "like",
    "line", "link", "list", "little", "ll", "lo", "long", "look", "looking", "los", "lücke", "ma",
    "made", "mail", "maintainer", "maintainers", "mais", "make", "many", "mar", "march", "may",
    "maybe", "me", "mean", "mein", "meine", "melden", "meldung", "merci", "message", "met", "mfg",
    "mi", "might", "mit", "mon", "monday", "month", "months", "more", "most", "much", "must", "muy",
    "my", "nach", "name", "ne", "need", "needed", "new", "next", "nicht", "niet", "no", "noch",
    "nos", "not", "nothing", "nous", "nov", "november", "now", "number", "nur", "ob", "oct",
    "october", "oder", "of", "off", "ohne", "ok", "om", "on", "once", "one", "only", "op", "open",
    "or", "other", "ou", "our", "out", "over", "own", "par", "para", "part", "pas", "patch",
    "people", "pero", "person", "please", "pleased", "point", "por", "possible", "possibly", "pour",
    "pr", "private", "problem", "project", "public", "publish", "published", "que", "question",
    "questions", "qui", "quick", "quickly", "re", "reach", "read", "ready", "really", "received",
    "regarding", "regards", "release", "released", "remote", "reply", "report", "reported",
    "reporter", "reporting", "request", "respond", "response", "right", "sa", "said", "saludo",
    "saludos", "same", "sans", "sat", "saturday", "saw", "say", "sc", "se", "security", "see",
    "seem", "seems", "sehr", "send", "sensitive", "sent", "sep", "september", "ses", "severity",
    "shall", "share", "she", "should", "show", "si", "sich", "sicherheit", "sicherheitslücke",
    "sie", "sin", "since", "sincerely", "sind", "so", "sobald", "software", "some", "somebody",
    "someone", "something", "son", "sont", "soon", "sorry", "sounds", "source", "status", "step",
    "still", "su", "subject", "such", "sun", "sunday", "sur", "sure", "sus", "take", "taken",
    "taking", "te", "team", "tell", "than", "thank", "thanks", "that", "the", "their", "them",
    "then", "there", "these", "they", "thing", "things", "think", "this", "those", "thu",
    "thursday", "time", "timeline", "to", "today", "together", "tomorrow", "too", "took", "tue",
    "tuesday", "two", "ui", "um", "un", "una", "und", "under", "une", "uns", "unser", "unsere",
    "unter", "until", "up", "update", "us", "use", "used", "user", "users", "using", "usted",
    "ustedes", "utc", "uw", "va", "van", "vc", "version", "versions", "very", "vi", "via", "viele",
    "vielen", "vom", "von", "voor", "vor", "vos", "votre", "vous", "vriendelijke", "vulnerabilidad",
    "vulnerabilities", "vulnerability", "vulnerable", "want", "wanted", "war", "was", "way", "we",
    "wed", "wednesday", "week", "weeks", "well", "wenn", "went", "werden", "were", "what", "when",
    "where", "whether", "which", "while", "who", "whole", "why", "wie", "wieder", "wij", "will",
    "wir", "wird", "wish", "with", "within", "without", "wonder", "work", "working", "would",
    "write", "writing", "wrote", "wurde", "year", "yes", "yesterday", "yet", "you", "your", "yours",
    "zijn", "zu", "zum", "zur", "été", "être", "über",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        assert!(COMMON.is_sorted());
        assert!(is_common("thank") && is_common("vielen") && !is_common("parser"));
    }
}
