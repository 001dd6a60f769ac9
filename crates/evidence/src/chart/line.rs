use super::canvas::{Anchor, Canvas, GREY, GRID, Scale, WIDTH, bounds};
use crate::{
    figures::{number, score},
    pack::EpsilonPoint,
};

/// Accuracy against epsilon: one dot a trained model, the registered one filled.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) points: &'a [EpsilonPoint],
}

impl Line<'_> {
    pub(crate) fn svg(&self) -> String {
        let mut canvas = Canvas::new(HEIGHT);
        let mut private: Vec<(f64, &EpsilonPoint)> = self
            .points
            .iter()
            .filter_map(|point| Some((point.epsilon.filter(|it| *it > 0.0)?, point)))
            .collect();
        private.sort_by(|left, right| left.0.total_cmp(&right.0));
        let (low, high) = bounds(self.points.iter().map(|point| point.accuracy), 0.0, 1.0);
        let up = Scale {
            low,
            high,
            from: BOTTOM,
            to: 20.0,
        };
        let across = across(&private);
        axis(&mut canvas, &up);
        self.without_privacy(&mut canvas, &up);
        let places: Vec<(f64, f64)> = private
            .iter()
            .map(|(epsilon, point)| (across.at(epsilon.log2()), up.at(point.accuracy)))
            .collect();
        canvas.path(&places);
        for ((epsilon, point), place) in private.iter().zip(&places) {
            mark(&mut canvas, *epsilon, point, *place);
        }
        canvas.text(
            (WIDTH / 2.0 + 30.0, HEIGHT - 4.0),
            Anchor::Middle,
            true,
            "epsilon (smaller is more private)",
        );
        canvas.finish(self.id, &self.title, &self.description())
    }

    fn without_privacy(&self, canvas: &mut Canvas, up: &Scale) {
        let plain = self.points.iter().find(|point| point.epsilon.is_none());
        if let Some(point) = plain {
            let y = up.at(point.accuracy);
            canvas.dashed((LEFT, y), (RIGHT, y), GREY);
            let label = format!("without privacy, {}", score(point.accuracy));
            canvas.text((LEFT + 8.0, y - 6.0), Anchor::Start, true, &label);
        }
    }

    fn description(&self) -> String {
        let points: Vec<String> = self
            .points
            .iter()
            .map(|point| match point.epsilon {
                Some(epsilon) => format!("epsilon {}: {}", number(epsilon), score(point.accuracy)),
                None => format!("without privacy: {}", score(point.accuracy)),
            })
            .collect();
        points.join("; ")
    }
}

/// Epsilon on a logarithmic scale, since doubling it is one step.
fn across(private: &[(f64, &EpsilonPoint)]) -> Scale {
    let low = private.first().map_or(0.0, |(epsilon, _)| epsilon.log2());
    let high = private.last().map_or(1.0, |(epsilon, _)| epsilon.log2());
    Scale {
        low: low - 0.4,
        high: high + 0.8,
        from: LEFT,
        to: RIGHT,
    }
}

fn axis(canvas: &mut Canvas, up: &Scale) {
    for tick in up.ticks() {
        let y = up.at(tick);
        canvas.line((LEFT, y), (RIGHT, y), GRID, 1.0);
        canvas.text(
            (LEFT - 8.0, y + 4.0),
            Anchor::End,
            true,
            &format!("{tick:.3}"),
        );
    }
    canvas.text((LEFT - 8.0, 12.0), Anchor::End, true, "accuracy");
}

fn mark(canvas: &mut Canvas, epsilon: f64, point: &EpsilonPoint, (x, y): (f64, f64)) {
    canvas.dot((x, y), 5.0, point.chosen);
    // Below and to the right: a rising curve leaves that side free.
    let label = score(point.accuracy);
    let place = (x + 7.0, y + 18.0);
    if point.chosen {
        canvas.bold(place, Anchor::Start, &format!("{label}, registered"));
    } else {
        canvas.text(place, Anchor::Start, false, &label);
    }
    canvas.text((x, BOTTOM + 18.0), Anchor::Middle, true, &number(epsilon));
}

const LEFT: f64 = 80.0;
const RIGHT: f64 = WIDTH - 20.0;
const HEIGHT: f64 = 300.0;
const BOTTOM: f64 = 252.0;
