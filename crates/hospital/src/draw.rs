/// The hospital's dice: SplitMix64 (Steele, Lea, Flood 2014). One seed, one sequence, on every
/// machine; no transcendental function of the platform is involved.
#[derive(Clone, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    /// Dice for one purpose: the same seed with another salt gives an unrelated sequence.
    pub(crate) fn new(seed: u64, salt: u64) -> Self {
        let mut draw = Self(seed ^ salt.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let _warm = draw.bits();
        draw
    }

    /// 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when `bound` is 0. (Multiply-shift: the bias is below 2^-32.)
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// A number in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// About a standard normal number: twelve uniforms minus six (Irwin-Hall).
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// One of the items.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        *self.one_of(items)
    }

    /// A reference to one of the items.
    #[expect(clippy::indexing_slicing, reason = "`below` stays below the length")]
    pub(crate) fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u32) as usize]
    }

    /// One of the items, each as likely as its weight says.
    #[expect(
        clippy::indexing_slicing,
        reason = "the lists are our own and never empty"
    )]
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(u32, T)]) -> T {
        let total: u32 = items.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(total);
        for (weight, item) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        items[items.len() - 1].1
    }

    /// `count` digits.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }
}

/// The logistic function, from additions, multiplications and divisions only.
pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x.clamp(-30.0, 30.0)))
}

/// e to the x for moderate x: halved ten times, a short series, squared ten times.
fn exp(x: f64) -> f64 {
    let small = x / 1024.0;
    let series = (1..=8)
        .rev()
        .fold(1.0, |sum, n| 1.0 + small / f64::from(n) * sum);
    (0..10).fold(series, |power, _| power * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        // SplitMix64 reference output for state 1234567 (Vigna's splitmix64.c).
        let mut draw = Draw(1_234_567);
        assert_eq!(draw.bits(), 6_457_827_717_110_365_317);
        assert_eq!(draw.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn the_logistic_function_is_close_to_the_exact_one() {
        for step in -200..=200 {
            let x = f64::from(step) / 10.0;
            assert!((logistic(x) - 1.0 / (1.0 + (-x).exp())).abs() < 1e-9, "{x}");
        }
    }

    #[test]
    fn draws_keep_their_bounds() {
        let mut draw = Draw::new(1, 2);
        assert!((0..10_000).all(|_| (3..=9).contains(&draw.between(3, 9))));
        assert_eq!(draw.below(0), 0);
        let mean = (0..20_000).map(|_| draw.normal()).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.05);
    }
}
