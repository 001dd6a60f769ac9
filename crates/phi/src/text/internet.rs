//! Mail addresses, web addresses, handles, addresses of machines, and masked numbers: what a sign
//! such as `@` or `://` gives away.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    labelled,
    page::Page,
    streets,
    token::{Gap, Kind},
};

/// What the sign at `place` gives away; `done` is the byte up to which the text has been read.
pub(crate) fn sign(
    page: &Page<'_>,
    sign: u8,
    place: usize,
    done: &mut usize,
    found: &mut Vec<Finding>,
) {
    let at = page.at(place).start as usize;
    match sign {
        b'@' => mail(page, place, done, found),
        b':' if page.text.get(at..at + 3) == Some(b"://") => scheme(page, place, done, found),
        b':' if at >= *done => hexadecimal(page, at, done, found),
        b'(' | b'[' if page.is(page.at(place + 1), "at") => {
            bracketed_mail(page, place, done, found);
        }
        b'/' if page.at(place + 1).is_sign(b'/') && page.at(place + 2).is_sign(b'/') => {
            streets::coordinates::three_words(page, place, found);
        }
        b'(' if page.at(place + 1).kind == Kind::Number && page.at(place + 2).is_sign(b')') => {
            labelled::pager(page, place, found);
        }
        b'*' => masked(page, at, found),
        b'>' => ages_sign(page, place, found),
        _ => {}
    }
}

/// `>89`: the age at which categories end.
fn ages_sign(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    if page.is_any(page.at(place + 2), &["years", "year", "yo", "yrs", "y"])
        && page.bytes(place + 1) == b"89"
    {
        found.push(page.finding(place, place + 1, Label::Age, 0.8, "age-top"));
    }
}

fn mail(page: &Page<'_>, place: usize, done: &mut usize, found: &mut Vec<Finding>) {
    let (at, after) = page.span(place, place);
    let start = reach_back(page, at, is_local);
    let end = trim(page, reach(page, after, is_host), b".-");
    if start < at && end > after {
        let end = host_over_line(page, place, end);
        *done = end;
        found.push(address(start, end, Label::Email, 0.98, "email"));
    } else if let Some((start, end)) = loose_mail(page, place) {
        *done = end;
        found.push(address(start, end, Label::Email, 0.9, "email-spaced"));
    } else if end > after {
        handle(page, place, end, found);
    }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._%+-'".contains(&byte) || byte >= 0x80
}

fn is_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-_".contains(&byte) || byte >= 0x80
}

fn address(start: usize, end: usize, label: Label, score: f32, detector: &'static str) -> Finding {
    Finding {
        start,
        end,
        label,
        score,
        detector,
    }
}

/// A host that breaks off with a dot at the end of a line goes on in the next: `x@example.` `com`.
fn host_over_line(page: &Page<'_>, place: usize, end: usize) -> usize {
    let next = page.place_from(place, end);
    let (dot, word) = (page.at(next), page.at(next + 1));
    let broken = dot.is_sign(b'.') && dot.gap == Gap::None && word.gap == Gap::Line;
    if broken && word.class.has(Class::DOMAIN) && word.kind == Kind::Lower {
        word.end as usize
    } else {
        end
    }
}

/// `ana @ example.org`, or a line break behind the `@`.
fn loose_mail(page: &Page<'_>, place: usize) -> Option<(usize, usize)> {
    let (at, after) = page.span(place, place);
    let before = page.before(place, 1);
    let host = page.at(place + 1);
    if !(before.is_word() || matches!(before.kind, Kind::Code | Kind::Number))
        || host.gap > Gap::Line
    {
        return None;
    }
    let start = reach_back(page, before.end as usize, is_local);
    let end = trim(page, reach(page, host.start as usize, is_host), b".-");
    let text = page.text.get(host.start as usize..end)?;
    let last = page.before(page.place_from(place, end), 1);
    let near = at - (before.end as usize) <= 2 && (host.start as usize) - after <= 4;
    (near && text.contains(&b'.') && last.class.has(Class::DOMAIN)).then_some((start, end))
}

/// `ana(at)example.com`, `ana [at] example [dot] com`.
fn bracketed_mail(page: &Page<'_>, place: usize, done: &mut usize, found: &mut Vec<Finding>) {
    let closed = matches!(page.at(place + 2).kind, Kind::Sign(b')' | b']'));
    let before = page.before(place, 1);
    if !closed || !(before.is_word() || before.kind == Kind::Code) {
        return;
    }
    let start = reach_back(page, before.end as usize, is_local);
    if let Some(end) = spelled_host(page, place + 3) {
        *done = end;
        found.push(address(start, end, Label::Email, 0.9, "email-spelled"));
    }
}

/// `ana dot lopez at gmail dot com`, from the last `dot`.
pub(crate) fn spelled_mail(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut back = 1;
    while back < 6 && !(page.is(page.before(place, back), "at")) {
        back += 1;
    }
    let at = place.saturating_sub(back);
    if back == 6 || spelled_host(page, at + 1).is_none_or(|end| end <= page.at(place).end as usize)
    {
        return;
    }
    let mut first = at.saturating_sub(1);
    while page.is_any(page.before(first, 1), &["dot", "underscore", "dash"]) && first >= 2 {
        first -= 2;
    }
    let start = reach_back(page, page.at(first).end as usize, is_local);
    if let Some(end) = spelled_host(page, at + 1) {
        found.push(address(start, end, Label::Email, 0.9, "email-spelled"));
    }
}

/// Where `example dot co dot uk` or `example.com` ends.
fn spelled_host(page: &Page<'_>, place: usize) -> Option<usize> {
    let mut at = place;
    let mut end = None;
    while at < place + 12 {
        let token = page.at(at);
        if !(token.is_word() || matches!(token.kind, Kind::Code | Kind::Number))
            || token.gap > Gap::Line
        {
            return end;
        }
        if at > place && token.class.has(Class::DOMAIN) {
            end = Some(token.end as usize);
        }
        let next = page.at(at + 1);
        let (opens, closes) = (
            usize::from(matches!(next.kind, Kind::Sign(b'(' | b'['))),
            usize::from(matches!(page.at(at + 3).kind, Kind::Sign(b')' | b']'))),
        );
        let bare = matches!(next.kind, Kind::Sign(b'.' | b'-'))
            && next.gap == Gap::None
            && page.at(at + 2).gap == Gap::None;
        if bare {
            at += 2;
        } else if page.is(page.at(at + 1 + opens), "dot") {
            at += 2 + opens + opens * closes;
        } else {
            return end;
        }
    }
    end
}

/// `@ada_q` beside the name of a network, or with a mark that no everyday word has.
fn handle(page: &Page<'_>, place: usize, end: usize, found: &mut Vec<Finding>) {
    let start = page.at(place).start as usize;
    let text = page.text.get(start + 1..end).unwrap_or_default();
    let first_is_letter = text.first().is_some_and(u8::is_ascii_alphabetic);
    let marked = text
        .iter()
        .any(|byte| b"_.".contains(byte) || byte.is_ascii_digit());
    let network = (1..=5).any(|back| page.is_any(page.before(place, back), NETWORKS));
    if first_is_letter && text.len() > 2 && (marked || network) {
        found.push(address(start, end, Label::Url, 0.8, "handle"));
    }
}

/// The last four digits of a masked number with the mask: `***-**-1234`, `xxx-xx-1234`,
/// `xxxx-xxxx-xxxx-1234`, `*****1234`.
pub(crate) fn masked(page: &Page<'_>, start: usize, found: &mut Vec<Finding>) {
    if start > 0 && page.byte(start - 1) == b'*' {
        return;
    }
    let is_mask = |byte: u8| matches!(byte, b'*' | b'x' | b'X' | b'#' | b'-' | b' ');
    let digits = reach(page, start, is_mask);
    let end = reach(page, digits, |byte| byte.is_ascii_digit());
    let mask = page.text.get(start..digits).unwrap_or_default();
    let hidden = mask
        .iter()
        .filter(|&&byte| byte != b'-' && byte != b' ')
        .count();
    if end - digits != 4 || !(5..=12).contains(&hidden) || mask.len() > 20 {
        return;
    }
    let label = if hidden == 5 {
        Label::Ssn
    } else {
        Label::Account
    };
    found.push(address(start, end, label, 0.9, "masked-number"));
}

/// `https://`, with a blank before the colon or without.
fn scheme(page: &Page<'_>, place: usize, done: &mut usize, found: &mut Vec<Finding>) {
    let at = page.at(place).start as usize;
    let before = page.before(place, 1);
    let apart = page.at(place).gap == Gap::Space && page.is_any(before, &["http", "https", "ftp"]);
    let start = if apart {
        before.start as usize
    } else {
        reach_back(page, at, |byte| byte.is_ascii_alphanumeric())
    };
    web(page, start, at, done, found);
}

/// A web address from `start`, whose rest is read from `from`.
pub(crate) fn web(
    page: &Page<'_>,
    start: usize,
    from: usize,
    done: &mut usize,
    found: &mut Vec<Finding>,
) {
    let end = reach(page, from, |byte| {
        byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte) || byte >= 0x80
    });
    let mut end = trim(page, end, b".,;:!?)']");
    if page.byte(end) == b')'
        && page
            .text
            .get(start..end)
            .is_some_and(|text| text.contains(&b'('))
    {
        end += 1;
    }
    if end > start + 4 {
        *done = (*done).max(end);
        found.push(Finding {
            start,
            end,
            label: Label::Url,
            score: 0.98,
            detector: "url",
        });
    }
}

/// An internet address of version 6 or a hardware address around the colon at `at`.
fn hexadecimal(page: &Page<'_>, at: usize, done: &mut usize, found: &mut Vec<Finding>) {
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
    let start = reach_back(page, at, is_part);
    let end = reach(page, at, |byte| is_part(byte) || byte == b'.');
    let end = trim(page, end, b".");
    let text = page
        .text
        .get(start..end)
        .and_then(|text| str::from_utf8(text).ok())
        .unwrap_or_default();
    let colons = text.bytes().filter(|byte| *byte == b':').count();
    if colons < 2 {
        return;
    }
    let is_hardware = colons == 5 && text.len() == 17;
    let label = if is_hardware {
        Label::Device
    } else {
        Label::Ip
    };
    if is_hardware
        || text.len() > 4 && colons > 1 && !is_time(text) && crate::validators::ipv6(text)
    {
        let zone = page.byte(end) == b'%' && page.byte(end + 1).is_ascii_alphabetic();
        let end = if zone {
            reach(page, end + 1, |byte| byte.is_ascii_alphanumeric())
        } else {
            end
        };
        *done = end;
        found.push(Finding {
            start,
            end,
            label,
            score: 0.9,
            detector: "hexadecimal-address",
        });
    }
}

fn is_time(text: &str) -> bool {
    text.len() <= 8 && !text.contains("::")
}

fn reach(page: &Page<'_>, from: usize, accepts: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while at < page.text.len() && accepts(page.byte(at)) {
        at += 1;
    }
    at
}

fn reach_back(page: &Page<'_>, from: usize, accepts: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while at > 0 && accepts(page.byte(at - 1)) {
        at -= 1;
    }
    at
}

fn trim(page: &Page<'_>, end: usize, endings: &[u8]) -> usize {
    let mut end = end;
    while end > 0 && endings.contains(&page.byte(end - 1)) {
        end -= 1;
    }
    end
}

/// `portal.example.org/x` without a scheme.
pub(crate) fn domain(page: &Page<'_>, place: usize, done: &mut usize, found: &mut Vec<Finding>) {
    let host = page.before(place, 2);
    let firm = page.is_any(
        page.at(place),
        &[
            "com", "org", "net", "edu", "gov", "mil", "io", "info", "biz",
        ],
    ) || page.at(place + 1).is_sign(b'/') && page.at(place + 1).gap == Gap::None;
    let token = page.at(place);
    if (host.is_word() || host.kind == Kind::Code)
        && host.len() > 1
        && token.kind == Kind::Lower
        && firm
        && !(page.at(place + 1).is_sign(b'.')
            && page.at(place + 2).gap == Gap::None
            && page.at(place + 2).is_capital())
    {
        let start = reach_back(page, token.start as usize, |byte| {
            byte.is_ascii_alphanumeric() || b".-".contains(&byte)
        });
        web(page, start, start, done, found);
    }
}

const NETWORKS: &[&str] = &[
    "twitter",
    "instagram",
    "insta",
    "facebook",
    "tiktok",
    "snapchat",
    "snap",
    "telegram",
    "threads",
    "ig",
    "handle",
    "social",
    "linkedin",
    "youtube",
    "username",
    "mastodon",
    "follow",
    "venmo",
    "discord",
    "reddit",
    "x",
    "profile",
];
