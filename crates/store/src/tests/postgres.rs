//! The contract on PostgreSQL: a private server in a temporary folder, on a Unix socket.

use std::{
    cell::RefCell,
    env, fs,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    rc::Rc,
    sync::atomic::{AtomicU32, Ordering},
};

use super::*;
use crate::{
    PostgresPlace,
    rows::{Rows, RowsPlace, Seat},
};

thread_local! {
    /// Where the sites of this thread have their rows, when not in SQLite.
    static SERVER: RefCell<Option<Rc<Server>>> = const { RefCell::new(None) };
}

/// A server of our own, gone with its folder.
pub(crate) struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
    schemas: AtomicU32,
}

/// The places of a new site of this thread.
pub(super) fn places() -> Places {
    SERVER.with_borrow(|server| {
        server
            .as_ref()
            .map_or_else(Places::default, |server| Places {
                rows: Some(server.place()),
                objects: None,
            })
    })
}

impl Server {
    /// Starts a server from the programs that are installed; says why there is none.
    pub(crate) fn start() -> Result<Rc<Self>, String> {
        let programs = programs().ok_or("the PostgreSQL server programs are not installed")?;
        let folder = tempfile::Builder::new()
            .prefix("pg")
            .tempdir_in("/tmp")
            .map_err(|error| error.to_string())?;
        if is_root() {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).map_err(|error| error.to_string())?;
        }
        let server = Self {
            folder,
            programs,
            schemas: AtomicU32::new(0),
        };
        server.run(
            "initdb",
            &[
                "-U",
                "cloister",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
        )?;
        let folder = server.folder.path().display();
        let options = format!(
            "-k {folder} -c listen_addresses='' -c shared_buffers=16MB -c max_connections=30"
        );
        let log = server.folder.path().join("log").display().to_string();
        server.run("pg_ctl", &["-w", "-s", "-l", &log, "-o", &options, "start"])?;
        Ok(Rc::new(server))
    }

    /// A schema that nobody uses yet.
    fn place(&self) -> PostgresPlace {
        let number = self.schemas.fetch_add(1, Ordering::Relaxed);
        PostgresPlace::new(&self.url(), &format!("instance_{number}")).unwrap()
    }

    fn url(&self) -> String {
        let folder = self.folder.path().display();
        format!("postgres://cloister@localhost/postgres?host={folder}")
    }

    /// Runs one of the server's programs on our data; root is refused by them, so another user is.
    fn run(&self, program: &str, arguments: &[&str]) -> Result<(), String> {
        let mut command = Command::new(self.programs.join(program));
        command
            .args(["-D", &self.folder.path().join("data").display().to_string()])
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if is_root() {
            command.gid(NOBODY).uid(NOBODY);
        }
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{program} ended with {status}")),
            Err(error) => Err(format!("{program} could not be run: {error}")),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.run("pg_ctl", &["-m", "immediate", "-s", "stop"]));
    }
}

/// Runs `work` with a server; without one says aloud that the checks were skipped.
fn with_server(work: impl FnOnce(&Rc<Server>)) {
    match Server::start() {
        Err(reason) => {
            use std::io::Write;
            let line = format!("skipped: {reason}; the contract was not run on PostgreSQL");
            drop(writeln!(std::io::stderr(), "{line}"));
        }
        Ok(server) => {
            SERVER.set(Some(Rc::clone(&server)));
            work(&server);
            SERVER.set(None);
        }
    }
}

fn programs() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    let path = env::var_os("PATH").unwrap_or_default();
    folders.extend(env::split_paths(&path));
    let whole = |folder: &Path| folder.join("initdb").exists() && folder.join("pg_ctl").exists();
    folders.into_iter().find(|folder| whole(folder))
}

fn is_root() -> bool {
    rustix::process::getuid().is_root()
}

const NOBODY: u32 = 65534;

#[test]
fn every_promise_of_the_contract_holds_on_postgresql() {
    use super::{contract, faults, killed};
    with_server(|_| {
        for promise in [
            contract::a_second_process_is_told_to_wait,
            contract::what_is_committed_is_found_again_after_a_restart,
            contract::a_transaction_sees_its_own_changes_and_nobody_else_does,
            contract::records_are_never_overwritten_unseen,
            contract::a_document_of_another_shape_is_an_error_and_not_a_guess,
            contract::one_transaction_at_a_time,
            contract::the_log_verifies_alone_and_as_an_export,
            contract::the_commit_carries_its_transaction_and_plain_events_carry_none,
            contract::nobody_but_recovery_tells_of_an_abandoned_change,
            contract::a_dataset_has_one_key_until_it_is_destroyed,
            faults::a_process_killed_between_log_and_rows_leaves_an_abandoned_change,
            faults::a_process_killed_between_rows_and_checkpoint_has_saved,
            killed::a_killed_process_loses_nothing_it_told_of,
        ] {
            promise();
        }
    });
}

#[test]
fn golden_schema_and_backup_of_postgresql() {
    with_server(|server| {
        let place = RowsPlace::Server(server.place());
        let mut rows = Rows::found(&place).unwrap();
        crate::rows::schema::migrate(&mut rows, crate::rows::Backup::ByUs).unwrap();
        let Rows::Postgres(rows) = &mut rows else {
            panic!("another database");
        };
        let told = crate::rows::postgres_schema::told(rows);
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/schema.postgres.sql");
        if env::var_os("UPDATE_GOLDEN").is_some() {
            write(&golden, told.as_bytes());
        }
        assert_eq!(text(&golden), told);
        crate::rows::postgres_schema::a_backup_is_asked_for_before_the_schema_changes(rows);
    });
}

#[test]
fn a_schema_on_a_server_belongs_to_one_instance() {
    with_server(|_| {
        let (site, store) = Site::new();
        let mut transaction = store.begin().unwrap();
        transaction.insert(crate::Noun::Study, "a", &1).unwrap();
        transaction.commit(event(1)).unwrap();
        transaction = store.begin().unwrap();
        transaction.insert(crate::Noun::Study, "b", &1).unwrap();
        transaction.commit(event(2)).unwrap();
        let places = site.places.clone();

        // While it is open, and after.
        let second = Site {
            places,
            ..Site::empty()
        };
        assert!(matches!(second.create(), Err(StoreError::InUse)));
        drop(store);
        assert!(matches!(second.create(), Err(StoreError::RowsTaken)));
        assert!(matches!(
            Store::discard(&site.home()),
            Err(StoreError::RowsTaken)
        ));

        // What nobody has saved anything in is taken away with its folder.
        let (site, store) = Site::new();
        drop(store);
        Store::discard(&site.home()).unwrap();
        assert!(!site.home().exists());
        let place = site.places.rows.unwrap();
        assert!(matches!(
            Rows::connect(&RowsPlace::Server(place), Seat::Reader),
            Err(StoreError::RowsMissing)
        ));
    });
}

#[test]
fn rows_changed_behind_the_back_are_named_on_postgresql() {
    with_server(|_| {
        for (sql, expected) in [
            (
                "UPDATE records SET sealed = decode(repeat('00', 40), 'hex')",
                "is not what was saved",
            ),
            ("DELETE FROM records", "is missing"),
            (
                "UPDATE keys SET dataset = 'other' WHERE dataset IS NOT NULL",
                "was altered or moved",
            ),
            (
                "UPDATE commits SET transaction_id = 'x' WHERE position = 0",
                "does not tell of the change",
            ),
        ] {
            let (site, store) = Site::new();
            let mut transaction = store.begin().unwrap();
            transaction
                .insert(crate::Noun::Study, "a", &"first")
                .unwrap();
            let dataset = domain::DatasetId::new("adult").unwrap();
            transaction.create_key(&dataset).unwrap();
            transaction.commit(event(1)).unwrap();
            drop(store);

            let place = RowsPlace::Server(site.places.rows.clone().unwrap());
            let mut rows = Rows::connect(&place, Seat::Writer).unwrap();
            assert!(rows.tamper(sql) > 0);
            drop(rows);
            let store = Store::open_to_verify(&site.home(), &passphrase()).unwrap();
            let error = store.verify_rows().unwrap_err().to_string();
            assert!(error.contains(expected), "{sql}: {error}");
        }
    });
}
