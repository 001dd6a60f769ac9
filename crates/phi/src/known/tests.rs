use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::text::TextEngine;

static ENGINE: LazyLock<TextEngine> = LazyLock::new(TextEngine::new);

fn person() -> KnownPerson {
    KnownPerson::builder()
        .name("William J. Quillfeather")
        .relative_name("Young, Grace")
        .date("1956-03-04")
        .phone("+1 (212) 555-0147")
        .address("123 N Oak Street, Reading, PA 19601")
        .identifier(Label::Mrn, "AB-44821")
        .identifier(Label::Email, "wq@example.org")
        .build()
}

fn found(text: &str) -> Vec<String> {
    ENGINE
        .scan(text, Some(&person()))
        .iter()
        .map(|finding| text.get(finding.range()).unwrap().to_owned())
        .collect()
}

#[test]
fn names_in_any_shape() {
    for name in [
        "quillfeather",
        "QUILLFEATHER",
        "Quillfeather, William",
        "W. J. Quillfeather",
        "W. Quillfeather",
        "Bill Quillfeather",
        "will quillfeather",
        "Quilfeather",
        "Qiullfeather",
        "grace young",
        "William\nQuillfeather",
    ] {
        assert_eq!(found(&format!("then {name} slept")), [name], "{name}");
    }
}

#[test]
fn everyday_words_of_a_name_stay_in_lower_case() {
    assert!(found("he will grow; a young man with grace").is_empty());
}

#[test]
fn numbers_in_any_layout() {
    for value in [
        "03/04/1956",
        "3-4-56",
        "19560304",
        "March 4th, 1956",
        "4 Mar 1956",
        "04MAR1956",
        "2125550147",
        "212.555.0147",
        "555 0147",
        "ab44821",
        "AB 44821",
        "WQ@example.org",
        "123 N. Oak St",
        "123 n oak street",
    ] {
        let text = format!("noted {value} again");
        assert_eq!(found(&text), [value], "{value}");
    }
    assert_eq!(found("in Reading twice"), ["Reading"]);
    assert!(found("he likes reading twice").is_empty());
}

#[test]
fn generated_names_with_digits_are_names() {
    let person = KnownPerson::builder().name("Sunny31 Zyblin204").build();
    let findings = ENGINE.scan("# History\nSunny31 is a 1 year-old girl", Some(&person));
    assert_eq!(findings.len(), 1);
}

/// One way of writing an identifier of a generated person: the text must be covered whole.
fn renderings(choice: &Choice) -> Vec<String> {
    let (given, middle, surname) = (choice.given, choice.middle, choice.surname);
    let initial = |name: &str| name.chars().next().unwrap();
    let (year, month, day) = (choice.year, choice.month, choice.day);
    let (area, exchange, line) = (choice.area, choice.exchange, choice.line);
    let number = choice.number;
    let mut texts = vec![
        format!("{given} {surname}"),
        format!("{surname}, {given}"),
        format!("{surname}, {given} {}.", initial(middle)),
        format!("{} {}", given.to_uppercase(), surname.to_uppercase()),
        format!("{} {}", given.to_lowercase(), surname.to_lowercase()),
        format!("{}. {surname}", initial(given)),
        format!("{}. {}. {surname}", initial(given), initial(middle)),
        format!("{surname} {}", initial(given)),
        format!("{given} {middle} {surname}"),
        format!("{given}\n{surname}"),
        format!(
            "{}.{}.{}.",
            initial(given),
            initial(middle),
            initial(surname)
        ),
        format!("{}{}", given.to_uppercase(), surname.to_uppercase()),
        format!("{surname}-Van Holt"),
        format!("({area}) {exchange}-{line}"),
        format!("{area}.{exchange}.{line}"),
        format!("{area}{exchange}{line}"),
        format!("+1 {area} {exchange} {line}"),
        format!("{exchange}-{line}"),
        format!("{month:02}/{day:02}/{year}"),
        format!("{month}/{day}/{year}"),
        format!("{month}-{day}-{:02}", year % 100),
        format!("{year}-{month:02}-{day:02}"),
        format!("{year}{month:02}{day:02}"),
        format!("{day}.{month}.{year}"),
        format!("QX-{number}"),
        format!("QX{number}"),
        format!("qx {number}"),
        format!("{number}"),
        format!("QX-{number}-02"),
        format!("SMITHJOHN{number}M"),
        "4410 North Quibbley Road".to_owned(),
        "4410 N. Quibbley Rd".to_owned(),
        "4410 n quibbley rd, apt 12b".to_owned(),
        "Zarnworth".to_owned(),
    ];
    let slip: Vec<char> = surname.chars().collect();
    for at in 0..slip.len() {
        let mut dropped = slip.clone();
        dropped.remove(at);
        texts.push(format!("{given} {}", dropped.iter().collect::<String>()));
        let mut doubled = slip.clone();
        doubled.insert(at, slip.get(at).copied().unwrap_or('x'));
        texts.push(format!("{given} {}", doubled.iter().collect::<String>()));
        if at > 0 {
            let mut swapped = slip.clone();
            swapped.swap(at - 1, at);
            texts.push(format!("{given} {}", swapped.iter().collect::<String>()));
        }
    }
    let name = FULL_MONTHS
        .get(month as usize - 1)
        .copied()
        .unwrap_or_default();
    let short = name.get(..3).unwrap_or_default();
    texts.push(format!("{name} {day}, {year}"));
    texts.push(format!("{day} {short} {year}"));
    texts.push(format!("{day:02}{}{:02}", short.to_uppercase(), year % 100));
    texts
}

#[derive(Clone, Debug)]
struct Choice {
    given: &'static str,
    middle: &'static str,
    surname: &'static str,
    year: u32,
    month: u32,
    day: u32,
    area: u32,
    exchange: u32,
    line: u32,
    number: u32,
}

const FULL_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn choices() -> impl Strategy<Value = Choice> {
    let given = proptest::sample::select(vec![
        "Ada",
        "William",
        "Xochitl",
        "Oluwaseun",
        "Renée",
        "Mei",
        "Grace",
    ]);
    let middle = proptest::sample::select(vec!["Blythe", "Quentin", "Óscar"]);
    let surname = proptest::sample::select(vec![
        "Quillfeather",
        "Zyblin",
        "Harris",
        "Okonkwo",
        "Núñez",
        "Tran-Holt",
        "O'Varney",
        "Young",
        "Marsh",
    ]);
    (
        (given, middle, surname),
        (1930_u32..2020, 1_u32..13, 1_u32..29),
        (201_u32..990, 201_u32..990, 1000_u32..9999),
        1_000_000_u32..9_999_999,
    )
        .prop_map(
            |((given, middle, surname), (year, month, day), (area, exchange, line), number)| {
                Choice {
                    given,
                    middle,
                    surname,
                    year,
                    month,
                    day,
                    area,
                    exchange,
                    line,
                    number,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_rendering_of_a_known_person_is_covered_whole(choice in choices()) {
        let person = KnownPerson::builder()
            .name(&format!("{} {} {}", choice.given, choice.middle, choice.surname))
            .date(&format!("{}-{:02}-{:02}", choice.year, choice.month, choice.day))
            .phone(&format!("({}) {}-{}", choice.area, choice.exchange, choice.line))
            .identifier(Label::Mrn, &format!("QX-{}", choice.number))
            .address("4410 N Quibbley Road Apt 12B, Zarnworth, OH 44100-1234")
            .build();
        let mut missed = Vec::new();
        for rendering in renderings(&choice) {
            let text = format!("It was noted that {rendering} was on the form.");
            let found = ENGINE.scan(&text, Some(&person));
            let start = text.find(&rendering).unwrap();
            let is_covered = |at: usize| found.iter().any(|finding| finding.range().contains(&(start + at)));
            if rendering.char_indices().any(|(at, letter)| letter.is_alphanumeric() && !is_covered(at)) {
                missed.push(rendering);
            }
        }
        prop_assert!(missed.is_empty(), "{:?}", missed);
    }
}

#[test]
fn particles_slips_beside_a_name_and_broken_lines() {
    let person = KnownPerson::builder()
        .name("Jon van der Zyblin Jr.")
        .name("María de la Cruz")
        .phone("+44 20 7946 0958")
        .build();
    for name in [
        "Jon van der Zyblin",
        "Jhon Van Der Zyblin",
        "Zyblin Jr",
        "Maria de la Cruz",
        "MARIA DE LA CRUZ",
        "Zyb-\nlin",
        "020 7946 0958",
        "+44 (0)20 7946 0958",
    ] {
        let text = format!("then {name} slept");
        let findings = ENGINE.scan(&text, Some(&person));
        let spans: Vec<_> = findings
            .iter()
            .map(|f| text.get(f.range()).unwrap())
            .collect();
        assert_eq!(spans, [name]);
    }
}

#[test]
fn debug_shows_counts_only() {
    let debug = format!("{:?}", person());
    assert!(
        !debug.contains("uill") && !debug.contains("1956"),
        "{debug}"
    );
}
