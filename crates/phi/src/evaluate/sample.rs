/// The confidence of every statement about a sample.
pub const CONFIDENCE: f64 = 0.95;

/// The largest share of leaking documents that is still compatible, with 95 % confidence, with
/// `leaks` leaking among `documents` drawn at random: the exact one-sided limit of Clopper and
/// Pearson (Biometrika 26, 1934). With no leak it is 1 - 0.05^(1/n), for which 3/n is the usual
/// rule of thumb (Hanley and Lippman-Hand, JAMA 249, 1983).
///
/// 1 when nothing was looked at, or everything leaks.
///
/// ```
/// use cloister_phi::evaluate::upper_limit;
/// assert!((upper_limit(0, 299) - 0.009_969).abs() < 1e-6);
/// ```
pub fn upper_limit(leaks: u64, documents: u64) -> f64 {
    if leaks >= documents {
        return 1.0;
    }
    let (mut low, mut high) = (leaks as f64 / documents as f64, 1.0);
    for _ in 0..64 {
        let middle = f64::midpoint(low, high);
        if at_most(leaks, documents, middle) > 1.0 - CONFIDENCE {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// How many documents have to be looked at so that, with `leaks` leaking ones among them, the
/// limit above is at most `target`. Nothing for a target outside of (0, 1), or one that would need
/// more than a billion documents.
///
/// ```
/// use cloister_phi::evaluate::documents_needed;
/// assert_eq!(documents_needed(0, 0.01), Some(299));
/// ```
pub fn documents_needed(leaks: u64, target: f64) -> Option<u64> {
    if !(target > 0.0 && target < 1.0) {
        return None;
    }
    let (mut low, mut high) = (leaks, leaks.saturating_add(1));
    while upper_limit(leaks, high) > target {
        low = high;
        high = high.saturating_mul(2);
        if high > MOST {
            return None;
        }
    }
    while high - low > 1 {
        let middle = low.midpoint(high);
        if upper_limit(leaks, middle) > target {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}

/// The probability of at most `leaks` among `documents` when each leaks with probability `p`,
/// summed from logarithms of the terms so that large counts do not vanish.
fn at_most(leaks: u64, documents: u64, p: f64) -> f64 {
    let odds = (p / (1.0 - p)).ln();
    let mut term = documents as f64 * (-p).ln_1p();
    let mut sum = term.exp();
    for count in 1..=leaks {
        let (count, rest) = (count as f64, (documents - count + 1) as f64);
        term += (rest / count).ln() + odds;
        sum += term.exp();
    }
    sum
}

const MOST: u64 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_leak_gives_the_limit_that_can_be_computed_by_hand() {
        for documents in [1_u64, 10, 59, 299, 2_995] {
            let exact = 1.0 - 0.05_f64.powf(1.0 / documents as f64);
            assert!((upper_limit(0, documents) - exact).abs() < 1e-9);
        }
        // The rule of three is close and on the safe side.
        assert!(upper_limit(0, 300) < 3.0 / 300.0);
    }

    #[test]
    fn published_sample_sizes_are_met() {
        // Attribute sampling at 95 %: 59, 93 and 124 for 5 %, 299, 473 and 628 for 1 %
        // with 0, 1 and 2 occurrences.
        let sizes = |target| [0, 1, 2].map(|leaks| documents_needed(leaks, target));
        assert_eq!(sizes(0.05), [Some(59), Some(93), Some(124)]);
        assert_eq!(sizes(0.01), [Some(299), Some(473), Some(628)]);
    }

    #[test]
    fn one_of_ten_gives_the_textbook_limit() {
        // (1-p)^10 + 10 p (1-p)^9 = 0.05 at p = 0.3942.
        assert!((upper_limit(1, 10) - 0.3942).abs() < 1e-4);
    }

    #[test]
    fn nothing_looked_at_says_nothing() {
        assert_eq!(upper_limit(0, 0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(documents_needed(0, 0.0), None);
        assert_eq!(documents_needed(0, f64::NAN), None);
        assert_eq!(documents_needed(0, 1e-12), None);
    }
}
