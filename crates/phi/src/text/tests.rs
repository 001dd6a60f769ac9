mod negatives;
mod wards;

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::label::Label;

/// Rules and dictionaries: what the tagger adds is tested beside it.
static ENGINE: LazyLock<TextEngine> = LazyLock::new(TextEngine::without_tagger);

/// Scans a text in which every expected finding is marked as `{LABEL:text}`, and compares.
fn check(marked: &str) {
    let (text, expected) = unmark(marked);
    let found: Vec<_> = ENGINE
        .scan(&text, None)
        .iter()
        .map(|finding| {
            (
                finding.label.word(),
                text.get(finding.range()).unwrap().to_owned(),
            )
        })
        .collect();
    assert_eq!(found, expected, "in {text:?}");
}

fn unmark(marked: &str) -> (String, Vec<(&'static str, String)>) {
    let mut text = String::new();
    let mut expected = Vec::new();
    let mut rest = marked;
    while let Some((plain, tail)) = rest.split_once('{') {
        let (mark, tail) = tail.split_once('}').unwrap();
        let (word, value) = mark.split_once(':').unwrap();
        let label = Label::ALL
            .into_iter()
            .find(|label| label.word() == word)
            .unwrap();
        text.push_str(plain);
        text.push_str(value);
        expected.push((label.word(), value.to_owned()));
        rest = tail;
    }
    text.push_str(rest);
    (text, expected)
}

#[test]
fn names_with_a_title_are_found_whatever_the_word() {
    check("Seen by Dr. {NAME:Quillfeather} today.");
    check("Mrs. {NAME:Young} and Mr. {NAME:Will Strange} agree.");
    check("Discussed with Dr {NAME:J. Van der Berg}, who concurs.");
    check("pt seen by dr. {NAME:patel} for cough");
    check("Dr was late. Call Dr. if worse.");
    check("Prof. {NAME:María-José Núñez O'Brien} attended.");
}

#[test]
fn names_by_relation_label_and_signature() {
    check("His wife {NAME:Anna} drove him; daughter, {NAME:Maria Lopez}, is a nurse.");
    check("Patient: {NAME:Zyblin Qworty}\nMRN: {MRN:448213}");
    check("Electronically signed by {NAME:Robert K. Ames}, MD on {DATE:03/04/2021}");
    check("Dear {NAME:Jennifer},\nThank you for the visit.");
    check("The patient's mother, named {NAME:Xochitl}, was present.");
    check("cc: {NAME:Harold Bixby}");
    check("Emergency contact: {NAME:Latoya Freeman} (sister), phone {PHONE:(212) 555-0147}");
}

#[test]
fn names_in_running_text() {
    check("Then {NAME:Jennifer} reports pain since the fall.");
    check("We called {NAME:Michael Johnson} about the results.");
    check("{NAME:JOHNSON, MICHAEL A} was seen.");
    check("{NAME:Lopez-Garcia, Ana M.} is a 45-year-old woman.");
    check("According to {NAME:J. Smith}, all is well.");
    check("{NAME:Mark} denies chest pain.");
    check("{NAME:Oluwaseun Adeyemi} presented with fever.");
}

#[test]
fn dates_in_every_common_form() {
    for date in [
        "2021-03-14",
        "3/14/2021",
        "03/14/21",
        "14 March 2021",
        "March 14, 2021",
        "Mar 14th",
        "March 3rd",
        "14-Mar-2021",
        "14.03.2021",
        "March 2021",
        "3/2021",
        "2021/03/14",
        "the third of March".trim_start_matches("the "),
        "2021-03-14T10:22:33Z",
        "Monday, March 14, 2021",
        "03/\n14/2021",
    ] {
        check(&format!("He was admitted on {{DATE:{date}}} with fever."));
    }
    check("Pain since {DATE:3/14}, worse since {DATE:March}.");
    check("Follow up on {DATE:the 3rd}.");
    check("DOB {DATE:19470312}");
    check("DOB: {DATE:October 4, 2019} cc: {NAME:Ana Lopez}");
    check("Blood loss 50 mL. Dear Dr. {NAME:Ames},");
}

#[test]
fn a_day_and_month_alone_is_found_by_its_range() {
    check("{DATE:3/23} 07:10 nursing note");
    check("Seen in clinic, {DATE:9/8}.");
    check("Reviewed {DATE:10/30} and again {DATE:5/27} at 15:49.");
    check("Last BM {DATE:2/20}. Next draw {DATE:9/5}.");
    check("plan d/c {DATE:1/21}. d/c'd {DATE:8/3}.");
    check("Comparison: {DATE:8/28}.");
    check("Improved compared with {DATE:4/21}.");
}

#[test]
fn scores_doses_ratios_and_pulses_are_no_days() {
    check("Pain 4/10 now, was 8/10. Apgars 8/9. Strength 4/5, vision 20/20, BP 120/80.");
    check("Take 1/2 tab daily, then 3/4 cup. Antibiotic day 3/7 days. MMSE 11/30, MoCA 12/30.");
    check("Positive in 2/12 nodes and 1/12 cores. GCS 10/15. Percocet 5/325 as needed.");
    check(
        "Murmur II/VI, grade 3/6. Score 7/24 on the Epworth scale. Cultures grew in 2/2 bottles.",
    );
    check("Strength is 4/5 in the arms, 5/5 in the legs, and grip is 3/5.");
}

#[test]
fn names_in_handovers_and_signatures() {
    check("report from {NAME:Oswaldine} to {NAME:Kathryn} 0700. Stable.");
    check("dr {NAME:Yarborowe} aware. -{NAME:Kathryn}\n");
    check("Stable overnight, will follow.\n-- {NAME:Quorvane Tessimond}\n");
    check("We thank you for your trust.\n\n{NAME:Rhodwyne Mahabharel}\n");
    check("message taken by {NAME:Beatriz Davis} {DATE:1/24}\n");
    check("rtc in two weeks.\n{NAME:V. Yarborowe}\n");
    check("vitals stable.\n{NAME:L. ULVESTADE} LPN {DATE:2/12}\n");
    check("ride home arranged.\n{NAME:Gary Greenwald} rn\n");
}

#[test]
fn headings_lists_and_species_are_no_signatures() {
    check(
        "Plan as above.\n\nPhysical Exam\nAlert.\n\nChest Xray\nClear.\n\nPast Medical History\n",
    );
    check("Culture grew\nE. Coli\nsensitive to all.\nS. Aureus\n");
    check("Medications:\nLasix Zocor\n- Metoprolol\n-Aspirin\n");
    check("report from Radiology to follow. Taken by mouth.");
}

#[test]
fn surname_before_given_name_by_what_stands_around() {
    check("Patient {NAME:Ulvestadt, Quetzale} MRN {MRN:44436410}");
    check("wristband checked, {NAME:Hovhannisz, Philomene} dob {DATE:8/29/64}");
    check("{NAME:Weathrewaxe, Jaspreet}  22/F  mrn {MRN:6683567}");
    check("Call back re {NAME:PAPANDRIOUX, RHODWENA} -- wants results.");
    check("Started on Lisinopril, Metoprolol and Zoloft, Paxil. Denies Nausea, Vomiting.");
}

#[test]
fn hyphens_particles_and_months_in_names() {
    check("Seen with Dr. {NAME:Dong-hyun Hall}.");
    check("Mrs. {NAME:Ravenscourt-Ode} is well.");
    check("Discussed with {NAME:Rajesh May}, MD.");
    check("We saw {NAME:Pamela Dos Santos} again.");
    check("History of Wolff-Parkinson-White, Mallory-Weiss tear. A Kocher-type incision.");
    check("Labs: Na 139, Cr 2.6.");
}

#[test]
fn people_by_age_sex_and_telephone_behind_them() {
    check("{NAME:Quillane Saltonquell} 18F f/u asthma");
    check("ride: {NAME:Giselmar Mbekwelle} {PHONE:508-555-1357}");
    check("call {NAME:Halvardiss} at {PHONE:603-555-2039}");
    check("says \"{NAME:Kunigunde} here, {NAME:Ethelmare} is worse\".");
    check("Abdomen 18 cm. Tylenol 650. Sats 95 on room air. Code Status is full.");
}

#[test]
fn names_after_a_word_for_what_somebody_does() {
    check("Told crew chief {NAME:Yarborowe} about the fall.");
    check("Her counsellor {NAME:Quessimond} agrees.");
    check(
        "The driver Education course; nurse Practitioner; the chief Complaint; attending Physician.",
    );
}

#[test]
fn ages_over_eighty_nine_beside_the_sex() {
    check("A/P: {AGE:92 M} with pneumonia.");
    check("Triage: {AGE:95/M} mrn {MRN:56347666}");
    check("Temp 98 F with chills. HR 92, Temp 99 F. Ratio 95/5.");
}

#[test]
fn numbers_in_brackets_after_someone_paged() {
    check("paged Dr. {NAME:Gibson} ({PHONE:7316}) about the result.");
    check(
        "Colonoscopy (2018) was normal. The Smith trial (4000) is large. WBC (7316) today."
            .replace("Smith", "landmark")
            .as_str(),
    );
}

#[test]
fn facilities_by_their_last_word() {
    check("{GEO:Harbor Point Dialysis}\nDischarge note");
    check("Transferred from {GEO:Cutler County General}.");
    check("{GEO:Presbyterian West}, Radiology");
    check("He was at {GEO:Sisters of Charity Hospice} for two weeks.");
    check("{GEO:St. Brigid Medical Center}\nTel.");
    check(
        "Continue Peritoneal Dialysis. Left Eye pain. General: alert. Chest Imaging. Home Hospice. Family Practice.",
    );
    check(
        "TODAY HE WAS EVALUATED IN THE PAIN CLINIC AND THEN AT {GEO:ST. BRIGID MEDICAL CENTER} AS BEFORE.",
    );
    check("She is Presbyterian and goes to church. Internal Medicine, Family Medicine.");
}

#[test]
fn towns_after_a_street_or_a_year_of_birth() {
    check("Bills go to {GEO:1206 Zarzamora Street, Lebanon}.");
    check("moved: {GEO:859 Birchwood Drive, White River Junction 05001}");
    check("She was born in 1971 in {GEO:Guildhall}. ");
    check("Walked 12 steps down the Hall, Monday. Admitted in 2019 in Stable condition.");
}

#[test]
fn employers_of_several_words() {
    check("He works as a baker at {EMPLOYER:Blue Heron Bakery}, lives alone.");
    check("She works as a bus driver for {EMPLOYER:Upper Valley Transit Authority}.");
    check("She works as an office manager for {EMPLOYER:St. Alban's Parish}, which she likes.");
    check("He works at Monday meetings. She worked from home.");
}

#[test]
fn years_times_and_months_as_words_stay() {
    check("With asthma in 2019 he may march again; the visit lasted from 10:30 to 11:45.");
    check("Surgery in 1998, then 2004.");
    check("Strength 5/5, reflexes 2/4, a 2/6 systolic murmur, BP 120/80, pain 7/10.");
    check("May need oxygen. May 5 mg doses be given?");
}

#[test]
fn only_ages_over_eighty_nine() {
    check("A {AGE:92-year-old} woman, aged 85, and her brother {AGE:aged 94}.");
    check("Pt is {AGE:97 y/o} and lives alone; father died at {AGE:93}.");
    check("She is {AGE:in her nineties}; he is {AGE:in his 90s}.");
    check("A {AGE:centenarian}. Sats in the 90s. BP 95/60. HR 98. Temp 98.6 F.");
    check("A {AGE:ninety-two-year-old} man.");
    check("{AGE:Born in 1928}, seen for asthma in 2020; his son was born in 1955.");
}

#[test]
fn numbers_by_format() {
    check("Call {PHONE:(212) 555-0147} or {PHONE:212-555-0148 ext. 12}; fax {FAX:212.555.0149}.");
    check("SSN {SSN:123-45-6789}, card {ACCOUNT:4111 1111 1111 1111}.");
    check("Mail {EMAIL:ana.lopez@example.org}, see {URL:https://portal.example.org/x?id=7}.");
    check("From {IP:10.11.12.13} and {IP:fe80::1:2}.");
    check("VIN {VEHICLE:1M8GDM9AXKP042788}; MBI {HEALTH_PLAN:1EG4-TE5-MK73}.");
    check("Call {PHONE:555-\n0147} now.");
}

#[test]
fn numbers_by_their_label() {
    check("MRN# {MRN:00448213}, Acct #: {ACCOUNT:77-8812}, policy no. {HEALTH_PLAN:XJ-448812}.");
    check("Medical record number {MRN:448-21-7}.");
    check("DEA {LICENSE:AB1234563}, NPI: {LICENSE:1234567893}, license no. {LICENSE:D1234567}");
    check("Pacemaker serial number {DEVICE:PJN448812S}; plate {VEHICLE:7ABC123}.");
    check("Accession {OTHER_ID:S21-44821}. Social security number {SSN:123456789}.");
    check("ICD-10 code E11.9, CPT 99213, LOINC 4548-4, SNOMED 44054006.");
}

#[test]
fn places() {
    check("Lives at {GEO:123 Main Street, Apt 4B, Springfield, IL 62704} with a dog.");
    check("She lives in {GEO:Quahogville} and was born in {GEO:Chicago}.");
    check("Moved from {GEO:Albany, New York} to Texas.");
    check("Mail to {GEO:P.O. Box 1187}.");
    check("Transferred from {GEO:Mercy General Hospital} to {GEO:St. Anselm's Medical Center}.");
    check("In {GEO:Room 412} of the Emergency Department; sent to the Pain Clinic.");
    check("He works at {EMPLOYER:Acme Rubber Works} as a clerk.");
    check("From {GEO:Kent County}.");
}

#[test]
fn eponyms_drugs_and_codes_are_never_touched() {
    check(
        "Parkinson's disease, Foley catheter placed, Murphy sign negative, Babinski downgoing, \
         Graves disease, Crohn's, Hodgkin lymphoma, Alzheimer's dementia, Down syndrome, Bell's \
         palsy, Cushing syndrome, Apgar 9, Glasgow Coma Scale 15, Swan-Ganz catheter, Coumadin \
         5 mg, Wilson disease, Jackson-Pratt drain, Epstein-Barr virus, Lou Gehrig's disease.",
    );
    check("C5-C6 disc, L4-L5, S1 and S2 heard, T2DM, HbA1c 7.2, CD4 450, FEV1 80%, B12 400.");
    check("Metoprolol 25 mg BID, Lisinopril 10 mg daily, Zocor 40 mg, WBC 12,500, Plt 250000.");
    check(
        "Review of Systems: Negative. Physical Exam: Alert. Assessment and Plan: Continue Lasix.",
    );
    check(
        "White male, brown sputum, long history, young child, will follow. Grace period may end.",
    );
}

#[test]
fn shouted_text_keeps_its_names_and_nothing_else() {
    check(
        "PATIENT {NAME:MICHAEL JOHNSON} WAS SEEN BY DR. {NAME:SMITH} FOR CHEST PAIN AND WAS GIVEN ASPIRIN.",
    );
}

#[test]
fn odd_characters_hide_nothing() {
    check(
        "Seen by Dr. {NAME:Qui\u{200B}ll} on {DATE:3/14\u{2013}2021}."
            .replace("3/14\u{2013}2021", "3\u{2011}14\u{2011}2021")
            .as_str(),
    );
    check("Phone {PHONE:212\u{A0}555\u{2013}0147}.");
}

/// Real notes without identifiers of their own: most words must stay untouched.
#[test]
#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "test data, present or not"
)]
fn notes_without_patients_stay_nearly_whole() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/corpora/clinical-sections.jsonl"
    );
    let Ok(lines) = std::fs::read_to_string(path) else {
        eprintln!("note: no development corpus here, nothing was measured");
        return;
    };
    let (mut words, mut names) = (0, 0);
    for line in lines.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = record["text"].as_str().unwrap();
        words += text.split_whitespace().count();
        let loose =
            |finding: &&Finding| finding.detector == "name" || finding.label == Label::OtherId;
        names += ENGINE.scan(text, None).iter().filter(loose).count();
    }
    eprintln!("{names} loose findings in {words} words");
    assert!(names * 1000 < words, "{names} in {words} words");
}

proptest! {
    #[test]
    fn any_text_gives_sorted_separate_findings_on_boundaries(text in "\\PC{0,200}") {
        let findings = ENGINE.scan(&text, None);
        prop_assert_eq!(&findings, &ENGINE.scan(&text, None));
        let mut end = 0;
        for finding in findings {
            prop_assert!(finding.start >= end && finding.start < finding.end);
            prop_assert!(text.get(finding.range()).is_some());
            end = finding.end;
        }
    }

    #[test]
    fn identifying_fragments_in_any_order_do_not_panic(
        parts in proptest::collection::vec(proptest::sample::select(vec![
            "Dr.", "Smith", ",", "\n", " ", "(", "555", "-", "1234", "/", "March", "3rd", "@", "x.com", ":", "MRN", "é",
            "\u{200B}", "'s", "92", "year", "old", "of", "Hospital", "Apt", "#", "***-**-", "www.", "://", "box", "12",
        ]), 0..24)
    ) {
        let text: String = parts.concat();
        for finding in ENGINE.scan(&text, None) {
            prop_assert!(text.get(finding.range()).is_some());
        }
    }
}

#[test]
fn the_unit_decilitre_announces_no_licence() {
    check("HDL 38 mg/dL | 40-59, glucose 140 mg/dl 70-110");
    check("DL {LICENSE:D1234567}");
}

#[test]
fn a_county_that_opens_a_text_is_found_whole() {
    check("{GEO:Orange County} is large, {GEO:Kent County} is not.");
}

#[test]
fn names_in_small_letters_are_found_in_long_texts_that_have_no_capitals() {
    let filler = "legs redressed, exudate less than last week, pain four of ten, eating well. ";
    let text = format!(
        "{}rang edith at noon. {}",
        filler.repeat(8),
        filler.repeat(8)
    );

    let findings = ENGINE.scan(&text, None);

    let words: Vec<_> = findings.iter().map(|one| text.get(one.range())).collect();
    assert_eq!(words, [Some("edith")]);
}
