//! What the program prints about itself: completions and manual pages, both made from the command line's definition.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::CommandFactory as _;
use iam_roles::policy::suggest::{did_you_mean, listed};

use super::failure::Failure;
use super::say::say;
use crate::cli::{Arguments, Completions, Man};

/// Prints the completions of a shell.
pub(crate) fn completions(wanted: &Completions) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(wanted.shell, &mut Arguments::command(), "iam-roles", &mut text);
    ended(print(&text))
}

/// Prints a manual page.
pub(crate) fn man(wanted: &Man) -> ExitCode {
    ended(page(wanted.subcommand.as_deref()).and_then(|text| print(&text)))
}

fn page(subcommand: Option<&str>) -> Result<Vec<u8>, Failure> {
    let mut program = Arguments::command();
    // Names the subcommands as they are called: `iam-roles check`.
    program.build();
    let command = match subcommand {
        None => program,
        Some(name) => {
            let names = || program.get_subcommands().map(clap::Command::get_name);
            let found = program.get_subcommands().find(|command| command.get_name() == name);
            let unknown = || {
                let hint = did_you_mean(name, names());
                Failure::Usage(anyhow!("no subcommand `{name}`; there is {}{hint}", listed(names())))
            };
            found.cloned().ok_or_else(unknown)?
        }
    };
    let mut text = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut text);
    rendered.context("the manual page").map_err(Failure::Unreadable)?;
    Ok(text)
}

fn print(text: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    let result = stdout.write_all(text).and_then(|()| stdout.flush());
    result.context("stdout").map_err(Failure::Unreadable)
}

fn ended(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(None, &failure.line().into_iter().collect::<Vec<_>>());
            failure.status()
        }
    }
}
