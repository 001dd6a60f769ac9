//! Processor time of this process, as the kernel tells it.

use std::{error::Error, fs, time::Instant};

/// Runs from when it was started.
pub struct Clock {
    wall: Instant,
    processor: Option<f64>,
}

impl Clock {
    pub fn start() -> Self {
        Self {
            wall: Instant::now(),
            processor: processor_seconds(),
        }
    }

    /// Seconds on the processor since; on the wall where the kernel does not tell.
    pub fn seconds(&self) -> f64 {
        match (self.processor, processor_seconds()) {
            (Some(before), Some(now)) => now - before,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

/// The median of laps that take a fifth of a second or more each, as seconds of one deed.
pub fn median_seconds(
    mut deed: impl FnMut() -> Result<(), Box<dyn Error>>,
) -> Result<f64, Box<dyn Error>> {
    let clock = Clock::start();
    deed()?;
    let count = (0.2 / clock.seconds().max(1e-6)).ceil().clamp(1.0, 1e6) as u32;
    let mut laps = Vec::new();
    for _ in 0..LAPS {
        let clock = Clock::start();
        for _ in 0..count {
            deed()?;
        }
        laps.push(clock.seconds() / f64::from(count));
    }
    laps.sort_by(f64::total_cmp);
    Ok(laps[LAPS / 2])
}

const LAPS: usize = 5;

/// Nanoseconds on a processor, summed over the threads that live.
fn processor_seconds() -> Option<f64> {
    let threads = fs::read_dir("/proc/self/task").ok()?.flatten();
    let nanos = threads.filter_map(|thread| {
        let told = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        told.split_whitespace().next()?.parse::<f64>().ok()
    });
    Some(nanos.sum::<f64>() / 1e9)
}
