//! Inputs that nobody wrote: every input that there is, damaged and crossed with others, and what must be true of them all.
//!
//! [`laws`] says what must be true, [`damage`] what is done to an input, [`seeds`] what there is. This driver needs no
//! nightly compiler: what leads is the inputs, not coverage. `IAM_ROLES_FUZZ=SECONDS` says how long, 2 for each way in if
//! not set, and `IAM_ROLES_FUZZ_SEED` where to begin. Long runs want `cargo test --release --test it fuzz`, or the targets
//! under `fuzz/`, which are led by coverage; `IAM_ROLES_FUZZ_CORPUS=FOLDER` writes what they begin with and does nothing
//! else.

use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use self::damage::{Random, damaged};
use self::laws::{Fate, Laws, WAYS_IN};
use self::seeds::{Seed, seeds, without_secrets};

mod damage;
mod laws;
mod seeds;

#[test]
fn no_stream_breaks_a_law() {
    drive("stream");
}

#[test]
fn no_document_breaks_a_law() {
    drive("document");
}

#[test]
fn no_payload_breaks_a_law() {
    drive("payload");
}

#[test]
fn no_policy_breaks_a_law() {
    drive("policy");
}

#[test]
fn no_resource_list_breaks_a_law() {
    drive("krm");
}

#[track_caller]
fn drive(way_in: &str) {
    let (_, laws) = WAYS_IN.into_iter().find(|(name, _)| *name == way_in).expect("a way in");
    let seeds = seeds(way_in);
    if let Some(folder) = env::var_os("IAM_ROLES_FUZZ_CORPUS") {
        return write(&seeds, &Path::new(&folder).join(way_in));
    }
    let mut random = Random::new(number("IAM_ROLES_FUZZ_SEED").unwrap_or(0x2545_f491_4f6c_dd1d));
    // A piece of a secret in a name would be told, and rightly.
    let others: Vec<String> = seeds.iter().map(|seed| without_secrets(&seed.case)).collect();
    let mut count = Count::default();
    let until = Instant::now() + Duration::from_secs(number("IAM_ROLES_FUZZ").unwrap_or(2));
    while Instant::now() < until {
        let seed = &seeds[random.below(seeds.len())];
        let case = damaged(&seed.case, &others[random.below(others.len())], &mut random);
        match held(laws, &case) {
            Ok(fate) => count.add(fate),
            Err(broken) => panic!("{broken}\non {}, damaged to\n{case:?}", seed.name),
        }
    }
    count.say(way_in);
    // A driver whose inputs are all refused has seen nothing.
    assert!(
        count.all / 50 <= count.changed,
        "only {} of {} changed",
        count.changed,
        count.all
    );
}

fn held(laws: Laws, case: &str) -> Result<Fate, String> {
    catch_unwind(AssertUnwindSafe(|| laws(case))).unwrap_or_else(|_| Err("a panic".to_owned()))
}

/// How many cases there were.
#[derive(Default)]
struct Count {
    all: usize,
    written: usize,
    changed: usize,
}

impl Count {
    fn add(&mut self, fate: Fate) {
        self.all += 1;
        self.written += usize::from(fate != Fate::Refused);
        self.changed += usize::from(fate == Fate::Changed);
    }

    #[expect(clippy::print_stderr, reason = "a long run says what it did")]
    fn say(&self, way_in: &str) {
        let Self { all, written, changed } = self;
        eprintln!("{way_in}: {all} cases, {written} not refused, {changed} changed or accepted");
    }
}

/// Writes every seed to a file of its own.
fn write(seeds: &[Seed], folder: &Path) {
    fs::create_dir_all(folder).expect("a folder for the seeds");
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:04}")), &seed.case).expect("a seed");
    }
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}
