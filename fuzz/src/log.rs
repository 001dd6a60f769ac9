//! The audit log: frames of the file, events, checkpoints and exports.

use std::{
    fs::File,
    io::{Seek, Write},
    sync::OnceLock,
};

use audit::{
    AddCheckpoint, Checkpoint, Event, ExportFormat, Index, KeyKind, PersonSet, Query, Tile,
    TlogProof, TrustPolicy, VerifierKey, bundle_entries, verify_export_as,
};

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
    while let Ok(Some(frame)) = frames.read() {
        match frame {
            file::Frame::Entry(entry, leaf) => {
                let begin = again.len();
                assert_eq!(file::frame(entry, &mut again), Some(leaf));
                // A frame of the first release has another check and no flag.
                let first = data.get(begin + 3).is_some_and(|byte| byte & 0x80 == 0);
                if first {
                    let checked = data.get(begin..begin + 8).expect("a whole frame");
                    again[begin..begin + 8].copy_from_slice(checked);
                }
            }
            file::Frame::Note(note) => {
                // Bytes that are no text are not written again as they were.
                let Ok(note) = std::str::from_utf8(note) else {
                    return;
                };
                if !file::frame_note(note, &mut again) {
                    return;
                }
            }
            file::Frame::Skimmed(_) => panic!("reading skims nothing"),
        }
        assert_eq!(data.get(..again.len()), Some(again.as_slice()));
    }
    assert_eq!(frames.offset(), again.len() as u64);
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

/// An export from somewhere else; the first byte chooses the format.
pub(crate) fn export(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let key = instance().0.checkpoint_key();
    for format in ExportFormat::ALL {
        drop(verify_export_as(format, text, &key));
    }
}

/// A proof that stands alone: one that is read has one text only.
pub(crate) fn proof(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(proof) = TlogProof::parse(text) {
        assert_eq!(TlogProof::parse(&proof.to_text()), Ok(proof.clone()));
        let key = instance().0.checkpoint_key();
        drop(proof.verify(None, |text| Checkpoint::parse_and_verify(text, &key)));
    }
}

/// What a witness is asked, and what it is told to trust.
pub(crate) fn witness(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(request) = AddCheckpoint::parse(text) {
        assert_eq!(AddCheckpoint::parse(&request.to_text()), Ok(request.clone()));
        let key = instance().0.checkpoint_key();
        let key = VerifierKey::new("cloister/fuzz", KeyKind::Note, key).expect("a name");
        drop(request.judge(&[key], |_| None));
    }
    drop(text.parse::<VerifierKey>());
    if let Ok(policy) = TrustPolicy::parse(text) {
        drop(policy.accept(text));
    }
}

/// Files beside the log: sets of persons, bundles and indexes.
pub(crate) fn beside(data: &[u8]) {
    if let Ok(set) = PersonSet::decode(data) {
        assert_eq!(set.encode(), data);
    }
    let query = Query {
        action: Some(domain::Action::Ingest),
        ..Query::default()
    };
    if let Ok(index) = Index::open(data) {
        drop(index.candidates(&query));
    }
    if let Ok(text) = std::str::from_utf8(data)
        && let Some(tile) = Tile::parse(text)
    {
        assert_eq!(tile.path(), text);
    }
    drop(bundle_entries(data, 256));
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
