use super::*;

/// Every row of the published tables, by the first letters of their outcomes: the last point
/// changes fastest, and each point goes from its first value to its last.
const TRIAGE_ROWS: [&str; 4] = [
    "DDDDDDDDDDDDDDDDDCDDDDDCDDDDDDDDDDDDDDDDDCDDDDDC",
    "DDDTDTDDDTDTDTDTTCDTDTTCDDDTDTTCCCCCDTDTCCCCCCCC",
    "DDDDDDDDDDDDDDDDDCDDDDDCDDDDDDDDDDDDDDDDDCDDDDDC",
    "DDDDDDDDDDDDDDDDDCDDDDDCDDDDDDDDDDDDDDDDDCDDDDDC",
];
const PUBLISH_ROWS: &str = "NNPNNPNPPNNPNNPNPPNNPNPPPPP";

fn every_vector(points: &[Point]) -> Vec<String> {
    points.iter().fold(vec!["SSVCv2".to_owned()], |vectors, point| {
        let with = |vector: &String| -> Vec<String> {
            point.values.iter().map(|value| format!("{vector}/{}:{value}", point.key)).collect()
        };
        vectors.iter().flat_map(with).collect()
    })
}

#[test]
fn the_rules_agree_with_every_row_of_the_published_tables() {
    for (points, rows) in [(TRIAGE, TRIAGE_ROWS.concat()), (PUBLISH, PUBLISH_ROWS.to_owned())] {
        let vectors = every_vector(points);
        assert_eq!(vectors.len(), rows.len());
        for (vector, expected) in vectors.iter().zip(rows.chars()) {
            let read = read(vector).expect(vector);
            assert_eq!(read.outcome.key(), expected.to_string(), "{vector}");
            assert_eq!(read.vector, Some(format!("{vector}/D:{expected}")));
        }
    }
}

#[test]
fn points_that_stand_for_others() {
    let of = |points: &str| read(&format!("SSVCv2/RP:N/SCON:Y/RC:C/SC:M/SE:A/{points}"));
    for (given, utility) in
        [("A:N/VD:D", "U:L"), ("A:N/VD:C", "U:E"), ("A:Y/VD:D", "U:E"), ("A:Y/VD:C", "U:S")]
    {
        let [given, utility] = [given, utility].map(|points| of(&format!("PSI:M/{points}")));
        assert!(given.is_ok());
        assert_eq!(given, utility);
    }
    for (given, impact) in
        [("SI:N", "PSI:M"), ("SI:M", "PSI:S"), ("SI:R", "PSI:S"), ("SI:C", "PSI:S")]
    {
        let [given, impact] = [given, impact].map(|points| of(&format!("U:E/{points}")));
        assert!(given.is_ok());
        assert_eq!(given, impact);
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
