//! Time and memory of hostile inputs, in one size and in twice it: `cargo bench --bench hostile`, or with a part of a name
//! behind `--`.
//!
//! The inputs are made by a process of their own, since what a parent ever held counts as its child's memory.

#![expect(clippy::disallowed_types, reason = "it starts the program that it measures")]

#[path = "hostile/inputs.rs"]
mod inputs;

use std::fs::{self, File};
use std::io::{Write as _, stdout};
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, io};

use anyhow::Context as _;
use inputs::{ALL, End, Hostile};
use wait4::Wait4 as _;

/// Of so many runs the quickest counts: what else a machine does only makes them slower.
const RUNS: usize = 3;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [word, name, size, folder] = arguments.as_slice()
        && word == "make"
    {
        return make(name, size.parse()?, Path::new(folder));
    }
    let part = arguments.first().map_or("", String::as_str);
    let folder = tempfile::tempdir()?;
    say(
        "| Input | Size | Bytes | Time | Twice | Ratio | Memory | Of the input |\n|---|---|---|---|---|---|---|---|\n",
    )?;
    for hostile in ALL.iter().filter(|hostile| hostile.name.contains(part)) {
        let once = measured(hostile, hostile.size, folder.path())?;
        let twice = measured(hostile, 2 * hostile.size, folder.path())?;
        say(&row(hostile, &once, &twice))?;
    }
    Ok(())
}

/// What a run took.
struct Taken {
    bytes: u64,
    seconds: f64,
    peak: u64,
}

fn measured(hostile: &Hostile, size: usize, folder: &Path) -> anyhow::Result<Taken> {
    let maker = Command::new(env::current_exe()?)
        .args(["make", hostile.name, &size.to_string()])
        .arg(folder)
        .status()?;
    anyhow::ensure!(maker.success(), "{}: not made", hostile.name);
    let mut best: Option<Taken> = None;
    for _ in 0..RUNS {
        let taken = run(hostile, folder).with_context(|| hostile.name)?;
        if best.as_ref().is_none_or(|best| taken.seconds < best.seconds) {
            best = Some(taken);
        }
    }
    best.context("no run")
}

fn run(hostile: &Hostile, folder: &Path) -> anyhow::Result<Taken> {
    let stream = File::open(folder.join("stream.yaml"))?;
    let bytes = stream.metadata()?.len();
    let ended = Command::new(env!("CARGO_BIN_EXE_iam-roles"))
        .arg("--policy")
        .arg(folder.join("policy.yaml"))
        .stdin(stream)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?
        .wait4()?;
    let expected = match hostile.end {
        End::Written => 0,
        End::Refused(_) => 1,
    };
    anyhow::ensure!(ended.status.code() == Some(expected), "ended with {}", ended.status);
    Ok(Taken {
        bytes,
        seconds: ended.rusage.utime.as_secs_f64(),
        peak: ended.rusage.maxrss,
    })
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn row(hostile: &Hostile, once: &Taken, twice: &Taken) -> String {
    let mega = |bytes: u64| bytes as f64 / 1e6;
    format!(
        "| {} | {} | {:.1} MB | {:.2} s | {:.2} s | {:.2} | {:.0} MB | {:.1} × |\n",
        hostile.name,
        hostile.size,
        mega(once.bytes),
        once.seconds,
        twice.seconds,
        twice.seconds / once.seconds.max(0.01),
        mega(once.peak),
        once.peak as f64 / once.bytes as f64,
    )
}

fn make(name: &str, size: usize, folder: &Path) -> anyhow::Result<()> {
    let hostile = ALL.iter().find(|hostile| hostile.name == name);
    let (body, stream) = hostile.context("no such input")?.make(size);
    let policy = format!("apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\n{body}");
    fs::write(folder.join("policy.yaml"), policy)?;
    fs::write(folder.join("stream.yaml"), stream)?;
    Ok(())
}

fn say(text: &str) -> io::Result<()> {
    stdout().write_all(text.as_bytes())
}
