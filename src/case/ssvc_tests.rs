use super::*;

/// The rows of a published table, without its head and row numbers; None where it is not at hand.
fn rows(name: &str) -> Option<Vec<Vec<String>>> {
    let path = format!("{}/../shared/data/ssvc/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {name} is not at hand");
        return None;
    };
    let row = |line: &str| line.split(',').skip(1).map(str::to_owned).collect();
    Some(text.lines().skip(1).map(row).collect())
}

/// The vector of a row, by the first letters that tell its words apart.
fn vector(keys: &[&str], words: &[String]) -> String {
    let value = |key: &str, word: &str| -> String {
        let special = [
            ("RC", "not credible", "NC"),
            ("SINV", "fix ready", "FR"),
            ("SINV", "uncooperative/unresponsive", "UU"),
            ("SI", "critical", "R"),
        ];
        let found = special.iter().find(|(k, w, _)| *k == key && *w == word);
        let first = || word.get(..1).unwrap_or_default().to_ascii_uppercase();
        found.map_or_else(first, |(_, _, value)| (*value).to_owned())
    };
    let points = keys.iter().zip(words).map(|(key, word)| format!("{key}:{}", value(key, word)));
    format!("SSVCv2/{}", points.collect::<Vec<_>>().join("/"))
}

fn compare(name: &str, keys: &[&str]) {
    let Some(rows) = rows(name) else { return };
    for row in &rows {
        let vector = vector(keys, row);
        let read = read(&vector).expect(&vector);
        let expected = row.last().expect("outcome").replace(' ', "-");
        assert_eq!(read.outcome.to_string(), expected, "{vector}");
        assert_eq!(read.vector, Some(format!("{vector}/D:{}", read.outcome.key())));
    }
    println!("{name}: {} rows agree", rows.len());
}

#[test]
fn the_rules_agree_with_every_row_of_the_published_tables() {
    compare("coordinator_triage_1_0_0", &["RP", "SCON", "RC", "SC", "SE", "U", "PSI"]);
    compare("coordinator_publish_decision_table_1_0_0", &["SINV", "E", "PVA"]);
}

#[test]
fn points_that_stand_for_others() {
    let utilities = rows("utility_1_0_0").into_iter().flatten();
    let safeties = rows("public_safety_impact_1_0_0").into_iter().flatten();
    for row in utilities {
        let given = vector(&["A", "VD"], &row).replace("SSVCv2/", "");
        let utility = vector(&["U"], row.get(2..).unwrap_or_default()).replace("SSVCv2/", "");
        let of = |point| read(&format!("SSVCv2/RP:N/SCON:Y/RC:C/SC:M/SE:A/PSI:M/{point}"));
        assert_eq!(of(given), of(utility), "{row:?}");
    }
    for row in safeties {
        let given = vector(&["SI"], &row).replace("SSVCv2/", "");
        let impact = vector(&["PSI"], row.get(1..).unwrap_or_default()).replace("SSVCv2/", "");
        let of = |point| read(&format!("SSVCv2/RP:N/SCON:Y/RC:C/SC:M/SE:A/U:E/{point}"));
        assert_eq!(of(given), of(impact), "{row:?}");
    }
}

#[test]
fn a_word_is_a_decision_without_points() {
    let read = read(" Coordinate ").expect("word");
    assert_eq!((read.outcome, read.vector, read.table), (Outcome::Coordinate, None, None));
    assert_eq!(super::read("do-not-publish").map(|one| one.outcome), Ok(Outcome::DoNotPublish));
}

/// A finder who reached nobody, and a maintainer who asks for help, are why the team exists.
#[test]
fn who_asks_for_help_is_helped() {
    let ask = |extra: &str| {
        read(&format!("SSVCv2/RP:N/SCON:N/RC:C/SC:O/SE:A/U:E/PSI:M{extra}")).expect(extra)
    };
    assert_eq!(ask("").outcome, Outcome::Decline);
    assert_eq!(ask("").table.as_deref(), Some("coordinator triage 1.0.0"));
    for extra in ["/AR:F", "/AR:M", "/AR:C"] {
        assert_eq!(ask(extra).outcome, Outcome::Coordinate, "{extra}");
        assert!(ask(extra).table.is_some_and(|table| table.contains("assistance")));
        assert!(ask(extra).vector.is_some_and(|vector| vector.contains(extra)));
    }
    assert_eq!(ask("/AR:N").outcome, Outcome::Decline);
}

#[test]
fn typed_as_people_type() {
    let whole = "SSVCv2/RP:N/SCON:Y/RC:C/SC:M/SE:U/U:S/PSI:S/D:C";
    for typed in [
        "ssvcv2/rp:n/scon:y/rc:c/sc:m/se:u/u:s/psi:s",
        "SSVCv2/PSI:S/U:S/SE:U/SC:M/RC:C/SCON:Y/RP:N/",
        "SSVCv1/RP:N/SCON:Y/RC:C/SC:M/SE:U/U:S/PSI:S/D:C/2026-11-23T09:12:00Z/",
    ] {
        assert_eq!(read(typed).map(|one| one.vector), Ok(Some(whole.to_owned())), "{typed}");
    }
}

#[test]
fn what_cannot_be_decided_on_says_why() {
    for (typed, why) in [
        ("", "Write decline"),
        ("maybe", "Write decline"),
        ("SSVCv3/RP:N", "Write decline"),
        ("SSVCv2/RP:N/SCON:Y", "lacks RC (report credibility)"),
        ("SSVCv2/RP:Q", "RP (report public) is one of N, Y, not Q"),
        ("SSVCv2/E:A/A:N/T:T", "T is no decision point of a coordinator"),
        ("SSVCv2/RP:N/RP:Y", "RP stands twice"),
        ("SSVCv2/RP", "RP is no decision point"),
        ("SSVCv2/A:N", "go together"),
        ("SSVCv2/A:N/VD:C/U:L", "gives U, and what stands for it"),
        ("SSVCv2/SINV:C/E:A/PVA:L/RP:N", "RP is no point of the table"),
        ("SSVCv2/SINV:C/E:A", "lacks PVA"),
        ("SSVCv2/SINV:C/E:A/PVA:P/D:N", "The table says publish"),
    ] {
        let refused = read(typed).expect_err(typed);
        assert!(refused.contains(why), "{typed}: {refused}");
    }
}
