//! Time by the wall and by the processor, and medians of several repetitions.
#![expect(
    clippy::disallowed_methods,
    reason = "a stopwatch reads the clock, and /proc for the processor's time"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count between one and a million"
)]

use std::{fs, time::Instant};

/// Seconds of one repetition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lap {
    /// On the wall.
    pub wall: f64,
    /// On the processor, all threads of this process together; the wall's where the machine does
    /// not tell.
    pub cpu: f64,
}

/// One thing to measure.
pub struct Job<'a> {
    /// What it is called in the table.
    pub name: String,
    /// What one repetition gets through, in millions of bytes, rows or calls.
    pub amount: f64,
    deed: Box<dyn FnMut() -> Deed + 'a>,
}

/// What became of one repetition.
pub type Deed = Result<(), Box<dyn std::error::Error>>;

/// The repetitions of one job.
#[derive(Debug)]
pub struct Laps {
    /// What it is called in the table.
    pub name: String,
    /// What one repetition got through.
    pub amount: f64,
    /// One entry a repetition.
    pub each: Vec<Lap>,
}

/// A middle with the smallest and the largest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The middle one.
    pub median: f64,
    /// The smallest.
    pub low: f64,
    /// The largest.
    pub high: f64,
}

impl<'a> Job<'a> {
    /// A job that does `deed` once a repetition.
    pub fn new(name: impl Into<String>, amount: f64, deed: impl FnMut() -> Deed + 'a) -> Self {
        Self {
            name: name.into(),
            amount,
            deed: Box::new(deed),
        }
    }
}

/// Runs the jobs in turn, again and again, so that what slows the machine for a while slows all of
/// them. The first round warms up, is not counted, and says how often a deed is done in a lap:
/// the processor's time is told in ticks of some milliseconds.
pub fn interleaved(
    repetitions: u32,
    mut jobs: Vec<Job<'_>>,
) -> Result<Vec<Laps>, Box<dyn std::error::Error>> {
    let mut counts = Vec::new();
    for job in &mut jobs {
        let once = time(1, &mut job.deed)?.wall.max(1e-9);
        counts.push((LAP / once).ceil().clamp(1.0, 1e6) as u32);
    }
    let mut all: Vec<Laps> = jobs.iter().map(Laps::none_of).collect();
    for _ in 0..repetitions {
        for ((job, laps), count) in jobs.iter_mut().zip(&mut all).zip(&counts) {
            laps.each.push(time(*count, &mut job.deed)?);
        }
    }
    Ok(all)
}

/// One lap of a deed that cannot be repeated.
pub fn once(deed: &mut dyn FnMut() -> Deed) -> Result<Lap, Box<dyn std::error::Error>> {
    time(1, deed)
}

/// Seconds that a lap takes at least.
const LAP: f64 = 0.2;

/// The time of one deed, from `count` of them.
fn time(count: u32, deed: &mut dyn FnMut() -> Deed) -> Result<Lap, Box<dyn std::error::Error>> {
    let (cpu, started) = (processor_seconds(), Instant::now());
    for _ in 0..count {
        deed()?;
    }
    let wall = started.elapsed().as_secs_f64() / f64::from(count);
    let cpu = match (cpu, processor_seconds()) {
        (Some(before), Some(after)) => (after - before) / f64::from(count),
        _ => wall,
    };
    Ok(Lap { wall, cpu })
}

/// Nanoseconds on a processor, summed over the threads of this process that live.
fn processor_seconds() -> Option<f64> {
    let threads = fs::read_dir("/proc/self/task").ok()?.flatten();
    let nanos = threads.filter_map(|thread| {
        let told = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        told.split_whitespace().next()?.parse::<f64>().ok()
    });
    Some(nanos.sum::<f64>() / 1e9)
}

impl Laps {
    fn none_of(job: &Job<'_>) -> Self {
        Self {
            name: job.name.clone(),
            amount: job.amount,
            each: Vec::new(),
        }
    }

    /// Amount a second, by the chosen time.
    pub fn rate(&self, time: impl Fn(&Lap) -> f64) -> Spread {
        Spread::of(self.each.iter().map(|lap| self.amount / time(lap)))
    }

    /// Seconds, by the chosen time.
    pub fn seconds(&self, time: impl Fn(&Lap) -> f64) -> Spread {
        Spread::of(self.each.iter().map(time))
    }

    /// This job's rate over another's, repetition by repetition, by processor time.
    pub fn over(&self, other: &Self) -> Spread {
        let rate = |laps: &Self, lap: &Lap| laps.amount / lap.cpu;
        let pairs = self.each.iter().zip(&other.each);
        Spread::of(pairs.map(|(one, two)| rate(self, one) / rate(other, two)))
    }
}

impl Spread {
    /// Of at least one value; of none, not a number.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        Self {
            median: f64::midpoint(at(values.len().saturating_sub(1) / 2), at(values.len() / 2)),
            low: at(0),
            high: at(values.len().saturating_sub(1)),
        }
    }

    /// The same in another unit.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self {
            median: self.median * factor,
            low: self.low * factor,
            high: self.high * factor,
        }
    }
}

/// The processor's time of a lap.
pub fn cpu(lap: &Lap) -> f64 {
    lap.cpu
}

/// The wall's time of a lap.
pub fn wall(lap: &Lap) -> f64 {
    lap.wall
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        let spread = Spread::of([4.0, 1.0, 3.0, 2.0]);
        assert!((spread.median - 2.5).abs() < 1e-12);
        assert!((spread.low - 1.0).abs() < 1e-12 && (spread.high - 4.0).abs() < 1e-12);
    }

    #[test]
    fn work_takes_processor_time_and_waiting_does_not() {
        let mut work = || -> Deed {
            let sum: u64 = (0..20_000_000_u64).map(std::hint::black_box).sum();
            std::hint::black_box(sum);
            Ok(())
        };
        let lap = time(1, &mut work).unwrap();
        assert!(lap.cpu > 1e-4, "{lap:?}");
    }
}
