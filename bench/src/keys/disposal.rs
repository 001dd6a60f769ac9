//! The end of a dataset, approved by a second person: keys destroyed, every file of the instance
//! searched for copies of them, objects tried, a certificate signed and kept.

use std::path::Path;

use access::{Operator, Policies};
use audit::Event;
use domain::{DatasetId, FixedClock, OperatorId, Role, Timestamp};
use flow::{
    Desk, StageError,
    operate::{
        disposal::{self, Subject, Wanted},
        key::{KeyError, approval},
    },
    record::Dataset,
};
use seal::{Argon2Cost, Passphrase};
use store::{Noun, Store};

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Lap, Laps, once},
};

/// Fills a line for each size of a dataset.
pub(super) fn measure(sheet: &mut Sheet) -> Outcome {
    for megabytes in [1, 100, 1_000] {
        let laps = Laps {
            name: format!("dispose of {megabytes} MB, certificate included"),
            amount: 1.0,
            each: of_size(megabytes)?,
        };
        sheet.time(super::GROUP, ("s", 1.0), &laps, NOTE);
    }
    Ok(())
}

/// Disposes of datasets of one size, one after the other, in an instance that holds just them.
fn of_size(megabytes: u32) -> Result<Vec<Lap>, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir_in(material::root().join("target"))?;
    let home = folder.path().join("instance");
    let passphrase = Passphrase::new("a benchmark's passphrase");
    let store = Store::create(&home, &passphrase, Argon2Cost::light())?;
    let clock = FixedClock(Timestamp::from_millis(0));
    let policies = Policies::built_in()?;
    let operator = Operator::new(OperatorId::new("ada")?, Role::Administrator);
    let desk = Desk::new(&store, &policies, operator, &clock);
    let second = OperatorId::new("bob")?;
    approval::register(
        &desk,
        (&second, Role::Administrator),
        &passphrase,
        Argon2Cost::light(),
    )?;
    let backups = folder.path().join("backups");
    let mut all = Vec::new();
    for number in 0..REPETITIONS {
        let dataset = DatasetId::new(format!("d{number}"))?;
        fill(&desk, &dataset, megabytes)?;
        all.push(dataset);
    }
    flow::operate::backup::back_up(&desk, &backups, &mut |_, _| {})?;
    let mut laps = Vec::new();
    for dataset in all {
        let wanted = Wanted {
            subject: Subject::Dataset(dataset),
            early: true,
            folders: Vec::new(),
        };
        let request = asked(&desk, &wanted)?;
        approval::approve(&desk, &request, &second, &passphrase)?;
        laps.push(once(&mut || complete(&desk, &wanted, &backups))?);
    }
    Ok(laps)
}

/// A dataset with sealed objects of a megabyte each, really written.
fn fill(desk: &Desk<'_>, name: &DatasetId, megabytes: u32) -> Outcome {
    let record = Dataset {
        id: name.clone(),
        root: name.clone(),
        owner: "bench".to_owned(),
        created: desk.now(),
    };
    let bytes = vec![7_u8; 1_000_000];
    let mut transaction = desk.store.begin()?;
    transaction.insert(Noun::Dataset, name.as_str(), &record)?;
    let (id, key) = transaction.create_key(name)?;
    for part in 0..megabytes {
        let place = format!("dataset/{name}/{part}");
        let written = desk
            .store
            .write_object(&key, &place, |out| out.write_all(&bytes))?;
        transaction.keep_object(&written, &id, &place)?;
    }
    let event: Event = super::event()?;
    transaction.commit(event)?;
    Ok(())
}

/// The request that the first call is refused with.
fn asked(desk: &Desk<'_>, wanted: &Wanted) -> Result<String, Box<dyn std::error::Error>> {
    match disposal::dispose(desk, wanted) {
        Err(StageError::Keys(KeyError::NeedsApproval { request })) => Ok(request),
        Err(other) => Err(other.into()),
        Ok(_) => Err("disposed of without a second person".into()),
    }
}

/// The disposal, which must end with a complete certificate and a purged backup.
fn complete(desk: &Desk<'_>, wanted: &Wanted, backups: &Path) -> Outcome {
    let certificate = disposal::dispose(desk, wanted)?.certificate()?;
    let reached = certificate
        .backups
        .iter()
        .any(|one| Path::new(&one.folder) == backups);
    if certificate.complete && reached && certificate.tried > 0 {
        Ok(())
    } else {
        Err("the certificate is not complete".into())
    }
}

const REPETITIONS: usize = 3;
const NOTE: &str = "objects of 1 MB, one backup purged; approval not timed; short log";
