//! The `iam-roles` program.

#![forbid(unsafe_code)]

mod cli;
mod commands;

use std::process::ExitCode;

use clap::Parser as _;

use self::cli::{Arguments, Command};

fn main() -> ExitCode {
    commands::bug::guarded(run)
}

fn run() -> ExitCode {
    let Arguments { command, filter } = Arguments::parse();
    match command {
        None => commands::filter::run(filter),
        Some(Command::Check(check)) => commands::check::run(check),
        Some(Command::Completions(wanted)) => commands::about::completions(&wanted),
        Some(Command::Diff(diff)) => commands::diff::run(diff),
        Some(Command::Init(init)) => commands::init::run(init),
        Some(Command::Man(wanted)) => commands::about::man(&wanted),
        Some(Command::Rewrite(rewrite)) => commands::rewrite::run(rewrite),
        Some(Command::Schema(wanted)) => commands::about::schema(&wanted),
    }
}
