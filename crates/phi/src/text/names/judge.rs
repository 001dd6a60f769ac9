//! Whether a run of words is a name where it stands.

use crate::dictionary::class::Class;

use super::{
    super::{page::Page, token::Kind},
    context::{self, Context, after},
    neighbours,
    run::Run,
    weight::likeness_at,
};

/// How sure a run is a name in its context; nothing if it is not.
pub(super) fn judge(page: &Page<'_>, run: &Run, context: Context) -> Option<f32> {
    if run.is_eponym(page)
        || run.is_graded(page)
        || run.is_dosed(page)
        || run.is_state(page)
        || run.is_term(page)
        || is_remedy(page, run)
    {
        return None;
    }
    let behind = after(page, run.last);
    let best = context.max(behind);
    if best == Context::Strong {
        return (run.strong + run.ambiguous + run.unknown > 0).then_some(0.9);
    }
    if run.words + run.initials >= 2 {
        return many(page, run, best, behind);
    }
    single(page, run, best, behind)
}

/// `St. John's wort`, `Johnson's shampoo`, `Hank's solution`.
fn is_remedy(page: &Page<'_>, run: &Run) -> bool {
    page.at(run.last + 1).kind == Kind::Possessive
        && page.is_any(
            page.at(run.last + 2),
            &["wort", "shampoo", "solution", "bees", "lotion"],
        )
}

fn many(page: &Page<'_>, run: &Run, best: Context, behind: Context) -> Option<f32> {
    let mid = !page.opens(run.first) && !page.is_shouted;
    let article = has_article(page, run);
    if run.is_upper && !page.is_shouted && run.strong < 2 {
        return upper(page, run, best);
    }
    if page.is_shouted {
        let sure = run.frequent > 0 && run.strong >= 2
            || run.strong + run.likely > 0 && best >= Context::Medium;
        return (sure && !run.is_place(page)).then_some(0.6);
    }
    if run.strong > 0 {
        let lone = run.strong == 1 && run.frequent == 0 && run.unknown == 0 && run.initials == 0;
        return (!article && (!lone || best >= Context::Medium || mid)).then_some(0.8);
    }
    if run.ambiguous >= 2
        && run.opens_given
        && run.frequent >= 2
        && (mid || best >= Context::Medium)
        && !article
    {
        return Some(0.55);
    }
    if run.initials > 0 && run.ambiguous > 0 && best >= Context::Medium {
        return Some(0.6);
    }
    let aged = matches!(behind, Context::Strong | Context::Medium)
        && context::person_behind(page, run.last);
    if aged && run.opens_given && run.ambiguous + run.unknown > 0 {
        return Some(0.6);
    }
    many_unknown(page, run, best, mid && !article)
}

/// Words of which none is listed as a name by itself.
fn many_unknown(page: &Page<'_>, run: &Run, best: Context, mid: bool) -> Option<f32> {
    let unknown = run.unknown >= 2 || run.unknown >= 1 && (run.ambiguous >= 1 || run.initials >= 1);
    let built = run.likely >= 2
        || run.likely >= 1 && (run.initials >= 1 || run.ambiguous >= 1 && run.opens_given);
    let company = page
        .at(run.last + 1)
        .class
        .has(Class::HEAD.or(Class::FACILITY).or(Class::COMPANY));
    let article = has_article(page, run);
    let stands = mid
        || best >= Context::Medium
        || built && !article
        || context::is_human_before(page, run.first);
    (unknown && !company && !article && stands).then_some(0.5)
}

/// Two words in capitals in a text that is not: a name if its letters say so and people do things
/// around it.
fn upper(page: &Page<'_>, run: &Run, best: Context) -> Option<f32> {
    let built = run.strong + run.likely >= 2
        || run.strong + run.likely >= 1 && run.opens_given && best >= Context::Medium;
    (built && run.words <= 3 && !run.is_place(page)).then_some(0.5)
}

/// An article stands before and nothing behind says that a name may follow one.
fn has_article(page: &Page<'_>, run: &Run) -> bool {
    let article = page.is_any(page.before(run.first, 1), &["the", "a", "an", "this"]);
    article && !neighbours::is_named_thing(page, run.last + 1)
}

fn single(page: &Page<'_>, run: &Run, best: Context, behind: Context) -> Option<f32> {
    let token = page.at(run.first);
    if token.len() == 2
        && (best < Context::Medium && run.frequent == 0
            || page.at(run.last + 1).kind == Kind::Number)
    {
        return None;
    }
    let article =
        has_article(page, run) || page.is_any(page.before(run.first, 1), &["no", "any", "using"]);
    if run.is_upper && !page.is_shouted {
        return upper_single(page, run);
    }
    if article
        || page.at(run.last + 1).class.has(Class::HEAD)
            && page.at(run.last + 1).gap <= super::Gap::Space
    {
        return None;
    }
    if run.strong > 0 {
        return listed(page, run, best, behind);
    }
    if page.is_shouted {
        return None;
    }
    if run.ambiguous > 0 {
        return ambiguous(page, run, best, behind);
    }
    unlisted(page, run, best, behind)
}

/// `Patient LOPEZ transferred`: one word in capitals after a word for a person.
fn upper_single(page: &Page<'_>, run: &Run) -> Option<f32> {
    let token = page.at(run.first);
    let person = page.before(run.first, 1);
    let told = page.is_any(
        person,
        &["patient", "pt", "resident", "client", "nurse", "rn", "md"],
    ) && token.gap == super::Gap::Space;
    let built = run.strong + run.likely > 0 && token.len() > 3;
    let other = token
        .class
        .has(Class::EPONYM.or(Class::MEDICAL).or(Class::RARE));
    (told && built && !other).then_some(0.5)
}

/// One listed name.
fn listed(page: &Page<'_>, run: &Run, best: Context, behind: Context) -> Option<f32> {
    let class = page.at(run.first).class;
    if is_plural_abbreviation(page, run.first) {
        return None;
    }
    if class.has(Class::COUNTRY.or(Class::STATE)) {
        return (behind >= Context::Medium && class.has(Class::GIVEN)).then_some(0.5);
    }
    let doubtful = class.has(
        Class::MONTH
            .or(Class::DEMONYM)
            .or(Class::EPONYM)
            .or(Class::MEDICAL),
    ) || page.is_shouted
        || is_hyphened(page, run);
    if class.has(Class::EPONYM) && !class.has(Class::GIVEN) && page.is_clinical {
        return is_person_here(page, run).then_some(0.55);
    }
    let told = run.frequent > 0 || class.has(Class::GIVEN);
    if page.is_shouted && told && is_nothing_else(page, run.first) {
        return Some(0.5);
    }
    if doubtful {
        let given = class.has(Class::GIVEN) && best >= Context::Medium;
        let behind = behind >= Context::Medium && best >= Context::Medium;
        return (given || behind || context::is_human_before(page, run.first)).then_some(0.55);
    }
    if is_word_at_opening(page, run, best) {
        return None;
    }
    let rare = run.frequent == 0
        && (class.has(Class::RARE) || page.opens(run.first) && !class.has(Class::GIVEN));
    let stands = !rare || best >= Context::Medium || neighbours::acts(page, run.last + 1);
    stands.then_some(if run.frequent > 0 { 0.7 } else { 0.5 })
}

/// A word that only the lists of names have, and built like one: a name even in capitals.
fn is_nothing_else(page: &Page<'_>, place: usize) -> bool {
    const ELSE: Class = Class::COMMON
        .or(Class::RARE)
        .or(Class::MEDICAL)
        .or(Class::EPONYM)
        .or(Class::CITY)
        .or(Class::COUNTY)
        .or(Class::COUNTRY)
        .or(Class::STATE)
        .or(Class::STREET)
        .or(Class::FACILITY)
        .or(Class::GENERIC)
        .or(Class::CARE)
        .or(Class::DENOMINATION)
        .or(Class::COMPANY)
        .or(Class::HEAD)
        .or(Class::UNIT)
        .or(Class::DEMONYM)
        .or(Class::MONTH)
        .or(Class::STOP);
    let token = page.at(place);
    let joined = matches!(page.at(place + 1).kind, Kind::Sign(b'-' | b'/'))
        && page.at(place + 1).gap == super::Gap::None;
    token.len() > 4 && !token.class.has(ELSE) && !joined && likeness_at(page, place) > 0
}

/// An eponym in a text of medicine is a person's name where somebody acts or is spoken to.
fn is_person_here(page: &Page<'_>, run: &Run) -> bool {
    let previous = page.before(run.first, 1);
    let told = previous.class.has(
        Class::PERSON
            .or(Class::RELATION)
            .or(Class::TITLE)
            .or(Class::GREETING),
    );
    let heard = page.is_any(
        previous,
        &[
            "called", "paged", "told", "asked", "tell", "ask", "notified", "texted", "thanked",
        ],
    );
    told || heard
        || neighbours::acts(page, run.last + 1)
        || context::record_behind(page, run.last)
        || is_patient(page, run)
        || page.at(run.last + 1).kind == Kind::Possessive
            && (page.at(run.last + 2).class.has(Class::RELATION) || owns_care(page, run))
}

/// `Hansen is a 44 y/o`, `Brown was last seen`, `Miller needs therapy`: a surname whose owner is
/// spoken of as a patient.
fn is_patient(page: &Page<'_>, run: &Run) -> bool {
    let class = page.at(run.first).class;
    let (verb, next) = (page.at(run.last + 1), page.at(run.last + 2));
    let article = usize::from(page.is_any(next, &["a", "an"]));
    let aged = page.is_any(verb, &["is", "was"])
        && matches!(
            page.at(run.last + 2 + article).kind,
            Kind::Number | Kind::Code
        )
        && article == 1;
    let seen = page.is_any(verb, &["was", "is"])
        && page.is_any(
            next,
            &[
                "last",
                "seen",
                "admitted",
                "discharged",
                "evaluated",
                "referred",
                "allergic",
                "transferred",
                "scheduled",
                "brought",
                "here",
                "due",
                "taking",
            ],
        );
    let opens = page.opens(run.first);
    let needs = page.is_any(verb, &["needs", "has", "takes", "had"])
        && (opens && !class.has(Class::COMMON) || page.before(run.first, 1).is_sign(b','));
    run.words == 1
        && class.has(Class::SURNAME)
        && class.has(Class::FREQUENT)
        && verb.gap == super::Gap::Space
        && (aged || seen || needs)
}

/// `Miller's cyclosporine`: a frequent surname that owns what no sign or disease is.
fn owns_care(page: &Page<'_>, run: &Run) -> bool {
    const OWNED: Class = Class::MEDICAL;
    let class = page.at(run.first).class;
    let owned = page.at(run.last + 2);
    class.has(Class::SURNAME)
        && class.has(Class::FREQUENT)
        && owned.class.has(OWNED)
        && owned.kind == Kind::Lower
        && owned.len() > 5
        && !owned.class.has(Class::HEAD)
}

/// `Penny swallowed by a child`, `Mark the site`: a word that is as good a word as a name, with a
/// capital only because it opens.
fn is_word_at_opening(page: &Page<'_>, run: &Run, best: Context) -> bool {
    let token = page.at(run.first);
    let next = page.at(run.last + 1);
    best == Context::None
        && token.class.has(Class::COMMON.or(Class::RARE))
        && page.opens(run.first)
        && next.kind == Kind::Lower
        && next.gap == super::Gap::Space
        && !next.class.has(Class::PERSON_VERB)
        && !neighbours::acts(page, run.last + 1)
}

/// One word that is a name and an everyday word.
fn ambiguous(page: &Page<'_>, run: &Run, best: Context, behind: Context) -> Option<f32> {
    let class = page.at(run.first).class;
    let opens = page.opens(run.first);
    let fit = class.has(Class::GIVEN) && class.has(Class::FREQUENT)
        || !opens && class.has(Class::FREQUENT);
    let plain = !class.has(Class::STOP.or(Class::MONTH));
    if page.tokens.len() <= 2 && class.has(Class::GIVEN) && class.has(Class::FREQUENT) && plain {
        return Some(0.5);
    }
    let mid = !opens
        && class.has(Class::GIVEN)
        && (best >= Context::Medium || context::is_human_before(page, run.first));
    (fit && plain && behind >= Context::Medium || mid && plain && !class.has(Class::MEDICAL))
        .then_some(0.5)
}

/// One word that no list knows.
fn unlisted(page: &Page<'_>, run: &Run, best: Context, behind: Context) -> Option<f32> {
    let token = page.at(run.first);
    if is_plural_abbreviation(page, run.first) {
        return None;
    }
    if run.unknown == 0 || !matches!(token.kind, Kind::Title | Kind::Mixed) {
        return None;
    }
    let opens = page.opens(run.first);
    let likely = run.likely > 0 && !is_hyphened(page, run);
    let stands = token.kind == Kind::Title && context::is_role_before(page, run.first)
        || context::is_human_before(page, run.first)
        || best >= Context::Medium
            && (likely || behind >= Context::Medium && token.kind == Kind::Title)
        || likely && !opens
        || likely
            && (neighbours::acts(page, run.last + 1) || neighbours::speaks(page, run.last + 1));
    stands.then_some(0.5)
}

/// `MRIs`, `ADLs`.
fn is_plural_abbreviation(page: &Page<'_>, place: usize) -> bool {
    let word = page.bytes(place);
    let body = word.strip_suffix(b"s").unwrap_or_default();
    body.len() > 1 && body.iter().all(u8::is_ascii_uppercase)
}

/// A hyphen or slash joins it to another word.
fn is_hyphened(page: &Page<'_>, run: &Run) -> bool {
    let (previous, next) = (page.before(run.first, 1), page.at(run.last + 1));
    let touches = page.at(run.first).gap == super::Gap::None;
    next.is_sign(b'-') && next.gap == super::Gap::None
        || touches && (previous.is_sign(b'-') || previous.is_sign(b'/'))
}
