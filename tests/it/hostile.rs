//! Inputs that are made to be hard: each ends as it should, and what is refused is refused in few clear words.
//!
//! They are small here. `cargo bench --bench hostile` makes them large, and measures time and memory.

#[path = "../../benches/hostile/inputs.rs"]
mod inputs;

use crate::support::{policy, run};
use inputs::{ALL, End, Hostile};

/// How many of each thing: enough to be more than any limit of depth.
const SIZE: usize = 600;

#[test]
fn every_hostile_input_ends_as_it_should() {
    for hostile in ALL {
        check(hostile, hostile.size.min(SIZE));
    }
}

#[track_caller]
fn check(hostile: &Hostile, size: usize) {
    let (body, stream) = hostile.make(size);
    let once = run(&policy(&body), &[], &stream);
    match hostile.end {
        End::Written => {
            assert_eq!(once.code, 0, "{}: {}", hostile.name, shortened(&once.stderr));
            let again = run(&policy(&body), &[], &once.stdout);
            assert!(
                again.stdout == once.stdout,
                "{}: a second run changes something",
                hostile.name
            );
        }
        End::Refused(id) => {
            assert_eq!(once.code, 1, "{}: {}", hostile.name, shortened(&once.stderr));
            assert!(
                once.stderr.contains(&format!("error[{id}]")),
                "{}: {}",
                hostile.name,
                shortened(&once.stderr)
            );
        }
    }
    let longest = once.stderr.lines().map(str::len).max().unwrap_or_default();
    assert!(longest < 100 * 1024, "{}: a line of {longest} bytes", hostile.name);
}

fn shortened(text: &str) -> &str {
    text.get(..2000).unwrap_or(text)
}
