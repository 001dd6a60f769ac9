//! Composition on a lattice: tilt, transform, raise to the power, transform back.
//!
//! Tilting (Esscher) multiplies the mass at loss `l` by `e^(theta l - K)`. It commutes with
//! convolution, brings the part of the distribution that decides about a small delta into the middle
//! of the window, and so makes rounding and wrap-around errors relative to that delta.

use super::{
    cells::Masses,
    fourier::{Complex, Fourier},
    saddle::Window,
};

/// The transform of one length.
#[derive(Debug)]
pub(super) struct Transform(Fourier);

/// A composed, tilted distribution in a window of the lattice.
#[derive(Debug)]
pub(super) struct Composed {
    pub(super) step: f64,
    /// The multiple of the step at the start of the window.
    pub(super) first: i64,
    /// Tilted mass at each place of the window.
    pub(super) mass: Vec<f64>,
    pub(super) tilt: f64,
    /// Where the answer is expected.
    pub(super) centre: f64,
    /// `ln E[e^(tilt loss)]` of the composition: the true mass at `l` is
    /// `mass e^(log_moment - tilt l)`.
    pub(super) log_moment: f64,
    /// A bound on tilted mass that lies outside the window or came into it by wrapping or rounding.
    pub(super) astray: f64,
    /// A bound on the mass of infinite loss.
    pub(super) infinite: f64,
    /// A bound on the relative error of the masses by rounding.
    pub(super) relative: f64,
}

impl Transform {
    pub(super) fn new(length: usize) -> Self {
        Self(Fourier::new(length))
    }

    /// Composes parts, each so many times, in a window that begins at `first`.
    pub(super) fn compose(
        &self,
        parts: &[(Masses, u64)],
        window: &Window,
        first: i64,
    ) -> Option<Composed> {
        let step = parts.first()?.0.step;
        let mut total = vec![Complex::new(1.0, 0.0); self.0.length() / 2 + 1];
        let mut sums = [0.0; 3];
        let (mut infinite, mut relative, mut count) = (0.0, 0.0, 0.0);
        for (masses, times) in parts {
            let many = *times as f64;
            let tilted = masses.tilted(window.tilt);
            let tilts = [window.tilt, window.tilt_below, window.tilt_above];
            let moments = tilts.map(|tilt| masses.log_moment(tilt));
            for (sum, moment) in sums.iter_mut().zip(moments) {
                *sum += many * moment;
            }
            let spectrum = self.spectrum(&tilted, masses.first);
            multiply(&mut total, &spectrum, *times);
            infinite += many * masses.infinite;
            relative += many * MASS_ERROR;
            count += many;
        }
        let mass = self.window(&total, first);
        let [here, below, above] = sums;
        let low = first as f64 * step;
        let high = low + self.0.length() as f64 * step;
        let outside = libm::exp(above - here - (window.tilt_above - window.tilt) * high)
            + libm::exp(below - here + (window.tilt - window.tilt_below) * low);
        let rounding = ROUNDING * (count + 64.0);
        Some(Composed {
            step,
            first,
            mass,
            tilt: window.tilt,
            centre: window.centre,
            log_moment: here,
            astray: 2.0 * outside + rounding,
            infinite,
            relative,
        })
    }

    fn spectrum(&self, tilted: &[f64], first: i64) -> Vec<Complex> {
        let length = self.0.length();
        let mut wrapped = vec![0.0; length];
        let mut place = wrap(first, length);
        for mass in tilted {
            if let Some(here) = wrapped.get_mut(place) {
                *here += mass;
            }
            place += 1;
            if place == length {
                place = 0;
            }
        }
        self.0.forward(&wrapped)
    }

    /// Back from the spectrum, turned so that place 0 is the multiple `first`.
    fn window(&self, spectrum: &[Complex], first: i64) -> Vec<f64> {
        let mut out = self.0.back(spectrum);
        out.rotate_left(wrap(first, self.0.length()));
        out
    }
}

impl Masses {
    /// The masses times `e^(tilt loss)`, divided by their sum.
    fn tilted(&self, tilt: f64) -> Vec<f64> {
        let log_moment = self.log_moment(tilt);
        let mut out = Vec::with_capacity(self.mass.len());
        self.each_tilted(tilt, log_moment, |mass| out.push(mass));
        out
    }

    /// `ln` of the sum of masses times `e^(tilt loss)`.
    pub(super) fn log_moment(&self, tilt: f64) -> f64 {
        let low = self.first as f64;
        let high = low + self.mass.len() as f64;
        let reach = [low, high].map(|end| tilt * end * self.step);
        let shift = reach[0].max(reach[1]);
        let (mut sum, mut chunk, mut held) = (0.0, 0.0, 0_u32);
        self.each_tilted(tilt, shift, |mass| {
            chunk += mass;
            held += 1;
            if held == CHUNK {
                sum += std::mem::take(&mut chunk);
                held = 0;
            }
        });
        libm::log(sum + chunk) + shift
    }

    /// Calls with each mass times `e^(tilt loss - shift)`; the power is taken afresh for each chunk
    /// so that rounding does not pile up.
    fn each_tilted(&self, tilt: f64, shift: f64, mut take: impl FnMut(f64)) {
        let factor = libm::exp(tilt * self.step);
        let mut place = self.first as f64;
        for chunk in self.mass.chunks(CHUNK as usize) {
            let mut power = libm::exp(tilt * place * self.step - shift).min(f64::MAX);
            place += f64::from(CHUNK);
            for mass in chunk {
                take(mass * power);
                power *= factor;
            }
        }
    }
}

/// Multiplies `total` by the spectrum's power; what is too small to matter becomes zero.
fn multiply(total: &mut [Complex], spectrum: &[Complex], times: u64) {
    let negligible = libm::exp(-2.0 * NEGLIGIBLE / times as f64);
    for (total, value) in total.iter_mut().zip(spectrum) {
        *total = if value.square_norm() < negligible {
            Complex::new(0.0, 0.0)
        } else {
            total.times(power(*value, times))
        };
    }
}

fn power(mut base: Complex, mut times: u64) -> Complex {
    let mut result = Complex::new(1.0, 0.0);
    while times > 0 {
        if times & 1 == 1 {
            result = result.times(base);
        }
        base = base.times(base);
        times >>= 1;
    }
    result
}

#[expect(
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    reason = "a remainder lies between zero and the length, which is small"
)]
const fn wrap(place: i64, length: usize) -> usize {
    place.rem_euclid(length as i64) as usize
}

const CHUNK: u32 = 64;

/// A frequency that falls below `e^-NEGLIGIBLE` is left out; all of them together change no mass by
/// more than that, which [`ROUNDING`] covers.
const NEGLIGIBLE: f64 = 50.0;

/// Relative error of a single mass: a dozen roundings and the exponentials' arguments.
const MASS_ERROR: f64 = 1e-13;

/// Error of a composed tilted distribution for each composition, in units of its whole mass.
pub(super) const ROUNDING: f64 = 2e-15;
