use std::{fs, path::Path};

use ::audit::{Verified, verify_static};
use serde_json::json;

use super::keys;
use crate::{
    arguments::{Arguments, VerifyLog},
    failure::Failure,
    screen::Screen,
    wire,
};

pub(super) fn run(arguments: &Arguments, how: &VerifyLog, screen: Screen) -> Result<(), Failure> {
    if let (Some(folder), Some(key)) = (&how.tiles, &how.key) {
        return tiles(folder, key, how.minimum, screen);
    }
    let (verified, before) = wire::verify_log(arguments, how.incremental)?;
    let begin = match before {
        0 => String::new(),
        before => format!(" ({before} of them verified before)"),
    };
    let pruned = match verified.pruned {
        0 => String::new(),
        pruned => format!("; the first {pruned} are pruned, their hashes hold"),
    };
    let clock = match verified.clock_set_back {
        0 => String::new(),
        times => {
            format!("; a clock was set back {times} times, the order of the entries is signed")
        }
    };
    screen.result(
        &format!(
            "the log holds: {} entries{begin}, root {}, every signed checkpoint matches{pruned}{clock}",
            verified.size, verified.root
        ),
        &json!({ "holds": true, "size": verified.size, "root": verified.root,
            "origin": verified.origin, "checkpoints": verified.checkpoints,
            "verified_before": before, "pruned": verified.pruned,
            "clock_set_back": verified.clock_set_back }),
    );
    Ok(())
}

/// Static files on any machine: only the key is trusted.
fn tiles(folder: &Path, key: &str, minimum: u64, screen: Screen) -> Result<(), Failure> {
    let key = keys::public(key)?;
    let verified: Verified = verify_static(&key, minimum, |path| fs::read(folder.join(path)).ok())?;
    screen.result(
        &format!(
            "the static log holds: {} entries of {}, root {}",
            verified.size, verified.origin, verified.root
        ),
        &json!({ "holds": true, "size": verified.size, "root": verified.root,
            "origin": verified.origin, "pruned": verified.pruned }),
    );
    Ok(())
}
