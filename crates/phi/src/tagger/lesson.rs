use std::ops::Range;

use crate::{finding::Finding, label::Label, text::Page};

use super::{
    Cover, cover,
    features::{self, Sights},
    sentence,
    tag::Tag,
};

/// A sentence to learn from: the features of each token, and what the token is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// For each token the rows of the weights that its features are hashed to.
    pub features: Vec<Vec<u32>>,
    /// What each token is.
    pub tags: Vec<Tag>,
}

/// The sentences of a page that the tagger would read, with the truth about them.
pub(crate) fn lessons(
    page: &Page<'_>,
    found: &[Finding],
    truth: &[(Range<usize>, Label)],
) -> Vec<Lesson> {
    let mut covered = Vec::new();
    cover(page, found, &mut covered);
    let mut sights = Sights::default();
    let mut lessons = Vec::new();
    let mut place = 0;
    while place < page.tokens.len() {
        let end = sentence::end(page, place);
        if sentence::is_undecided(page, place..end, &covered) {
            lessons.push(lesson(page, place..end, &covered, truth, &mut sights));
        }
        place = end;
    }
    lessons
}

fn lesson(
    page: &Page<'_>,
    places: Range<usize>,
    cover: &[Cover],
    truth: &[(Range<usize>, Label)],
    sights: &mut Sights,
) -> Lesson {
    sights.look(page, &places, cover);
    let mut lesson = Lesson::default();
    for place in places {
        let mut row = Vec::new();
        features::of(page, sights, place, &mut row);
        lesson.features.push(row);
        let tag = tag(page, place, truth);
        lesson
            .tags
            .push(if tag.follows(lesson.tags.last().copied()) {
                tag
            } else {
                // A sentence was cut inside an identifier.
                begin(tag)
            });
    }
    lesson
}

fn tag(page: &Page<'_>, place: usize, truth: &[(Range<usize>, Label)]) -> Tag {
    let token = page.at(place).range();
    let hit = truth
        .iter()
        .find(|(range, _)| range.start < token.end && token.start < range.end);
    let tag = hit.and_then(|(range, label)| Tag::of(*label, token.start <= range.start));
    tag.unwrap_or(Tag::Outside)
}

fn begin(tag: Tag) -> Tag {
    let begin = tag.label().and_then(|label| Tag::of(label, true));
    begin.unwrap_or(Tag::Outside)
}
