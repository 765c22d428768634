//! The `iam-roles` program.

mod cli;
mod commands;

use std::process::ExitCode;

use clap::Parser as _;

use self::cli::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    commands::filter::run(arguments)
}
