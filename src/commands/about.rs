//! What the program prints about itself: completions, manual pages, schemas; each made from
//! the definition that the program reads with.

use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::{ColorChoice, CommandFactory as _};
use iam_roles::policy::suggest::{did_you_mean, listed};

use super::failure::{Failure, ended};
use super::say::answer;
use crate::cli::{Arguments, Completions, Described, Man, Schema};

/// Prints the completions of a shell.
pub(crate) fn completions(wanted: &Completions) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(wanted.shell, &mut Arguments::command(), "iam-roles", &mut text);
    ended(None, answer(Some(ColorChoice::Never), &text))
}

/// Prints a JSON Schema, indented, with a line break at its end.
pub(crate) fn schema(wanted: &Schema) -> ExitCode {
    let schema = match wanted.of {
        Described::Policy => iam_roles::policy::schema::schema(),
        Described::Report => iam_roles::report::json::schema(),
    };
    let text = format!("{schema:#}\n");
    ended(None, answer(Some(ColorChoice::Never), text.as_bytes()))
}

/// Prints a manual page.
pub(crate) fn man(wanted: &Man) -> ExitCode {
    let text = page(wanted.subcommand.as_deref());
    ended(None, text.and_then(|text| answer(Some(ColorChoice::Never), &text)))
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
    rendered.context("the manual page").map_err(Failure::System)?;
    Ok(text)
}
