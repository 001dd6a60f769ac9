//! Names of people, from their own words and from the words around them.
//!
//! A capitalised word opens a run of name words. What the dictionary says of the run is weighed with
//! what stands before it (a title, a relation, a label, `signed by`) and after it (a credential, a
//! verb that people do, an age). Words that are also everyday words need such company.

mod context;
mod echo;
mod filed;
mod glued;
mod initials;
mod judge;
mod lines;
mod logins;
mod lower;
mod neighbours;
mod run;
mod script;
mod weight;
mod widen;

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    page::Page,
    token::{Gap, Kind},
};
pub(crate) use echo::echo;

use context::{Context, after, before};
use judge::judge;
pub(crate) use logins::{handled, login, typist};
pub(crate) use lower::lower;
use run::Run;
use weight::{Weight, weigh};

/// The name that the capitalised word at `place` opens; gives its last token.
pub(crate) fn capital(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    if let Some(last) = script::foreign(page, place, found) {
        return Some(last);
    }
    if page.at(place).class.has(Class::TITLE)
        && let Some(last) = titled(page, place, found)
    {
        return Some(last);
    }
    let context = before(page, place).max(neighbours::joined(page, place, found));
    if let Some(last) = glued::glued(page, place, found) {
        return Some(last);
    }
    if let Some(last) = lines::signature(page, place, found) {
        return Some(last);
    }
    if let Some(last) = logins::dictation(page, place, found)
        .or_else(|| filed::quoted(page, place, found))
        .or_else(|| filed::initialled(page, place, context, found))
    {
        return Some(last);
    }
    if let Some(last) = initials::dotted(page, place, context, found)
        .or_else(|| initials::solid(page, place, found))
    {
        return Some(last);
    }
    if let Some(last) = last_first(page, place, context, found) {
        return Some(last);
    }
    let judged = Run::from(page, place, context == Context::Strong)
        .and_then(|run| judge(page, &run, context).map(|score| (run, score)));
    let (run, score) = match judged {
        Some(judged) => judged,
        None if page.is_shouted => shouted(page, place, context)?,
        None => {
            return lines::named_line(page, place, found).or_else(|| relative(page, place, found));
        }
    };
    let (first, last) = widen::widened(page, run.first, run.last);
    found.push(page.finding(first, last, Label::Name, score, "name"));
    Some(last)
}

/// Any word with a capital behind a relative or a role: `his daughter Precious`, `coordinator Fern
/// left`; gives its last token.
fn relative(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    const ELSE: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::HEAD)
        .or(Class::DEMONYM)
        .or(Class::MONTH)
        .or(Class::WEEKDAY)
        .or(Class::CITY)
        .or(Class::STATE)
        .or(Class::COUNTRY)
        .or(Class::TITLE)
        .or(Class::PERSON)
        .or(Class::RELATION)
        .or(Class::CREDENTIAL)
        .or(Class::FACILITY)
        .or(Class::COMPANY)
        .or(Class::CARE)
        .or(Class::EPONYM)
        .or(Class::UNIT);
    let (token, previous, next) = (page.at(place), page.before(place, 1), page.at(place + 1));
    let shaped = token.kind == Kind::Title
        && token.gap == Gap::Space
        && token.len() > 2
        && previous.kind == Kind::Lower
        && !token.class.has(ELSE)
        && !(next.is_capital() && next.gap == Gap::Space)
        && !(next.is_sign(b'-') && next.gap == Gap::None);
    let kin = previous.class.has(Class::RELATION)
        && !page.is_any(
            previous,
            &["parents", "children", "kids", "parent", "sons", "daughters"],
        );
    let role =
        context::is_role_before(page, place) || page.is_any(previous, &["coordinator", "auditor"]);
    let does = neighbours::acts(page, place + 1)
        || matches!(next.kind, Kind::Sign(b'(' | b',') | Kind::Possessive)
        || page.is_any(next, &["at", "from", "left", "put", "said"]);
    if !shaped || !(kin || role && does) {
        return None;
    }
    found.push(page.finding(place, place, Label::Name, 0.55, "name"));
    Some(place)
}

/// A name that no list knows, in a text all in capitals: by what stands around it.
fn shouted(page: &Page<'_>, place: usize, context: Context) -> Option<(Run, f32)> {
    let run = Run::from(page, place, true)?;
    let unlisted = run.unknown + run.strong == run.words;
    let behind = after(page, run.last);
    let vouched = behind == Context::Strong && (unlisted || run.opens_given)
        || run.words >= 2 && unlisted && context.max(behind) >= Context::Medium;
    let spoiled = run.is_eponym(page) || run.is_dosed(page) || run.is_place(page);
    let vouched = vouched || run.words == 1 && is_on_record(page, place, run.last);
    (vouched && !spoiled && run.unknown + run.strong > 0).then_some((run, 0.6))
}

/// `ON PETROV M0044182`, `PT VORONINA, MRN`: one surname between a word for whom and a record.
fn is_on_record(page: &Page<'_>, place: usize, last: usize) -> bool {
    const ELSE: Class = Class::COMMON
        .or(Class::RARE)
        .or(Class::MEDICAL)
        .or(Class::CITY)
        .or(Class::EPONYM)
        .or(Class::GENERIC);
    let token = page.at(place);
    let surname = token.len() > 3 && !token.class.has(ELSE);
    let whom = page.is_any(
        page.before(place, 1),
        &["on", "for", "pt", "patient", "re", "of", "by", "client"],
    );
    let comma = usize::from(page.at(last + 1).is_sign(b','));
    let next = page.at(last + 1 + comma);
    let record = matches!(next.kind, Kind::Code | Kind::Number) && next.len() >= 6
        || next.class.has(Class::CUE_RECORD)
        || page.is_any(next, &["dob", "mrn"]);
    surname && whom && record && next.gap <= Gap::Space
}

/// The name after the title at `place`.
/// `19 Fr Blake drains`: French is a gauge behind a number.
fn is_gauge(page: &Page<'_>, place: usize) -> bool {
    page.is(page.at(place), "fr") && page.before(place, 1).kind == Kind::Number
}

/// `Dr Pepper`, `Mr. Clean`: goods and shows that are called like somebody.
fn is_brand(page: &Page<'_>, place: usize, first: usize) -> bool {
    page.at(first).kind == Kind::Title
        && BRANDS.iter().any(|(title, names)| {
            page.is(page.at(place), title) && page.is_any(page.at(first), names)
        })
}

/// A title and what is no name behind it.
const BRANDS: &[(&str, &[&str])] = &[
    ("dr", &["pepper", "scholl", "oz", "phil", "martens"]),
    ("mr", &["clean", "muscle", "whippy", "bean", "coffee"]),
    ("mrs", &["doubtfire", "dash"]),
    ("judge", &["judy"]),
];

pub(super) fn titled(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let mut first = place + 1;
    while page.at(first).is_sign(b'.') && page.at(first).gap == Gap::None
        || page.is_any(page.at(first), &["med", "rer", "nat", "jur", "phil", "ing"])
            && page.at(first).kind == Kind::Lower
            && page.at(first + 1).is_sign(b'.')
        || page.at(first).class.has(Class::TITLE)
            && page.at(first).is_capital()
            && first < place + 4
            && (page.at(first + 1).is_capital()
                || page.at(first + 1).is_sign(b'.') && page.at(first).len() < 5)
    {
        first += 1;
    }
    let token = page.at(first);
    if token.gap > Gap::Line
        || !token.is_word()
        || token.gap == Gap::None && !page.before(first, 1).is_sign(b'.')
    {
        return None;
    }
    let formal = page.is_any(page.at(place), &["dr", "mr", "mrs", "ms", "miss", "mx"]);
    if is_gauge(page, place) || is_brand(page, place, first) {
        return None;
    }
    if let Some(last) = particled(page, first) {
        found.push(page.finding(first, last, Label::Name, 0.9, "title-name"));
        return Some(last);
    }
    if token.kind == Kind::Lower {
        return lower_titled(page, first, formal, found);
    }
    let class = token.class;
    let civil = page.is_any(page.at(place), &["mr", "mrs", "ms"]) && token.kind == Kind::Title;
    let refused = !(civil && class.has(Class::PERSON))
        && class.has(
            Class::STOP
                .or(Class::GENERIC)
                .or(Class::FACILITY)
                .or(Class::CREDENTIAL)
                .or(Class::PERSON),
        )
        && !class.has(Class::SURNAME.or(Class::GIVEN))
        || class.has(Class::MEDICAL) && !class.has(Class::SURNAME)
        || page.is_shouted && class.has(Class::STOP);
    if refused || !formal && matches!(weigh(page, first), Weight::None | Weight::Word) {
        return None;
    }
    // The first word is a name whatever it is; a second one must look like it.
    let second = first + 1;
    let more = page.at(second).gap == Gap::Space && weigh(page, second) >= Weight::Unknown;
    let last = Run::from(page, first, true)
        .or_else(|| Run::from(page, second, true).filter(|_| more))
        .map_or(first, |run| run.last);
    let last = hyphens(page, last);
    let last = if formal {
        surname_behind(page, last)
    } else {
        last
    };
    let (_, last) = widen::widened(page, first, last);
    found.push(page.finding(first, last, Label::Name, 0.95, "title-name"));
    Some(last)
}

/// Carries on over parts joined by hyphens: `Dr. Young-Field`.
fn hyphens(page: &Page<'_>, last: usize) -> usize {
    let mut last = last;
    while page.at(last + 1).is_sign(b'-')
        && page.at(last + 1).gap == Gap::None
        && page.at(last + 2).gap == Gap::None
        && page.at(last + 2).is_capital()
        && last < page.tokens.len()
    {
        last += 2;
    }
    last
}

/// The everyday word that is a surname after a title and a given name: `Mr. Hugo Doctor`, `MR. HUGO LE`.
fn surname_behind(page: &Page<'_>, last: usize) -> usize {
    let (token, next) = (page.at(last), page.at(last + 1));
    let fits = token.class.has(Class::GIVEN)
        && next.gap == Gap::Space
        && next.len() > 1
        && next.is_capital()
        && next.kind == token.kind
        && !page.is_shouted
        && next.class.has(Class::SURNAME)
        && !next.class.has(Class::CREDENTIAL)
        && weigh(page, last) >= Weight::Name;
    last + usize::from(fits)
}

/// The last token of a surname that small particles open: `Mrs. de la Croix`.
fn particled(page: &Page<'_>, first: usize) -> Option<usize> {
    let mut head = first;
    while head < first + 3 && widen::is_small_particle(page, head) {
        head += 1;
    }
    let token = page.at(head);
    let named = head > first && token.is_capital() && token.gap == Gap::Space && token.len() > 1;
    named.then(|| {
        let last = Run::from(page, head, true).map_or(head, |run| run.last);
        hyphens(page, last)
    })
}

fn lower_titled(
    page: &Page<'_>,
    first: usize,
    formal: bool,
    found: &mut Vec<Finding>,
) -> Option<usize> {
    const EVERYDAY: Class = Class::STOP
        .or(Class::COMMON)
        .or(Class::RARE)
        .or(Class::MEDICAL)
        .or(Class::CODE)
        .or(Class::UNIT);
    const NEVER: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::UNIT)
        .or(Class::CODE)
        .or(Class::PERSON_VERB)
        .or(Class::PERSON)
        .or(Class::GENERIC)
        .or(Class::MONTH)
        .or(Class::HEAD);
    let token = page.at(first);
    let dotted = page.before(first, 1).is_sign(b'.');
    let certain = dotted || !page.is(page.before(first, 1), "ms");
    let surname = certain
        && token.class.has(Class::SURNAME)
        && token.class.has(Class::FREQUENT)
        && !token.class.has(NEVER);
    let surname = surname
        || dotted
            && token.len() > 2
            && !token.class.has(NEVER.or(Class::FACILITY).or(Class::SIGNER));
    let everyday = token.class.has(EVERYDAY) && !token.class.has(Class::NAME_FIRST) && !surname;
    let short = token.len() < 3 && !(certain && token.class.has(Class::SURNAME) && !everyday);
    if !formal || short || everyday {
        return None;
    }
    let next = page.at(first + 1);
    let more = next.kind == Kind::Lower
        && next.gap == Gap::Space
        && next.class.has(Class::SURNAME)
        && !next.class.has(Class::COMMON.or(Class::RARE));
    let last = small_hyphens(page, first + usize::from(more));
    found.push(page.finding(first, last, Label::Name, 0.8, "title-name"));
    Some(last)
}

/// Carries on over parts in small letters joined by hyphens: `dr. castillo-meyer`.
fn small_hyphens(page: &Page<'_>, last: usize) -> usize {
    let mut last = last;
    while page.at(last + 1).is_sign(b'-')
        && page.at(last + 1).gap == Gap::None
        && page.at(last + 2).gap == Gap::None
        && page.at(last + 2).kind == Kind::Lower
    {
        last += 2;
    }
    last
}

/// `June` behind a surname and its comma, with no number behind it.
fn is_month_given(page: &Page<'_>, place: usize) -> bool {
    let (token, next) = (page.at(place), page.at(place + 1));
    token.class.has(Class::MONTH)
        && token.class.has(Class::GIVEN)
        && !token.class.has(Class::STOP)
        && token.kind == Kind::Title
        && next.kind == Kind::Lower
        && !next.class.has(Class::STOP)
}

/// `Lopez, Ana M.`
fn last_first(
    page: &Page<'_>,
    place: usize,
    context: Context,
    found: &mut Vec<Finding>,
) -> Option<usize> {
    let surname = weigh(page, place);
    let token = page.at(place);
    let announced =
        context >= Context::Medium || page.is_any(page.before(place, 1), &["re", "checked"]);
    let capital = token.is_capital() && token.len() > 1;
    if !capital || surname < Weight::Unknown && !announced && token.gap < Gap::Line {
        return None;
    }
    let mut comma = place + 1;
    while comma < place + 6
        && (page.at(comma).is_sign(b'-') && page.at(comma).gap == Gap::None
            || context::is_particle_name(page, place, comma))
        && page.at(comma + 1).is_capital()
    {
        comma += if page.at(comma).is_sign(b'-') { 2 } else { 1 };
    }
    comma += usize::from(context::is_particle_name(page, place, comma));
    let given = comma + 1;
    let weight = weigh(page, given);
    let listed = page.at(given).class.has(Class::GIVEN) && weight >= Weight::Name
        || is_month_given(page, given) && surname >= Weight::Name;
    let shaped = page.at(comma).is_sign(b',')
        && page.at(comma).gap == Gap::None
        && page.at(given).gap <= Gap::Space
        && page.at(given).is_capital();
    let cased = page.at(place).kind == page.at(given).kind
        || page.at(place).kind == Kind::Upper
        || page.at(place).kind == Kind::Mixed;
    let last = Run::from(page, given, true).map_or(given, |run| run.last);
    let behind = context::record_behind(page, last);
    let plain = surname < Weight::Unknown && token.class != Class::NONE;
    let sure = !plain
        && (surname >= Weight::Name
            || surname == Weight::Likely
            || surname == Weight::Unknown && !page.is_shouted
            || context == Context::Strong)
        || plain && (announced || behind);
    let told = (context == Context::Strong || announced && behind || behind && !plain)
        && weight >= Weight::Unknown
        || announced
            && !plain
            && token.kind == Kind::Upper
            && !page.is_shouted
            && weight >= Weight::Unknown;
    let filed = token.kind == Kind::Upper
        && page.at(given).kind == Kind::Upper
        && !page.is_shouted
        && page.at(last + 1).kind == Kind::Lower
        && surname >= Weight::Unknown
        && weight >= Weight::Unknown
        && surname.max(weight) >= Weight::Likely;
    let eponym = comma > place + 1 && token.class.has(Class::EPONYM) && !announced;
    if !shaped
        || !cased
        || eponym
        || !(listed && sure || told || filed)
        || page.at(place).class.has(Class::CITY)
            && page.at(given).class.has(Class::STATE.or(Class::COUNTRY))
    {
        return None;
    }
    found.push(page.finding(place, last, Label::Name, 0.85, "last-first"));
    Some(last)
}
