use std::io::{BufRead, Cursor, Read, Seek, SeekFrom, Write};

use proptest::prelude::*;

use super::*;
use crate::{DataKey, OpenError, SeededEntropy, vectors::hex};

const MIB: usize = 1 << 20;
const FIRST: usize = MIB - 40 - 16;
const OTHER: usize = MIB - 16;

const FORMS: [StreamForm; 2] = [StreamForm::Tink, StreamForm::Drawn];

fn key() -> DataKey {
    DataKey::generate(&mut SeededEntropy::new(11))
}

fn plain(length: usize) -> Vec<u8> {
    let pattern: Vec<u8> = (0..=u8::MAX).chain(7..91).collect();
    pattern.iter().copied().cycle().take(length).collect()
}

fn seal(plain: &[u8], context: &[u8]) -> Vec<u8> {
    seal_in(StreamForm::Tink, plain, context)
}

fn seal_in(form: StreamForm, plain: &[u8], context: &[u8]) -> Vec<u8> {
    let mut entropy = SeededEntropy::new(12);
    let mut writer = SealWriter::in_form(form, Vec::new(), &key(), context, &mut entropy).unwrap();
    writer.write_all(plain).unwrap();
    writer.finish().unwrap()
}

fn open(sealed: &[u8], context: &[u8]) -> Result<Vec<u8>, OpenError> {
    let mut out = Vec::new();
    OpenReader::new(sealed, &key(), context)
        .and_then(|mut reader| reader.read_to_end(&mut out))
        .map(|_| out)
        .map_err(|error| OpenError::within(&error).unwrap().clone())
}

#[test]
fn streams_open_at_all_lengths_around_a_segment() {
    for length in [
        0,
        1,
        FIRST - 1,
        FIRST,
        FIRST + 1,
        FIRST + OTHER - 1,
        FIRST + OTHER,
        FIRST + OTHER + 1,
    ] {
        let plain = plain(length);
        for form in FORMS {
            let sealed = seal_in(form, &plain, b"c");
            assert_eq!(sealed.len() as u64, form.sealed_length(length as u64));
            assert!(open(&sealed, b"c").unwrap() == plain, "{length}");
            assert!(open(&sealed, b"d").is_err());
        }
    }
}

#[test]
fn a_build_writes_the_form_it_says() {
    let mut writer =
        SealWriter::new(Vec::new(), &key(), b"c", &mut SeededEntropy::new(12)).unwrap();
    writer.write_all(b"x").unwrap();
    let sealed = writer.finish().unwrap();
    let expected = if cfg!(feature = "fips") { 41 } else { 40 };
    assert_eq!(sealed.first(), Some(&expected));
    assert_eq!(
        sealed.len() as u64,
        StreamForm::of_this_build().sealed_length(1)
    );
    assert_eq!(open(&sealed, b"c"), Ok(vec![b'x']));
}

#[test]
fn drawn_nonces_differ_though_everything_else_is_the_same() {
    let [one, other] = [(); 2].map(|()| seal_in(StreamForm::Drawn, b"the same", b"c"));
    assert_eq!(one[..40], other[..40], "salt and prefix come from the seed");
    assert_ne!(one[40..52], other[40..52], "the nonce does not");
}

/// Python's `tink` 1.16.1 sealed one byte with a key of type `AesGcmHkdfStreamingKey` (segments of
/// 1 MiB, derived key of 32 bytes, SHA-256).
#[test]
fn a_stream_that_tink_sealed_opens() {
    let sealed = hex(
        "28253487450be82af475a6e5507af3b096c8396fd2d8179f4813750b8b5c7342\
         c366d6dc65a7e0e83615c67523b083c6871fbc8513d3a2de4d",
    );
    assert_eq!(open(&sealed, b"ctx"), Ok(vec![0x23]));
}

#[test]
fn every_flipped_byte_of_a_small_object_is_refused() {
    for form in FORMS {
        let sealed = seal_in(form, b"a small object", b"c");
        for at in 0..sealed.len() {
            for bit in [0x10, 1] {
                let mut changed = sealed.clone();
                changed[at] ^= bit;
                assert!(open(&changed, b"c").is_err(), "byte {at}, {form:?}");
            }
        }
        for length in 0..sealed.len() {
            assert!(open(&sealed[..length], b"c").is_err(), "cut at {length}");
        }
    }
}

#[test]
fn a_flipped_byte_is_named_by_segment_and_offset() {
    let sealed = seal(&plain(FIRST + OTHER + 100), b"c");
    for (at, segment, offset, length) in [
        (41, 0, 40, MIB - 40),
        (MIB - 1, 0, 40, MIB - 40),
        (MIB, 1, MIB, MIB),
        (2 * MIB - 1, 1, MIB, MIB),
        (2 * MIB + 3, 2, 2 * MIB, 116),
    ] {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        let found = OpenError::Segment {
            segment,
            offset: offset as u64,
            length: length as u64,
        };
        assert_eq!(open(&changed, b"c"), Err(found));
    }
}

#[test]
fn segments_with_drawn_nonces_are_held_in_their_places() {
    let sealed = seal_in(StreamForm::Drawn, &plain(3 * MIB + 100), b"c");
    let mut swapped = sealed.clone();
    let (left, right) = swapped.split_at_mut(2 * MIB);
    left[MIB..].swap_with_slice(&mut right[..MIB]);
    assert!(matches!(
        open(&swapped, b"c"),
        Err(OpenError::Segment { segment: 1, .. })
    ));
    assert!(matches!(
        open(&sealed[..2 * MIB], b"c"),
        Err(OpenError::Cut { segment: 1, .. })
    ));
}

#[test]
fn cut_added_and_swapped_segments_are_told_apart() {
    let sealed = seal(&plain(FIRST + 2 * OTHER + 100), b"c");
    let cut = |segment, offset: usize| {
        Err(OpenError::Cut {
            segment,
            offset: offset as u64,
        })
    };
    assert_eq!(open(&sealed[..2 * MIB], b"c"), cut(1, 2 * MIB));
    assert_eq!(open(&sealed[..MIB], b"c"), cut(0, MIB));
    assert_eq!(open(&sealed[..2 * MIB + 7], b"c"), cut(2, 2 * MIB + 7));

    let whole = seal(&plain(FIRST), b"c");
    let longer = [whole.as_slice(), b"more"].concat();
    assert_eq!(
        open(&longer, b"c"),
        Err(OpenError::Trailing {
            segment: 0,
            offset: MIB as u64
        })
    );

    let mut swapped = sealed;
    let (left, right) = swapped.split_at_mut(2 * MIB);
    left[MIB..].swap_with_slice(&mut right[..MIB]);
    assert!(matches!(
        open(&swapped, b"c"),
        Err(OpenError::Segment { segment: 1, .. })
    ));
}

#[test]
fn nothing_of_a_broken_segment_is_handed_out_and_the_error_stays() {
    let original = plain(FIRST + 500);
    let mut sealed = seal(&original, b"c");
    sealed[MIB + 20] ^= 1;
    let mut reader = OpenReader::new(sealed.as_slice(), &key(), b"c").unwrap();
    let mut out = vec![0; FIRST];
    reader.read_exact(&mut out).unwrap();
    assert!(out == original[..FIRST]);
    for _ in 0..3 {
        assert!(reader.read(&mut [0; 10]).is_err());
        assert!(reader.fill_buf().is_err());
    }
}

#[test]
fn any_place_of_a_stream_is_read_like_the_whole() {
    for length in [
        0,
        1,
        FIRST - 1,
        FIRST,
        FIRST + 1,
        FIRST + OTHER,
        3 * MIB + 5,
    ] {
        for form in FORMS {
            check_every_place(form, length);
        }
    }
}

fn check_every_place(form: StreamForm, length: usize) {
    let plain = plain(length);
    let sealed = seal_in(form, &plain, b"c");
    let mut opened = OpenAt::new(Cursor::new(sealed), &key(), b"c").unwrap();
    assert_eq!(opened.length(), length as u64);
    for at in [
        0,
        1,
        FIRST - 1,
        FIRST,
        FIRST + OTHER - 1,
        2 * MIB,
        3 * MIB,
        length,
    ] {
        let end = (at + 1_500_000).min(length);
        let mut piece = vec![0; end.saturating_sub(at)];
        opened.seek(SeekFrom::Start(at as u64)).unwrap();
        opened.read_exact(&mut piece).unwrap();
        assert!(
            piece == plain.get(at..end).unwrap_or_default(),
            "{length}, {at}"
        );
    }
    assert_eq!(opened.seek(SeekFrom::End(0)).unwrap(), length as u64);
    assert_eq!(opened.read(&mut [0; 9]).unwrap(), 0);
    let before = -1 - i64::try_from(length).unwrap();
    assert!(opened.seek(SeekFrom::End(before)).is_err());
}

#[test]
fn at_any_place_a_changed_cut_or_longer_stream_is_refused() {
    let sealed = seal(&plain(2 * MIB + 100), b"c");
    let open = |bytes: &[u8]| OpenAt::new(Cursor::new(bytes.to_vec()), &key(), b"c");
    for length in [0, 30, 40, 55, MIB, 2 * MIB, sealed.len() - 1] {
        assert!(open(&sealed[..length]).is_err(), "cut at {length}");
    }
    assert!(open(&[sealed.as_slice(), b"more"].concat()).is_err());
    assert!(OpenAt::new(Cursor::new(sealed.clone()), &key(), b"d").is_err());

    let mut changed = sealed;
    changed[MIB + 9] ^= 1;
    let mut opened = open(&changed).unwrap();
    let mut piece = [0; 100];
    opened.read_exact(&mut piece).unwrap();
    opened.seek(SeekFrom::Start(MIB as u64)).unwrap();
    let error = opened.read(&mut piece).unwrap_err();
    assert!(matches!(
        OpenError::within(&error),
        Some(OpenError::Segment { segment: 1, .. })
    ));
    opened.seek(SeekFrom::Start(2 * MIB as u64 + 20)).unwrap();
    opened.read_exact(&mut piece[..50]).unwrap();
}

#[test]
fn a_writer_that_is_dropped_leaves_an_object_that_is_refused() {
    let mut out = Vec::new();
    let mut writer = SealWriter::new(&mut out, &key(), b"c", &mut SeededEntropy::new(12)).unwrap();
    writer.write_all(&plain(FIRST + 10)).unwrap();
    drop(writer);
    assert!(out.len() <= MIB);
    assert!(matches!(open(&out, b"c"), Err(OpenError::Cut { .. })));
}

#[test]
fn after_a_failed_write_nothing_more_is_sealed() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self
                .0
                .checked_sub(bytes.len())
                .ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut writer = SealWriter::new(Full(100), &key(), b"c", &mut SeededEntropy::new(12)).unwrap();
    assert!(writer.write_all(&plain(FIRST + 1)).is_err());
    assert!(writer.write_all(b"x").is_err());
    assert!(writer.finish().is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn pieces_of_any_size_seal_and_open_like_the_whole(
        length in 0_usize..2_200_000, write in 1_usize..400_000, read in 1_usize..400_000,
        form in prop::sample::select(FORMS.as_slice()),
    ) {
        let plain = plain(length);
        let mut writer =
            SealWriter::in_form(form, Vec::new(), &key(), b"c", &mut SeededEntropy::new(12))
                .unwrap();
        for piece in plain.chunks(write) {
            writer.write_all(piece).unwrap();
        }
        let sealed = writer.finish().unwrap();
        prop_assert!(form == StreamForm::Drawn || sealed == seal(&plain, b"c"));

        let mut reader = OpenReader::new(sealed.as_slice(), &key(), b"c").unwrap();
        let mut opened = Vec::new();
        let mut piece = vec![0; read];
        loop {
            let count = reader.read(&mut piece).unwrap();
            if count == 0 { break }
            opened.extend_from_slice(&piece[..count]);
        }
        prop_assert!(opened == plain);
    }

    /// Wherever it was broken off, and whatever stood there: it goes on to the same bytes in
    /// Tink's form, to the same content in both.
    #[test]
    fn a_stream_that_was_broken_off_goes_on(
        length in 0_usize..3_300_000, cut in 0..=1_000_usize,
        form in prop::sample::select(FORMS.as_slice()),
    ) {
        let plain = plain(length);
        let whole = seal_in(form, &plain, b"c");
        let kept = 40 + (whole.len() - 40) * cut / 1_000;
        let sealed = resumed(&whole[..kept], &plain).unwrap();
        prop_assert!(form == StreamForm::Drawn || sealed == whole);
        prop_assert!(open(&sealed, b"c").unwrap() == plain);
    }

    /// Nothing is written under a nonce that was used for other bytes.
    #[test]
    fn a_source_that_changed_is_refused(
        length in 1_usize..3_300_000, cut in 0..=1_000_usize, at in 0..1_000_usize,
    ) {
        let mut plain = plain(length);
        let whole = seal(&plain, b"c");
        let kept = 40 + (whole.len() - 40) * cut / 1_000;
        let at = length * at / 1_000;
        plain[at] ^= 1;
        let result = resumed(&whole[..kept], &plain);
        // Where the byte stands in the sealed stream, tags and header counted.
        let sealed_at = at + 40 + 16 * ((at + 40) / (MIB - 16));
        if sealed_at < kept {
            let error = result.unwrap_err();
            prop_assert!(ResumeError::within(&error).is_some(), "{error}");
        } else if let Ok(sealed) = result {
            prop_assert!(open(&sealed, b"c").unwrap() == plain);
        }
    }
}

/// Goes on with a first part until the source ends, as the command line does.
fn resumed(first_part: &[u8], plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut source = plain;
    let inner = Cursor::new(first_part.to_vec());
    match SealWriter::resume(inner, &key(), b"c", &mut source)? {
        Resumed::Whole { length } => {
            assert_eq!(length, plain.len() as u64);
            Ok(first_part.to_vec())
        }
        Resumed::Open {
            mut writer,
            skipped,
        } => {
            assert_eq!(skipped, (plain.len() - source.len()) as u64);
            writer.write_all(source)?;
            let mut inner = writer.finish()?;
            let end = inner.stream_position()?;
            let mut sealed = inner.into_inner();
            sealed.truncate(usize::try_from(end).unwrap_or(usize::MAX));
            Ok(sealed)
        }
    }
}

#[test]
fn a_first_part_that_is_damaged_does_not_go_on() {
    let plain = plain(2 * MIB);
    let whole = seal(&plain, b"c");
    let mut changed = whole[..MIB + 90].to_vec();
    changed[400] ^= 1;
    let error = resumed(&changed, &plain).unwrap_err();
    assert!(matches!(
        OpenError::within(&error),
        Some(OpenError::Segment { segment: 0, .. })
    ));
    for length in 0..40 {
        assert!(resumed(&whole[..length], &plain).is_err(), "{length}");
    }
    let mut torn = whole[..MIB + 90].to_vec();
    torn[MIB + 50] = 0xff;
    torn[MIB + 51] = 0xff;
    let error = resumed(&torn, &plain).unwrap_err();
    assert_eq!(
        ResumeError::within(&error),
        Some(&ResumeError::Changed { segment: 1 }),
        "a torn end that is not what would stand there is not written over"
    );
    assert!(resumed(&whole, &plain[..MIB]).is_err(), "a shorter source");
    let longer = [plain.as_slice(), b"more"].concat();
    assert!(resumed(&whole, &longer).is_err(), "a longer source");
}
