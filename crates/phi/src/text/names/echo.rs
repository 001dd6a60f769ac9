//! A name that was sure in one place, met again elsewhere on the page.

use crate::{
    dictionary::{class::Class, hash},
    finding::Finding,
    label::Label,
};

use super::super::page::Page;

/// Adds the capitalised words that belong to a sure name elsewhere and to no everyday language.
pub(crate) fn echo(page: &Page<'_>, found: &mut Vec<Finding>) {
    let mut words: Vec<u64> = Vec::new();
    for finding in found
        .iter()
        .filter(|finding| finding.label == Label::Name && finding.score >= SURE)
    {
        let first = page
            .tokens
            .partition_point(|token| (token.start as usize) < finding.start);
        let tokens = page.tokens.iter().skip(first);
        for token in tokens.take_while(|token| (token.end as usize) <= finding.end) {
            if is_telling(token) {
                words.push(hash(page.slice(token)));
            }
        }
    }
    if words.is_empty() {
        return;
    }
    words.sort_unstable();
    words.dedup();
    let echoes = page.tokens.iter().enumerate().filter(|(place, token)| {
        is_telling(token)
            && words.binary_search(&hash(page.slice(token))).is_ok()
            && !(token.class.has(Class::EPONYM) && page.at(place + 1).class.has(Class::HEAD))
    });
    found.extend(
        echoes.map(|(place, _)| page.finding(place, place, Label::Name, 0.45, "name-again")),
    );
}

fn is_telling(token: &super::super::token::Token) -> bool {
    const PLAIN: Class = Class::COMMON
        .or(Class::RARE)
        .or(Class::STOP)
        .or(Class::MEDICAL)
        .or(Class::MONTH)
        .or(Class::STATE)
        .or(Class::COUNTRY);
    token.is_capital() && token.len() > 2 && !token.class.has(PLAIN)
}

/// Scores of names that a title, a label or a relation vouches for.
const SURE: f32 = 0.8;
