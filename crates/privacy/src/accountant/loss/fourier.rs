//! The fast Fourier transform of real sequences whose length is a power of two.
//!
//! Plain code of one kind, so that every machine gives the same bytes, and no crate for it: forty
//! lines of Cooley and Tukey (1965), tested against the definition.

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Complex {
    pub(super) re: f64,
    pub(super) im: f64,
}

impl Complex {
    pub(super) const fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    const fn conjugate(self) -> Self {
        Self::new(self.re, -self.im)
    }

    #[inline]
    pub(super) fn times(self, other: Self) -> Self {
        Self::new(
            self.re * other.re - self.im * other.im,
            self.re * other.im + self.im * other.re,
        )
    }

    #[inline]
    fn plus(self, other: Self) -> Self {
        Self::new(self.re + other.re, self.im + other.im)
    }

    #[inline]
    fn minus(self, other: Self) -> Self {
        Self::new(self.re - other.re, self.im - other.im)
    }

    fn scaled(self, factor: f64) -> Self {
        Self::new(self.re * factor, self.im * factor)
    }

    pub(super) fn square_norm(self) -> f64 {
        self.re * self.re + self.im * self.im
    }
}

/// The roots of unity for one length.
#[derive(Debug)]
pub(super) struct Fourier {
    /// Half the length: two reals travel as one complex number.
    half: usize,
    /// For each stage, the smallest first, `e^(-2 pi i j / size)` for `j` below half its size.
    stages: Vec<Vec<Complex>>,
    /// `e^(-pi i k / half)` for `k` up to `half`.
    twist: Vec<Complex>,
}

impl Fourier {
    /// Roots for sequences of `length`, a power of two of at least 8.
    pub(super) fn new(length: usize) -> Self {
        let half = length / 2;
        let twist = half_turn(half);
        let mut stages = Vec::new();
        let mut size = 2;
        while size <= half {
            // e^(-2 pi i j / size) is e^(-pi i k / half) at k = 2 j half / size.
            stages.push(
                twist
                    .iter()
                    .step_by(2 * half / size)
                    .take(size / 2)
                    .copied()
                    .collect(),
            );
            size *= 2;
        }
        Self {
            half,
            stages,
            twist,
        }
    }

    pub(super) const fn length(&self) -> usize {
        2 * self.half
    }

    /// The first half of the spectrum, both ends included.
    pub(super) fn forward(&self, real: &[f64]) -> Vec<Complex> {
        let mut packed: Vec<Complex> = real
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[even, odd]| Complex::new(*even, *odd))
            .collect();
        self.transform(&mut packed);
        self.untangle(&packed, |here, there, twist| {
            let even = here.plus(there.conjugate()).scaled(0.5);
            let odd = here.minus(there.conjugate()).scaled(0.5);
            // -i times the twisted odd part.
            let odd = odd.times(twist);
            even.plus(Complex::new(odd.im, -odd.re))
        })
    }

    /// The sequence whose spectrum begins with this half.
    pub(super) fn back(&self, spectrum: &[Complex]) -> Vec<f64> {
        let packed = self.untangle(spectrum, |here, there, twist| {
            let even = here.plus(there.conjugate()).scaled(0.5);
            let odd = here.minus(there.conjugate()).scaled(0.5);
            let odd = odd.times(twist.conjugate());
            even.plus(Complex::new(-odd.im, odd.re))
        });
        // The inverse is the forward transform between two conjugations.
        let mut packed: Vec<Complex> = packed
            .into_iter()
            .take(self.half)
            .map(Complex::conjugate)
            .collect();
        self.transform(&mut packed);
        let scale = 1.0 / self.half as f64;
        packed
            .into_iter()
            .flat_map(|value| [value.re * scale, -value.im * scale])
            .collect()
    }

    /// Combines each value with the one at the mirrored place; the last place mirrors the first.
    fn untangle(
        &self,
        values: &[Complex],
        combine: impl Fn(Complex, Complex, Complex) -> Complex,
    ) -> Vec<Complex> {
        let at = |index: usize| {
            let wrapped = if values.len() == self.half {
                index % self.half
            } else {
                index
            };
            values.get(wrapped).copied().unwrap_or_default()
        };
        self.twist
            .iter()
            .enumerate()
            .map(|(index, twist)| combine(at(index), at(self.half - index), *twist))
            .collect()
    }

    /// In place: bits of the indexes reversed, then butterflies, the smallest first.
    fn transform(&self, values: &mut [Complex]) {
        let bits = self.half.trailing_zeros();
        for index in 0..values.len() {
            let other = index.reverse_bits() >> (usize::BITS - bits).min(usize::BITS - 1);
            if index < other && bits > 0 {
                values.swap(index, other);
            }
        }
        for roots in &self.stages {
            for block in values.chunks_exact_mut(2 * roots.len()) {
                let (low, high) = block.split_at_mut(roots.len());
                for ((low, high), root) in low.iter_mut().zip(high).zip(roots) {
                    let turned = high.times(*root);
                    *high = low.minus(turned);
                    *low = low.plus(turned);
                }
            }
        }
    }
}

/// `e^(-pi i k / half)` for `k` up to `half`: one eighth by the sine and cosine, the rest by symmetry.
fn half_turn(half: usize) -> Vec<Complex> {
    let eighth = half / 4;
    let first: Vec<(f64, f64)> = (0..=eighth)
        .map(|k| libm::sincos(std::f64::consts::PI * k as f64 / half as f64))
        .collect();
    let at = |k: usize| first.get(k).copied().unwrap_or_default();
    let quarter = |k: usize| {
        if k <= eighth {
            at(k)
        } else {
            let (sine, cosine) = at(half / 2 - k);
            (cosine, sine)
        }
    };
    (0..=half)
        .map(|k| {
            if k <= half / 2 {
                let (sine, cosine) = quarter(k);
                Complex::new(cosine, -sine)
            } else {
                let (sine, cosine) = quarter(half - k);
                Complex::new(-cosine, -sine)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(length: usize) -> Vec<f64> {
        (0..length)
            .map(|at| libm::sin(at as f64 * at as f64))
            .collect()
    }

    #[test]
    fn the_spectrum_is_that_of_the_definition() {
        for length in [8, 16, 64, 256] {
            let real = sequence(length);
            let spectrum = Fourier::new(length).forward(&real);
            assert_eq!(spectrum.len(), length / 2 + 1);
            for (k, found) in spectrum.iter().enumerate() {
                let mut expected = Complex::default();
                for (at, value) in real.iter().enumerate() {
                    let turn = (k * at % length) as f64 / length as f64;
                    let (sine, cosine) = libm::sincos(-2.0 * std::f64::consts::PI * turn);
                    expected = expected.plus(Complex::new(value * cosine, value * sine));
                }
                assert!(found.minus(expected).square_norm() < 1e-24, "{length} {k}");
            }
        }
    }

    #[test]
    fn there_and_back_is_where_it_began() {
        for length in [8, 32, 8192] {
            let (fourier, real) = (Fourier::new(length), sequence(length));
            let again = fourier.back(&fourier.forward(&real));
            assert_eq!(again.len(), length);
            assert!(
                real.iter()
                    .zip(&again)
                    .all(|(one, two)| (one - two).abs() < 1e-14)
            );
        }
    }
}
