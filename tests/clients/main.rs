//! What the real clients make of `iam-roles`: Helm 3, Helm 4 and kustomize, each run as a person runs it.
//!
//! A client is taken from `PATH`, from a cache folder, or built with Go; see [`client`]. Where none can be had, its tests
//! are ignored and say why, and with `CI=true` they fail.
//!
//! Invariant: no test sees the user's own plugins, repositories or settings; see [`sandbox`].

mod client;
mod expected;
mod filter;
mod helm3;
mod helm4;
mod kustomize;
mod objects;
mod sandbox;

use client::Client;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::{env, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let trials = [
        with(
            Client::Helm3,
            "stream_is_what_the_chart_renders",
            helm3::stream_is_what_the_chart_renders,
        ),
        with(
            Client::Helm3,
            "gives_roles_through_service_accounts",
            helm3::gives_roles_through_service_accounts,
        ),
        with(
            Client::Helm3,
            "creates_service_accounts",
            helm3::creates_service_accounts,
        ),
        with(
            Client::Helm3,
            "gives_roles_through_kube2iam",
            helm3::gives_roles_through_kube2iam,
        ),
        with(Client::Helm3, "shows_why_it_refused", helm3::shows_why_it_refused),
        with(
            Client::Helm3,
            "fails_without_its_policy",
            helm3::fails_without_its_policy,
        ),
        with(
            Client::Helm4,
            "gives_roles_through_service_accounts",
            helm4::gives_roles_through_service_accounts,
        ),
        with(
            Client::Helm4,
            "creates_service_accounts",
            helm4::creates_service_accounts,
        ),
        with(
            Client::Helm4,
            "gives_roles_through_kube2iam",
            helm4::gives_roles_through_kube2iam,
        ),
        with(Client::Helm4, "leaves_hooks_alone", helm4::leaves_hooks_alone),
        with(Client::Helm4, "fails_when_refused", helm4::fails_when_refused),
        with(Client::Helm4, "warns_when_done", helm4::warns_when_done),
        with(
            Client::Helm4,
            "plugin_builds_what_is_not_there",
            helm4::plugin_builds_what_is_not_there,
        ),
        with(
            Client::Kustomize,
            "gives_roles_as_a_function",
            kustomize::gives_roles_as_a_function,
        ),
        with(
            Client::Kustomize,
            "gives_roles_as_a_plugin",
            kustomize::gives_roles_as_a_plugin,
        ),
        with(
            Client::Kustomize,
            "function_fails_when_refused",
            kustomize::function_fails_when_refused,
        ),
        with(
            Client::Kustomize,
            "plugin_fails_when_refused",
            kustomize::plugin_fails_when_refused,
        ),
        alone(
            "plugin_has_the_version_of_the_crate",
            helm4::plugin_has_the_version_of_the_crate,
        ),
        alone("filter::gives_the_expected_objects", filter::gives_the_expected_objects),
        alone("filter::gives_the_same_bytes_again", filter::gives_the_same_bytes_again),
        alone(
            "filter::writes_nothing_when_refused",
            filter::writes_nothing_when_refused,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
}

/// A test that needs a client.
fn with(client: Client, name: &str, test: fn(&Path)) -> Trial {
    Trial::ignorable_test(format!("{client}::{name}"), move || match client.program() {
        Ok(program) => {
            test(program);
            Ok(Completion::Completed)
        }
        Err(reason) if env::var_os("CI").is_some_and(|ci| ci == "true") => Err(Failed::from(reason)),
        Err(reason) => Ok(Completion::ignored_with(reason)),
    })
}

/// A test that needs nothing but the program.
fn alone(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}
