//! `iam-roles` among real programs: what its clients make of it, what an API server stores of its work, and what the
//! programs that read the storage Secrets do with them.
//!
//! A program is taken from `PATH`, from a cache folder, or got once; see [`program`]. Where one cannot be had, the tests
//! that need it are ignored and say why, and with `CI=true` they fail.
//!
//! Invariant: no test sees the user's own plugins, repositories or settings; see [`sandbox`].

#![expect(clippy::disallowed_types, reason = "tests start programs, and some of those listen")]

mod background;
mod cluster;
mod consumers;
mod expected;
mod filter;
mod helm3;
mod helm4;
mod kustomize;
mod objects;
mod program;
mod proved;
mod readers;
#[path = "../reading/mod.rs"]
mod reading;
mod recipes;
mod sandbox;
mod times;

use cluster::{Cluster, helm as life, kustomize as applied};
use consumers::{boto, registry, s3cmd};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use program::{
    API_SERVER, BOTO3, ETCD, HELM_3, HELM_4, HELMFILE, KUBECTL, KUSTOMIZE, MOTO, OLD_S3CMD, Program, READER,
    REGISTRY_2, REGISTRY_3, S3CMD, UNSHARE, YQ,
};
use std::{env, path::Path, process::ExitCode};

/// The tests of a module that a program runs, by the names of their functions.
macro_rules! with {
    ($program:ident, $module:ident: $($test:ident),+ $(,)?) => {
        vec![$(with(&$program, concat!(stringify!($module), "::", stringify!($test)), $module::$test)),+]
    };
}

/// The tests of a module that a program runs against an API server, by the names of their functions.
macro_rules! in_cluster {
    ($program:ident, $module:ident: $($test:ident),+ $(,)?) => {
        vec![$(in_cluster(&$program, concat!("cluster::", stringify!($test)), $module::$test)),+]
    };
}

/// The tests of a module that see what a program does with a Secret, by the names of their functions.
macro_rules! reads {
    ($program:ident, $module:ident: $($test:ident),+ $(,)?) => {
        vec![$(reads(&$program, concat!("consumers::", stringify!($module), "::", stringify!($test)), $module::$test)),+]
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
        with!(HELM_3, helm3:
            stream_is_what_the_chart_renders,
            gives_roles_through_service_accounts,
            creates_service_accounts,
            gives_roles_through_kube2iam,
            shows_why_it_refused,
            fails_without_its_policy,
        ),
        with!(HELM_4, helm4:
            gives_roles_through_service_accounts,
            creates_service_accounts,
            gives_roles_through_kube2iam,
            leaves_hooks_alone,
            fails_when_refused,
            warns_when_done,
            plugin_builds_what_is_not_there,
        ),
        with!(KUSTOMIZE, kustomize:
            gives_roles_as_a_function,
            gives_roles_as_a_plugin,
            function_fails_when_refused,
            plugin_fails_when_refused,
        ),
        with!(HELM_3, recipes: argocd, argocd_fails_with_helm, flux),
        with!(HELM_4, recipes: argocd),
        with!(KUSTOMIZE, recipes: kustomize_pipe, kustomize_function),
        with!(HELMFILE, recipes: helmfile_with_helm_3, helmfile_with_helm_4),
        alone!(recipes: keys),
        alone!(helm4: plugin_has_the_version_of_the_crate),
        alone!(filter: gives_the_expected_objects, gives_the_same_bytes_again, writes_nothing_when_refused),
        with!(READER, readers: kubernetes_sees_what_the_tree_sees),
        vec![
            needing(
                &[&YQ, &READER],
                &named("readers::yq_sees_what_the_tree_sees", &YQ),
                || {
                    readers::yq_sees_what_the_tree_sees(path(&YQ), path(&READER));
                },
            ),
            needing(&[&YQ, &READER], "readers::the_page_says_what_each_reads", || {
                readers::the_page_says_what_each_reads(path(&YQ), path(&READER));
            }),
        ],
        in_cluster!(HELM_3, life: installs_upgrades_rolls_back_uninstalls, pods_roll_when_they_must, pod_annotations_are_stored),
        in_cluster!(HELM_4, life: installs_upgrades_rolls_back_uninstalls, pods_roll_when_they_must, pod_annotations_are_stored),
        in_cluster!(KUSTOMIZE, applied: a_second_round_changes_nothing),
        reads!(REGISTRY_3, registry: web_identity_is_used, metadata_is_used, keys_left_in_come_first),
        reads!(REGISTRY_2, registry: web_identity_is_not_known, metadata_is_used, keys_left_in_come_first),
        reads!(S3CMD, s3cmd: web_identity_is_used, keys_left_in_come_first),
        reads!(OLD_S3CMD, s3cmd: web_identity_is_not_known, keys_left_in_come_first),
        reads!(BOTO3, boto:
            web_identity_is_used,
            metadata_is_used,
            keys_left_in_come_before_the_metadata,
            keys_left_in_come_after_web_identity,
            keys_of_the_environment_come_first,
        ),
    ];
    let mut trials: Vec<Trial> = trials.into_iter().flatten().collect();
    let names: Vec<String> = trials.iter().map(|trial| trial.name().to_owned()).collect();
    trials.push(needing(&[], "proved::the_page_lists_the_tests", move || {
        proved::check(&names);
    }));
    let ended = libtest_mimic::run(&Arguments::from_args(), trials);
    Cluster::stop();
    times::tell();
    ended.exit_code()
}

/// A test that a program runs.
fn with(program: &'static Program, name: &str, test: fn(&Path)) -> Trial {
    needing(&[program], &named(name, program), move || test(path(program)))
}

/// A test that a program runs against an API server.
fn in_cluster(program: &'static Program, name: &str, test: fn(&Path, &Cluster)) -> Trial {
    needing(
        &[program, &ETCD, &API_SERVER, &KUBECTL],
        &named(name, program),
        move || {
            test(path(program), Cluster::get());
        },
    )
}

/// A test that sees what a program does with a Secret.
fn reads(program: &'static Program, name: &str, test: fn(&Path)) -> Trial {
    needing(&[program, &MOTO, &UNSHARE], &named(name, program), move || {
        test(path(program));
    })
}

/// A test that needs nothing but the program.
fn alone(name: &str, test: fn()) -> Trial {
    needing(&[], name, test)
}

fn named(name: &str, program: &Program) -> String {
    format!("{name} ({} {})", program.name, program.version)
}

/// A test that is ignored where a program cannot be had, and fails then where `CI=true`.
fn needing(programs: &[&'static Program], name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    let programs = programs.to_vec();
    let title = name.to_owned();
    Trial::ignorable_test(name, move || {
        let missing = programs.iter().find_map(|program| program.path().err());
        match missing {
            None => {
                times::of(&title, test);
                Ok(Completion::Completed)
            }
            Some(reason) if env::var_os("CI").is_some_and(|ci| ci == "true") => Err(Failed::from(reason)),
            Some(reason) => Ok(Completion::ignored_with(reason)),
        }
    })
}

/// The file of a program that a test was found to have.
fn path(program: &'static Program) -> &'static Path {
    program.path().unwrap_or_else(|reason| panic!("{reason}"))
}
