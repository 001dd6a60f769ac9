//! Names of people, from their own words and from the words around them.
//!
//! A capitalised word opens a run of name words. What the dictionary says of the run is weighed with
//! what stands before it (a title, a relation, a label, `signed by`) and after it (a credential, a
//! verb that people do, an age). Words that are also everyday words need such company.

mod context;
mod echo;
mod lines;
mod run;
mod weight;

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    page::Page,
    token::{Gap, Kind},
};
pub(crate) use echo::echo;

use context::{Context, after, before};
use run::Run;
use weight::{Weight, weigh};

/// The name that the capitalised word at `place` opens; gives its last token.
pub(crate) fn capital(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    if page.at(place).class.has(Class::TITLE)
        && let Some(last) = titled(page, place, found)
    {
        return Some(last);
    }
    let context = before(page, place);
    if let Some(last) = lines::signature(page, place, found) {
        return Some(last);
    }
    if let Some(last) = initials(page, place, context, found) {
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
        None => return None,
    };
    found.push(page.finding(run.first, run.last, Label::Name, score, "name"));
    Some(run.last)
}

/// A name that no list knows, in a text all in capitals: by what stands around it.
fn shouted(page: &Page<'_>, place: usize, context: Context) -> Option<(Run, f32)> {
    let run = Run::from(page, place, true)?;
    let unlisted = run.unknown + run.strong == run.words;
    let behind = after(page, run.last);
    let vouched = behind == Context::Strong && (unlisted || run.opens_given)
        || run.words >= 2 && unlisted && context.max(behind) >= Context::Medium;
    let spoiled = run.is_eponym(page) || run.is_dosed(page) || run.is_place(page);
    (vouched && !spoiled && run.unknown + run.strong > 0).then_some((run, 0.6))
}

/// A name in lower case: `dr. smith`, `name: ana lopez`, `john smith`.
pub(crate) fn lower(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    const GATE: Class = Class::GIVEN.or(Class::SURNAME).or(Class::TITLE);
    let class = page.at(place).class;
    if !class.has(GATE) {
        return None;
    }
    if page.is_any(page.at(place), &["dr", "mr", "mrs", "ms"]) {
        return titled(page, place, found);
    }
    let next = page.at(place + 1);
    let plain = |class: Class| {
        !class.has(
            Class::COMMON
                .or(Class::RARE)
                .or(Class::STOP)
                .or(Class::MEDICAL)
                .or(Class::MONTH),
        )
    };
    if !plain(class) || class.has(Class::EPONYM) && next.class.has(Class::HEAD) {
        return None;
    }
    let pair = next.gap <= Gap::Space
        && next.kind == Kind::Lower
        && next.class.has(Class::SURNAME)
        && plain(next.class);
    let cued = before(page, place) == Context::Strong;
    if class.has(Class::GIVEN) && class.has(Class::FREQUENT) && pair || cued && pair {
        found.push(page.finding(place, place + 1, Label::Name, 0.6, "lower-case-name"));
        return Some(place + 1);
    }
    if cued && class.has(Class::FREQUENT) && !class.has(Class::EPONYM) {
        found.push(page.finding(place, place, Label::Name, 0.55, "lower-case-name"));
        return Some(place);
    }
    None
}

/// The name after the title at `place`.
fn titled(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let mut first = place + 1;
    while page.at(first).is_sign(b'.') && page.at(first).gap == Gap::None
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

fn lower_titled(
    page: &Page<'_>,
    first: usize,
    formal: bool,
    found: &mut Vec<Finding>,
) -> Option<usize> {
    let token = page.at(first);
    let everyday = token.class.has(
        Class::STOP
            .or(Class::COMMON)
            .or(Class::RARE)
            .or(Class::MEDICAL)
            .or(Class::UNIT),
    ) && !token.class.has(Class::NAME_FIRST);
    if !formal || token.len() < 3 || everyday {
        return None;
    }
    let next = page.at(first + 1);
    let more = next.kind == Kind::Lower
        && next.gap == Gap::Space
        && next.class.has(Class::SURNAME)
        && !next.class.has(Class::COMMON.or(Class::RARE));
    let last = first + usize::from(more);
    found.push(page.finding(first, last, Label::Name, 0.8, "title-name"));
    Some(last)
}

/// `patient R.K.`, `J.S.` after a label.
fn initials(
    page: &Page<'_>,
    place: usize,
    context: Context,
    found: &mut Vec<Finding>,
) -> Option<usize> {
    let dotted = |at: usize| {
        page.at(at).kind == Kind::Initial
            && page.at(at + 1).is_sign(b'.')
            && page.at(at + 1).gap == Gap::None
    };
    let person = page
        .before(place, 1)
        .class
        .has(Class::PERSON.or(Class::RELATION));
    if !(context == Context::Strong || person)
        || !dotted(place)
        || !dotted(place + 2)
        || page.at(place + 2).gap > Gap::Space
    {
        return None;
    }
    let mut last = place + 3;
    while dotted(last + 1) && page.at(last + 1).gap <= Gap::Space {
        last += 2;
    }
    let next = page.at(last + 1);
    if next.is_capital() && next.gap == Gap::Space && weigh(page, last + 1) >= Weight::Unknown {
        return None;
    }
    found.push(page.finding(place, last, Label::Name, 0.7, "initials"));
    Some(last)
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
    let listed = page.at(given).class.has(Class::GIVEN) && weight >= Weight::Name;
    let shaped = page.at(comma).is_sign(b',')
        && page.at(comma).gap == Gap::None
        && page.at(given).gap <= Gap::Space
        && page.at(given).is_capital();
    let cased = page.at(place).kind == page.at(given).kind
        || page.at(place).kind == Kind::Upper
        || page.at(place).kind == Kind::Mixed;
    let last = Run::from(page, given, true).map_or(given, |run| run.last);
    let behind = context::record_behind(page, last);
    let plain = surname < Weight::Unknown;
    let sure = !plain
        && (surname >= Weight::Name
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
    let eponym = comma > place + 1 && token.class.has(Class::EPONYM) && !announced;
    if !shaped
        || !cased
        || eponym
        || !(listed && sure || told)
        || page.at(place).class.has(Class::CITY)
            && page.at(given).class.has(Class::STATE.or(Class::COUNTRY))
    {
        return None;
    }
    found.push(page.finding(place, last, Label::Name, 0.85, "last-first"));
    Some(last)
}

/// How sure a run is a name in its context; nothing if it is not.
fn judge(page: &Page<'_>, run: &Run, context: Context) -> Option<f32> {
    if run.is_eponym(page) || run.is_dosed(page) || run.is_state(page) {
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

fn many(page: &Page<'_>, run: &Run, best: Context, behind: Context) -> Option<f32> {
    let mid = !page.opens(run.first) && !page.is_shouted;
    let article = page.is_any(page.before(run.first, 1), &["the", "a", "an", "this"]);
    if run.is_upper && !page.is_shouted && run.strong < 2 {
        return None;
    }
    if page.is_shouted {
        let sure = run.frequent > 0 && run.strong >= 2 || run.strong > 0 && best >= Context::Medium;
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
    let unknown = run.unknown >= 2 || run.unknown >= 1 && (run.ambiguous >= 1 || run.initials >= 1);
    let company = page
        .at(run.last + 1)
        .class
        .has(Class::HEAD.or(Class::FACILITY).or(Class::COMPANY));
    (unknown && !article && !company && (mid || best >= Context::Medium)).then_some(0.5)
}

fn single(page: &Page<'_>, run: &Run, best: Context, behind: Context) -> Option<f32> {
    let token = page.at(run.first);
    let class = token.class;
    if token.len() == 2 && page.at(run.last + 1).kind == Kind::Number {
        return None;
    }
    let article = page.is_any(
        page.before(run.first, 1),
        &["the", "a", "an", "this", "no", "any", "using"],
    );
    if article
        || run.is_upper && !page.is_shouted
        || page.at(run.last + 1).class.has(Class::HEAD) && page.at(run.last + 1).gap <= Gap::Space
    {
        return None;
    }
    let hyphened = page.at(run.last + 1).is_sign(b'-') && page.at(run.last + 1).gap == Gap::None
        || page.before(run.first, 1).is_sign(b'-') && token.gap == Gap::None
        || page.before(run.first, 1).is_sign(b'/') && token.gap == Gap::None;
    if run.strong > 0 {
        if class.has(Class::COUNTRY.or(Class::STATE)) {
            return (behind >= Context::Medium && class.has(Class::GIVEN)).then_some(0.5);
        }
        let doubtful = class.has(
            Class::MONTH
                .or(Class::DEMONYM)
                .or(Class::EPONYM)
                .or(Class::MEDICAL),
        ) || page.is_shouted
            || hyphened;
        if doubtful {
            return (best >= Context::Medium
                && (class.has(Class::GIVEN) || behind >= Context::Medium))
                .then_some(0.55);
        }
        let rare = run.frequent == 0
            && (class.has(Class::RARE) || page.opens(run.first) && !class.has(Class::GIVEN));
        return (!rare || best >= Context::Medium).then_some(if run.frequent > 0 {
            0.7
        } else {
            0.5
        });
    }
    if page.is_shouted {
        return None;
    }
    if run.ambiguous > 0 {
        let fit = class.has(Class::GIVEN) && class.has(Class::FREQUENT)
            || !page.opens(run.first) && class.has(Class::FREQUENT);
        return (fit && behind >= Context::Medium && !class.has(Class::STOP.or(Class::MONTH)))
            .then_some(0.5);
    }
    if run.unknown > 0 && token.kind == Kind::Title && context::is_role_before(page, run.first) {
        return Some(0.5);
    }
    (run.unknown > 0
        && best >= Context::Medium
        && behind >= Context::Medium
        && token.kind == Kind::Title)
        .then_some(0.5)
}
