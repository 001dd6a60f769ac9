//! Differences and ratios of rates between groups.

use std::collections::BTreeMap;

use privacy::special::normal_quantile;
use serde::{Deserialize, Serialize};

use super::counts::{Counts, GroupRates, share};
use crate::metrics::Interval;

/// The largest gaps between any two groups that are shown; names and definitions of Fairlearn 0.15.
///
/// The interval is that of the two groups that make the gap; that they were picked for it makes it
/// a little too narrow with many groups. `None` with fewer than two groups that show the rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Between {
    /// Largest less smallest selection rate.
    pub demographic_parity_difference: Option<Interval>,
    /// Smallest over largest selection rate.
    pub demographic_parity_ratio: Option<Interval>,
    /// The larger of the gaps of true and of false positive rates.
    pub equalized_odds_difference: Option<Interval>,
    /// The smaller of the ratios of true and of false positive rates.
    pub equalized_odds_ratio: Option<Interval>,
    /// Largest less smallest true positive rate.
    pub equal_opportunity_difference: Option<Interval>,
    /// Smallest over largest true positive rate.
    pub equal_opportunity_ratio: Option<Interval>,
    /// Largest less smallest false positive rate.
    pub false_positive_rate_difference: Option<Interval>,
    /// Largest less smallest accuracy.
    pub accuracy_difference: Option<Interval>,
}

/// Everybody else less (or over) the privileged group; names and definitions of AIF360 0.6.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The privileged group.
    pub privileged: String,
    /// Difference of selection rates.
    pub statistical_parity_difference: Option<Interval>,
    /// Ratio of selection rates; below 0.8 fails the four-fifths rule (29 CFR 1607.4(D), made for
    /// hiring).
    pub disparate_impact: Option<Interval>,
    /// Difference of true positive rates.
    pub equal_opportunity_difference: Option<Interval>,
    /// Mean of the differences of false and true positive rates.
    pub average_odds_difference: Option<Interval>,
    /// Mean of their absolute values.
    pub average_abs_odds_difference: Option<f64>,
    /// Difference of the shares of wrong decisions.
    pub error_rate_difference: Option<Interval>,
    /// Difference of precisions.
    pub predictive_parity_difference: Option<Interval>,
}

type Rate = fn(&GroupRates) -> Option<Interval>;

impl Between {
    pub(crate) fn of(groups: &[GroupRates]) -> Self {
        let difference = |rate: Rate| extremes(groups, rate).map(|(low, high)| minus(high, low));
        let quotient = |rate: Rate| extremes(groups, rate).and_then(|(low, high)| over(low, high));
        let (selected, hit, alarm): (Rate, Rate, Rate) = (
            |group| group.selection_rate,
            |group| group.true_positive_rate,
            |group| group.false_positive_rate,
        );
        let pick = |one: Option<Interval>, two: Option<Interval>, larger: bool| {
            let (one, two) = one.zip(two)?;
            Some(if (one.value >= two.value) == larger {
                one
            } else {
                two
            })
        };
        Self {
            demographic_parity_difference: difference(selected),
            demographic_parity_ratio: quotient(selected),
            equalized_odds_difference: pick(difference(hit), difference(alarm), true),
            equalized_odds_ratio: pick(quotient(hit), quotient(alarm), false),
            equal_opportunity_difference: difference(hit),
            equal_opportunity_ratio: quotient(hit),
            false_positive_rate_difference: difference(alarm),
            accuracy_difference: difference(|group| group.accuracy),
        }
    }
}

impl Compared {
    pub(super) fn of(
        privileged: &str,
        groups: &BTreeMap<&str, Counts>,
        smallest: u64,
    ) -> Option<Self> {
        let own = groups.get(privileged)?;
        let others = groups.iter().filter(|(name, _)| **name != privileged);
        let rest = others.fold(Counts::default(), |sum, (_, counts)| sum.plus(counts));
        let of = |hits: fn(&Counts) -> u64, all: fn(&Counts) -> u64| {
            let rate = |counts: &Counts| share(hits(counts), all(counts), smallest);
            rate(&rest).zip(rate(own))
        };
        let difference =
            |pair: Option<(Interval, Interval)>| pair.map(|(rest, own)| minus(rest, own));
        let selected = of(Counts::selected, Counts::rows);
        let hits = of(|counts| counts.true_positives, Counts::positives);
        let alarms = of(|counts| counts.false_positives, Counts::negatives);
        let odds = difference(alarms).zip(difference(hits));
        Some(Self {
            privileged: privileged.to_owned(),
            statistical_parity_difference: difference(selected),
            disparate_impact: selected.and_then(|(rest, own)| over(rest, own)),
            equal_opportunity_difference: difference(hits),
            average_odds_difference: odds.map(|(alarms, hits)| mean(alarms, hits)),
            average_abs_odds_difference: odds
                .map(|(alarms, hits)| 0.5 * (alarms.value.abs() + hits.value.abs())),
            error_rate_difference: difference(of(
                |counts| counts.rows() - counts.right(),
                Counts::rows,
            )),
            predictive_parity_difference: difference(of(
                |counts| counts.true_positives,
                Counts::selected,
            )),
        })
    }
}

/// The groups with the smallest and the largest rate.
fn extremes(groups: &[GroupRates], rate: Rate) -> Option<(Interval, Interval)> {
    let rates: Vec<Interval> = groups.iter().filter_map(rate).collect();
    if rates.len() < 2 {
        return None;
    }
    let by_value = |one: &&Interval, two: &&Interval| one.value.total_cmp(&two.value);
    let low = rates.iter().min_by(by_value)?;
    let high = rates.iter().max_by(by_value)?;
    Some((*low, *high))
}

/// Newcombe's interval of a difference (Newcombe 1998, method 10).
fn minus(one: Interval, two: Interval) -> Interval {
    let value = one.value - two.value;
    let below = libm::hypot(one.value - one.low, two.high - two.value);
    let above = libm::hypot(one.high - one.value, two.value - two.low);
    Interval {
        value,
        low: (value - below).max(-1.0),
        high: (value + above).min(1.0),
    }
}

/// The quotient with an interval on its logarithm (Katz et al. 1978), whose errors are read off the
/// rates' own intervals; `None` over a rate of zero.
fn over(one: Interval, two: Interval) -> Option<Interval> {
    if two.value <= 0.0 {
        return None;
    }
    let value = one.value / two.value;
    if one.value <= 0.0 {
        return Some(Interval {
            value,
            low: 0.0,
            high: one.high / two.low.max(1e-12),
        });
    }
    let z = normal_quantile(0.975);
    let error = |rate: Interval| (rate.high - rate.low) / (2.0 * z * rate.value);
    let half = z * libm::hypot(error(one), error(two));
    Some(Interval {
        value,
        low: value * libm::exp(-half),
        high: value * libm::exp(half),
    })
}

/// The mean of two independent estimates.
fn mean(one: Interval, two: Interval) -> Interval {
    let value = 0.5 * (one.value + two.value);
    let below = 0.5 * libm::hypot(one.value - one.low, two.value - two.low);
    let above = 0.5 * libm::hypot(one.high - one.value, two.high - two.value);
    Interval {
        value,
        low: value - below,
        high: value + above,
    }
}
