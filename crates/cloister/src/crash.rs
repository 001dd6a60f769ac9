//! A crash tells where it happened and nothing of the data: the words of a panic may hold a value.

use std::{
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    sync::Mutex,
};

use crate::{codes, failure::Failure};

/// Runs a command; a panic in it becomes a failure that names the place in our source.
pub(crate) fn caught(command: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    panic::set_hook(Box::new(note));
    // The command's state is dropped, never looked at again.
    panic::catch_unwind(AssertUnwindSafe(command)).unwrap_or_else(|_| Err(crashed()))
}

/// Engines catch the panics of libraries that read untrusted bytes: nothing is printed here.
fn note(panic: &PanicHookInfo<'_>) {
    if let (Some(place), Ok(mut last)) = (panic.location(), PLACE.lock()) {
        *last = format!("{}:{}", place.file(), place.line());
    }
}

fn crashed() -> Failure {
    let place = PLACE
        .lock()
        .map_or_else(|_| String::new(), |place| place.clone());
    Failure::new(
        codes::CRASH,
        format!("the program stopped at a place it should never reach ({place})"),
        "nothing half-done was kept; run `cloister doctor`, and report this place as a bug",
    )
}

static PLACE: Mutex<String> = Mutex::new(String::new());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_tells_its_place_and_not_its_words() {
        let failure = caught(|| panic!("Ada Example, 555-12-3456")).unwrap_err();
        drop(panic::take_hook());
        assert!(failure.what.contains("crash.rs:"));
        assert!(!failure.what.contains("Ada"));
    }
}
