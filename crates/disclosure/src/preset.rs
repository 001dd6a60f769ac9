use std::{fmt, str::FromStr};

use domain::{Code, Explain};
use thiserror::Error;

use crate::{Threshold, codes};

/// A threshold with a name and a source. The law names no number (HHS guidance on 164.514, 26
/// November 2012): choosing one is the expert's, or the study's, decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    name: &'static str,
    title: &'static str,
    source: &'static str,
    threshold: Limits,
}

/// No preset has this name.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("no preset of risk thresholds has this name")]
pub struct PresetError;

impl Preset {
    /// All presets.
    pub const ALL: [Self; 8] = [
        Self {
            name: "cms-11",
            title: "no group of 1 to 10 persons",
            source: "CMS cell size suppression policy, version of 26 January 2024",
            threshold: Limits::Smallest(11),
        },
        Self {
            name: "risk-0.09",
            title: "highest risk 1 in 11, written as 0.09: public release",
            source: "EMA Policy 0070 and Health Canada public release of clinical information, \
                     as commonly cited",
            threshold: Limits::Smallest(11),
        },
        Self {
            name: "risk-0.05",
            title: "highest risk 1 in 20",
            source: "El Emam et al., BMC Medical Informatics 11:53, 2011",
            threshold: Limits::Smallest(20),
        },
        Self {
            name: "risk-0.04",
            title: "highest risk 1 in 25",
            source: "El Emam et al., BMC Medical Informatics 11:53, 2011",
            threshold: Limits::Smallest(25),
        },
        Self {
            name: "risk-0.2",
            title: "highest risk 1 in 5: not public, with controls",
            source: "El Emam, Guide to the De-Identification of Personal Health Information, 2013",
            threshold: Limits::Smallest(5),
        },
        Self {
            name: "risk-0.33",
            title: "highest risk 1 in 3: not public, with strong controls",
            source: "El Emam, Guide to the De-Identification of Personal Health Information, 2013",
            threshold: Limits::Smallest(3),
        },
        Self {
            name: "uniqueness-5",
            title: "at most 5 % of records unique; the source speaks of the population, and \
                    uniqueness in the sample is never lower",
            source: "El Emam et al., BMC Medical Informatics 10:18, 2010",
            threshold: Limits::UniquePercent(5),
        },
        Self {
            name: "uniqueness-20",
            title: "at most 20 % of records unique; the source speaks of the population, and \
                    uniqueness in the sample is never lower",
            source: "El Emam et al., BMC Medical Informatics 10:18, 2010",
            threshold: Limits::UniquePercent(20),
        },
    ];

    /// The name used in study files.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it asks for.
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// Where it comes from.
    pub const fn source(&self) -> &'static str {
        self.source
    }

    /// The limits.
    pub fn threshold(&self) -> Threshold {
        match self.threshold {
            // 1/11 is 0.0909: the highest risk is judged as a class size, where nothing is rounded.
            Limits::Smallest(k) => Threshold {
                k_min: Some(k),
                ..Threshold::default()
            },
            Limits::UniquePercent(percent) => Threshold {
                uniqueness_max: Some(f64::from(percent) / 100.0),
                ..Threshold::default()
            },
        }
    }
}

impl FromStr for Preset {
    type Err = PresetError;

    fn from_str(text: &str) -> Result<Self, PresetError> {
        Self::ALL
            .into_iter()
            .find(|preset| preset.name == text)
            .ok_or(PresetError)
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

impl Explain for PresetError {
    fn code(&self) -> Code {
        codes::PRESET
    }

    fn help(&self) -> String {
        format!(
            "use one of: {}",
            Preset::ALL.map(|preset| preset.name).join(", ")
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limits {
    Smallest(u32),
    UniquePercent(u8),
}
