//! How long each test took, told at the end.

use std::{
    io::{Write as _, stdout},
    sync::Mutex,
    time::{Duration, Instant},
};

static TIMES: Mutex<Vec<(String, Duration)>> = Mutex::new(Vec::new());

/// Runs a test and keeps its time.
pub(crate) fn of(name: &str, test: impl FnOnce()) {
    let begun = Instant::now();
    test();
    TIMES
        .lock()
        .expect("the times")
        .push((name.to_owned(), begun.elapsed()));
}

/// Tells the times of those that passed, the longest first.
pub(crate) fn tell() {
    let mut times = TIMES.lock().expect("the times");
    times.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    for (name, time) in times.iter() {
        // Nobody is left to tell if standard output is gone.
        let _ = writeln!(stdout(), "{:>8.2} s  {name}", time.as_secs_f64());
    }
}
