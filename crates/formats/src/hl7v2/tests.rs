use proptest::prelude::*;

use super::*;
use crate::{Input, Limits, ReadError};

fn read(bytes: &[u8]) -> Result<Vec<Message>, ReadError> {
    messages("x.hl7", Input::Bytes(bytes.to_vec()), &Limits::default()).collect()
}

fn ids(message: &Message) -> Vec<&str> {
    message.segments().map(|segment| segment.id).collect()
}

#[test]
fn messages_end_where_the_next_header_begins() {
    let found = read(b"MSH|^~\\&|A\r\nPID|1\r\n\r\nMSH|^~\\&|B\nPID|2\nNTE||\n").unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(ids(&found[0]), ["MSH", "PID"]);
    assert_eq!(found[1].offset(), 21);
    assert_eq!(ids(&found[1]), ["MSH", "PID", "NTE"]);
}

#[test]
fn mllp_and_batches_are_framing() {
    let bytes = b"\x0bFHS|^~\\&|\rBHS|^~\\&|\r\x0bMSH|^~\\&|A\rPID|1\r\x1c\r\x0bMSH|^~\\&|B\x1c\rBTS|2\rFTS|1\r";
    let found = read(bytes).unwrap();
    let all: Vec<_> = found.iter().flat_map(ids).collect();
    assert_eq!(all, ["FHS", "BHS", "MSH", "PID", "MSH", "BTS", "FTS"]);
    assert_eq!(found[3].lead(), b"\x1c\r\x0b");
}

#[test]
fn leads_texts_and_the_rest_are_the_file() {
    let bytes = b"\xef\xbb\xbf\x0bMSH|^~\\&|A\r\rPID|1\r\x1c\r\n\x0bMSH|^~\\&|B\r\x1c\r";
    let mut found = messages("x", Input::Bytes(bytes.to_vec()), &Limits::default());
    let mut joined = Vec::new();
    for message in found.by_ref() {
        let message = message.unwrap();
        joined.extend_from_slice(message.lead());
        joined.extend_from_slice(message.text().as_bytes());
    }
    joined.extend_from_slice(found.trailing());
    assert_eq!(joined, bytes);
}

#[test]
fn a_line_that_is_no_segment_continues_the_last_field() {
    let found = read(b"MSH|^~\\&|A\nNTE|1||first\nsecond line\n\nthird\nPID|1\n").unwrap();
    let segments: Vec<_> = found[0].segments().collect();
    assert_eq!(segments[1].text, "NTE|1||first\nsecond line\n\nthird");
    assert_eq!(segments[2].id, "PID");
}

#[test]
fn a_line_after_a_header_that_is_no_segment_is_refused() {
    let error = read(b"MSH|^~\\&|A|||||||ORU^R01\rPIE^ORSON|GRIMBLE\r").unwrap_err();
    assert_eq!(error.offset, Some(25));
    assert!(read(b"MSH|^~\\&|A\r\n\r\nPID|1\r").is_ok());
}

#[test]
fn own_delimiters_are_taken_and_bad_ones_refused() {
    let found = read(b"MSH*:;!+*A\rPID*1\r").unwrap();
    assert_eq!(found[0].delimiters().escape, Some(b'!'));
    assert_eq!(found[0].segments().nth(1).unwrap().fields(b'*').count(), 1);
    for bad in [
        &b"MSH|"[..],
        b"MSH||A|",
        b"MSH|^^~&|",
        b"MSH|abc|",
        b"MSH|^~\\|\\&|^|",
    ] {
        let outcome = read(bad);
        assert!(outcome.is_err() || bad.starts_with(b"MSH|^~\\|"));
    }
}

#[test]
fn fields_are_counted_as_the_standard_counts() {
    let found = read(b"MSH|^~\\&|A|B|C|D|2020||ADT^A01|7|P|2.5.1\rPID|1||X\r").unwrap();
    assert_eq!(found[0].header(9), "ADT^A01");
    assert_eq!(found[0].version(), Some(5));
    let header = found[0].segments().next().unwrap();
    assert_eq!(header.fields(b'|').next().unwrap(), (2, 4, "^~\\&"));
    let pid = found[0].segments().nth(1).unwrap();
    assert_eq!(pid.fields(b'|').last().unwrap(), (3, 7, "X"));
}

#[test]
fn character_sets_are_read_written_and_refused() {
    let latin = b"MSH|^~\\&|A|||||||||2.5||||||8859/1\rNTE|||M\xfcller\r";
    let found = read(latin).unwrap();
    assert!(found[0].text().contains("Müller"));
    assert_eq!(found[0].encode(found[0].text()).as_ref(), latin);
    assert!(read(b"MSH|^~\\&|A|||||||||2.5||||||ISO IR87\r").is_err());
    let error = read(b"MSH|^~\\&|A\rNTE|||M\xfcller\r").unwrap_err();
    assert_eq!(error.offset, Some(18));
}

#[test]
fn what_is_no_message_is_refused_with_its_place() {
    assert!(read(b"").is_err());
    assert!(read(b"PID|1\r").is_err());
    let error = read(b"MSH|^~\\&|A\r\x1c\rhello\r").unwrap_err();
    assert_eq!(error.offset, Some(13));
    let tight = Limits {
        line_bytes: 100,
        ..Limits::default()
    };
    let long = [&b"MSH|^~\\&|A\r"[..], &vec![b'x'; 300_000]].concat();
    let mut found = messages("x", Input::Bytes(long), &tight);
    assert!(found.next().unwrap().is_err());
    assert!(found.next().is_none());
}

#[test]
fn escapes_are_read_and_remembered() {
    let mut text = Unescaped::default();
    let source = r"a\F\b\X4D\c\.br\d \H\e\N\ \Zq\f \\srv\x";
    text.push(source, 10, Delimiters::default());
    assert_eq!(text.text(), "a|bMc\nd e f \\\\srv\\x");
    assert_eq!(text.start_in_source(0), 10);
    assert_eq!(text.start_in_source(1), 11, "the escape of the delimiter");
    assert_eq!(text.end_in_source(2), 14);
    assert_eq!(text.start_in_source(2), 14);
    assert_eq!(text.foreign(), [(36, 40)]);
}

#[test]
fn a_stream_in_small_pieces_gives_the_same_messages() {
    struct Drip(std::io::Cursor<Vec<u8>>);
    impl std::io::Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let one = buffer.len().min(1);
            self.0.read(&mut buffer[..one])
        }
    }
    let bytes = b"\x0bMSH|^~\\&|A\r\nPID|1\r\n\x1c\r\x0bMSH|^~\\&|B\rNTE\r\x1c\r".to_vec();
    let drip = Input::Stream(Box::new(Drip(std::io::Cursor::new(bytes.clone()))));
    let slow: Vec<_> = messages("x", drip, &Limits::default())
        .map(|message| message.unwrap().text().to_owned())
        .collect();
    let fast: Vec<_> = read(&bytes)
        .unwrap()
        .iter()
        .map(|message| message.text().to_owned())
        .collect();
    assert_eq!(slow, fast);
    assert_eq!(fast.len(), 2);
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let headed = [&b"MSH|^~\\&|"[..], &bytes].concat();
        for message in read(&headed).into_iter().flatten() {
            for segment in message.segments() {
                for (_, at, field) in segment.fields(message.delimiters().field) {
                    let mut text = Unescaped::default();
                    text.push(field, at, message.delimiters());
                    prop_assert!(text.end_in_source(text.text().len()) <= segment.text.len());
                }
            }
        }
    }
}
