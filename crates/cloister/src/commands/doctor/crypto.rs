//! The crypto part of `cloister doctor`: the module, and what holds for keys in memory here.

use rustix::process::{Resource, getrlimit};
use seal::{CryptoModule, Keyring};
use serde_json::{Value, json};

use crate::commands::key::services;

/// What was found.
pub(super) struct Crypto {
    pub(super) keepers: String,
    module: CryptoModule,
    /// Whether the long-lived keys are locked in memory.
    locked: bool,
    /// Bytes that may be locked; none for no limit.
    lock_limit: Option<u64>,
    /// Whether core files can be written.
    core_files: bool,
    /// Whether the kernel may dump this process, or let others look into it.
    dumpable: Option<bool>,
}

impl Crypto {
    pub(super) fn of(keyring: &Keyring) -> Self {
        Self {
            keepers: services(&keyring.kept_by()),
            module: seal::module(),
            locked: keyring.is_locked(),
            lock_limit: getrlimit(Resource::Memlock).current,
            core_files: getrlimit(Resource::Core).current != Some(0),
            dumpable: dumpable(),
        }
    }

    pub(super) fn rows(&self) -> Vec<Vec<String>> {
        let certificate = match (self.module.certificate, self.module.fips_mode) {
            (Some(certificate), true) => format!("{certificate}; the module is in its FIPS mode"),
            _ => "none: not the FIPS build".to_owned(),
        };
        let mut rows = vec![
            row("cryptography", self.module.name),
            row("module version", self.module.version),
            row("certificate", &certificate),
            row("self-test", "known answers found at start"),
        ];
        for outside in self.module.outside {
            rows.push(row("outside the module", outside));
        }
        rows.push(row("keys in memory", &self.memory()));
        rows.push(row("core dumps", self.dumps()));
        rows
    }

    pub(super) fn document(&self) -> Value {
        json!({ "module": self.module, "self_test": "passed",
            "memory": { "locked": self.locked, "lock_limit_bytes": self.lock_limit },
            "core_files": self.core_files, "dumpable": self.dumpable, "kept_by": self.keepers })
    }

    fn memory(&self) -> String {
        let limit = self.lock_limit.map_or_else(
            || "no limit".to_owned(),
            |bytes| format!("limit {bytes} bytes"),
        );
        if self.locked {
            format!(
                "locked and wiped after use ({limit}); expanded cipher keys and signing pairs of the library are wiped, not locked"
            )
        } else {
            format!(
                "wiped after use, NOT locked: the system refuses it ({limit}); raise it with `ulimit -l` or turn swap off"
            )
        }
    }

    const fn dumps(&self) -> &'static str {
        match (self.core_files, self.dumpable) {
            (false, Some(false)) => {
                "off: no core files, and the kernel dumps nothing of this process"
            }
            (false, _) => {
                "no core files; a crash handler of the system may still be given the memory"
            }
            (true, _) => "ON: the system refused to turn them off",
        }
    }
}

#[cfg(target_os = "linux")]
fn dumpable() -> Option<bool> {
    use rustix::process::{DumpableBehavior, dumpable_behavior};
    let found = dumpable_behavior().ok()?;
    Some(found != DumpableBehavior::NotDumpable)
}

#[cfg(not(target_os = "linux"))]
const fn dumpable() -> Option<bool> {
    None
}

fn row(what: &str, said: &str) -> Vec<String> {
    vec![what.to_owned(), said.to_owned()]
}
