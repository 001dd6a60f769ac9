//! What the words around a name say about it.

use crate::dictionary::class::Class;

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// How much the surroundings ask for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Context {
    /// Nothing.
    None,
    /// A person is at work: `called`, `with`, a verb behind.
    Medium,
    /// A name is announced: a relation, a label, `signed by`, a credential behind.
    Strong,
}

/// The context before the word at `place`.
pub(super) fn before(page: &Page<'_>, place: usize) -> Context {
    if page.at(place).gap >= Gap::Blank {
        return Context::None;
    }
    let previous = page.before(place, 1);
    match previous.kind {
        Kind::Sign(b':' | b'=') => return label(page, place),
        Kind::Sign(b',' | b';') if is_listed(page, place) => return Context::Strong,
        Kind::Sign(b',') => return apposition(page, place),
        Kind::Sign(b'"')
            if page.is_any(page.before(place, 2), SAYING)
                || page.before(place, 2).is_sign(b',')
                    && page.is_any(page.before(place, 3), SAYING) =>
        {
            return Context::Medium;
        }
        Kind::Sign(b'/') if page.at(place).gap == Gap::Space && is_with(page, place) => {
            return Context::Medium;
        }
        Kind::Sign(b'(' | b'"' | b'/' | b'-') => {
            let word = page.before(place, 2);
            let relation = (word.class.has(Class::RELATION)
                || page.is_any(word, &["surname", "name", "lastname"]))
                && page.at(place).gap == Gap::None
                && previous.is_sign(b'(');
            return if relation {
                Context::Strong
            } else {
                Context::None
            };
        }
        Kind::Sign(b'?') if page.is(page.before(place, 2), "name") => return Context::Strong,
        Kind::Sign(b'.') => return Context::None,
        _ => {}
    }
    if page.at(place).gap >= Gap::Line && !matches!(previous.kind, Kind::Lower) {
        return Context::None;
    }
    if is_alias(page, place)
        || is_called(page, place)
        || is_newborn(page, place)
        || previous.class.has(Class::RELATION)
            && !page.is_any(previous, &["parents", "children", "kids", "parent"])
        || page.is_any(
            previous,
            &["named", "aka", "alias", "nicknamed", "dear", "attn"],
        )
        || page.is_any(previous, &["name", "names"])
            && !page.is_any(page.before(place, 2), &["brand", "drug", "generic"])
    {
        return Context::Strong;
    }
    if page.is_any(previous, &["is", "was", "are"])
        && page.is_any(
            page.before(place, 2),
            &[
                "name",
                "names",
                "wife",
                "husband",
                "daughter",
                "son",
                "mother",
                "father",
                "sister",
                "brother",
                "physician",
                "pcp",
                "surgeon",
                "cardiologist",
                "oncologist",
                "proxy",
                "contact",
            ],
        )
    {
        return Context::Strong;
    }
    if page.is_any(previous, &["by", "to", "from"])
        && page.before(place, 2).class.has(Class::SIGNER)
    {
        return Context::Strong;
    }
    let handed = page.is_any(previous, &["to", "from", "by", "off"])
        && page.is_any(
            page.before(place, 2),
            &[
                "report",
                "handoff",
                "spoke",
                "talked",
                "speaking",
                "taken",
                "signout",
                "turnover",
                "reported",
                "relieved",
                "drawn",
                "witnessed",
                "read",
                "handed",
                "endorsed",
            ],
        )
        || page.is(previous, "to") && is_handover(page, place);
    if handed {
        return Context::Strong;
    }
    if previous.class.has(Class::GREETING.or(Class::PERSON))
        && !page.is_any(previous, &["manager", "officer", "man", "woman"])
    {
        return Context::Medium;
    }
    if previous.class.has(Class::CONTACT)
        || page.is_any(previous, &["and", "for", "am", "i'm", "is", "to", "of"])
            && is_person_clause(page, place)
    {
        return Context::Medium;
    }
    Context::None
}

/// `w/ Ana`, `d/w Ana`, `f/u w/ Ana`: the short forms of with.
fn is_with(page: &Page<'_>, place: usize) -> bool {
    page.before(place, 1).gap == Gap::None && page.is(page.before(place, 2), "w")
}

/// `a/k/a Ana`.
fn is_alias(page: &Page<'_>, place: usize) -> bool {
    page.is(page.before(place, 1), "a")
        && page.before(place, 2).is_sign(b'/')
        && page.is(page.before(place, 3), "k")
}

/// `everyone calls me Ana`, `she named him Frank`.
fn is_called(page: &Page<'_>, place: usize) -> bool {
    page.is_any(page.before(place, 1), &["me", "him", "her", "them"])
        && page.is_any(
            page.before(place, 2),
            &["call", "calls", "called", "named", "name", "naming"],
        )
}

/// `BABY GIRL LOPEZ`, `Baby boy Lopez`.
fn is_newborn(page: &Page<'_>, place: usize) -> bool {
    page.at(place).is_capital()
        && page.is_any(page.before(place, 1), &["boy", "girl", "male", "female"])
        && page.is_any(page.before(place, 2), &["baby", "newborn", "infant", "bb"])
}

/// Words that only a person's name follows, if a name follows at all.
pub(super) fn is_human_before(page: &Page<'_>, place: usize) -> bool {
    let (previous, earlier) = (page.before(place, 1), page.before(place, 2));
    if page.at(place).gap > Gap::Line || previous.gap > Gap::Line && !previous.is_word() {
        return false;
    }
    page.is_any(previous, HUMAN)
        || previous.class.has(Class::GREETING)
        || page.is_any(previous, &["with", "to", "from", "for"]) && page.is_any(earlier, SPEAKING)
        || page.is_any(previous, &["is", "am", "i'm"])
            && page.is_any(earlier, &["this", "i", "it", "and"])
            && (page.is_any(previous, &["am", "i'm"]) || page.is_any(earlier, &["this"]))
        || page.is(previous, "i'm")
        || page.is(previous, "you") && page.is(earlier, "thank")
        || page.is(previous, "at")
            && page.is_any(
                earlier,
                &[
                    "shouted", "yelled", "smiled", "looked", "screamed", "laughed",
                ],
            )
        || page.is_any(previous, &["given", "gave", "handed", "lent", "showed"])
            && page.is_any(page.at(place + 1), &["his", "her", "their", "my"])
}

const HUMAN: &[&str] = &[
    "called",
    "phoned",
    "paged",
    "notified",
    "told",
    "tell",
    "asked",
    "ask",
    "informed",
    "met",
    "meet",
    "emailed",
    "texted",
    "thanked",
    "thank",
    "greeted",
    "married",
    "contacted",
    "remind",
    "reminded",
    "introduced",
    "says",
    "said",
    "shouted",
    "whispered",
    "replied",
    "interpreter",
    "nurse",
    "resident",
    "fellow",
    "attending",
    "baby",
    "hey",
    "pcp",
    "hospitalist",
    "surgeon",
    "midwife",
    "aide",
    "scribe",
    "intern",
    "md",
    "np",
    "rn",
    "pa",
    "cna",
    "lpn",
    "fob",
    "husb",
    "dtr",
    "hubby",
    "mom",
    "dad",
    "user",
    "president",
    "senator",
    "governor",
    "mayor",
    "king",
    "queen",
    "prince",
    "princess",
    "pope",
    "coach",
    "captain",
    "sergeant",
    "detective",
    "officer",
    "aunt",
    "uncle",
    "cousin",
    "boss",
    "editor",
    "author",
    "singer",
    "actor",
    "actress",
    "poet",
    "painter",
    "director",
    "composer",
    "inspector",
    "chancellor",
    "minister",
    "secretary",
    "congressman",
    "congresswoman",
    "pianist",
    "drummer",
    "guitarist",
    "comedian",
    "novelist",
    "philosopher",
    "starring",
    "featuring",
];

const SPEAKING: &[&str] = &[
    "spoke",
    "talked",
    "met",
    "speak",
    "talk",
    "talking",
    "speaking",
    "chatted",
    "discussed",
    "reviewed",
    "message",
    "given",
    "letter",
    "explain",
    "explained",
    "thanks",
    "left",
    "voicemail",
    "email",
    "note",
    "call",
    "reply",
    "gave",
    "write",
    "wrote",
    "meeting",
    "lunch",
    "dinner",
    "married",
    "belongs",
    "invoice",
    "translate",
    "order",
    "orders",
    "referral",
    "visit",
];

/// In a list on the line of a label: `cc: Ana Lopez; Bo Ek`.
fn is_listed(page: &Page<'_>, place: usize) -> bool {
    let mut back = 1;
    while back < 14 && page.before(place, back).gap <= Gap::Space {
        if page.before(place, back).is_sign(b':') {
            let word = page.before(place, back + 1);
            return page.is_any(
                word,
                &[
                    "cc",
                    "to",
                    "from",
                    "attendees",
                    "present",
                    "participants",
                    "surgeons",
                    "children",
                    "siblings",
                ],
            );
        }
        back += 1;
    }
    false
}

/// `and`, `for`, `of` after a person's word.
fn is_person_clause(page: &Page<'_>, place: usize) -> bool {
    let earlier = page.before(place, 2);
    earlier
        .class
        .has(Class::RELATION.or(Class::PERSON).or(Class::CONTACT))
        || earlier.is_capital()
            && earlier.class.has(Class::GIVEN.or(Class::SURNAME))
            && !earlier.class.has(Class::COMMON)
        || page.is_any(
            earlier,
            &[
                "this",
                "i",
                "spoke",
                "talked",
                "spoken",
                "speaking",
                "care",
                "according",
            ],
        )
}

/// `Patient: `, `Attending physician: `, `cc: `.
fn label(page: &Page<'_>, place: usize) -> Context {
    const LABELS: Class = Class::NAME_LABEL
        .or(Class::SIGNER)
        .or(Class::RELATION)
        .or(Class::PERSON)
        .or(Class::TITLE)
        .or(Class::GREETING);
    let word = page.before(place, 2);
    let word = if word.is_sign(b')') {
        page.before(place, 4)
    } else {
        word
    };
    let strong = word.is_word() && (word.class.has(LABELS) || page.is(word, "by"));
    if strong && page.at(place).gap <= Gap::Line {
        Context::Strong
    } else {
        Context::None
    }
}

/// `his wife, Anna`; `Regards, Anna`.
fn apposition(page: &Page<'_>, place: usize) -> Context {
    let word = page.before(place, 2);
    let owner = page.before(place, 3);
    let kin = word.class.has(Class::RELATION)
        && (owner.class.has(Class::STOP)
            || owner.kind == Kind::Possessive
            || owner.class.has(Class::COMMON));
    if kin || word.class.has(Class::GREETING) {
        Context::Strong
    } else if word.is_capital()
        && word.class.has(Class::GIVEN.or(Class::SURNAME))
        && !word.class.has(Class::COMMON)
        || word.class.has(Class::PERSON)
    {
        Context::Medium
    } else {
        Context::None
    }
}

/// The context behind the name whose last token is `last`.
pub(super) fn after(page: &Page<'_>, last: usize) -> Context {
    let next = page.at(last + 1);
    if next.gap >= Gap::Blank {
        return Context::None;
    }
    if next.is_sign(b',') {
        return behind_comma(page, last + 2);
    }
    if next.kind == Kind::Possessive {
        return if page.at(last + 2).class.has(Class::RELATION) {
            Context::Strong
        } else {
            Context::Medium
        };
    }
    if is_credential(page, last + 1) && next.gap == Gap::Space {
        return Context::Strong;
    }
    if next.is_sign(b'(') {
        let inside = page.at(last + 2);
        let says = inside.class.has(Class::RELATION)
            || page.is_any(
                inside,
                &[
                    "his",
                    "her",
                    "patient's",
                    "dob",
                    "mrn",
                    "age",
                    "aged",
                    "he",
                    "she",
                    "they",
                ],
            );
        return if says { Context::Strong } else { Context::None };
    }
    if person_behind(page, last) {
        return Context::Strong;
    }
    let verb = next.class.has(Class::PERSON_VERB)
        && (next.kind == Kind::Lower || page.is_shouted)
        && next.gap <= Gap::Line;
    if verb
        && !page.is_any(
            next,
            &[
                "and",
                "was",
                "is",
                "can",
                "may",
                "will",
                "used",
                "uses",
                "could",
                "should",
                "would",
                "noted",
                "notes",
                "scored",
                "needs",
                "continued",
                "does",
                "did",
                "has",
                "performed",
                "plans",
            ],
        )
    {
        return Context::Medium;
    }
    let weak = page.is_any(next, &["is", "was", "has", "had"]);
    let tells = page.is_any(
        page.at(last + 2),
        &[
            "a",
            "an",
            "here",
            "seen",
            "advised",
            "given",
            "told",
            "instructed",
            "found",
            "counseled",
            "evaluated",
            "started",
            "admitted",
            "brought",
            "born",
            "diagnosed",
            "referred",
            "accompanied",
            "scheduled",
            "discharged",
            "my",
            "our",
            "his",
            "her",
            "the",
            "doing",
            "feeling",
            "complaining",
            "worse",
            "better",
            "asking",
            "calling",
            "from",
            "very",
            "so",
            "always",
            "coming",
            "going",
            "happy",
            "late",
            "given",
            "polite",
            "pleasant",
            "calm",
            "tearful",
            "upset",
            "angry",
            "cooperative",
            "awake",
            "asleep",
            "crying",
            "unable",
        ],
    ) || is_aged(page, last + 2);
    if weak && tells
        || page.is_any(next, &["at", "on", "cell"]) && is_phone(page, last + 2)
        || next.gap == Gap::Space && is_phone(page, last + 1)
        || page.is(next, "here") && page.at(last + 2).is_sign(b',')
    {
        Context::Medium
    } else {
        Context::None
    }
}

/// `, MD`; `, 45-year-old`; `, his wife`; `, who`.
fn behind_comma(page: &Page<'_>, at: usize) -> Context {
    let token = page.at(at);
    if is_credential(page, at) {
        return Context::Strong;
    }
    let owned = page.is_any(token, &["his", "her", "their", "the", "a", "my", "our"])
        && page.at(at + 1).class.has(Class::RELATION.or(Class::PERSON));
    let patient =
        page.is_any(token, &["the", "a", "his", "her"]) && page.at(at + 1).kind == Kind::Possessive;
    if owned || patient || token.class.has(Class::RELATION) && token.kind == Kind::Lower {
        return Context::Strong;
    }
    if is_sexed(page, at) {
        return Context::Strong;
    }
    let aged = token.kind == Kind::Number
        && token.len() < 4
        && (page.at(at + 1).is_sign(b',')
            || page.at(at + 1).is_sign(b'-')
            || page.is_any(page.at(at + 1), &["year", "years", "yo", "y"]))
        || page.is_any(token, &["who", "whose", "age", "aged", "dob"])
        || page.is_any(token, &["a", "an"]) && page.at(at + 1).kind == Kind::Number
        || page.is(token, "as") && page.is_any(page.at(at + 1), &["he", "she", "they", "we"]);
    if aged { Context::Medium } else { Context::None }
}

/// `report from ANA to BO`: the second of two who hand over.
fn is_handover(page: &Page<'_>, place: usize) -> bool {
    (3..=7).any(|step| {
        page.is(page.before(place, step), "from")
            && page.is_any(
                page.before(place, step + 1),
                &["report", "handoff", "signout"],
            )
    })
}

/// `22M`, `61f`, `40YO`: an age, with a sex or without.
fn is_sexed(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    let bytes = page.slice(token);
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let rest = bytes.get(digits..).unwrap_or_default();
    token.kind == Kind::Code
        && token.gap <= Gap::Space
        && (1..=3).contains(&digits)
        && [&b"f"[..], b"m", b"yo", b"yom", b"yof", b"y"]
            .iter()
            .any(|known| rest.eq_ignore_ascii_case(known))
}

/// What stands behind a person in lists: `47/F`, `47F`, `47 y/o`, a record number's label.
pub(super) fn person_behind(page: &Page<'_>, last: usize) -> bool {
    let next = page.at(last + 1);
    if next.gap != Gap::Space {
        return false;
    }
    let sexed = next.kind == Kind::Code
        && next.len() <= 4
        && page.slice(next).first().is_some_and(u8::is_ascii_digit)
        && page
            .slice(next)
            .last()
            .is_some_and(|byte| b"FMfm".contains(byte))
        && page
            .bytes(last + 1)
            .iter()
            .filter(|byte| byte.is_ascii_alphabetic())
            .count()
            == 1
        && page.slice(next).len() > 1
        && (page.at(last + 2).gap == Gap::Space
            || matches!(page.at(last + 2).kind, Kind::Sign(b',' | b';' | b')')));
    let slashed = next.kind == Kind::Number
        && next.len() <= 3
        && page.at(last + 2).is_sign(b'/')
        && page.at(last + 3).gap == Gap::None
        && page.is_any(page.at(last + 3), &["f", "m"]);
    sexed || slashed || is_aged(page, last + 1)
}

/// A word for what somebody does, in lower case, stands right before: `crew chief Yarborowe`.
pub(super) fn is_role_before(page: &Page<'_>, place: usize) -> bool {
    let role = page.before(place, 1);
    page.at(place).gap == Gap::Space && role.kind == Kind::Lower && page.is_any(role, ROLES)
}

/// Words for what people do at a hospital and around a patient.
const ROLES: &[&str] = &[
    "nurse",
    "attending",
    "counselor",
    "counsellor",
    "driver",
    "chief",
    "medic",
    "paramedic",
    "aide",
    "surgeon",
    "therapist",
    "pharmacist",
    "midwife",
    "chaplain",
    "interpreter",
    "translator",
    "dietitian",
    "dietician",
    "hospitalist",
    "intensivist",
    "neighbor",
    "neighbour",
    "landlord",
    "coworker",
    "roommate",
    "supervisor",
    "pastor",
    "rabbi",
    "imam",
    "deputy",
    "sergeant",
    "caseworker",
    "caregiver",
    "cardiologist",
    "oncologist",
    "neurologist",
    "psychiatrist",
    "psychologist",
    "radiologist",
    "pathologist",
    "anesthesiologist",
    "dentist",
    "teacher",
    "coach",
    "lawyer",
    "attorney",
    "sitter",
    "babysitter",
    "sponsor",
    "dispatcher",
    "firefighter",
    "detective",
];

/// A telephone number of ten digits begins here.
fn is_phone(page: &Page<'_>, at: usize) -> bool {
    let bracket = usize::from(page.at(at).is_sign(b'('));
    let country = if page.is(page.at(at), "1") { 2 } else { 0 };
    let bracket = bracket + usize::from(country > 0 && page.at(at + 2).is_sign(b'('));
    let area = at + country + bracket;
    let group = |place: usize| page.at(place).kind == Kind::Number && page.at(place).len() == 3;
    if page.at(at).kind == Kind::Number && page.at(at).len() == 10 {
        return true;
    }
    group(area)
        && page.at(area).gap <= Gap::Space
        && (1..=3).any(|step| group(area + step) && page.at(area + step).gap <= Gap::Space)
}

/// `47 y/o`, `47 yo`, `47-year-old`.
fn is_aged(page: &Page<'_>, at: usize) -> bool {
    let unit = at + 1 + usize::from(page.at(at + 1).is_sign(b'-'));
    let years = page.is_any(page.at(unit), &["yo", "yom", "yof", "year", "years", "yr"])
        || page.is(page.at(unit), "y") && matches!(page.at(unit + 1).kind, Kind::Sign(b'/' | b'.'));
    page.at(at).kind == Kind::Number && page.at(at).len() <= 3 && years
        || page.at(at).kind == Kind::Code
            && page.at(at).len() <= 6
            && (page.bytes(at).ends_with(b"yo") || page.bytes(at).ends_with(b"y"))
}

/// A record's label or the person's age and sex stand behind a name.
pub(super) fn record_behind(page: &Page<'_>, last: usize) -> bool {
    let at = last
        + 1
        + usize::from(matches!(
            page.at(last + 1).kind,
            Kind::Sign(b',' | b'(' | b'|' | b'-')
        ));
    let next = page.at(at);
    page.at(last + 1).gap <= Gap::Space
        && (next.kind == Kind::Number && next.len() >= 6 && page.at(last + 1).is_sign(b'(')
            || next.kind == Kind::Number
                && page.at(at + 1).is_sign(b'/')
                && page.at(at + 3).is_sign(b'/')
            || page.is_any(next, &["dob", "mrn", "ssn", "born", "mr#", "hd"])
            || person_behind(page, at - 1)
            || is_credential(page, at) && page.at(at).kind == Kind::Upper)
}

/// The second word of a surname of several words before its comma: `De la Cruz,`.
pub(super) fn is_particle_name(page: &Page<'_>, place: usize, at: usize) -> bool {
    at > place
        && at < place + 4
        && page.at(at).gap == Gap::Space
        && page.at(place).class.has(Class::PARTICLE)
        && (page.at(at).is_capital() || page.at(at).class.has(Class::PARTICLE))
}

/// A credential behind a name, written as one.
pub(super) fn is_capital_credential(page: &Page<'_>, at: usize) -> bool {
    page.at(at).gap == Gap::Space && is_credential(page, at)
}

/// Verbs of speech before a quotation.
const SAYING: &[&str] = &[
    "says", "said", "states", "stated", "reports", "asked", "asks", "saying",
];

/// `MD`, `M.D.`, `RN`: in capitals, so that `Do` is no degree.
fn is_credential(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    if token.gap > Gap::Line {
        return false;
    }
    let dotted = token.kind == Kind::Initial
        && page.at(at + 1).is_sign(b'.')
        && page.at(at + 2).gap == Gap::None
        && page.at(at + 2).kind == Kind::Initial
        && page.is_any(token, &["m", "d", "r", "p"])
        && page.is_any(page.at(at + 2), &["d", "o", "n", "a"]);
    dotted
        || super::lines::is_lower_post(page, at) && !page.is_any(token, &["md", "np"])
        || token.class.has(Class::CREDENTIAL)
            && (token.kind == Kind::Upper || page.is_any(token, &["phd", "pharmd", "psyd"]))
            && !page.is_shouted
        || page.is_shouted && page.is_any(token, &["md", "rn", "phd", "lpn", "crnp", "aprn"])
}
