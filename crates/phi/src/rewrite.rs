//! Running text with its identifiers replaced by tags.

use std::{borrow::Cow, collections::BTreeSet, ops::Range};

use domain::Entropy;

mod handling;

pub(crate) use handling::{Handling, Moving};

use crate::{
    age,
    crosswalk::{Crosswalk, Drawn, PERSON, Pseudonyms, prefix},
    dates,
    finding::Finding,
    known::KnownPerson,
    label::Label,
    manifest::TextRecord,
    plan::Action,
    positions::{Ledger, PositionSink},
    surrogate::{Inventor, Part, Whose},
    text::{Scratch, TextEngine},
    zip3::Zip3Table,
};

/// Replaces identifiers by tags and codes; holds the crosswalk and the buffers of a run.
pub(crate) struct Rewriter<'a> {
    engine: &'a TextEngine,
    crosswalk: Crosswalk,
    entropy: &'a mut dyn Entropy,
    reference_year: i32,
    handling: Handling,
    ledger: Option<Ledger<'a>>,
    pseudonyms: Option<&'a dyn Pseudonyms>,
    inventor: Option<Inventor>,
    scratch: Scratch,
    findings: Vec<Finding>,
}

/// The person a text is about.
#[derive(Default)]
pub(crate) struct Subject {
    pub(crate) id: String,
    pub(crate) known: KnownPerson,
    /// The lower-case words of the person's own names.
    pub(crate) words: BTreeSet<String>,
    /// Words of names, the person's and their relatives', that no name should have: `Sunny31`.
    pub(crate) odd_words: BTreeSet<String>,
    pub(crate) over_89: bool,
}

impl<'a> Rewriter<'a> {
    pub(crate) fn new(
        engine: &'a TextEngine,
        crosswalk: Crosswalk,
        entropy: &'a mut dyn Entropy,
        reference_year: i32,
        handling: Handling,
    ) -> Self {
        Self {
            engine,
            crosswalk,
            entropy,
            reference_year,
            handling,
            ledger: None,
            pseudonyms: None,
            inventor: None,
            scratch: Scratch::default(),
            findings: Vec::new(),
        }
    }

    pub(crate) const fn reference_year(&self) -> i32 {
        self.reference_year
    }

    pub(crate) fn into_crosswalk(self) -> Crosswalk {
        self.crosswalk
    }

    /// The text with tags for identifiers; nothing where it stays as it is.
    pub(crate) fn rewrite(
        &mut self,
        text: &str,
        subject: Option<&Subject>,
        record: &mut TextRecord,
    ) -> Option<String> {
        let edits = self.edits(text, subject, record);
        let mut output = String::new();
        let mut done = 0;
        for (range, replacement) in &edits {
            output.push_str(text.get(done..range.start).unwrap_or(""));
            output.push_str(replacement);
            done = range.end;
        }
        (done > 0)
            .then(|| {
                output.push_str(text.get(done..).unwrap_or(""));
                output
            })
            .filter(|output| output != text)
    }

    /// What has to be written in place of which ranges of the text, in order.
    pub(crate) fn edits(
        &mut self,
        text: &str,
        subject: Option<&Subject>,
        record: &mut TextRecord,
    ) -> Vec<(Range<usize>, String)> {
        record.texts += 1;
        record.bytes += text.len() as u64;
        let mut findings = std::mem::take(&mut self.findings);
        let known = subject
            .map(|subject| &subject.known)
            .filter(|known| !known.is_empty());
        self.engine
            .scan_into(text, known, &mut self.scratch, &mut findings);
        record.undecided_tokens += self.scratch.undecided();
        if let Some(subject) = subject.filter(|subject| !subject.odd_words.is_empty()) {
            subject.add_odd_names(text, &mut findings);
        }
        let tags = self.tags(text);
        let mut edits = Vec::new();
        let mut done = 0;
        for finding in &findings {
            for range in without(finding.start.max(done)..finding.end, &tags) {
                let Some(found) = text.get(range.clone()) else {
                    continue;
                };
                let replacement = self.replacement(finding.label, found, subject);
                if replacement != found {
                    record.found(finding.label, finding.detector);
                    if let Some(ledger) = self.ledger.as_mut() {
                        let transform = self.handling.of(finding.label);
                        ledger.note(range.clone(), finding, transform);
                    }
                    done = range.end;
                    // `90` of an earlier `90+`.
                    if replacement == age::NINETY_OR_OVER
                        && text.get(done..).is_some_and(|rest| rest.starts_with('+'))
                    {
                        done += 1;
                    }
                    edits.push((range.start..done, replacement.into_owned()));
                }
            }
        }
        self.findings = findings;
        edits
    }

    /// The code of a value, prefix included; a code of this crosswalk stays itself.
    pub(crate) fn code(&mut self, label: Label, value: &str) -> String {
        let mut code = String::new();
        self.write_code(label, value, &mut code);
        code
    }

    /// Writes the code of a value; says whether that changed it.
    pub(crate) fn write_code(&mut self, label: Label, value: &str, code: &mut String) -> bool {
        if self.is_own_code(value) {
            code.push_str(value);
            return false;
        }
        if let Some(invented) = self.invented(label, value, None, Part::Any) {
            code.push_str(&invented);
            return true;
        }
        code.push_str(prefix(label));
        code.push('-');
        self.crosswalk
            .bare_code(label, value, self.entropy)
            .push_to(code);
        true
    }

    /// Invents values from now on, in place of codes and tags.
    pub(crate) fn invent(&mut self) {
        self.inventor = Some(Inventor::new());
    }

    /// Whether values are invented.
    pub(crate) const fn invents(&self) -> bool {
        self.inventor.is_some()
    }

    /// Takes note of what the input holds, so that nothing of it is invented.
    pub(crate) fn see(&mut self, text: &str) {
        if let Some(inventor) = self.inventor.as_mut() {
            inventor.see(text);
        }
    }

    /// An invented value; nothing where tags and codes are written.
    pub(crate) fn invented(
        &mut self,
        label: Label,
        value: &str,
        whose: Option<&Whose<'_>>,
        part: Part,
    ) -> Option<String> {
        let inventor = self.inventor.as_mut()?;
        let mut shop = inventor.at_work(self.crosswalk.inventions(), self.entropy, self.engine);
        shop.invent(label, value, whose, part)
    }

    /// An invented name in the record of a person.
    pub(crate) fn invented_name(
        &mut self,
        name: &str,
        code: Drawn,
        subject: Option<&Subject>,
        is_own: bool,
        part: Part,
    ) -> Option<String> {
        let whose = Whose {
            code,
            words: subject.map(|subject| &subject.words),
            is_own,
        };
        self.invented(Label::Name, name, Some(&whose), part)
    }

    /// The UID that stands for a UID, the same everywhere.
    pub(crate) fn uid(&mut self, original: &str) -> String {
        self.crosswalk.uid(original, self.entropy)
    }

    /// The characters of a person's code; a surrogate of this crosswalk keeps its own.
    pub(crate) fn bare_person_code(&mut self, person: &str) -> Drawn {
        if let Some(drawn) = self.own_code(person) {
            return drawn;
        }
        self.crosswalk.bare_person_code(person, self.entropy)
    }

    pub(crate) fn person_code(&mut self, person: &str) -> String {
        format!("{PERSON}-{}", self.bare_person_code(person))
    }

    /// Whether a value is a whole code that this crosswalk gave out, prefix and all.
    pub(crate) fn is_own_code(&self, value: &str) -> bool {
        self.own_code(value).is_some() || self.crosswalk.has_issued_pseudonym(value)
    }

    fn own_code(&self, value: &str) -> Option<Drawn> {
        let (word, bare) = value.split_once('-')?;
        let drawn = self.crosswalk.issued(bare)?;
        let known = word == PERSON || Label::ALL.into_iter().any(|label| prefix(label) == word);
        known.then_some(drawn)
    }

    fn replacement<'t>(
        &mut self,
        label: Label,
        found: &'t str,
        subject: Option<&Subject>,
    ) -> Cow<'t, str> {
        let tag = || Cow::Owned(format!("[{}]", label.word()));
        match self.handling.of(label) {
            Action::Keep if Self::may_stay(label, found) => Cow::Borrowed(found),
            Action::Suppress | Action::Code
                if self.invents() && !matches!(label, Label::Date | Label::Age | Label::Geo) =>
            {
                match self.invented_of(label, found, subject) {
                    Some(invented) => Cow::Owned(invented),
                    None => tag(),
                }
            }
            Action::Suppress => tag(),
            _ if label == Label::Date => self.date(found, subject),
            _ if label == Label::Age => older_than_89(found),
            _ if label == Label::Geo => match self.place(found) {
                Cow::Borrowed("[GEO]") if self.invents() => {
                    let invented = self.invented_of(label, found, subject);
                    Cow::Owned(invented.unwrap_or_else(|| "[GEO]".to_owned()))
                }
                place => place,
            },
            Action::Pseudonym => self.pseudonym_tag(label, found),
            Action::Code if handling::is_coded(label) => {
                if let Some(subject) =
                    subject.filter(|subject| label == Label::Name && subject.is_called(found))
                {
                    let code = self.bare_person_code(&subject.id);
                    return Cow::Owned(format!("[NAME-{code}]"));
                }
                self.tagged(label, found)
            }
            _ => tag(),
        }
    }

    fn invented_of(
        &mut self,
        label: Label,
        found: &str,
        subject: Option<&Subject>,
    ) -> Option<String> {
        let Some(subject) = subject else {
            return self.invented(label, found, None, Part::Any);
        };
        let whose = Whose {
            code: self.bare_person_code(&subject.id),
            words: Some(&subject.words),
            is_own: false,
        };
        self.invented(label, found, Some(&whose), Part::Any)
    }

    fn tagged<'t>(&mut self, label: Label, found: &str) -> Cow<'t, str> {
        Cow::Owned(format!("[{}]", self.code(label, found)))
    }

    /// Whether a finding that the plan keeps is what it seems, and covers nothing else.
    fn may_stay(label: Label, found: &str) -> bool {
        match label {
            Label::Date => handling::is_only_date(found),
            Label::Age => handling::is_only_age(found),
            Label::Geo => false,
            _ => true,
        }
    }

    fn place<'t>(&self, found: &'t str) -> Cow<'t, str> {
        let handling = self.handling;
        if is_zip(found) {
            return match handling.zip {
                Action::Keep => Cow::Borrowed(found),
                Action::Zip5 => Cow::Borrowed(found.get(..5).unwrap_or("[GEO]")),
                Action::Zip3 => Cow::Borrowed(Zip3Table::census_2020().generalize(found)),
                _ => Cow::Borrowed("[GEO]"),
            };
        }
        let (town, zip) = handling::without_zip(found);
        let zip_stays = zip.is_empty() || matches!(handling.zip, Action::Keep | Action::Zip5);
        if handling.city == Action::Keep && zip_stays && self.engine.is_town(town) {
            return Cow::Borrowed(found);
        }
        Cow::Borrowed("[GEO]")
    }

    fn date<'t>(&mut self, found: &'t str, subject: Option<&Subject>) -> Cow<'t, str> {
        let moving = self.handling.moving;
        let moved = match (self.handling.of(Label::Date), subject) {
            (Action::Shift, Some(subject)) => {
                let days = self.days_of(&subject.id, moving);
                dates::shift(found, days)
            }
            (Action::Month, _) => dates::to_month(found),
            (Action::Quarter, _) => dates::to_quarter(found),
            // Nobody is known whose dates these are: the year, which shows less.
            (Action::Year | Action::Shift, _) => return self.year(found),
            _ => None,
        };
        Cow::Owned(moved.unwrap_or_else(|| "[DATE]".to_owned()))
    }

    /// The days by which the dates of a person move.
    pub(crate) fn days_of(&mut self, person: &str, moving: Moving) -> i32 {
        let code = self.bare_person_code(person);
        self.days_of_code(code, moving)
    }

    /// The days by which the dates of the person with this code move.
    pub(crate) fn days_of_code(&mut self, code: Drawn, moving: Moving) -> i32 {
        self.crosswalk.shift_of(code, moving.days_max, self.entropy)
    }

    fn pseudonym_tag<'t>(&mut self, label: Label, found: &str) -> Cow<'t, str> {
        let mut tag = "[".to_owned();
        if !self.write_pseudonym(label, found, &mut tag) {
            tag.push_str(label.word());
        }
        tag.push(']');
        Cow::Owned(tag)
    }

    /// Writes the code that the key gives a value; nothing without a key.
    pub(crate) fn write_pseudonym(&mut self, label: Label, value: &str, code: &mut String) -> bool {
        if self.is_own_code(value) {
            code.push_str(value);
            return true;
        }
        let Some(pseudonyms) = self.pseudonyms else {
            return false;
        };
        code.push_str(prefix(label));
        code.push('-');
        self.crosswalk
            .write_pseudonym(pseudonyms, label, value, code);
        true
    }

    /// Takes the sink for positions.
    pub(crate) fn set_sink(&mut self, sink: &'a mut dyn PositionSink) {
        self.ledger = Some(Ledger::new(sink));
    }

    /// The sink for positions, if somebody listens.
    pub(crate) const fn ledger(&mut self) -> Option<&mut Ledger<'a>> {
        self.ledger.as_mut()
    }

    /// Takes the key for [`Action::Pseudonym`].
    pub(crate) fn set_pseudonyms(&mut self, pseudonyms: &'a dyn Pseudonyms) {
        self.pseudonyms = Some(pseudonyms);
    }

    pub(crate) const fn handling(&self) -> Handling {
        self.handling
    }

    pub(crate) const fn crosswalk(&mut self) -> &mut Crosswalk {
        &mut self.crosswalk
    }

    fn year<'t>(&self, found: &'t str) -> Cow<'t, str> {
        match dates::to_year(found) {
            Some(year) if !age::year_reveals(year, self.reference_year) => {
                Cow::Owned(year.to_string())
            }
            _ => Cow::Borrowed("[DATE]"),
        }
    }

    /// The tags of an earlier run: `[DATE]`, or a code that this crosswalk gave out.
    fn tags(&self, text: &str) -> Vec<Range<usize>> {
        let mut tags = Vec::new();
        for start in memchr::memchr_iter(b'[', text.as_bytes()) {
            let inner = text.get(start + 1..).and_then(|rest| {
                let end = rest.find(']').filter(|end| *end <= TAG_MAX)?;
                rest.get(..end)
            });
            if let Some(inner) = inner
                && (Label::ALL.into_iter().any(|label| label.word() == inner)
                    || self.is_own_code(inner))
            {
                tags.push(start..start + inner.len() + 2);
            }
        }
        tags
    }
}

impl std::fmt::Debug for Rewriter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rewriter")
            .field("crosswalk", &self.crosswalk)
            .finish_non_exhaustive()
    }
}

impl Subject {
    /// Adds the names that only the record makes names; the findings stay sorted.
    fn add_odd_names(&self, text: &str, findings: &mut Vec<Finding>) {
        let mut start = 0;
        for word in text.split(|letter: char| !letter.is_alphanumeric()) {
            let end = start + word.len();
            if self.odd_words.contains(&word.to_lowercase()) {
                findings.push(Finding {
                    start,
                    end,
                    label: Label::Name,
                    score: 0.97,
                    detector: "known-odd-name",
                });
            }
            let gap = text.get(end..).and_then(|rest| rest.chars().next());
            start = end + gap.map_or(0, char::len_utf8);
        }
        findings.sort_by_key(|finding| (finding.start, std::cmp::Reverse(finding.end)));
    }

    /// Whether a name in a text is the person's own: all its words are theirs, initials and
    /// titles aside.
    fn is_called(&self, name: &str) -> bool {
        let mut own = 0;
        for word in name.split(|letter: char| !letter.is_alphanumeric()) {
            let word = word.to_lowercase();
            if self.words.contains(&word) {
                own += 1;
            } else if word.chars().count() > 1 && !TITLES.contains(&word.as_str()) {
                return false;
            }
        }
        own > 0
    }
}

const TAG_MAX: usize = 40;
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "dr", "prof", "jr", "sr", "ii", "iii", "md", "rn", "mx",
];

fn older_than_89(found: &str) -> Cow<'_, str> {
    if found.starts_with(age::NINETY_OR_OVER) {
        Cow::Borrowed(found)
    } else {
        Cow::Borrowed(age::NINETY_OR_OVER)
    }
}

/// Five digits, or nine with the hyphen of ZIP+4.
fn is_zip(found: &str) -> bool {
    let digits = found.bytes().filter(u8::is_ascii_digit).count();
    match found.len() {
        5 => digits == 5,
        10 => digits == 9 && found.as_bytes().get(5) == Some(&b'-'),
        _ => false,
    }
}

/// The pieces of a range that lie outside the tags.
fn without(range: Range<usize>, tags: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut pieces = Vec::with_capacity(1);
    let mut start = range.start;
    for tag in tags
        .iter()
        .filter(|tag| tag.start < range.end && tag.end > range.start)
    {
        if tag.start > start {
            pieces.push(start..tag.start);
        }
        start = start.max(tag.end);
    }
    if start < range.end {
        pieces.push(start..range.end);
    }
    pieces
}
