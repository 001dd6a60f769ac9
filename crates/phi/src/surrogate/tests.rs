use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    crosswalk::{Crosswalk, tests::Stirred},
    rewrite::Subject,
    validators,
};

/// An engine is slow to build: one for all.
fn engine() -> &'static TextEngine {
    static ENGINE: std::sync::OnceLock<TextEngine> = std::sync::OnceLock::new();
    ENGINE.get_or_init(TextEngine::without_tagger)
}

struct Study {
    inventor: Inventor,
    crosswalk: Crosswalk,
    entropy: Stirred,
}

impl Study {
    fn new(seed: u64, input: &str) -> Self {
        let mut inventor = Inventor::new();
        inventor.see(input);
        Self {
            inventor,
            crosswalk: Crosswalk::new(),
            entropy: Stirred(seed),
        }
    }

    fn of(&mut self, label: Label, found: &str) -> String {
        self.about(label, found, None, Part::Any)
    }

    fn about(
        &mut self,
        label: Label,
        found: &str,
        whose: Option<&Whose<'_>>,
        part: Part,
    ) -> String {
        let mut shop =
            self.inventor
                .at_work(self.crosswalk.inventions(), &mut self.entropy, engine());
        shop.invent(label, found, whose, part).expect(found)
    }
}

fn shape(value: &str) -> String {
    value
        .chars()
        .map(|letter| match letter {
            letter if letter.is_ascii_digit() => '9',
            letter if letter.is_lowercase() => 'a',
            letter if letter.is_alphabetic() => 'A',
            letter => letter,
        })
        .collect()
}

fn john() -> Subject {
    let words = ["john", "quentin", "smith"].map(str::to_owned);
    Subject {
        id: "p1".to_owned(),
        words: BTreeSet::from(words),
        ..Subject::default()
    }
}

#[test]
fn a_known_person_has_one_name_however_it_is_written() {
    let mut study = Study::new(5, "John Quentin Smith");
    let code = study.crosswalk.bare_person_code("p1", &mut Stirred(1));
    let john = john();
    let whose = Whose {
        code,
        words: Some(&john.words),
        is_own: false,
    };
    let mut of = |name: &str| study.about(Label::Name, name, Some(&whose), Part::Any);
    let whole = of("John Smith");
    let (given, family) = whole.split_once(' ').unwrap();
    assert_ne!((given, family), ("John", "Smith"));
    assert_eq!(
        of("SMITH, JOHN"),
        format!("{}, {}", family.to_uppercase(), given.to_uppercase())
    );
    assert_eq!(of("Mr. Smith"), format!("Mr. {family}"));
    assert_eq!(of("john"), given.to_lowercase());
    assert_eq!(of("Johnny Smith"), whole, "a nickname is the name");
    assert_eq!(of("John Smyth"), whole, "a slip is the name");
    let initial = given.get(..1).unwrap();
    assert_eq!(of("J. Smith"), format!("{initial}. {family}"));
    assert!(of("JS").starts_with(initial));
    let wife = of("Mary Smith");
    assert!(wife.ends_with(family), "{wife}");
    assert!(!wife.starts_with("Mary"), "{wife}");
}

#[test]
fn persons_of_one_name_have_different_ones() {
    let mut study = Study::new(9, "");
    let names: BTreeSet<String> = (0..50)
        .map(|person| {
            let code = study
                .crosswalk
                .bare_person_code(&person.to_string(), &mut Stirred(person));
            let whose = Whose {
                code,
                words: None,
                is_own: true,
            };
            study.about(Label::Name, "Ada Quill", Some(&whose), Part::Any)
        })
        .collect();
    assert_eq!(names.len(), 50);
}

#[test]
fn gender_and_culture_stay_where_the_lists_tell_them() {
    let mut study = Study::new(3, "");
    let pools = Pools::new();
    for name in [
        "Juan Garcia",
        "Fatima Hassan",
        "Mary Miller",
        "Robert Miller",
    ] {
        let invented = study.of(Label::Name, name);
        let given = |name: &str| {
            let word = name.split(' ').next().unwrap().to_lowercase();
            pools.home(&word).given
        };
        assert_eq!(given(&invented), given(name), "{name}: {invented}");
    }
}

#[test]
fn telephones_are_those_of_fiction() {
    let mut study = Study::new(1, "");
    let one = study.of(Label::Phone, "(617) 234-9876");
    assert_eq!(shape(&one), "(999) 999-9999");
    assert_eq!(one.get(6..12), Some("555-01"), "{one}");
    let digits: String = one.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(
        study.of(Label::Phone, "617.234.9876").replace('.', ""),
        digits
    );
    assert_eq!(
        study.of(Label::Fax, "1-617-234-9876").replace('-', ""),
        format!("1{digits}")
    );
    let long = study.of(Label::Phone, "617-234-9876 ext. 4432");
    assert_eq!(shape(&long), "999-999-9999 aaa. 9999");
    assert!(study.of(Label::Phone, "234-9876").starts_with("555-01"));
}

#[test]
fn numbers_are_nobodys() {
    let mut study = Study::new(2, "");
    let ssn = study.of(Label::Ssn, "219-09-9999");
    assert!(
        ssn.starts_with('9') && shape(&ssn) == "999-99-9999",
        "{ssn}"
    );
    assert!(!validators::ssn(&ssn.replace('-', "")));
    let mbi = study.of(Label::HealthPlan, "1EG4-TE5-MK73");
    assert!(
        mbi.starts_with('0') && shape(&mbi) == shape("1EG4-TE5-MK73"),
        "{mbi}"
    );
    for _ in 0..5 {
        assert!(!validators::vin(
            &study.of(Label::Vehicle, "1M8GDM9AXKP042788")
        ));
        assert!(!validators::npi(&study.of(Label::License, "1234567893")));
        assert!(!validators::luhn(
            &study.of(Label::Account, "4111111111111111")
        ));
    }
    assert!(study.of(Label::Ip, "10.1.2.3").starts_with(['1', '2']));
    assert!(study.of(Label::Ip, "fe80::1").starts_with("2001:db8:"));
}

#[test]
fn addresses_of_the_internet_lead_nowhere() {
    let mut study = Study::new(7, "");
    let mail = study.of(Label::Email, "jsmith42@mercy-hospital.org");
    let (_, host) = mail.split_once('@').unwrap();
    assert!(
        ["example.com", "example.org", "example.net"].contains(&host),
        "{mail}"
    );
    let url = study.of(Label::Url, "https://www.facebook.com/ada.quill?id=12");
    assert!(
        url.starts_with("https://www.") && url.contains(".example."),
        "{url}"
    );
    assert!(!url.contains("quill"), "{url}");
}

#[test]
fn an_email_of_a_person_has_their_name() {
    let mut study = Study::new(8, "");
    let code = study.crosswalk.bare_person_code("p1", &mut Stirred(1));
    let john = john();
    let whose = Whose {
        code,
        words: Some(&john.words),
        is_own: false,
    };
    let name = study.about(Label::Name, "john smith", Some(&whose), Part::Any);
    let mail = study.about(Label::Email, "john.smith@mail.com", Some(&whose), Part::Any);
    assert!(mail.starts_with(&name.replace(' ', ".")), "{mail} {name}");
}

#[test]
fn places_keep_their_kind_and_their_state() {
    let mut study = Study::new(4, "");
    let town = study.of(Label::Geo, "Boston");
    let address = study.of(Label::Geo, "12 Oak Street, Boston, MA 02139");
    assert!(
        address.ends_with(&format!(" Street, {town}, MA 021")),
        "{address}"
    );
    assert!(!address.contains("Oak"), "{address}");
    let house = study.of(Label::Geo, "Boston General Hospital");
    assert_eq!(house, format!("{town} General Hospital"));
    assert!(
        study
            .of(Label::Employer, "Quillfeather Inc")
            .ends_with(" Inc")
    );
}

#[test]
fn a_crosswalk_keeps_what_was_invented() {
    let mut study = Study::new(6, "");
    let name = study.of(Label::Name, "Ada Quill");
    let mrn = study.of(Label::Mrn, "MR-100728");
    let stored = serde_json::to_vec(&study.crosswalk).unwrap();
    let mut later = Study::new(77, "");
    later.crosswalk = serde_json::from_slice(&stored).unwrap();
    assert_eq!(later.of(Label::Name, "Ada Quill"), name);
    assert_eq!(
        later.of(Label::Mrn, "mr100728").to_uppercase(),
        mrn.replace('-', "")
    );
    assert_eq!(serde_json::to_vec(&later.crosswalk).unwrap(), stored);
}

#[test]
fn short_keys_of_records_and_dates_are_not_invented() {
    let mut study = Study::new(6, "");
    let mut shop =
        study
            .inventor
            .at_work(study.crosswalk.inventions(), &mut study.entropy, engine());
    for (label, found) in [
        (Label::OtherId, "12"),
        (Label::Date, "3/4/2021"),
        (Label::Age, "93"),
    ] {
        assert_eq!(shop.invent(label, found, None, Part::Any), None);
    }
}

proptest! {
    #[test]
    fn shapes_stay_and_distinct_numbers_stay_distinct(
        seed: u64,
        numbers in proptest::collection::btree_set("[A-Z]{0,2}-?[1-9][0-9]{5,8}", 2..20),
    ) {
        let input = numbers.iter().cloned().collect::<Vec<_>>().join("\n");
        let mut study = Study::new(seed, &input);
        let mut invented = BTreeSet::new();
        let bare: BTreeSet<String> = numbers.iter().map(|number| bare(number)).collect();
        for number in &numbers {
            let made = study.of(Label::Mrn, number);
            prop_assert_eq!(shape(&made), shape(number));
            prop_assert!(!bare.contains(&super::bare(&made)));
            prop_assert_eq!(&study.of(Label::Mrn, number), &made);
            invented.insert(super::bare(&made));
        }
        prop_assert_eq!(invented.len(), bare.len());
    }

    #[test]
    fn no_name_of_the_input_is_invented(seed: u64, from in 0_usize..2_000) {
        let surnames: Vec<&str> = include_str!("../../data/surnames.txt").lines().collect();
        let some = &surnames[from..from + 300];
        let mut study = Study::new(seed, &some.join(" "));
        let mut invented = BTreeSet::new();
        for name in some.iter().take(40) {
            let made = study.of(Label::Name, name);
            prop_assert!(!some.contains(&made.as_str()), "{}", made);
            invented.insert(made);
        }
        prop_assert_eq!(invented.len(), 40);
    }
}
