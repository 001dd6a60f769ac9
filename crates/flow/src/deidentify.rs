//! Stage 4: identifiers are taken out; what leaves carries a manifest and a signed certificate.

mod crosswalk;

use access::{DataState, Permit};
use arrow_array::RecordBatch;
use domain::{DatasetId, Digest, Stage};
use phi::{
    certificate::{Bound, Certificate},
    columns::FieldMap,
    crosswalk::Crosswalk,
    label::Label,
    manifest::Manifest,
    plan::{Action, Plan},
    residual::Residual,
    text::TextEngine,
    transform::Deidentifier,
};
use serde::{Deserialize, Serialize};

use crate::{
    Desk, StageError, Watch,
    assess::root_of,
    classify::Classified,
    ingest::{content_address, keep_dataset, keep_version, key_of},
    record::{Table, Version, VersionRef},
    run::{Task, Told, grouped},
    study::{Deidentify, Study, StudyError, safe_harbor},
    tables::{self, Heading, classes::Chest},
};

/// What de-identification made and certified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deidentified {
    /// The new version.
    pub version: VersionRef,
    /// The plan's name and edition.
    pub plan: String,
    /// What was done, without a value.
    pub manifest: Manifest,
    /// SHA-256 of the manifest's canonical JSON.
    pub manifest_digest: Digest,
    /// The certificate's canonical JSON.
    pub certificate: String,
    /// SHA-256 of it.
    pub certificate_digest: Digest,
    /// ECDSA P-256 signature over the certificate's bytes.
    pub signature: seal::Signature,
    /// Persons that have a replacement code.
    pub persons_mapped: u64,
    /// Source identifier values that were searched for in the output; none was found.
    pub searched: u64,
}

impl Told for Deidentified {
    fn produced(&self) -> String {
        let found: u64 = self.manifest.by_category().values().sum();
        format!(
            "{} identifiers out, {} persons coded",
            grouped(found),
            grouped(self.persons_mapped)
        )
    }

    fn proved(&self) -> String {
        format!(
            "none of {} known values left; certificate signed",
            grouped(self.searched)
        )
    }
}

/// De-identifies every table of the ingested version under the study's plan.
///
/// What the structured columns know about a person is searched for in that person's notes. Codes
/// are random (164.514(c)); the crosswalk is kept sealed and serves later versions of the dataset,
/// so that a person keeps one code. Before anything is kept, the source's identifier values are
/// searched for in the output: one hit refuses the whole version.
///
/// Source: 45 CFR 164.514(b)(2), 164.514(c).
pub fn deidentify(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    watch: &mut dyn Watch,
) -> Result<Deidentified, StageError> {
    let raw = task.raw_version(desk)?;
    let map = task.product::<Classified>(desk, Stage::Classify)?.map;
    let target = derived(&raw.dataset)?;
    let (crosswalk, revision) = crosswalk::find(desk, &raw.dataset)?;
    let mut transaction = desk.store.begin()?;
    let (key_id, key) = key_of(&mut transaction, &target, desk.now())?;
    let plan = plan_of(task.study)?;
    let work = Work {
        desk,
        raw: &raw,
        map: &map,
        plan: &plan,
        chest: Chest {
            dataset: &target,
            key_id: &key_id,
            key: &key,
        },
    };
    let made = work.transform(crosswalk, watch)?;
    let version = Version {
        id: content_address(DataState::DeIdentified, &made.tables),
        dataset: target.clone(),
        state: DataState::DeIdentified,
        parents: vec![raw.id.clone()],
        purpose: raw.purpose,
        basis: raw.basis,
        key: key_id.clone(),
        created: desk.now(),
        tables: made.tables,
    };
    let product = certify(
        desk,
        &version,
        &plan,
        made.manifest,
        &made.crosswalk,
        made.searched,
    )?;
    keep_dataset(
        &mut transaction,
        desk,
        &target,
        &root_of(desk, &raw)?,
        &task.study.study.owner,
    )?;
    keep_version(&mut transaction, &version)?;
    crosswalk::keep(
        &mut transaction,
        desk,
        &raw.dataset,
        &made.crosswalk,
        revision,
    )?;
    task.keep_step(&mut transaction, desk, Stage::Deidentify, &product)?;
    let event = desk
        .event(permit, Some(&task.cause))?
        .rows(version.rows())
        .persons(version.persons());
    let event = crate::govern::persons::about(desk, &raw, event)?;
    transaction.commit(event.digest(product.certificate_digest))?;
    Ok(product)
}

/// The dataset that holds the de-identified versions of another.
fn derived(dataset: &DatasetId) -> Result<DatasetId, StageError> {
    DatasetId::new(format!("{dataset}-deid"))
        .map_err(|_| StageError::Stored("the dataset's name is too long"))
}

/// The plan as a study tightens it; the one it starts from where the study says nothing.
pub(crate) fn plan_of(study: &Study) -> Result<Plan, StageError> {
    let section = study.deidentify.as_ref();
    let plan = section.map_or_else(|| Ok(safe_harbor()), Deidentify::plan);
    Ok(plan.map_err(StudyError::from)?)
}

/// The work on one version.
struct Work<'a> {
    desk: &'a Desk<'a>,
    raw: &'a Version,
    map: &'a FieldMap,
    plan: &'a Plan,
    chest: Chest<'a>,
}

/// What the work made.
struct Made {
    tables: Vec<Table>,
    manifest: Manifest,
    crosswalk: Crosswalk,
    searched: u64,
}

impl Work<'_> {
    fn transform(&self, crosswalk: Crosswalk, watch: &mut dyn Watch) -> Result<Made, StageError> {
        let engine = TextEngine::new();
        let plan = self.plan;
        let mut entropy = self.desk.entropy();
        let year = i32::from(self.desk.now().year());
        let mut deidentifier =
            Deidentifier::new(plan, self.map, &engine, crosswalk, &mut entropy, year)?;
        let residual = self.learn(&mut deidentifier)?;
        let all = self.raw.rows();
        let mut done = 0;
        let mut tables = Vec::new();
        let mut check = residual;
        for table in &self.raw.tables {
            let mut advance = |rows: u64| {
                done += rows;
                watch.advance(done, all);
            };
            tables.push(self.transform_table(
                table,
                &mut deidentifier,
                &mut check,
                &mut advance,
            )?);
        }
        let searched = check.report().values;
        refuse_leaks(&check)?;
        let (manifest, crosswalk) = deidentifier.finish();
        Ok(Made {
            tables,
            manifest,
            crosswalk,
            searched,
        })
    }

    /// What the structured columns know, for the notes and for the search afterwards.
    ///
    /// A name of one word is not searched for afterwards: `White` and `Will` stand in clinical
    /// text with every right. The notes of its own person were searched for it by the engine.
    fn learn(&self, deidentifier: &mut Deidentifier<'_>) -> Result<Residual, StageError> {
        let mut residual = Residual::default();
        for table in &self.raw.tables {
            for batch in tables::read(self.desk.store, self.raw, table, None)? {
                let batch = batch?;
                if let Some(person) = &table.person {
                    deidentifier.learn_people(&table.name, &batch, person)?;
                }
                self.remember(&mut residual, &table.name, &batch);
            }
        }
        Ok(residual)
    }

    fn remember(&self, residual: &mut Residual, table: &str, batch: &RecordBatch) {
        let schema = batch.schema();
        for (field, array) in schema.fields().iter().zip(batch.columns()) {
            let Some(finding) = self.map.finding(table, field.name()) else {
                continue;
            };
            let Some(label) = finding.label.filter(|_| finding.category.is_some()) else {
                continue;
            };
            for cell in tables::texts(array).into_iter().flatten() {
                if label != Label::Name || cell.trim().contains(' ') {
                    residual.look_for(label, &cell);
                }
            }
        }
    }

    /// Columns of a table that the plan handles in one way.
    fn columns_under(&self, table: &str, action: Action) -> Vec<&str> {
        let findings = self.map.tables.get(table).into_iter().flatten();
        let chosen = findings.filter(|finding| self.plan.action(finding.kind) == action);
        chosen.map(|finding| finding.column.as_str()).collect()
    }

    fn transform_table(
        &self,
        table: &Table,
        deidentifier: &mut Deidentifier<'_>,
        check: &mut Residual,
        advance: &mut dyn FnMut(u64),
    ) -> Result<Table, StageError> {
        let person = table.person.as_deref();
        let reader = tables::read(self.desk.store, self.raw, table, None)?;
        let empty = RecordBatch::new_empty(reader.schema());
        let schema = deidentifier.table(&table.name, &empty, person)?.schema();
        let kept = self.columns_under(&table.name, Action::Keep);
        let texts = self.columns_under(&table.name, Action::Text);
        let batches = reader.map(|batch| {
            let batch = batch?;
            let out = deidentifier.table(&table.name, &batch, person)?;
            let (out, found) = check
                .sweep_table(&out, &texts)
                .map_err(|_| StageError::Stored("text that does not fit its table"))?;
            deidentifier.swept(&found);
            check.table(&table.name, &out, &kept);
            advance(batch.num_rows() as u64);
            Ok(out)
        });
        let heading = Heading {
            table: &table.name,
            person,
            schema: &schema,
        };
        let written = tables::write_table(self.desk.store, &self.chest, heading, batches)?;
        Ok(Table {
            name: table.name.clone(),
            person: table.person.clone(),
            rows: written.rows,
            persons: written.persons,
            columns: schema
                .fields()
                .iter()
                .map(|field| field.name().clone())
                .collect(),
            object: written.object,
            place: written.place,
            content: written.content,
            origins: table.origins.clone(),
            dropped: table.dropped.clone(),
        })
    }
}

fn refuse_leaks(check: &Residual) -> Result<(), StageError> {
    let report = check.report();
    match report.survivors.values().sum() {
        0 => Ok(()),
        leaks => {
            let columns = report.columns.keys().map(String::as_str);
            let kinds = report
                .survivors
                .iter()
                .map(|(label, count)| format!("{count} {}", label.word()));
            Err(StageError::Residual {
                leaks,
                kinds: kinds.collect::<Vec<_>>().join(", "),
                places: columns.collect::<Vec<_>>().join(", "),
            })
        }
    }
}

fn certify(
    desk: &Desk<'_>,
    version: &Version,
    plan: &Plan,
    manifest: Manifest,
    crosswalk: &Crosswalk,
    searched: u64,
) -> Result<Deidentified, StageError> {
    let plan_bytes =
        serde_json::to_vec(plan).map_err(|_| StageError::Stored("a plan that is not JSON"))?;
    let manifest_digest = seal::digest(&manifest.to_canonical_json());
    let bound = Bound {
        plan: seal::digest(&plan_bytes),
        manifest: manifest_digest,
    };
    let certificate = Certificate::of(&manifest, bound, desk.now()).to_canonical_json();
    let certificate_digest = seal::digest(&certificate);
    let signature = desk.store.sign_statement(&certificate);
    Ok(Deidentified {
        version: version.place(),
        plan: manifest.plan.clone(),
        manifest_digest,
        certificate: String::from_utf8(certificate)
            .map_err(|_| StageError::Stored("a certificate that is not text"))?,
        certificate_digest,
        signature,
        persons_mapped: crosswalk.persons() as u64,
        searched,
        manifest,
    })
}
