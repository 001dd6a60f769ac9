use super::{
    IGNORE, KEEP, days,
    piece::{Mark, Segment},
    places::{self, Kind},
    scene::Scene,
    values,
};

impl Scene<'_> {
    /// What a slot stands for. A digit at the end of its name tells two of a kind apart.
    pub(super) fn slot(&mut self, slot: &str) -> Vec<Segment> {
        let name = slot.trim_end_matches(|letter: char| letter.is_ascii_digit());
        if let Some((who, form)) = name.split_once('.') {
            return self.person(who, form);
        }
        if RETURNING.contains(&name) {
            if let Some(before) = self.memory.get(slot) {
                return before.clone();
            }
            let made = self.fill(name);
            self.memory.insert(slot.to_owned(), made.clone());
            return made;
        }
        self.fill(name)
    }

    fn person(&mut self, who: &str, form: &str) -> Vec<Segment> {
        let key = who.chars().next().unwrap_or('p');
        let Some(person) = self.people.get(&key).cloned() else {
            return unknown(who);
        };
        if let Some(word) = person.word(form) {
            return vec![Segment::plain(word)];
        }
        match person.name(self.draw, form) {
            Some((text, mark)) => vec![Segment::marked(text, mark)],
            None => unknown(form),
        }
    }

    fn fill(&mut self, name: &str) -> Vec<Segment> {
        if let Some(days) = self.day(name) {
            return days;
        }
        if let Some(age) = self.age(name) {
            return age;
        }
        if let Some(place) = self.place(name) {
            return place;
        }
        if let Some((_, kind, words)) = WORDS.iter().find(|(slot, _, _)| *slot == name) {
            let word = self.draw.pick(words);
            return vec![Segment::marked(word, Mark::new(KEEP, kind))];
        }
        if let Some((text, mark)) = values::value(self.draw, self.half, name) {
            return vec![Segment::marked(text, mark)];
        }
        self.address_of_the_net(name)
            .unwrap_or_else(|| unknown(name))
    }

    fn day(&mut self, name: &str) -> Option<Vec<Segment>> {
        let (half, today) = (self.half, self.today);
        let near = today.plus(self.draw.between(0, 60) as i32 - 50);
        let born = today.plus(-(self.draw.between(7_000, 32_000) as i32));
        let (text, kind) = match name {
            "date" => days::whole(self.draw, half, near),
            "today" => days::whole(self.draw, half, today),
            "past" => {
                let past = today.plus(-(self.draw.between(200, 6_000) as i32));
                days::whole(self.draw, half, past)
            }
            "pdate" => days::part(self.draw, half, near),
            "dob" => days::whole(self.draw, half, born),
            "fdate" => days::abroad(self.draw, born),
            "month" => days::month(self.draw, near),
            "isodate" => (days::write("iso", near), "iso"),
            "slash" => (days::write("us", near), "us"),
            _ => return self.time(name),
        };
        Some(after_article(&text, "the ", Mark::new("DATE", kind)))
    }

    fn time(&mut self, name: &str) -> Option<Vec<Segment>> {
        let text = match name {
            "time" => {
                let (hour, minute) = (self.draw.below(24), self.draw.below(60));
                format!("{hour:02}:{minute:02}")
            }
            "clock" => format!("{}:{:02} pm", self.draw.between(1, 11), self.draw.below(60)),
            "year" => self.draw.between(1995, 2023).to_string(),
            "weekday" => days::weekday(self.today).to_owned(),
            _ => return None,
        };
        Some(vec![Segment::marked(text, Mark::new(IGNORE, "time"))])
    }

    fn age(&mut self, name: &str) -> Option<Vec<Segment>> {
        let draw = &mut *self.draw;
        let (text, kind) = match name {
            "age" => {
                let age = draw.between(1, 89).to_string();
                return Some(vec![Segment::marked(age, Mark::new(IGNORE, "age"))]);
            }
            "ageover" => (draw.between(90, 106).to_string(), "number"),
            "ageword" => (draw.pick(AGE_WORDS).to_owned(), "in-words"),
            "nineties" => (draw.pick(NINETIES).to_owned(), "nineties"),
            "bornover" => {
                let year = self.today.year() - draw.between(92, 101) as i32;
                (year.to_string(), "year-of-birth")
            }
            _ => return None,
        };
        let mark = Mark::new("AGE", kind);
        let phase = text
            .split_inclusive([' ', '-'])
            .next()
            .unwrap_or("")
            .to_owned();
        let is_phase = matches!(phase.as_str(), "early " | "mid-" | "late ");
        Some(after_article(
            &text,
            if is_phase { &phase } else { "" },
            mark,
        ))
    }

    fn place(&mut self, name: &str) -> Option<Vec<Segment>> {
        let (home, abroad, half) = (self.home, self.abroad, self.half);
        let draw = &mut *self.draw;
        Some(vec![match name {
            "addr" => return Some(places::address(draw, home, half, true)),
            "faddr" => return Some(places::address(draw, abroad, half, false)),
            "town" => places::town(draw, home, half),
            "ftown" => places::town(draw, abroad, half),
            "county" => places::county(draw, home, half),
            "street" => places::line(draw, home, half),
            "zip" => places::zip(draw),
            "room" => places::room(draw),
            "state" => places::state(draw),
            "country" => places::country(draw),
            "facility" => places::facility(draw, home, half),
            "employer" => places::employer(draw, home, half, Kind::Firm),
            "school" => places::employer(draw, home, half, Kind::School),
            "parish" => places::employer(draw, home, half, Kind::Parish),
            "fphone" => {
                let form = if abroad.phones.is_empty() {
                    return None;
                } else {
                    draw.one_of(&abroad.phones).clone()
                };
                Segment::marked(places::digits(draw, &form), Mark::new("PHONE", "foreign"))
            }
            _ => return None,
        }])
    }

    /// E-mail and web addresses, made of the patient's name or of nothing in particular.
    fn address_of_the_net(&mut self, name: &str) -> Option<Vec<Segment>> {
        let person = self
            .people
            .get(if name == "demail" { &'d' } else { &'p' })?;
        let plain = |word: &str| -> String {
            let letters = word.chars().filter(char::is_ascii_alphanumeric);
            letters.collect::<String>().to_lowercase()
        };
        let (first, last) = (plain(&person.first), plain(&person.last));
        let number = self.draw.between(2, 88);
        let host = self.draw.pick(&[
            "example.com",
            "mail.example",
            "example.org",
            "inbox.example.net",
        ]);
        let (text, label, kind) = match name {
            "email" | "demail" => (
                match self.draw.below(4) {
                    0 => format!("{first}.{last}@{host}"),
                    1 => format!("{first}{number}@{host}"),
                    2 => format!("{first}_{last}+clinic@{host}"),
                    _ => format!("{last}{number}@{host}"),
                },
                "EMAIL",
                "email",
            ),
            "url" => (
                match self.draw.below(4) {
                    0 => format!("https://portal.example.org/patients/{last}{number}"),
                    1 => format!("www.example.com/{first}-{last}"),
                    2 => format!("http://files.example.net/share?id={number}{last}"),
                    _ => format!("facebook.example/{first}.{last}.{number}"),
                },
                "URL",
                "url",
            ),
            _ => return None,
        };
        Some(vec![Segment::marked(text, Mark::new(label, kind))])
    }
}

/// An article or a phase of life before the marked text stays outside of the mark.
fn after_article(text: &str, article: &str, mark: Mark) -> Vec<Segment> {
    match text.strip_prefix(article) {
        Some(rest) if !article.is_empty() => {
            vec![Segment::plain(article), Segment::marked(rest, mark)]
        }
        _ => vec![Segment::marked(text, mark)],
    }
}

fn unknown(slot: &str) -> Vec<Segment> {
    vec![Segment::plain(format!("{{{slot}?}}"))]
}

/// Slots that stay the same within one text.
const RETURNING: &[&str] = &[
    "mrn", "ssn", "account", "member", "mbi", "phone", "email", "addr", "room", "facility",
    "employer", "town", "zip", "age", "ageover", "license", "dl", "plate", "vin", "device", "case",
    "school", "weekday", "eponym", "drug", "county", "parish",
];
const AGE_WORDS: &[&str] = &[
    "ninety-two",
    "ninety four",
    "ninety-one",
    "ninety-seven",
    "one hundred and one",
];
const NINETIES: &[&str] = &["nineties", "early nineties", "mid-90s", "late 90s", "90s"];

/// Words that must stay.
const WORDS: &[(&str, &str, &[&str])] = &[
    (
        "eponym",
        "eponym",
        &[
            "Parkinson's disease",
            "Foley catheter",
            "Murphy's sign",
            "Babinski sign",
            "Graves disease",
            "Crohn's disease",
            "Hodgkin lymphoma",
            "Bell's palsy",
            "Hashimoto thyroiditis",
            "Wernicke encephalopathy",
            "Cushing syndrome",
            "Addison's disease",
            "Down syndrome",
            "Huntington's disease",
            "Guillain-Barre syndrome",
            "Raynaud phenomenon",
            "Sjogren syndrome",
            "Marfan syndrome",
            "Meniere's disease",
            "Paget disease",
            "Charcot foot",
            "Dupuytren contracture",
            "Baker's cyst",
            "Colles fracture",
            "Jackson-Pratt drain",
            "Swan-Ganz catheter",
            "Kerley B lines",
            "Virchow's node",
            "Kussmaul breathing",
            "Romberg test",
            "Lachman test",
            "McBurney point",
            "Whipple procedure",
            "Nissen fundoplication",
            "Wilson disease",
            "Barrett's esophagus",
            "Takotsubo cardiomyopathy",
            "Kawasaki disease",
            "Tourette syndrome",
            "Asperger syndrome",
            "Lewy body dementia",
            "Alzheimer's",
            "Glasgow Coma Scale",
            "Homans sign",
            "Trendelenburg position",
        ],
    ),
    (
        "drug",
        "drug",
        &[
            "metoprolol",
            "lisinopril",
            "Eliquis",
            "Lantus",
            "warfarin",
            "Keppra",
            "Zosyn",
            "vancomycin",
            "Lasix",
            "Coumadin",
            "sertraline",
            "Abilify",
            "Ozempic",
            "Jardiance",
            "prednisone",
            "Humira",
            "Plavix",
            "Norco",
            "gabapentin",
            "Xarelto",
            "ceftriaxone",
            "Synthroid",
            "Advair",
            "Singulair",
            "allopurinol",
            "Risperdal",
            "Depakote",
            "Allegra",
            "Dilantin",
            "Norvasc",
            "Bumex",
            "tacrolimus",
        ],
    ),
    (
        "test",
        "test",
        &[
            "troponin",
            "A1c",
            "BNP",
            "CBC",
            "CMP",
            "TSH",
            "INR",
            "lactate",
            "D-dimer",
            "Coombs test",
            "Gram stain",
            "Pap smear",
            "Holter",
            "echo",
            "MRI",
            "CT PE",
            "Western blot",
            "Apgar",
            "Mantoux",
            "Schirmer test",
        ],
    ),
    (
        "score",
        "score",
        &[
            "GCS 15",
            "NIHSS 4",
            "MELD 22",
            "CHA2DS2-VASc 5",
            "APACHE II 18",
            "Wells score 4.5",
            "PHQ-9 14",
            "MoCA 22/30",
            "ASA 3",
            "NYHA III",
            "ECOG 1",
            "Braden 17",
            "CIWA 8",
            "HEART score 4",
            "Mallampati II",
            "Gleason 3+4",
            "MMSE 24/30",
            "Apgars 8 and 9",
            "TIMI 3",
            "CURB-65 of 2",
            "BI-RADS 4",
        ],
    ),
    (
        "code",
        "code",
        &[
            "ICD-10 E11.9",
            "CPT 99213",
            "LOINC 2345-7",
            "I50.22",
            "J18.9",
            "HCPCS G0008",
            "SNOMED 44054006",
            "DRG 291",
            "RxNorm 197361",
            "M54.50",
            "NDC 0093-7214-01",
        ],
    ),
    (
        "vital",
        "vital",
        &[
            "BP 132/84",
            "HR 88",
            "RR 18",
            "SpO2 96% on RA",
            "T 98.6",
            "temp 38.4",
            "weight 81.2 kg",
            "BMI 31.4",
            "120/80",
            "SpO2 92% on 2L",
            "pulse 102",
            "HR 110s",
            "MAP 68",
        ],
    ),
    (
        "dose",
        "dose",
        &[
            "25 mg BID",
            "40 mg IV daily",
            "10 units at bedtime",
            "1 g q12h",
            "5 mg po qhs",
            "325 mg",
            "0.5 mg prn",
            "2.5 mL",
            "1000 mcg",
            "20 mEq",
            "75 mcg qam",
            "500 mg tid x 7 days",
        ],
    ),
    (
        "lab",
        "lab",
        &[
            "Na 138",
            "K 4.1",
            "Cr 1.42",
            "WBC 11.3",
            "Hgb 9.8",
            "plt 214",
            "glucose 186",
            "troponin 0.04",
            "lactate 2.1",
            "A1c 8.2%",
            "INR 2.4",
            "BUN/Cr 24/1.3",
            "albumin 3.1",
            "TSH 2.31",
            "EF 55%",
            "AST 41 ALT 38",
        ],
    ),
    (
        "spine",
        "anatomy",
        &[
            "L4-L5",
            "C5-C6",
            "T12",
            "S1 S2",
            "V4-V6",
            "C7",
            "L2-3",
            "II/VI",
            "CN II-XII",
            "S3",
            "T1-weighted",
        ],
    ),
];
