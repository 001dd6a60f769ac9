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
