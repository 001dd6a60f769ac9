//! Where a composition has its weight: cumulants of the loss, and the tilt under which a lattice of
//! few cells sees the wanted delta best.
//!
//! Everything here plans; what is certified is computed again from the masses themselves.

/// Points (mass, loss) of one part, and how often it is composed.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) points: Vec<(f64, f64)>,
    pub(super) times: f64,
}

/// A composition as points.
#[derive(Clone, Debug)]
pub(super) struct Sketch(pub(super) Vec<Part>);

/// `ln E[e^(tilt loss)]` of the composition, and its first two derivatives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cumulants {
    pub(super) log_moment: f64,
    pub(super) mean: f64,
    pub(super) variance: f64,
}

/// The tilt under which the mean loss is where the wanted figure is decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Saddle {
    pub(super) tilt: f64,
    pub(super) mean: f64,
}

/// A tilt, and the losses between which its composed distribution is to be known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) tilt: f64,
    /// Where the answer is expected.
    pub(super) centre: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Logarithm of the tilted mass that may lie outside on either side.
    pub(super) log_outside: f64,
    /// Tilts beside this one whose Chernoff bounds close the window.
    pub(super) tilt_below: f64,
    pub(super) tilt_above: f64,
}

impl Sketch {
    /// The cumulants at a tilt.
    pub(super) fn cumulants(&self, tilt: f64) -> Cumulants {
        let mut total = Cumulants {
            log_moment: 0.0,
            mean: 0.0,
            variance: 0.0,
        };
        for part in &self.0 {
            let largest = part.points.iter().filter(|(mass, _)| *mass > 0.0);
            let shift = largest.fold(f64::NEG_INFINITY, |top, (_, loss)| top.max(tilt * loss));
            let (mut sum, mut first, mut second) = (0.0, 0.0, 0.0);
            for (mass, loss) in &part.points {
                let weight = mass * libm::exp(tilt * loss - shift);
                sum += weight;
                first += weight * loss;
                second += weight * loss * loss;
            }
            let mean = first / sum;
            total.log_moment += part.times * (libm::log(sum) + shift);
            total.mean += part.times * mean;
            total.variance += part.times * (second / sum - mean * mean).max(0.0);
        }
        total
    }

    /// The tilt under which the composed loss is centred where delta has this logarithm.
    pub(super) fn for_delta(&self, log_delta: f64) -> Saddle {
        let tilt = solve(LEAST_TILT, self.most_tilt(), |tilt| {
            let here = self.cumulants(tilt);
            let width = tilt * (tilt + 1.0) * libm::sqrt(TAU * here.variance);
            here.log_moment - tilt * here.mean - libm::log1p(width) <= log_delta
        });
        self.saddle_at(tilt)
    }

    /// The tilt under which the composed loss is centred where the second distribution keeps a
    /// mass with this logarithm above.
    pub(super) fn for_false_positives(&self, log_rate: f64) -> Saddle {
        let tilt = solve(LEAST_TILT, self.most_tilt(), |tilt| {
            let here = self.cumulants(tilt);
            let width = (tilt + 1.0) * libm::sqrt(TAU * here.variance);
            here.log_moment - (tilt + 1.0) * here.mean - libm::log1p(width) <= log_rate
        });
        self.saddle_at(tilt)
    }

    /// Tilts beyond this one would leave the range of the numbers.
    fn most_tilt(&self) -> f64 {
        let points = self.0.iter().flat_map(|part| &part.points);
        let largest = points.map(|(_, loss)| loss.abs()).fold(0.0, f64::max);
        LARGEST_EXPONENT / largest.max(LARGEST_EXPONENT / MOST_TILT)
    }

    fn saddle_at(&self, tilt: f64) -> Saddle {
        let here = self.cumulants(tilt);
        Saddle {
            tilt,
            mean: here.mean,
        }
    }

    /// The window of the least width among tilts up to the saddle's: under each, what lies outside
    /// is small against the wanted delta.
    pub(super) fn window(&self, saddle: Saddle, log_delta: f64, log_floor: f64) -> Window {
        let tried = TILTS.map(|part| self.window_at(saddle.tilt * part, saddle, log_delta));
        let usable = tried
            .into_iter()
            .flatten()
            .filter(|window| window.log_outside > log_floor);
        let least = usable.min_by(|one, two| one.width().total_cmp(&two.width()));
        least.unwrap_or_else(|| self.window_with(saddle.tilt, saddle, log_floor.max(-21.0)))
    }

    /// The window of the nearly untilted distribution around a known answer.
    pub(super) fn untilted(&self, saddle: Saddle, log_delta: f64, log_floor: f64) -> Window {
        self.window_with(
            LEAST_TILT,
            saddle,
            (log_delta + LOG_RELATIVE).max(log_floor),
        )
    }

    fn window_at(&self, tilt: f64, saddle: Saddle, log_delta: f64) -> Option<Window> {
        let here = self.cumulants(tilt);
        // The largest value of e^(-tilt l) (1 - e^(epsilon - l)), see bracket.rs.
        let worst = -tilt * saddle.mean - tilt * libm::log1p(1.0 / tilt) - libm::log1p(tilt);
        let outside = log_delta + LOG_RELATIVE - here.log_moment - worst;
        (outside < -1.0).then(|| self.window_with(tilt, saddle, outside))
    }

    fn window_with(&self, tilt: f64, saddle: Saddle, log_outside: f64) -> Window {
        let here = self.cumulants(tilt);
        let deviation = libm::sqrt(here.variance).max(1e-12);
        let bound = |sign: f64| {
            let mut best = (f64::INFINITY, 1.0);
            for factor in TRIED {
                let moved = (factor / deviation).min(self.most_tilt());
                let there = self.cumulants(tilt + sign * moved);
                let reach = sign * (there.log_moment - here.log_moment);
                let distance = (sign * reach - log_outside) / moved;
                if distance < best.0 {
                    best = (distance, moved);
                }
            }
            best
        };
        let (above, below) = (bound(1.0), bound(-1.0));
        Window {
            tilt,
            centre: saddle.mean,
            low: (-below.0).min(saddle.mean),
            high: above.0.max(saddle.mean),
            tilt_below: tilt - below.1,
            tilt_above: tilt + above.1,
            log_outside,
        }
    }
}

impl Window {
    pub(super) fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// The smallest number at which a test that turns true once is true, on a logarithmic scale.
fn solve(least: f64, most: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if holds(least) {
        return least;
    }
    let (mut low, mut high) = (libm::log(least), libm::log(most));
    for _ in 0..ROUNDS {
        let middle = 0.5 * (low + high);
        if holds(libm::exp(middle)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    libm::exp(high)
}

/// What lies outside a window is at most this part of the wanted delta (its logarithm).
const LOG_RELATIVE: f64 = -15.0;
const TRIED: [f64; 7] = [0.1, 0.35, 1.0, 2.5, 4.5, 6.5, 9.0];
const TILTS: [f64; 8] = [1.0, 0.75, 0.6, 0.45, 0.3, 0.2, 0.1, 0.02];
const LEAST_TILT: f64 = 1e-3;
const MOST_TILT: f64 = 1e5;
/// The largest exponent that a tilt gives to a single loss.
const LARGEST_EXPONENT: f64 = 100.0;
const ROUNDS: u32 = 24;
const TAU: f64 = 2.0 * std::f64::consts::PI;
