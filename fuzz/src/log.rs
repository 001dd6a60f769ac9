//! The audit log: frames of the file, events, checkpoints and exports.

use std::{
    fs::File,
    io::{Seek, Write},
    sync::OnceLock,
};

use audit::{Checkpoint, Event, verify_export};

use crate::keys::instance;

/// The frames are private to `store`, which would bring a database: their file is compiled here.
#[path = "../../crates/store/src/log/frames.rs"]
#[allow(dead_code, unreachable_pub)]
mod file;

/// The file of the log: whatever is read ends where a whole frame ends.
pub(crate) fn frames(data: &[u8]) {
    let mut file = scratch().try_clone().expect("a handle");
    file.set_len(0).expect("a file");
    file.rewind().expect("a file");
    file.write_all(data).expect("room on disk");
    let mut frames = file::Frames::new(file, 0).expect("a file");
    let mut again = Vec::new();
    while let Ok(Some(entry)) = frames.entry() {
        assert!(file::frame(&entry, &mut again));
    }
    assert_eq!(data.get(..again.len()), Some(again.as_slice()));
}

/// An event has one form only.
pub(crate) fn event(data: &[u8]) {
    if let Ok(event) = Event::decode(data) {
        assert_eq!(event.encode().as_bytes(), data);
    }
}

/// A checkpoint is taken only with a signature; one that is taken has one text only.
pub(crate) fn checkpoint(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        drop(Checkpoint::parse_and_verify(
            text,
            &instance().0.checkpoint_key(),
        ));
    }
}

/// An export from somewhere else.
pub(crate) fn export(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        drop(verify_export(text, &instance().0.checkpoint_key()));
    }
}

/// One file without a name, written anew for each input.
fn scratch() -> &'static File {
    static FILE: OnceLock<File> = OnceLock::new();
    FILE.get_or_init(|| {
        let path = std::env::temp_dir().join(format!("cloister-fuzz-{}.log", std::process::id()));
        let file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .expect("a temporary file");
        std::fs::remove_file(&path).expect("a temporary file");
        file
    })
}
