use super::super::cast::*;
use crate::case::{Class, Pathway};
use crate::mail::Mail;

#[test]
fn a_vacation_answer_belongs_to_its_case_and_stays_automatic() {
    let house = House::new();
    let away =
        with_field(mail(MO, "Automatic reply", "I am away."), "auto-submitted", "auto-replied");
    let away = Mail { in_reply_to: vec![house.message_id(2)], ..away };
    let triage = house.ask(&away);
    assert_eq!((triage.class, triage.pathway), (Class::Automatic, Pathway::P0));
    assert_eq!(triage.belongs.map(|belongs| belongs.case), Some(id(CASE)));
}

#[test]
fn what_a_program_says_of_itself_counts() {
    for (name, value) in [
        ("auto-submitted", "auto-generated"),
        ("precedence", "auto_reply"),
        ("x-autoreply", "yes"),
        ("content-type", "multipart/report; report-type=disposition-notification"),
        ("x-list-administrivia", "yes"),
    ] {
        let mail = with_field(mail(MO, "x", "I am away."), name, value);
        assert_eq!(House::new().ask(&mail).class, Class::Automatic, "{name}");
    }
    let no = with_field(mail(MO, "x", "I am here."), "auto-submitted", "no");
    assert_ne!(House::new().ask(&no).class, Class::Automatic);
}

/// Mail through a list or in bulk is written by people; a report through one is not lost.
#[test]
fn a_list_is_no_program() {
    for (name, value) in [("list-id", "<a.b.test>"), ("precedence", "bulk"), ("precedence", "list")]
    {
        let report = with_field(mail(FAY, "x", "There is a vulnerability in it."), name, value);
        assert_eq!(House::new().ask(&report).class, Class::Report, "{name}");
        let hello = with_field(mail(FAY, "x", "Please call me."), name, value);
        assert_eq!(House::new().ask(&hello).class, Class::Report, "{name}");
    }
}

/// A forge's program passes a finder's report on: in doubt it is a report, and no program answers.
#[test]
fn a_report_through_a_program_is_a_report() {
    let text = "Path traversal in upload.php:31, affected versions before 4.2.2.";
    let passed_on = with_field(mail(FAY, "New report", text), "auto-submitted", "auto-generated");
    let triage = House::new().ask(&passed_on);
    assert_eq!(triage.class, Class::Report);
    assert!(triage.because.iter().any(|why| why.contains("a program sent it")));
}

#[test]
fn a_robot_that_wants_a_click_is_left_to_a_person() {
    let text = "Your message has not been delivered yet. Click the link below.";
    let robot =
        with_field(mail("verify@wall.test", "Confirm", text), "auto-submitted", "auto-replied");
    assert_eq!(House::new().ask(&robot).class, Class::Challenge);
    let human = mail(FAY, "Confirm", text);
    assert_ne!(House::new().ask(&human).class, Class::Challenge);
}
