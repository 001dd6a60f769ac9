use std::fmt::Write as _;

/// Width of every drawing, in its own units.
pub(super) const WIDTH: f64 = 720.0;
/// The strong colour: what is, what was chosen (Okabe-Ito blue).
pub(super) const STRONG: &str = "#0072b2";
/// The weak colour: what was before.
pub(super) const WEAK: &str = "#b9c0c7";
/// The warning colour: thresholds (Okabe-Ito vermilion).
pub(super) const WARNING: &str = "#d55e00";
/// Lines that help the eye.
pub(super) const GRID: &str = "#dfe3e7";
/// Text.
pub(super) const INK: &str = "#1f2933";
/// Text of less weight.
pub(super) const GREY: &str = "#5b6773";

/// Where a text hangs on its point.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing under construction. Coordinates print with one decimal, so the same data gives the
/// same bytes.
#[derive(Debug)]
pub(super) struct Canvas {
    body: String,
    height: f64,
}

impl Canvas {
    pub(super) fn new(height: f64) -> Self {
        Self {
            body: String::new(),
            height,
        }
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.put(format_args!(
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="{colour}" stroke-width="{width:.1}"/>"#
        ));
    }

    pub(super) fn dashed(&mut self, from: (f64, f64), to: (f64, f64), colour: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.put(format_args!(
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="{colour}" stroke-width="1.5" stroke-dasharray="5 4"/>"#
        ));
    }

    pub(super) fn bar(&mut self, corner: (f64, f64), size: (f64, f64), colour: &str) {
        let ((x, y), (width, height)) = (corner, size);
        self.put(format_args!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{:.1}" height="{height:.1}" fill="{colour}"/>"#,
            width.max(0.0)
        ));
    }

    pub(super) fn frame(&mut self, corner: (f64, f64), size: (f64, f64)) {
        let ((x, y), (width, height)) = (corner, size);
        self.put(format_args!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="none" stroke="{INK}" stroke-width="1"/>"#
        ));
    }

    pub(super) fn dot(&mut self, at: (f64, f64), radius: f64, filled: bool) {
        let (x, y) = at;
        let fill = if filled { STRONG } else { "#ffffff" };
        self.put(format_args!(
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" fill="{fill}" stroke="{STRONG}" stroke-width="1.8"/>"#
        ));
    }

    pub(super) fn path(&mut self, points: &[(f64, f64)]) {
        let joined: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        self.put(format_args!(
            r#"<polyline points="{}" fill="none" stroke="{STRONG}" stroke-width="2"/>"#,
            joined.join(" ")
        ));
    }

    /// Text in ink, or in grey when `quiet`.
    pub(super) fn text(&mut self, at: (f64, f64), anchor: Anchor, quiet: bool, text: &str) {
        self.words(at, anchor, if quiet { GREY } else { INK }, "400", text);
    }

    /// Text in bold ink.
    pub(super) fn bold(&mut self, at: (f64, f64), anchor: Anchor, text: &str) {
        self.words(at, anchor, INK, "600", text);
    }

    /// Text in a colour of the drawing.
    pub(super) fn coloured(&mut self, at: (f64, f64), anchor: Anchor, colour: &str, text: &str) {
        self.words(at, anchor, colour, "600", text);
    }

    fn words(&mut self, at: (f64, f64), anchor: Anchor, colour: &str, weight: &str, text: &str) {
        let (x, y) = at;
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escaped(text);
        self.put(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" fill="{colour}" font-weight="{weight}">{text}</text>"#
        ));
    }

    /// The whole drawing; `id` must be unique on the page.
    pub(super) fn finish(self, id: &str, title: &str, description: &str) -> String {
        let (title, description) = (escaped(title), escaped(description));
        let Self { body, height } = self;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0} {height:.0}" role="img" aria-labelledby="{id}-title {id}-desc" font-size="13"><title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>{body}</svg>"#
        )
    }

    fn put(&mut self, piece: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        self.body.write_fmt(piece).unwrap_or_default();
    }
}

/// A straight scale from values to positions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Scale {
    /// The position of a value, drawn to the edge when outside.
    pub(super) fn at(&self, value: f64) -> f64 {
        let span = self.high - self.low;
        let share = if span > 0.0 {
            (value - self.low) / span
        } else {
            0.0
        };
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }

    /// Round values inside the scale, four to eight of them.
    pub(super) fn ticks(&self) -> Vec<f64> {
        let span = self.high - self.low;
        if span <= 0.0 || !span.is_finite() {
            return vec![self.low];
        }
        let step = STEPS
            .into_iter()
            .find(|step| span / step <= 7.0)
            .unwrap_or(span / 5.0);
        let first = (self.low / step - 1e-9).ceil();
        (0..20)
            .map(|index| (first + f64::from(index)) * step)
            .take_while(|tick| *tick <= self.high + step * 1e-6)
            .collect()
    }
}

/// Bounds around the values, a little wider, within `[least, most]`.
pub(super) fn bounds(values: impl Iterator<Item = f64>, least: f64, most: f64) -> (f64, f64) {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    if low > high {
        return (least, most.min(least + 1.0));
    }
    let room = ((high - low) * 0.12).max(0.01);
    ((low - room).max(least), (high + room).min(most))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

const STEPS: [f64; 16] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let scale = Scale {
            low: 0.78,
            high: 0.91,
            from: 0.0,
            to: 100.0,
        };
        let ticks: Vec<String> = scale
            .ticks()
            .iter()
            .map(|tick| format!("{tick:.2}"))
            .collect();
        assert_eq!(
            ticks,
            ["0.78", "0.80", "0.82", "0.84", "0.86", "0.88", "0.90"]
        );
    }

    #[test]
    fn values_outside_are_drawn_to_the_edge_and_markup_is_escaped() {
        let scale = Scale {
            low: 0.0,
            high: 1.0,
            from: 10.0,
            to: 20.0,
        };
        assert!((scale.at(7.0) - 20.0).abs() < 1e-9);
        let mut canvas = Canvas::new(10.0);
        canvas.text((0.0, 0.0), Anchor::Start, false, "<b>&");
        assert!(canvas.finish("x", "t", "d").contains("&lt;b&gt;&amp;"));
    }
}
