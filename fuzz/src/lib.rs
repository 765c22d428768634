//! The laws of `tests/it/fuzz`, held against what a fuzzer led by coverage finds.
//!
//! A case is damaged as the tests do it, by lines and by what YAML has a use for, or as libFuzzer does it, by bytes.

#[path = "../../tests/it/fuzz/damage.rs"]
mod damage;
#[path = "../../tests/it/fuzz/laws/mod.rs"]
mod laws;
#[path = "../../tests/it/leak.rs"]
mod leak;

use std::sync::Mutex;

use iam_roles::manifest::stream::Input;

/// The case before, as something to cross with.
static OTHER: Mutex<String> = Mutex::new(String::new());

/// Holds some bytes against the laws of a way in.
///
/// # Panics
/// When they break one.
pub fn hold(way_in: &str, data: &[u8]) {
    let Ok(case) = std::str::from_utf8(data) else {
        assert!(Input::new("stdin", data.to_vec()).is_err(), "bytes that are no text");
        return;
    };
    let (_, laws) = laws::WAYS_IN.into_iter().find(|(name, _)| *name == way_in).expect("a way in");
    if let Err(broken) = laws(case) {
        panic!("{broken}");
    }
}

/// Damages the first `size` bytes, and says how many there are then.
///
/// # Panics
/// Never but after a panic.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let Some(case) = std::str::from_utf8(&data[..size]).ok().filter(|_| seed % 3 != 0) else {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    };
    let mut other = OTHER.lock().expect("one thread");
    let damaged = damage::damaged(case, &other, &mut damage::Random::new(u64::from(seed)));
    case.clone_into(&mut other);
    let size = damaged.floor_char_boundary(max_size);
    data[..size].copy_from_slice(&damaged.as_bytes()[..size]);
    size
}
