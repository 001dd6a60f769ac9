use std::collections::{BTreeMap, BTreeSet};

use super::{
    Half, Theme,
    cast::Person,
    culture::{Atlas, Culture},
    piece::Segment,
    shelf::Shelf,
    twist::Twist,
};
use crate::{date::Date, draw::Draw};

/// One text under construction: its people, its day, and the numbers that return in it.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub(super) draw: &'a mut Draw,
    pub(super) half: Half,
    pub(super) home: &'a Culture,
    pub(super) abroad: &'a Culture,
    pub(super) people: BTreeMap<char, Person>,
    pub(super) today: Date,
    pub(super) memory: BTreeMap<String, Vec<Segment>>,
    segments: Vec<Segment>,
    used: BTreeSet<&'static str>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(draw: &'a mut Draw, atlas: &'a Atlas, half: Half, theme: Theme) -> Self {
        let abroad = atlas.any(draw);
        let at_home = theme != Theme::Sentence;
        let culture = if at_home && draw.chance(0.45) {
            atlas.home()
        } else {
            abroad
        };
        let patient = Person::draw(draw, culture, half, false);
        let mut people = BTreeMap::new();
        for key in ['m', 'q'] {
            let relative = Person::draw(draw, culture, half, true).related_to(draw, &patient);
            people.insert(key, relative);
        }
        for key in ['d', 'e', 'n'] {
            let other = if at_home && draw.chance(0.5) {
                atlas.home()
            } else {
                atlas.any(draw)
            };
            people.insert(key, Person::draw(draw, other, half, true));
        }
        people.insert('p', patient);
        let today = Date::new(2021, 1, 3).plus(draw.below(1_700) as i32);
        Self {
            draw,
            half,
            home: if at_home { atlas.home() } else { abroad },
            abroad,
            people,
            today,
            memory: BTreeMap::new(),
            segments: Vec::new(),
            used: BTreeSet::new(),
        }
    }

    /// Writes a template: `{slot}` is filled, `{@pool}` and `{@pool*3}` bring phrases of the shelf,
    /// `{@~pool}` as a bad scanner reads them, `{@^pool}` in capitals.
    pub(super) fn write(&mut self, shelf: &Shelf, template: &'static str) {
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            self.segments.push(Segment::plain(before));
            let (slot, left) = after.split_once('}').unwrap_or((after, ""));
            if let Some(pool) = slot.strip_prefix('@') {
                self.pool(shelf, pool);
            } else {
                let made = self.slot(slot);
                self.segments.extend(made);
            }
            rest = left;
        }
        self.segments.push(Segment::plain(rest));
    }

    fn pool(&mut self, shelf: &Shelf, pool: &str) {
        let (twist, pool) = match (pool.strip_prefix('~'), pool.strip_prefix('^')) {
            (Some(pool), _) => (Twist::Ocr, pool),
            (_, Some(pool)) => (Twist::Capitals, pool),
            _ => return self.phrases(shelf, pool),
        };
        let from = self.segments.len();
        self.phrases(shelf, pool);
        let plain = self.segments.split_off(from);
        self.segments.extend(twist.apply(self.draw, plain));
    }

    fn phrases(&mut self, shelf: &Shelf, pool: &str) {
        let (pool, times) = pool.split_once('*').unwrap_or((pool, "1"));
        let most: u32 = times.parse().unwrap_or(1);
        let count = if most > 2 {
            self.draw.between(most, most + 1)
        } else {
            most
        };
        for number in 0..count {
            let phrases = shelf.pool(pool);
            let Some(phrase) = self.fresh(phrases) else {
                return;
            };
            if number > 0 {
                self.segments.push(Segment::plain(" "));
            }
            self.write(shelf, phrase);
        }
    }

    /// A phrase this text does not have yet.
    fn fresh(&mut self, phrases: &[&'static str]) -> Option<&'static str> {
        let left: Vec<&'static str> = phrases
            .iter()
            .filter(|phrase| !self.used.contains(*phrase))
            .copied()
            .collect();
        let phrase = (!left.is_empty()).then(|| self.draw.pick(&left))?;
        self.used.insert(phrase);
        Some(phrase)
    }

    /// The patient's name, and the text with its marks.
    pub(super) fn finish(self) -> (String, Vec<Segment>) {
        let patient = self.people.get(&'p');
        let name = patient.map(|person| format!("{} {}", person.first, person.last));
        (name.unwrap_or_default(), self.segments)
    }
}
