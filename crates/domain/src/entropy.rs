/// Where random bytes come from: a parameter in every engine.
///
/// `seal::SystemEntropy` is the one for keys, noise and codes; `seal::SeededEntropy` is for tests
/// and synthetic data.
pub trait Entropy {
    /// Fills the whole buffer.
    fn fill(&mut self, buffer: &mut [u8]);

    /// Eight random bytes as a number.
    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A number below `bound`, without modulo bias; zero when `bound` is zero.
    fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let overhang = u64::MAX - u64::MAX % bound;
        loop {
            let draw = self.next_u64();
            if draw < overhang {
                return draw % bound;
            }
        }
    }

    /// A number in `[0, 1)` with 53 random bits.
    fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / 9_007_199_254_740_992.0;
        (self.next_u64() >> 11) as f64 * STEP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Count(u64);

    impl Entropy for Count {
        fn fill(&mut self, buffer: &mut [u8]) {
            for byte in buffer {
                self.0 = self
                    .0
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                *byte = (self.0 >> 56) as u8;
            }
        }
    }

    #[test]
    fn draws_stay_below_their_bound() {
        let mut entropy = Count(7);
        assert!((0..1_000).all(|_| entropy.below(10) < 10));
        assert!((0..1_000).all(|_| (0.0..1.0).contains(&entropy.unit())));
        assert_eq!(entropy.below(0), 0);
    }
}
