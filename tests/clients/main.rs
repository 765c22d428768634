//! What the real clients make of `iam-roles`: Helm 3, Helm 4, kustomize and helmfile, each run as a person runs it.
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
mod recipes;
mod sandbox;

use client::Client;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::{env, path::Path, process::ExitCode};

/// The tests of a module that need a client, by the names of their functions.
macro_rules! with {
    ($client:ident, $module:ident: $($test:ident),+ $(,)?) => {
        vec![$(with(Client::$client, concat!(stringify!($module), "::", stringify!($test)), $module::$test)),+]
    };
}

/// The tests of a module that need nothing but the program, by the names of their functions.
macro_rules! alone {
    ($module:ident: $($test:ident),+ $(,)?) => {
        vec![$(alone(concat!(stringify!($module), "::", stringify!($test)), $module::$test)),+]
    };
}

fn main() -> ExitCode {
    let trials = [
        with!(Helm3, helm3:
            stream_is_what_the_chart_renders,
            gives_roles_through_service_accounts,
            creates_service_accounts,
            gives_roles_through_kube2iam,
            shows_why_it_refused,
            fails_without_its_policy,
        ),
        with!(Helm4, helm4:
            gives_roles_through_service_accounts,
            creates_service_accounts,
            gives_roles_through_kube2iam,
            leaves_hooks_alone,
            fails_when_refused,
            warns_when_done,
            plugin_builds_what_is_not_there,
        ),
        with!(Kustomize, kustomize:
            gives_roles_as_a_function,
            gives_roles_as_a_plugin,
            function_fails_when_refused,
            plugin_fails_when_refused,
        ),
        with!(Helm3, recipes: argocd, argocd_fails_with_helm, flux),
        with!(Helm4, recipes: argocd),
        with!(Kustomize, recipes: kustomize_pipe, kustomize_function),
        with!(Helmfile, recipes: helmfile_with_helm_3, helmfile_with_helm_4),
        alone!(recipes: keys),
        alone!(helm4: plugin_has_the_version_of_the_crate),
        alone!(filter: gives_the_expected_objects, gives_the_same_bytes_again, writes_nothing_when_refused),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials.into_iter().flatten().collect()).exit_code()
}

/// A test that needs a client.
fn with(client: Client, name: &str, test: fn(&Path)) -> Trial {
    Trial::ignorable_test(format!("{name} ({client})"), move || match client.program() {
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
