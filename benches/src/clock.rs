//! Time that this thread spent on a processor, so that a busy machine spoils a figure less.

use std::time::Duration;

/// Rounds of each measurement; the median counts.
pub const ROUNDS: usize = 7;

/// The processor time of this thread since it began, from the kernel's own account in nanoseconds.
///
/// # Panics
/// Where the system has no `/proc/thread-self/schedstat` (not Linux).
pub fn thread_time() -> Duration {
    let written = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells a thread's time");
    let nanoseconds = written.split_whitespace().next().and_then(|field| field.parse().ok());
    Duration::from_nanos(nanoseconds.expect("the first field is a number"))
}

/// The median processor time of some rounds of work, after one round that is not counted.
pub fn median(mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = thread_time();
            work();
            thread_time() - begun
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2]
}

/// Megabytes (10⁶) a second.
pub fn megabytes_per_second(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / time.as_secs_f64() / 1e6
}
