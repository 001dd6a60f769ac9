use super::canvas::{Anchor, Canvas, GREY, GRID, STRONG, Scale, WARNING, WIDTH, bounds};
use crate::{
    figures::{measure, score},
    pack::Measure,
};

/// Values with their intervals, one a row, against a line.
#[derive(Debug)]
pub(crate) struct Dots {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) rows: Vec<Dot>,
    /// The line to compare with, and what it stands for.
    pub(crate) reference: Option<(f64, String)>,
    /// Whether the reference is a threshold not to be crossed.
    pub(crate) threshold: bool,
    /// The values' own limits.
    pub(crate) limits: (f64, f64),
}

/// One row; without a value the reason stands in its place.
#[derive(Debug)]
pub(crate) struct Dot {
    pub(crate) label: String,
    pub(crate) value: Result<Measure, String>,
}

impl Dots {
    pub(crate) fn svg(&self) -> String {
        let height = TOP + ROW * self.rows.len() as f64 + 28.0;
        let mut canvas = Canvas::new(height);
        let (low, high) = bounds(self.values(), self.limits.0, self.limits.1);
        // A distance starts at nothing; only scores may start where the values do.
        let low = if self.threshold { 0.0 } else { low };
        let scale = Scale {
            low,
            high,
            from: LEFT,
            to: WIDTH - 80.0,
        };
        for tick in scale.ticks() {
            let x = scale.at(tick);
            canvas.line((x, TOP - 4.0), (x, height - 24.0), GRID, 1.0);
            canvas.text(
                (x, height - 8.0),
                Anchor::Middle,
                true,
                &format!("{tick:.2}"),
            );
        }
        self.line(&mut canvas, &scale, height);
        for (index, row) in self.rows.iter().enumerate() {
            place(&mut canvas, &scale, TOP + ROW * (index as f64 + 0.5), row);
        }
        canvas.finish(self.id, &self.title, &self.description())
    }

    fn line(&self, canvas: &mut Canvas, scale: &Scale, height: f64) {
        let Some((value, label)) = &self.reference else {
            return;
        };
        let colour = if self.threshold { WARNING } else { GREY };
        let x = scale.at(*value);
        canvas.dashed((x, TOP - 8.0), (x, height - 24.0), colour);
        let anchor = if x > WIDTH * 0.7 {
            Anchor::End
        } else {
            Anchor::Middle
        };
        canvas.coloured(
            (x, 14.0),
            anchor,
            colour,
            &format!("{label} {}", score(*value)),
        );
    }

    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        let measured = self.rows.iter().filter_map(|row| row.value.as_ref().ok());
        let spread = measured.flat_map(|measure| match measure.interval {
            Some(interval) => [interval.low, interval.high],
            None => [measure.value; 2],
        });
        spread.chain(self.reference.as_ref().map(|(value, _)| *value))
    }

    fn description(&self) -> String {
        let rows: Vec<String> = self
            .rows
            .iter()
            .map(|row| match &row.value {
                Ok(value) => format!("{}: {}", row.label, measure(value)),
                Err(reason) => format!("{}: {reason}", row.label),
            })
            .collect();
        rows.join("; ")
    }
}

fn place(canvas: &mut Canvas, scale: &Scale, y: f64, row: &Dot) {
    canvas.text((LEFT - 14.0, y + 4.0), Anchor::End, false, &row.label);
    let value = match &row.value {
        Ok(value) => value,
        Err(reason) => return canvas.text((LEFT + 4.0, y + 4.0), Anchor::Start, true, reason),
    };
    if let Some(interval) = &value.interval {
        let (low, high) = (scale.at(interval.low), scale.at(interval.high));
        canvas.line((low, y), (high, y), STRONG, 2.0);
        canvas.line((low, y - 4.0), (low, y + 4.0), STRONG, 2.0);
        canvas.line((high, y - 4.0), (high, y + 4.0), STRONG, 2.0);
    }
    canvas.dot((scale.at(value.value), y), 4.5, true);
    canvas.text(
        (WIDTH - 4.0, y + 4.0),
        Anchor::End,
        false,
        &score(value.value),
    );
}

const LEFT: f64 = 210.0;
const TOP: f64 = 30.0;
const ROW: f64 = 26.0;
