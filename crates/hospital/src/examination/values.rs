use super::{Half, piece::Mark, places::digits};
use crate::draw::Draw;

/// A number or code of the kind a slot names, with its mark.
pub(super) fn value(draw: &mut Draw, half: Half, slot: &str) -> Option<(String, Mark)> {
    let (label, forms) = forms(slot, half)?;
    let form = draw.pick(forms);
    let kind = KINDS.iter().find(|kind| **kind == slot).copied();
    Some((
        shape(draw, form),
        Mark::new(label, kind.unwrap_or("number")),
    ))
}

/// What a form stands for: `#` a digit, `@` a capital, `%` a hexadecimal digit, and a few with
/// check digits.
fn shape(draw: &mut Draw, form: &str) -> String {
    match form {
        "mbi" => mbi(draw, false),
        "mbi-dashes" => mbi(draw, true),
        "npi" => luhn(draw, "80840", "1########").split_off(5),
        "card" => luhn(draw, "", "4##############"),
        "imei" => luhn(draw, "", "35############"),
        "dea" => dea(draw),
        "vin" => vin(draw),
        _ => letters(draw, form),
    }
}

fn letters(draw: &mut Draw, form: &str) -> String {
    let form = digits(draw, form);
    form.chars()
        .map(|letter| match letter {
            '@' => draw.pick(&[
                'A', 'B', 'C', 'D', 'F', 'H', 'J', 'K', 'L', 'N', 'P', 'R', 'T', 'W',
            ]),
            '%' => draw.pick(&['0', '1', '3', '4', '7', '8', '9', 'a', 'b', 'c', 'e', 'f']),
            other => other,
        })
        .collect()
}

/// The Medicare beneficiary identifier: eleven places of fixed classes (CMS, Understanding the New
/// Medicare Beneficiary Identifier Format).
fn mbi(draw: &mut Draw, dashes: bool) -> String {
    let alpha = [
        'A', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P', 'Q', 'R', 'T', 'U',
    ];
    let mut made = String::new();
    for class in "CAXN-AXN-AANN".chars() {
        match class {
            'C' => made += &draw.between(1, 9).to_string(),
            'A' => made.push(draw.pick(&alpha)),
            'X' if draw.chance(0.5) => made.push(draw.pick(&alpha)),
            'N' | 'X' => made += &draw.below(10).to_string(),
            _ if dashes => made.push('-'),
            _ => {}
        }
    }
    made
}

/// A number whose last digit makes the Luhn sum right (ISO/IEC 7812-1, annex B).
fn luhn(draw: &mut Draw, prefix: &str, form: &str) -> String {
    let body = format!("{prefix}{}", digits(draw, form));
    let sum: u32 = body
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, twice) if twice > 9 => twice - 9,
            (0, twice) => twice,
            _ => digit,
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// A registration number of the Drug Enforcement Administration with its check digit.
fn dea(draw: &mut Draw) -> String {
    let digits = draw.digits(6);
    let value = |at: usize| {
        digits
            .chars()
            .nth(at)
            .and_then(|digit| digit.to_digit(10))
            .unwrap_or(0)
    };
    let sum = value(0) + value(2) + value(4) + 2 * (value(1) + value(3) + value(5));
    format!(
        "{}{}{digits}{}",
        draw.pick(&['A', 'B', 'F', 'M']),
        draw.pick(&['J', 'S', 'W']),
        sum % 10
    )
}

/// A vehicle identification number with its check digit at place nine (49 CFR 565.15).
fn vin(draw: &mut Draw) -> String {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let signs: Vec<(char, u32)> = VIN_VALUES.to_vec();
    let mut chosen: Vec<(char, u32)> = (0..11).map(|_| draw.pick(&signs)).collect();
    let tail = (0..6).map(|_| {
        let digit = draw.below(10);
        (char::from_digit(digit, 10).unwrap_or('0'), digit)
    });
    chosen.extend(tail);
    let sum: u32 = chosen
        .iter()
        .zip(WEIGHTS)
        .map(|((_, value), weight)| value * weight)
        .sum();
    let check = char::from_digit(sum % 11, 10).unwrap_or('X');
    let letters = chosen.iter().enumerate();
    letters
        .map(|(at, (sign, _))| if at == 8 { check } else { *sign })
        .collect()
}

const VIN_VALUES: [(char, u32); 20] = [
    ('1', 1),
    ('2', 2),
    ('3', 3),
    ('4', 4),
    ('5', 5),
    ('A', 1),
    ('B', 2),
    ('C', 3),
    ('D', 4),
    ('F', 6),
    ('G', 7),
    ('H', 8),
    ('J', 1),
    ('K', 2),
    ('L', 3),
    ('N', 5),
    ('P', 7),
    ('R', 9),
    ('T', 3),
    ('V', 5),
];

type Forms = (&'static str, &'static [&'static str]);

/// Label and forms of a slot; some kinds have other forms in the held-out half.
fn forms(slot: &str, half: Half) -> Option<Forms> {
    if half == Half::HeldOut
        && let Some(forms) = held_out(slot)
    {
        return Some(forms);
    }
    Some(match slot {
        "ssn" => (
            "SSN",
            &[
                "5##-4#-####",
                "2##-6#-####",
                "4##-3#-####",
                "3##5#####",
                "1## 4# ####",
            ],
        ),
        "ssnlast" => ("SSN", &["####"]),
        "mrn" => (
            "MRN",
            &[
                "#######", "########", "00######", "M#######", "##-##-##", "######",
            ],
        ),
        "account" => (
            "ACCOUNT",
            &["40#######", "##########", "A########", "7###-####-##"],
        ),
        "card" => ("ACCOUNT", &["card"]),
        "iban" => (
            "ACCOUNT",
            &["DE89 3704 #### #### #### ##", "GB29NWBK########3194##"],
        ),
        "member" => (
            "HEALTH_PLAN",
            &["@@@#########", "W#########", "@@#######-##", "##########"],
        ),
        "group" => ("HEALTH_PLAN", &["#####", "@######", "00######"]),
        "mbi" => ("HEALTH_PLAN", &["mbi", "mbi-dashes"]),
        "dea" => ("LICENSE", &["dea"]),
        "npi" => ("LICENSE", &["npi"]),
        "license" => ("LICENSE", &["MD######", "RN-######", "@#####", "PT ######"]),
        "dl" => (
            "LICENSE",
            &["@#######", "@@######", "########", "@###-####-####"],
        ),
        "plate" => ("VEHICLE", &["@@@ ####", "@@@-####", "#@@@###", "@@ #####"]),
        "vin" => ("VEHICLE", &["vin"]),
        "device" => (
            "DEVICE",
            &["@@@######", "SN########", "@@-#####-@", "#######@"],
        ),
        "udi" => (
            "DEVICE",
            &[
                "(01)0088#########5(17)27####(21)A#######",
                "(01)00643169######(21)@@@######",
            ],
        ),
        "mac" => ("DEVICE", &["%%:%%:%%:%%:%%:%%", "%%-%%-%%-%%-%%-%%"]),
        "ip" => (
            "IP",
            &[
                "10.##.#.1##",
                "192.168.#.2#",
                "172.16.##.#",
                "73.1##.##.2##",
            ],
        ),
        "ipsix" => ("IP", &["2001:db8:%%%%:%::%%%", "fe80::%%%%:%%ff:fe%%:%%%%"]),
        "phone" => (
            "PHONE",
            &[
                "(2##) 555-01##",
                "3##-555-01##",
                "4##.555.01##",
                "5## 555 01##",
                "1-8##-555-01##",
                "+1 6##-555-01##",
            ],
        ),
        "local" => ("PHONE", &["555-01##", "555-#1##"]),
        "ext" => ("PHONE", &["3##-555-01## x###", "(4##) 555-01## ext. ####"]),
        "fax" => ("FAX", &["(3##) 555-01##", "7##-555-01##", "4##.555.01##"]),
        "pager" => ("PHONE", &["####", "#####", "7##-555-01##"]),
        "biometric" => (
            "BIOMETRIC",
            &["FP-########", "VP-##-####", "IRIS-%%%%%%%%", "BIO######"],
        ),
        "photo" => (
            "PHOTO",
            &["IMG_####.jpg", "face_####_front.png", "DSC0####.JPG"],
        ),
        "accession" => (
            "OTHER_ID",
            &["S##-#####", "A########", "##-@@-#####", "CR##-####"],
        ),
        "case" => (
            "OTHER_ID",
            &["##-CV-#####", "CPS-######", "##-####-JV", "WC########"],
        ),
        "badge" => ("OTHER_ID", &["#####", "B-####", "E######"]),
        "study" => ("OTHER_ID", &["###-####", "SUBJ-####", "@@@-##-###"]),
        "passport" => ("OTHER_ID", &["@########", "#########", "@@#######"]),
        "claim" => (
            "OTHER_ID",
            &["CLM########", "##########-##", "WC-##-######"],
        ),
        "rx" => ("OTHER_ID", &["#######", "RX########", "6######-####"]),
        "handle" => ("OTHER_ID", &["@@_%%%%_##"]),
        "imei" => ("DEVICE", &["imei"]),
        _ => return None,
    })
}

fn held_out(slot: &str) -> Option<Forms> {
    Some(match slot {
        "mrn" => (
            "MRN",
            &[
                "E########",
                "#######-#",
                "###-##-##",
                "########",
                "000#####",
                "ZZ######",
            ],
        ),
        "account" => (
            "ACCOUNT",
            &["HAR########", "#########", "V#########", "##-######-#"],
        ),
        "member" => (
            "HEALTH_PLAN",
            &["@@@###@#####", "U## #### ###", "R########", "#########*01"],
        ),
        "plate" => ("VEHICLE", &["###-@@@", "@##-@@@", "@@@###", "#@ ####"]),
        "device" => (
            "DEVICE",
            &["@######@", "PM-####-##-##", "##@@#####", "@@@ ### ####"],
        ),
        "license" => (
            "LICENSE",
            &["G-#####", "LCSW #####", "OD.######", "PA-C ####"],
        ),
        "phone" => (
            "PHONE",
            &[
                "2##/555-01##",
                "(3##)555-01##",
                "4## 555-01##",
                "5##555####",
                "1.8##.555.01##",
                "+16##55501##",
            ],
        ),
        "accession" => (
            "OTHER_ID",
            &["SP-##-####", "##:@######", "ACC#########", "B##:####"],
        ),
        "case" => (
            "OTHER_ID",
            &["DCS-####-##", "@@##-####", "##PR#####", "Docket ####-##"],
        ),
        "biometric" => (
            "BIOMETRIC",
            &["palm-%%%%%%", "VOICE####", "RET-###-###", "FPT:%%%%%%%%%%"],
        ),
        "photo" => (
            "PHOTO",
            &["photo_##-###.jpeg", "PXL_####.jpg", "portrait####.tif"],
        ),
        _ => return None,
    })
}

const KINDS: &[&str] = &[
    "ssn",
    "ssnlast",
    "mrn",
    "account",
    "card",
    "iban",
    "member",
    "group",
    "mbi",
    "dea",
    "npi",
    "license",
    "dl",
    "plate",
    "vin",
    "device",
    "udi",
    "mac",
    "ip",
    "ipsix",
    "phone",
    "local",
    "ext",
    "fax",
    "pager",
    "biometric",
    "photo",
    "accession",
    "case",
    "badge",
    "study",
    "passport",
    "claim",
    "rx",
    "handle",
    "imei",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_check_digits_pass_their_check() {
        // The published example of the national provider identifier standard: 123456789 gives 3.
        let mut draw = Draw::new(3, 3);
        assert_eq!(luhn(&mut draw, "80840", "123456789"), "808401234567893");
        assert_eq!(vin(&mut draw).len(), 17);
        assert_eq!(mbi(&mut draw, false).len(), 11);
        assert_eq!(mbi(&mut draw, true).len(), 13);
    }
}
