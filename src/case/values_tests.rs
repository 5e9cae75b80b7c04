use super::*;

#[test]
fn scores_of_known_vectors() {
    for (vector, base, severity) in [
        // The examples of the CVSS 3.1 and 3.0 specifications and user guides.
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, Severity::Critical),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, Severity::Critical),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, Severity::Medium),
        ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4, Severity::Medium),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1, Severity::Low),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, Severity::None),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            9.3,
            Severity::Critical,
        ),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H",
            10.0,
            Severity::Critical,
        ),
        ("CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 8.5, Severity::High),
    ] {
        let read = cvss(vector).expect(vector);
        assert_eq!((read.base, read.severity), (base, severity), "{vector}");
        assert_eq!(read.vector, vector);
    }
}

#[test]
fn a_vector_is_written_in_its_own_order() {
    let read = cvss("cvss:3.1/pr:n/av:n/ac:l/ui:n/s:u/c:h/ i:h/a:h/e:p").expect("vector");
    assert_eq!(read.vector, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P");
}

/// What is known of exploits changes a CVSS 4 score; the base score is of the flaw alone.
#[test]
fn a_base_score_is_of_the_base_metrics() {
    let base = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
    let read = cvss(&format!("{base}/E:U/CR:L/MAV:P/S:P/U:Red")).expect("vector");
    assert_eq!(read.base, 9.3);
    assert!(read.vector.starts_with(base) && read.vector.contains("/E:U/"), "{}", read.vector);
}

#[test]
fn every_base_vector_of_cvss_4_is_read_and_scored() {
    let values = ["NALP", "LH", "NP", "NLH", "NPA", "HLN", "HLN", "HLN", "HLN", "HLN", "HLN"];
    let mut vectors = vec!["CVSS:4.0".to_owned()];
    for (key, letters) in BASE_4.iter().zip(values) {
        let with = |vector: &String| -> Vec<String> {
            letters.chars().map(|letter| format!("{vector}/{key}:{letter}")).collect()
        };
        vectors = vectors.iter().flat_map(with).collect();
    }
    assert_eq!(vectors.len(), 104_976);
    // Every eleventh: the number of metrics shares no factor with the period of a value.
    for vector in vectors.iter().step_by(11) {
        let read = cvss(vector).expect(vector);
        assert!((0.0..=10.0).contains(&read.base), "{vector}: {}", read.base);
        assert_eq!(read.vector, *vector);
    }
}

#[test]
fn what_is_no_vector() {
    for (typed, why) in [
        ("", "begins with"),
        ("9.8", "begins with"),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", "begins with"),
        ("CVSS:2.0/AV:N", "no CVSS vector"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", "lacks A."),
        ("CVSS:3.1/AV:F/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "no CVSS vector"),
        ("CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "no CVSS vector"),
        ("CVSS:4.0/AV:N/AC:L", "no CVSS vector"),
        ("CVSS:3.1", "no CVSS vector"),
    ] {
        let refused = cvss(typed).expect_err(typed);
        assert!(refused.contains(why), "{typed}: {refused}");
    }
    assert!(cvss(&format!("CVSS:3.1/{}", "AV:N/".repeat(10_000))).is_err());
}

#[test]
fn ids_of_weaknesses_and_vulnerabilities() {
    for typed in ["79", "CWE-79", "cwe 79", "CWE79"] {
        assert_eq!(cwe(typed).as_deref(), Ok("CWE-79"), "{typed}");
    }
    for typed in ["", "0", "CWE-", "CWE-2021", "xss", "-", "CWE-79 80"] {
        assert!(cwe(typed).is_err(), "{typed}");
    }
    for typed in
        ["CVE-2021-44228", "cve-2021-44228", "CVE 2021-44228", "2021-44228", "CVE2021-44228"]
    {
        assert_eq!(cve(typed).as_deref(), Ok("CVE-2021-44228"), "{typed}");
    }
    for typed in [
        "",
        "CVE",
        "CVE-2021",
        "CVE-21-44228",
        "CVE-2021-442",
        "CVE-2021-44228-1",
        "CVE-2021-4422X",
    ] {
        assert!(cve(typed).is_err(), "{typed}");
    }
}

#[test]
fn packages_and_versions() {
    let read = package("pkg:PYPI/Django@4.2").expect("purl");
    assert_eq!((read.purl.as_str(), read.version.as_deref()), ("pkg:pypi/django", Some("4.2")));
    assert!(package("left-pad").is_err() && package("pkg:npm/left pad").is_err());
    assert_eq!(versions(" >= 1.4.0,  < 1.6.3 ").as_deref(), Ok(">= 1.4.0, < 1.6.3"));
    assert!(versions(" ").is_err() && versions("1.0\u{1b}[31m").is_err());
    assert!(versions(&"1".repeat(VALUE_CHARS + 1)).is_err());
}

#[test]
fn labels_as_people_write_them() {
    for (typed, label) in [
        ("TLP:RED", Tlp::Red),
        ("red", Tlp::Red),
        ("tlp: clear", Tlp::Clear),
        ("Amber+Strict", Tlp::AmberStrict),
        ("amber strict", Tlp::AmberStrict),
        ("TLP:AMBER-STRICT", Tlp::AmberStrict),
        ("amber", Tlp::Amber),
    ] {
        assert_eq!(tlp(typed), Ok(label), "{typed}");
    }
    assert!(tlp("white").is_err_and(|why| why.contains("clear")));
    assert!(tlp("purple").is_err() && tlp("").is_err() && tlp("TLP:").is_err());
}
