//! Time that this thread spent on a processor, so that a busy machine spoils a figure less.

use std::time::Duration;

use cpu_time::ThreadTime;

/// Rounds of each measurement; the median counts.
pub const ROUNDS: usize = 7;

/// The median processor time of some rounds of work, after one round that is not counted.
pub fn median(mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = ThreadTime::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2]
}

/// Megabytes (10⁶) a second.
pub fn megabytes_per_second(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / time.as_secs_f64() / 1e6
}
