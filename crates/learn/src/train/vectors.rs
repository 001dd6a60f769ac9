//! The inner loops of training, and the machine's wider vectors for them.
//!
//! The loops are plain code with a fixed order of additions, and no multiplication is fused with an
//! addition: the compiler makes other instructions of them where [`Vectors::run`] calls them, and the
//! bits stay the same on every machine.
#![expect(
    clippy::inline_always,
    reason = "only what is inlined into the dispatched closure is compiled for wider vectors"
)]

/// What is done with wide vectors: its `call` and all it calls must be inlined.
pub(super) use pulp::NullaryFnOnce as Work;

/// The widest vectors of this machine that the library knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vectors(pulp::Arch);

impl Vectors {
    pub(super) fn of_this_machine() -> Self {
        Self(pulp::Arch::new())
    }

    /// Does work compiled for these vectors.
    #[inline]
    pub(super) fn run<W: Work>(self, work: W) -> W::Output {
        self.0.dispatch(work)
    }
}

/// The places of a layer's outputs that are above zero.
#[derive(Clone, Debug, Default)]
pub(super) struct Active {
    places: Vec<u32>,
    count: usize,
}

impl Active {
    /// Notes the places without a branch that the processor would have to guess.
    #[inline(always)]
    pub(super) fn note(&mut self, values: &[f32]) {
        self.places.resize(values.len(), 0);
        let mut count = 0;
        for (place, value) in (0_u32..).zip(values) {
            if let Some(slot) = self.places.get_mut(count) {
                *slot = place;
            }
            count += usize::from(*value > 0.0);
        }
        self.count = count;
    }

    #[inline(always)]
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + Clone {
        let places = self.places.get(..self.count).unwrap_or_default();
        places.iter().map(|place| *place as usize)
    }
}

/// Adds lines of a matrix, each so many times; a line has as many numbers as `sums`.
///
/// The sums of a block stay in registers while all lines are added.
#[inline(always)]
pub(super) fn add_lines(
    sums: &mut [f32],
    matrix: &[f32],
    lines: impl Iterator<Item = (usize, f32)> + Clone,
) {
    if let [sum] = sums {
        let products =
            lines.map(|(line, factor)| factor * matrix.get(line).copied().unwrap_or(0.0));
        *sum = products.fold(*sum, |sum, product| sum + product);
        return;
    }
    let width = sums.len();
    let (blocks, rest) = sums.as_chunks_mut::<BLOCK>();
    let mut from = 0;
    for block in blocks {
        let mut own = *block;
        for (line, factor) in lines.clone() {
            let at = line.wrapping_mul(width).wrapping_add(from);
            let values = matrix.get(at..).and_then(<[f32]>::first_chunk::<BLOCK>);
            for (sum, value) in own.iter_mut().zip(values.unwrap_or(&[0.0; BLOCK])) {
                *sum += factor * value;
            }
        }
        *block = own;
        from += BLOCK;
    }
    if rest.is_empty() {
        return;
    }
    for (line, factor) in lines {
        let at = line.wrapping_mul(width).wrapping_add(from);
        let values = matrix.get(at..).unwrap_or_default();
        for (sum, value) in rest.iter_mut().zip(values) {
            *sum += factor * value;
        }
    }
}

/// Adds a multiple of whole numbers; exact as long as sums stay below 2^53.
#[inline(always)]
pub(super) fn add_whole(sums: &mut [f64], factor: f32, values: &[f64]) {
    let factor = f64::from(factor);
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

#[inline(always)]
pub(super) fn dot(one: &[f32], two: &[f32]) -> f32 {
    let (ones, one_rest) = one.as_chunks::<LANES>();
    let (twos, two_rest) = two.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (one, two) in ones.iter().zip(twos) {
        for (sum, (one, two)) in sums.iter_mut().zip(one.iter().zip(two)) {
            *sum += one * two;
        }
    }
    let rest = one_rest.iter().zip(two_rest);
    sums.iter().sum::<f32>() + rest.map(|(one, two)| one * two).sum::<f32>()
}

/// The inner product in double precision.
#[inline(always)]
pub(super) fn double_dot<T: Copy + Into<f64>>(one: &[T], two: &[T]) -> f64 {
    let (ones, one_rest) = one.as_chunks::<LANES>();
    let (twos, two_rest) = two.as_chunks::<LANES>();
    let product = |(one, two): (&T, &T)| -> f64 { (*one).into() * (*two).into() };
    let mut sums = [0.0_f64; LANES];
    for (one, two) in ones.iter().zip(twos) {
        for (sum, pair) in sums.iter_mut().zip(one.iter().zip(two)) {
            *sum += product(pair);
        }
    }
    let rest = one_rest.iter().zip(two_rest);
    sums.iter().sum::<f64>() + rest.map(product).sum::<f64>()
}

/// Running sums of an inner product.
const LANES: usize = 8;
/// Numbers of a line that are added together.
const BLOCK: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_narrow_vectors_give_the_same_bits() {
        let of = |step: f32| -> Vec<f32> {
            (0_u8..101)
                .map(|at| libm::sinf(f32::from(at) * step))
                .collect()
        };
        let (one, two) = (of(0.7), of(1.3));
        let work = || {
            let mut sums = one[..50].to_vec();
            add_lines(&mut sums, &two, [(0, 0.1), (1, -0.3)].into_iter());
            (sums, dot(&one, &two), double_dot(&one, &two))
        };
        let narrow = work();
        assert_eq!(Vectors::of_this_machine().run(work), narrow);
    }

    #[test]
    fn lines_are_added_one_after_the_other() {
        let matrix: Vec<f32> = (0_u8..200).map(|at| f32::from(at) / 7.0).collect();
        for width in [1, 31, 64, 65, 100] {
            let mut sums = vec![1.0; width];
            add_lines(&mut sums, &matrix, [(1, 0.3), (0, -2.0)].into_iter());
            for (at, sum) in sums.iter().enumerate() {
                assert_eq!(*sum, 1.0 + 0.3 * matrix[width + at] + -2.0 * matrix[at]);
            }
        }
    }

    #[test]
    fn active_places_are_those_above_zero() {
        let mut active = Active::default();
        for values in [&[1.0, -1.0, 0.0, 2.0, f32::NAN][..], &[0.0; 5], &[3.0; 5]] {
            active.note(values);
            let above = (0..5).filter(|place| values[*place] > 0.0);
            assert!(active.places().eq(above));
        }
    }
}
