//! Beds, units, facilities and streets as people write them in haste, and what looks like them.

use super::ENGINE;

/// Everything between braces must be covered.
fn covers(marked: &[&str]) {
    let mut missed = Vec::new();
    for line in marked {
        let text = line.replace(['{', '}'], "");
        let found = ENGINE.scan(&text, None);
        let (mut at, mut inside) = (0, false);
        for letter in line.chars() {
            match letter {
                '{' => inside = true,
                '}' => inside = false,
                _ => {
                    let covered = found.iter().any(|finding| finding.range().contains(&at));
                    if inside && letter.is_alphanumeric() && !covered {
                        missed.push((*line, text.get(at..).unwrap_or_default().to_owned()));
                        inside = false;
                    }
                    at += letter.len_utf8();
                }
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// Nothing may be found.
fn spares(texts: &[&str]) {
    let touched: Vec<_> = texts
        .iter()
        .filter_map(|text| {
            let found = ENGINE.scan(text, None);
            found.first().map(|first| {
                (
                    *text,
                    text.get(first.range()).unwrap_or_default().to_owned(),
                    first.detector,
                )
            })
        })
        .collect();
    assert!(touched.is_empty(), "{touched:#?}");
}

#[test]
fn a_unit_with_its_number_is_a_bed() {
    covers(&[
        "Vent settings for the patient in {MICU 9}, plateau 33.",
        "wound vac alarm {SICU-4}, contaminant?",
        "RN asking for help in {LDR 4}, EBL 1400",
        "mom is in {L&D 3}, epidural at 0200",
        "hypotensive in {pacu 3} after a chole",
        "telemetry alarm, {tele 8}, asymptomatic",
        "AFIB RVR {PCU 31}, DILT GTT AT 10",
        "baby girl in {NICU pod C} on cpap",
        "patient is in {ICU bed 3}, on levo",
        "{CVICU, pod B, bed 7}, night shift",
        "intubated in {Neuro ICU 7 East bed 21} today",
        "b/l chest tubes, {b5 icu}",
    ]);
}

#[test]
fn short_words_are_units_behind_a_preposition() {
    covers(&[
        "Anaphylaxis in {OR 11} after rocuronium.",
        "FIRST DOSE GIVEN IN {ER 9}, RASH LISTED",
        "portable film down in {Trauma 2} please",
        "LOCATION: {OR 5}",
        "sepsis alert, {ER 4}, needs a line",
        "Airway in {Delivery 3}, BMI 54.",
        "walked out of {fast track 3} with iv in",
        "fentanyl count off in {cath lab 2}",
        "fyi he left ama from {holding 2}, iv still in",
    ]);
    spares(&[
        "OR 0.85 (95% CI 0.7-1.1) for death.",
        "Take 1 or 2 tablets.",
        "TAKE 1 OR 2 TABLETS BY MOUTH DAILY WITH FOOD",
        "pT2 N0, ER 95 percent, PR 60 percent",
        "Metoprolol ER 50 mg daily.",
        "Off tele 24 h, no events.",
        "ICU 3 days, then floor.",
        "In the ED 5 times this year for pain.",
        "POD 2 after ex lap, afebrile.",
        "pod 3, tolerating diet",
        "block T4 with 0.75 bupivacaine",
        "Level 1 trauma activation.",
        "p = 7E-22 for the trend",
        "Bair hugger on, room 74 F.",
        "On 3L nasal cannula.",
        "26 bed unit with 2 nurses",
        "ED 14/20 on the sexual health score",
    ]);
}

#[test]
fn floors_and_wings_are_wards() {
    covers(&[
        "Draft SBAR: bed {4 West 12B}, POD 2",
        "day 6 of amphotericin in {6 South bed 14}.",
        "I have been on {Six East} all night",
        "specimen from {3 North 314-2} hemolyzed",
        "sent to micu not {5 Tower}",
        "vanc trough 27, {7E-22}, Cr 2.3",
        "monitor for {9T-04} is down",
        "ETA of platelets? {BURN 2 EAST} at 0600",
        "level flagged, {Psych East} called",
        "both patients are in the {west wing}",
        "NAME ALERT ON {3B}, CHECK BANDS",
        "Medicine, {Tower B, 6th floor, 622-2}",
        "okonkwo moved to {6w bed 12} at noon",
    ]);
    spares(&["Walk 2 miles west.", "Facing north, 5 steps."]);
}

#[test]
fn rooms_are_found_behind_persons_and_services() {
    covers(&[
        "haloperidol for the pt in {214}, qtc 431",
        "the lady in {12A} wants water",
        "boarder in hall bed {H7}, lactate 5.1",
        "drug seeking comment in {fast track chair 5}.",
        "family updated in {Family Room B} at noon",
        "booking done, {Cell Block D}, swallowed a battery",
        "{bed 803-1} needs a sitter",
        "sleep study in bed {SL-2}, lost lead",
        "isolation in {side room 2}, MRSA",
        "seen in {Geriatrics Unit 8B} by the team",
        "{Rm412} and {bed12} both need cleaning",
    ]);
    spares(&[
        "patients in 214 trials were randomised",
        "out of bed 3x daily",
        "in bed 20 hours a day",
    ]);
}

#[test]
fn a_kind_in_small_letters_ends_a_name() {
    covers(&[
        "works nights at {the Marriott laundry}.",
        "slipped at the {Fishkill} warehouse",
        "sister works at {St Charles gift shop}",
        "should i go to {Mercy ER}",
        "visited your {Naples clinic} last week",
        "do you take this at the {Plano office}",
        "hurt at the {Kroger plant} in May",
        "dob on file, {Zapata street}",
    ]);
    spares(&[
        "Seen in the cardiology clinic.",
        "Follow up in Coumadin clinic.",
        "Call our office.",
        "Referred to the pain clinic and the wound clinic.",
        "IV site clean, dry and intact.",
        "Went to the nursing home.",
    ]);
}

#[test]
fn everyday_words_name_places() {
    covers(&[
        "is {Maple Court} a snf or alf?",
        "hearing aids left at {golden oaks}",
        "MRI booked at {Lighthouse Radiology}, fasting",
        "records from {Desert Bloom Post-Acute} please",
        "she died at {orchard view} in july",
        "he was on clozapine at {Western State}, stable",
        "the nurse at {st lucy's} said wait",
        "Father Tom of {Our Lady of the Snows} visits",
        "gymnastics at {Elite Tumbling} on hold",
        "films at {Adams County Imaging} show erosions",
        "school is {PS 88}, third grade",
    ]);
    spares(&[
        "St John's wort interacts with it.",
        "Interventional Radiology consulted.",
        "Pressure support of PS 10 tolerated.",
        "White count rising, red cell mass low.",
    ]);
}

#[test]
fn a_house_and_its_street_are_one() {
    covers(&[
        "she fell at {the Kroger on Poplar Ave} today",
        "got the vaccine at {the Walgreens in Ashtabula}.",
        "lives in {the convent on Prospect Hill}",
        "the agency, {Gentle Hands of Macon}, called",
        "RECORDS SENT TO {VA CLINIC IN CHEYENNE} PLEASE",
        "struck by a car at {Shattuck and Ashby} today",
        "the shop on {beechnut & hillcroft} is closed",
        "found behind {dollar general on hwy 9}",
        "pain since the fall near {Stow-on-the-Wold}",
        "waiting at the kiosk on {Götgatan}",
        "home visit, {3 pottergate mews}, at noon",
        "Their home is {Route 1, Box 88, Church Hill, Miss. 39055}.",
    ]);
    spares(&[
        "Bleeding and bruising at baseline and follow up.",
        "Hunt and Hess grade 3.",
        "insulin nph 70/30 24 u am 12 u pm",
    ]);
}
