//! Short clinical queries and sentences without any identifier, full of eponyms, drugs, devices,
//! scores, codes, doses and headings: the engine leaves them alone.

use super::ENGINE;

#[test]
fn at_most_two_in_a_hundred_clinical_queries_without_identifiers_are_touched() {
    let queries: Vec<&str> = include_str!("negatives.txt").lines().collect();
    let touched: Vec<&str> = queries
        .iter()
        .copied()
        .filter(|query| !ENGINE.scan(query, None).is_empty())
        .collect();
    assert!(queries.len() > 500, "{}", queries.len());
    assert!(touched.len() * 50 <= queries.len(), "{touched:#?}");
}

#[test]
fn five_digits_are_a_place_where_somebody_lives_and_a_count_elsewhere() {
    for text in [
        "WBC is around 12500.",
        "Platelets is in 90000 range",
        "Titer is from 10000 up",
    ] {
        let found = ENGINE.scan(text, None);
        assert!(found.iter().all(|one| one.detector != "zip"), "{text}");
    }
    for text in ["She lives in 60614.", "Moved to 73301 last year."] {
        let found = ENGINE.scan(text, None);
        assert!(found.iter().any(|one| one.detector == "zip"), "{text}");
    }
}
