//! A small deterministic generator (SplitMix64); for tests only.

use domain::Entropy;

#[derive(Debug)]
pub(crate) struct Stream(u64);

impl Stream {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }
}

impl Entropy for Stream {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let bytes = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

/// A standard normal draw (Box, Muller).
pub(crate) fn normal(entropy: &mut dyn Entropy) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - entropy.unit()));
    radius * libm::cos(2.0 * std::f64::consts::PI * entropy.unit())
}
