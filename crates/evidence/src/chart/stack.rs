use super::canvas::{Anchor, Canvas, INK, Scale, WIDTH};
use crate::figures::number;

/// Parts of a whole with a cap: the privacy budget and what was spent of it.
#[derive(Debug)]
pub(crate) struct Stack {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) cap: f64,
    /// What is left of the cap: more than the sum of the parts leaves, because spends compose.
    pub(crate) left: f64,
}

/// One part.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) label: String,
    pub(crate) size: f64,
}

impl Stack {
    pub(crate) fn svg(&self) -> String {
        let height = 66.0 + 20.0 * (self.parts.len() + 1) as f64;
        let mut canvas = Canvas::new(height);
        let sum: f64 = self.parts.iter().map(|part| part.size).sum();
        let spent = (self.cap - self.left).max(0.0);
        // Each part's share of what is spent: together they cost less than one after the other.
        let share = if sum > 0.0 { spent / sum } else { 0.0 };
        let scale = Scale {
            low: 0.0,
            high: self.cap,
            from: 2.0,
            to: WIDTH - 2.0,
        };
        let mut start = 0.0;
        for (index, part) in self.parts.iter().enumerate() {
            let width = part.size * share;
            let (from, to) = (scale.at(start), scale.at(start + width));
            canvas.bar((from, TOP), (to - from - 1.0, 30.0), shade(index));
            named(&mut canvas, index, shade(index), &part.label, part.size);
            start += width;
        }
        canvas.frame((2.0, TOP), (scale.at(self.cap) - 2.0, 30.0));
        named(&mut canvas, self.parts.len(), "#ffffff", "left", self.left);
        let end = scale.at(self.cap);
        canvas.bold(
            (end, 14.0),
            Anchor::End,
            &format!("cap: epsilon {}", number(self.cap)),
        );
        canvas.line((end, 18.0), (end, TOP + 30.0), INK, 1.5);
        canvas.finish(self.id, &self.title, &self.description())
    }

    fn description(&self) -> String {
        let parts: Vec<String> = self
            .parts
            .iter()
            .map(|part| format!("{}: {}", part.label, number(part.size)))
            .collect();
        format!(
            "{}; left: {} of {}",
            parts.join("; "),
            number(self.left),
            number(self.cap)
        )
    }
}

/// A line of the key below the bar.
fn named(canvas: &mut Canvas, index: usize, colour: &str, label: &str, size: f64) {
    let y = TOP + 44.0 + 20.0 * index as f64;
    canvas.bar((2.0, y), (12.0, 12.0), colour);
    canvas.frame((2.0, y), (12.0, 12.0));
    let text = format!("{label}: epsilon {}", number(size));
    canvas.text((22.0, y + 10.5), Anchor::Start, false, &text);
}

/// Shades of the strong colour that differ in lightness, so that they differ in print too.
fn shade(index: usize) -> &'static str {
    const SHADES: [&str; 5] = ["#0072b2", "#5aa9d6", "#00466d", "#a6d0e8", "#2b8fc4"];
    SHADES
        .get(index % SHADES.len())
        .copied()
        .unwrap_or("#0072b2")
}

const TOP: f64 = 22.0;
