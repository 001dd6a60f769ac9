//! Running text, notes and attached files.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use formats::fhir::Element;

use super::{Walk, rules};

impl<'d> Walk<'_, '_, 'd, '_> {
    /// Running text, read by the text engine with what is known about the patient.
    pub(super) fn read(&mut self, element: Element<'d>, text: &str) -> bool {
        match self.work.text(text, self.person) {
            Some(new) => {
                let (start, end) = (element.start(), element.end());
                self.writer.replace_with_text(start, end, &new);
                true
            }
            None => self.kept(),
        }
    }

    /// Plain text is read; any other content, names and addresses of files go.
    pub(super) fn attachment(&mut self, attachment: Element<'d>) -> bool {
        let content = attachment.text_of("contentType").unwrap_or_default();
        let plain = content
            .trim_start()
            .get(..PLAIN.len())
            .is_some_and(|content| content.eq_ignore_ascii_case(PLAIN));
        self.members(attachment, |walk, member| {
            let value = member.value;
            match member.key {
                "contentType" | "language"
                    if value.text().is_some_and(|word| rules::is_code(&word)) =>
                {
                    walk.kept()
                }
                "creation" => walk.member(&member, attachment),
                "data" if plain && !walk.coded_only => walk.plain_text(value),
                _ => walk.removed('-'),
            }
        })
    }

    fn plain_text(&mut self, data: Element<'d>) -> bool {
        let written = data.text().unwrap_or_default();
        let bytes = STANDARD.decode(written.trim()).ok();
        let Some(text) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) else {
            return self.removed('-');
        };
        match self.work.text(&text, self.person) {
            Some(new) => {
                let new = STANDARD.encode(new);
                let (start, end) = (data.start(), data.end());
                self.writer.replace_with_text(start, end, &new);
                true
            }
            None => self.kept(),
        }
    }

    pub(super) fn annotation(&mut self, annotation: Element<'d>) -> bool {
        self.members(annotation, |walk, member| match member.key {
            "text" if !walk.coded_only => match member.value.text() {
                Some(text) if !text.is_empty() => walk.read(member.value, &text),
                _ => false,
            },
            "time" | "authorReference" => walk.member(&member, annotation),
            "authorString" => walk.removed('A'),
            _ => walk.removed('-'),
        })
    }
}

const PLAIN: &str = "text/plain";
