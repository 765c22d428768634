//! `init`: a starter policy.

use std::process::ExitCode;

use anyhow::anyhow;
use clap::ColorChoice;
use iam_roles::manifest::stream::Stream;
use iam_roles::plan::Circumstances;
use iam_roles::plan::survey::survey;
use iam_roles::report::starter;

use super::failure::{Failure, ended};
use super::input;
use super::say::answer;
use crate::cli::{Init, twin};

/// Writes a policy to standard output, and gives the exit status.
pub(crate) fn run(arguments: Init) -> ExitCode {
    let color = arguments.color;
    ended(color, init(arguments))
}

fn init(arguments: Init) -> Result<(), Failure> {
    let inputs = input::all(&arguments.paths, false)?;
    let stream = Stream::read(&inputs)?;
    let circumstances = Circumstances {
        namespace: arguments.namespace.or_else(|| twin("NAMESPACE")),
        as_rendered: false,
    };
    let text = starter::text(&survey(&stream, &circumstances)).ok_or_else(|| {
        let message =
            "a policy would have nothing to name: no workload, and no Secret that holds keys; pipe a whole release in";
        Failure::System(anyhow!(message))
    })?;
    answer(Some(ColorChoice::Never), text.as_bytes())
}
