use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::{Evaluation, Facet, Share, documents_needed, upper_limit};

impl Evaluation {
    /// The figures for people: a table of recall, then documents, false alarms and what the number
    /// of documents can prove about a share of `target` leaking ones. In full with every kind.
    pub fn text(&self, target: f64, in_full: bool) -> String {
        let mut text = format!(
            "{:<44} {:>7} {:>6} {:>9}   95 % interval\n",
            "recall, whole cover", "pieces", "missed", "recall"
        );
        for facet in FACETS {
            if facet == Facet::Kind && !in_full {
                continue;
            }
            if self.shares(facet).next().is_some() && facet != Facet::All {
                text.push('\n');
            }
            for (name, share) in self.shares(facet) {
                row(&mut text, name, share);
            }
        }
        self.write_documents(&mut text);
        self.write_alarms(&mut text, in_full);
        self.write_sample(&mut text, target);
        text
    }

    fn write_documents(&self, text: &mut String) {
        text.push_str("\ndocuments\n");
        row(text, "with identifiers, none leaks", &self.clean);
        row(
            text,
            "without identifiers, left alone",
            &untouched(&self.touched),
        );
        text.push_str("\nfound\n");
        row(text, "precision", &self.precision);
        row(text, "found under the label of the gold", &self.same_label);
    }

    fn write_alarms(&self, text: &mut String, in_full: bool) {
        let alarms: u64 = self.alarms.values().sum();
        let _ = writeln!(
            text,
            "\nfalse alarms: {alarms}, {:.2} per 1,000 words ({} words); {:.2} % of other letters taken",
            self.alarms_per_thousand_words(),
            self.words,
            self.letters_lost_share() * 100.0
        );
        for (name, count) in self.alarms.iter().filter(|_| in_full) {
            let _ = writeln!(text, "  {name:<42} {count:>7}");
        }
        for (kind, share) in &self.kept {
            let _ = writeln!(
                text,
                "  had to stay: {kind:<29} {:>7} {:>6} touched",
                share.all(),
                share.hits()
            );
        }
    }

    fn write_sample(&self, text: &mut String, target: f64) {
        let (leaks, documents) = (self.clean.missed(), self.clean.all());
        let limit = upper_limit(leaks, documents) * 100.0;
        let _ = writeln!(
            text,
            "\n{leaks} of {documents} documents leak: at most {limit:.3} % leak with 95 % confidence, if these were drawn at random"
        );
        let aim = target * 100.0;
        match documents_needed(0, target) {
            Some(needed) => {
                let _ = writeln!(
                    text,
                    "to show at most {aim} %: {needed} documents without a leak"
                );
            }
            None => text.push_str("no number of documents can show that target\n"),
        }
    }

    /// The figures as a document.
    pub fn document(&self, target: f64) -> Value {
        let facets = FACETS.map(|facet| {
            let shares = self.shares(facet);
            let shares = shares.map(|(name, share)| (name.to_owned(), share.document()));
            (word(facet).to_owned(), Value::Object(shares.collect()))
        });
        let kept = self.kept.iter();
        let kept = kept.map(|(kind, share)| {
            (
                kind.clone(),
                json!({"all": share.all(), "touched": share.hits()}),
            )
        });
        let (leaks, documents) = (self.clean.missed(), self.clean.all());
        json!({
            "recall": facets.into_iter().collect::<Map<_, _>>(),
            "documents": {
                "with identifiers, none leaks": self.clean.document(),
                "without identifiers, left alone": untouched(&self.touched).document(),
            },
            "precision": self.precision.document(),
            "same label": self.same_label.document(),
            "false alarms": self.alarms,
            "false alarms per 1000 words": self.alarms_per_thousand_words(),
            "words": self.words,
            "other letters taken": self.letters_lost_share(),
            "had to stay": kept.collect::<Map<_, _>>(),
            "sample": {
                "documents": documents, "leaking": leaks, "confidence": super::CONFIDENCE,
                "leaking at most": upper_limit(leaks, documents), "target": target,
                "documents needed without a leak": documents_needed(0, target),
                "documents needed with as many leaks": documents_needed(leaks, target),
            },
        })
    }

    /// The share of letters outside of every marked piece that were taken all the same.
    pub fn letters_lost_share(&self) -> f64 {
        self.letters_lost as f64 / (self.letters as f64).max(1.0)
    }
}

fn untouched(touched: &Share) -> Share {
    let mut share = Share::default();
    for at in 0..touched.all() {
        share.add(u64::from(at >= touched.hits()), 1);
    }
    share
}

fn row(text: &mut String, name: &str, share: &Share) {
    let (low, high) = share.interval();
    let (all, missed) = (share.all(), share.missed());
    let _ = writeln!(
        text,
        "  {name:<42} {all:>7} {missed:>6} {:>7.2} %   {:>6.2} to {:>6.2}",
        share.value() * 100.0,
        low * 100.0,
        high * 100.0
    );
}

const fn word(facet: Facet) -> &'static str {
    match facet {
        Facet::All => "all",
        Facet::Category => "category",
        Facet::Label => "label",
        Facet::Lists => "lists",
        Facet::Whom => "whom",
        Facet::Group => "group",
        Facet::Kind => "kind",
    }
}

const FACETS: [Facet; 7] = [
    Facet::All,
    Facet::Category,
    Facet::Label,
    Facet::Lists,
    Facet::Whom,
    Facet::Group,
    Facet::Kind,
];
