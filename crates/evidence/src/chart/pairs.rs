use super::canvas::{Anchor, Canvas, GRID, STRONG, Scale, WARNING, WEAK, WIDTH};
use crate::figures::{number, percent};

/// Shares before and after, two bars a row.
#[derive(Debug)]
pub(crate) struct Pairs {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) rows: Vec<Pair>,
    /// A bound drawn across the rows it applies to, with its label.
    pub(crate) bound: Option<f64>,
}

/// One row; shares between 0 and 1.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) label: String,
    pub(crate) before: f64,
    pub(crate) after: Option<f64>,
    /// Whether the bound applies to this row.
    pub(crate) bounded: bool,
}

impl Pairs {
    pub(crate) fn svg(&self) -> String {
        let height = TOP + ROW * self.rows.len() as f64 + 26.0;
        let mut canvas = Canvas::new(height);
        let scale = Scale {
            low: 0.0,
            high: self.highest(),
            from: LEFT,
            to: WIDTH - 70.0,
        };
        for tick in scale.ticks() {
            let x = scale.at(tick);
            canvas.line((x, TOP - 6.0), (x, height - 22.0), GRID, 1.0);
            canvas.text(
                (x, height - 6.0),
                Anchor::Middle,
                true,
                &format!("{} %", number(tick * 100.0)),
            );
        }
        self.key(&mut canvas);
        for (index, row) in self.rows.iter().enumerate() {
            self.row(&mut canvas, &scale, TOP + ROW * index as f64, row);
        }
        canvas.finish(self.id, &self.title, &self.description())
    }

    fn row(&self, canvas: &mut Canvas, scale: &Scale, y: f64, row: &Pair) {
        let middle = y + ROW / 2.0 - 3.0;
        canvas.text((LEFT - 12.0, middle + 4.0), Anchor::End, false, &row.label);
        let bars = [(Some(row.before), WEAK), (row.after, STRONG)];
        for (step, (share, colour)) in (0_u8..).zip(bars) {
            let Some(share) = share else { continue };
            let top = y + 3.0 + f64::from(step) * 16.0;
            // A share that is not zero is never drawn as nothing.
            let least = if share > 0.0 { 1.5 } else { 0.0 };
            let length = (scale.at(share) - LEFT).max(least);
            canvas.bar((LEFT, top), (length, 13.0), colour);
            let end = (scale.at(share) + 6.0, top + 11.0);
            canvas.text(end, Anchor::Start, step == 0, &percent(share));
        }
        if let Some(bound) = self.bound.filter(|_| row.bounded) {
            let x = scale.at(bound);
            canvas.line((x, y - 1.0), (x, y + 36.0), WARNING, 2.0);
        }
    }

    fn key(&self, canvas: &mut Canvas) {
        let mut x = LEFT;
        canvas.bar((x, 4.0), (12.0, 12.0), WEAK);
        canvas.text((x + 18.0, 14.5), Anchor::Start, false, "before");
        if self.rows.iter().any(|row| row.after.is_some()) {
            x += 80.0;
            canvas.bar((x, 4.0), (12.0, 12.0), STRONG);
            canvas.text((x + 18.0, 14.5), Anchor::Start, false, "after");
        }
        if let Some(bound) = self.bound {
            x += 80.0;
            canvas.line((x + 6.0, 3.0), (x + 6.0, 17.0), WARNING, 2.0);
            let label = format!("highest allowed, {}", percent(bound));
            canvas.text((x + 18.0, 14.5), Anchor::Start, false, &label);
        }
    }

    fn highest(&self) -> f64 {
        let shares = self
            .rows
            .iter()
            .flat_map(|row| [Some(row.before), row.after])
            .flatten();
        shares.fold(0.05, f64::max).min(1.0)
    }

    fn description(&self) -> String {
        let rows: Vec<String> = self
            .rows
            .iter()
            .map(|row| match row.after {
                Some(after) => {
                    format!(
                        "{}: {} before, {} after",
                        row.label,
                        percent(row.before),
                        percent(after)
                    )
                }
                None => format!("{}: {}", row.label, percent(row.before)),
            })
            .collect();
        rows.join("; ")
    }
}

const LEFT: f64 = 210.0;
const TOP: f64 = 34.0;
const ROW: f64 = 46.0;
