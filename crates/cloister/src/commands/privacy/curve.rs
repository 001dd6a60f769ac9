//! Epsilon against steps as a drawing.

use std::{fmt::Write as _, path::Path};

use serde_json::json;

use super::{Checked, bracket};
use crate::{failure::Failure, files, screen::Screen};

/// What both accountants say after so many steps.
struct Point {
    steps: u64,
    rdp: f64,
    pld: ::privacy::Bracket,
}

/// Draws the plan's epsilon from its first step to its last.
pub(super) fn draw(plan: &Checked, output: &Path, screen: Screen) -> Result<(), Failure> {
    let points: Result<Vec<Point>, Failure> = stops(plan.steps)
        .into_iter()
        .map(|steps| {
            let declared = plan.declared(steps)?;
            Ok(Point {
                steps,
                rdp: declared.rdp_epsilon(plan.delta),
                pld: declared.epsilon(plan.delta),
            })
        })
        .collect();
    let points = points?;
    let drawing = Drawing::new(plan, &points).svg();
    files::write_whole(output, |out| {
        out.write_all(drawing.as_bytes())
            .map_err(|cause| files::unwritable(output, &cause))
    })?;
    let last = points.last();
    let told = last.map_or_else(String::new, |last| {
        format!(
            ": after {} steps {:.4} (PLD), {:.4} (RDP)",
            last.steps, last.pld.upper, last.rdp
        )
    });
    let rows: Vec<_> = points
        .iter()
        .map(|point| json!({ "steps": point.steps, "rdp": point.rdp, "pld": bracket(point.pld) }))
        .collect();
    screen.result(
        &format!("wrote {}{told}", files::name_of(output)),
        &json!({
            "file": output, "sigma": plan.sigma, "sampling": plan.sampling, "delta": plan.delta,
            "points": rows,
        }),
    );
    Ok(())
}

/// About forty numbers of steps, evenly spread, the first and the last among them.
fn stops(steps: u64) -> Vec<u64> {
    let mut stops: Vec<u64> = (0..=POINTS)
        .map(|at| {
            let whole = u128::from(steps.saturating_sub(1)) * u128::from(at) / u128::from(POINTS);
            u64::try_from(whole).unwrap_or(u64::MAX).saturating_add(1)
        })
        .collect();
    stops.dedup();
    stops
}

struct Drawing<'a> {
    plan: &'a Checked,
    points: &'a [Point],
    most_steps: f64,
    most: f64,
}

impl<'a> Drawing<'a> {
    fn new(plan: &'a Checked, points: &'a [Point]) -> Self {
        let top = points.iter().map(|point| point.rdp.max(point.pld.upper));
        Self {
            plan,
            points,
            most_steps: points.last().map_or(1.0, |point| point.steps as f64),
            most: top.fold(0.0, f64::max).max(1e-9) * 1.05,
        }
    }

    fn x(&self, steps: f64) -> f64 {
        LEFT + steps / self.most_steps * (RIGHT - LEFT)
    }

    fn y(&self, epsilon: f64) -> f64 {
        BOTTOM - epsilon / self.most * (BOTTOM - TOP)
    }

    fn svg(&self) -> String {
        let mut body = String::new();
        self.axes(&mut body);
        let rdp = |point: &Point| point.rdp;
        let pld = |point: &Point| point.pld.upper;
        self.line(&mut body, WARM, "6 4", rdp);
        self.line(&mut body, COOL, "none", pld);
        legend(
            &mut body,
            0.0,
            COOL,
            "none",
            "PLD, upper end of the certified bracket (plan declared beforehand)",
        );
        legend(&mut body, 20.0, WARM, "6 4", "RDP, for continuous noise");
        let title = format!(
            "Privacy cost: sigma {}, sampling {:.6}, delta {}",
            self.plan.sigma, self.plan.sampling, self.plan.delta
        );
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 420\" width=\"720\" height=\"420\" role=\"img\" \
             font-family=\"sans-serif\" font-size=\"13\"><title>{title}</title>\
             <rect width=\"720\" height=\"420\" fill=\"#ffffff\"/>\
             <text x=\"{LEFT}\" y=\"24\" font-size=\"15\" font-weight=\"600\" fill=\"{INK}\">{title}</text>{body}</svg>\n"
        )
    }

    fn axes(&self, body: &mut String) {
        for tick in ticks(self.most) {
            let y = self.y(tick);
            put(
                body,
                format_args!(
                    "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{RIGHT}\" y2=\"{y:.1}\" stroke=\"{GRID}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{GREY}\">{}</text>",
                    LEFT - 8.0,
                    y + 4.0,
                    short(tick)
                ),
            );
        }
        for tick in ticks(self.most_steps) {
            let x = self.x(tick);
            put(
                body,
                format_args!(
                    "<line x1=\"{x:.1}\" y1=\"{BOTTOM}\" x2=\"{x:.1}\" y2=\"{:.1}\" stroke=\"{GREY}\"/><text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"{GREY}\">{}</text>",
                    BOTTOM + 5.0,
                    BOTTOM + 20.0,
                    short(tick)
                ),
            );
        }
        let middle = f64::midpoint(LEFT, RIGHT);
        let centre = f64::midpoint(TOP, BOTTOM);
        put(
            body,
            format_args!(
                "<line x1=\"{LEFT}\" y1=\"{BOTTOM}\" x2=\"{RIGHT}\" y2=\"{BOTTOM}\" stroke=\"{GREY}\"/><text x=\"{middle}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"{INK}\">steps</text><text transform=\"translate(20 {centre}) rotate(-90)\" text-anchor=\"middle\" fill=\"{INK}\">epsilon, one person added or removed</text>",
                BOTTOM + 42.0
            ),
        );
    }

    fn line(&self, body: &mut String, colour: &str, dash: &str, value: impl Fn(&Point) -> f64) {
        let places: Vec<String> = self
            .points
            .iter()
            .map(|point| {
                format!(
                    "{:.1},{:.1}",
                    self.x(point.steps as f64),
                    self.y(value(point))
                )
            })
            .collect();
        put(
            body,
            format_args!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>",
                places.join(" ")
            ),
        );
        if let (Some(last), Some(point)) = (places.last(), self.points.last()) {
            let (x, y) = last.split_once(',').unwrap_or_default();
            put(
                body,
                format_args!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{y}\" dy=\"4\" fill=\"{colour}\" font-weight=\"600\">{:.3}</text>",
                    RIGHT + 8.0,
                    value(point)
                ),
            );
        }
    }
}

/// A line of the legend, which stands in the lower right: both curves rise.
fn legend(body: &mut String, down: f64, colour: &str, dash: &str, text: &str) {
    let y = 318.0 + down;
    put(
        body,
        format_args!(
            "<line x1=\"190\" y1=\"{y:.1}\" x2=\"222\" y2=\"{y:.1}\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/><text x=\"230\" y=\"{:.1}\" fill=\"{INK}\">{text}</text>",
            y + 4.0
        ),
    );
}

/// Round numbers from zero up to the most, four to eight of them.
fn ticks(most: f64) -> Vec<f64> {
    let power = 10_f64.powf(most.log10().floor());
    let steps = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0].map(|part| part * power);
    let step = steps.into_iter().find(|step| most / step <= 7.0);
    let step = step.unwrap_or(power);
    (0..9)
        .map(|at| (f64::from(at) * step * 1e9).round() / 1e9)
        .take_while(|tick| *tick <= most * (1.0 + 1e-9))
        .collect()
}

/// A number with as many digits as it needs.
fn short(number: f64) -> String {
    if number >= 1e6 {
        return format!("{number:e}");
    }
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn put(body: &mut String, piece: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    body.write_fmt(piece).unwrap_or_default();
}

const POINTS: u64 = 40;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 640.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 356.0;
const INK: &str = "#1f2933";
const GREY: &str = "#5b6773";
const GRID: &str = "#dfe3e7";
/// Okabe-Ito blue and vermilion.
const COOL: &str = "#0072b2";
const WARM: &str = "#d55e00";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stops_reach_from_the_first_step_to_the_last() {
        assert_eq!(stops(1), [1]);
        assert_eq!(stops(3), [1, 2, 3]);
        let many = stops(3510);
        assert_eq!((many.len(), many[0], many[40]), (41, 1, 3510));
        assert_eq!(stops(u64::MAX).last(), Some(&u64::MAX));
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(1.4), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4]);
        assert_eq!(short(0.25), "0.25");
        assert_eq!(short(3500.0), "3500");
    }
}
