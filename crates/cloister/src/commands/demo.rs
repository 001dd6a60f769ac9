//! `cloister demo`: a synthetic hospital, one study, ten stages, one screen.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use domain::{Entropy, OperatorId, Role, StudyId};
use flow::govern::report::Audience;
use hospital::{Hospital, Table};
use seal::{Passphrase, SystemEntropy};
use serde_json::json;

use crate::{
    arguments::Demo,
    codes,
    commands::{audit::write, report, study},
    failure::Failure,
    files,
    screen::Screen,
    wire::Instance,
};

mod truth;

pub(super) fn run(demo: &Demo, screen: Screen) -> Result<(), Failure> {
    let began = Instant::now();
    let place = Place::new(demo)?;
    place.build_hospital(demo, screen)?;
    let instance = place.open_instance(screen)?;
    let study = study::perform(&instance, STUDY, place.source(), screen)?;
    let truth = truth::measure(&instance, &place.hospital)?;
    let pack = place.evidence(&study);
    report::write_pack(&instance.desk(), &study, &pack)?;
    study_summary(&instance, &study, &truth, screen)?;
    let seconds = began.elapsed().as_secs_f64();
    tell_paths(&place, &pack, seconds, screen);
    Ok(())
}

fn study_summary(
    instance: &Instance,
    study: &StudyId,
    truth: &truth::Recall,
    screen: Screen,
) -> Result<(), Failure> {
    let pack = flow::govern::report::gather(&instance.desk(), study, Audience::Inside)?;
    let text = format!("{}\n{}", evidence::summary_screen(&pack), truth.told());
    let stages = serde_json::to_value(&pack.stages).unwrap_or_default();
    screen.result(
        &text,
        &json!({ "study": study, "stages": stages, "truth": truth.document() }),
    );
    Ok(())
}

fn tell_paths(place: &Place, pack: &Path, seconds: f64, screen: Screen) {
    screen.message(&format!(
        "\nevidence report   {}\ninstance          {}\npassphrase        {}   (a demo's: keep a real one elsewhere)\ndone in {seconds:.1} s",
        pack.join("report.html").display(),
        place.instance().display(),
        place.passphrase().display(),
    ));
    screen.message(&format!(
        "\nnext: cloister --home {0} --passphrase-file {1} audit verify\n      cloister --home {0} --passphrase-file {1} control status",
        place.instance().display(),
        place.passphrase().display()
    ));
}

/// The demo's folder and what it is filled with.
struct Place {
    folder: PathBuf,
    hospital: Hospital,
}

impl Place {
    fn new(demo: &Demo) -> Result<Self, Failure> {
        let place = Self {
            folder: demo.into.clone(),
            hospital: Hospital::generate(demo.seed, demo.patients),
        };
        if place.folder.exists() && !place.is_ours(demo) {
            return Err(Failure::new(
                codes::FOLDER_TAKEN,
                format!(
                    "`{}` is there already and is not this demo's",
                    demo.into.display()
                ),
                "choose another folder with --into, or remove it; the same command takes an interrupted demo up",
            ));
        }
        Ok(place)
    }

    /// An interrupted demo of the same size and seed is taken up.
    fn is_ours(&self, demo: &Demo) -> bool {
        let empty = fs::read_dir(&self.folder).is_ok_and(|mut entries| entries.next().is_none());
        empty || fs::read_to_string(self.mark()).is_ok_and(|text| text == mark(demo))
    }

    fn build_hospital(&self, demo: &Demo, screen: Screen) -> Result<(), Failure> {
        write(&self.mark(), mark(demo).as_bytes())?;
        let next = next_quarter(demo);
        let files = [
            ("patients.csv", self.hospital.csv(Table::Patients)),
            ("encounters.csv", self.hospital.csv(Table::Encounters)),
            ("notes.jsonl", self.hospital.notes_jsonl()),
            ("encounters_next_quarter.csv", next.csv(Table::Encounters)),
            ("study.toml", STUDY.to_owned()),
        ];
        for (name, text) in &files {
            write(&self.source().join(name), text.as_bytes())?;
        }
        screen.message(&format!(
            "a synthetic hospital of {} patients, {} encounters and {} notes (seed {}): {}",
            demo.patients,
            self.hospital.encounters.len(),
            self.hospital.notes.len(),
            demo.seed,
            self.source().display()
        ));
        Ok(())
    }

    fn open_instance(&self, screen: Screen) -> Result<Instance, Failure> {
        let home = self.instance();
        if home.exists() {
            screen.message("the demo was interrupted: it is taken up");
            return Instance::open_at(&home, &self.read_passphrase()?);
        }
        let passphrase = self.new_passphrase()?;
        let operator = OperatorId::new("demo").map_err(|error| {
            Failure::new(
                codes::WORDS,
                error.to_string(),
                "this is a bug worth reporting",
            )
        })?;
        Instance::create_at(&home, &passphrase, operator, Role::DataScientist)
    }

    fn new_passphrase(&self) -> Result<Passphrase, Failure> {
        let mut entropy = SystemEntropy::new();
        let words: Vec<String> = (0..4)
            .map(|_| format!("{:08x}", entropy.next_u64() >> 32))
            .collect();
        files::write_private(&self.passphrase(), words.join("-").as_bytes())?;
        self.read_passphrase()
    }

    fn read_passphrase(&self) -> Result<Passphrase, Failure> {
        Ok(Passphrase::new(
            files::read_text(&self.passphrase())?.trim(),
        ))
    }

    fn mark(&self) -> PathBuf {
        self.folder.join("README.txt")
    }

    fn source(&self) -> PathBuf {
        self.folder.join("source")
    }

    fn instance(&self) -> PathBuf {
        self.folder.join("instance")
    }

    fn passphrase(&self) -> PathBuf {
        self.folder.join("passphrase")
    }

    fn evidence(&self, study: &StudyId) -> PathBuf {
        self.folder.join("evidence").join(study.as_str())
    }
}

/// A later extract in which the laboratory has changed its HbA1c assay: what `monitor` must notice.
fn next_quarter(demo: &Demo) -> Hospital {
    let mut next = Hospital::generate(demo.seed.wrapping_add(1), demo.patients);
    for encounter in &mut next.encounters {
        encounter.hba1c = (encounter.hba1c * 10.0 + 14.0).round() / 10.0;
    }
    next
}

fn mark(demo: &Demo) -> String {
    format!(
        "A Cloister demo: {} synthetic patients, seed {}. Nobody in it exists.\n\
         source/    the files as a hospital would extract them\n\
         instance/  the sealed instance; passphrase is beside it, for the demo only\n\
         evidence/  the evidence pack: open report.html\n",
        demo.patients, demo.seed
    )
}

const STUDY: &str = include_str!("demo/study.toml");
