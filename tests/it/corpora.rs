//! The real streams: what Helm and kustomize hand over for GitLab's chart. Each is rewritten in three ways, and the whole
//! result is held against an expectation made from the input's lines alone.
//!
//! The streams are not part of the project; where they are not beside it, nothing is shown and that is said.

use std::fs;

use serde_yaml::Value;

use crate::release::{GAINS, check_meaning, expected, with_new_accounts};
use crate::support::{Run, difference, path, policy, run};

const STREAMS: [(&str, Accounts); 7] = [
    ("gitlab-keys.helm3.yaml", Accounts::None),
    ("gitlab-keys.helm4.yaml", Accounts::None),
    ("gitlab-sa.helm3.yaml", Accounts::OfTheChart),
    ("gitlab-sa.helm4.yaml", Accounts::OfTheChart),
    ("gitlab-everything.helm3.yaml", Accounts::OfTheChart),
    ("gitlab-sa.kustomize-krm.yaml", Accounts::OfTheChart),
    ("gitlab-sa.kustomize-legacy.yaml", Accounts::OfTheChart),
];

#[derive(Clone, Copy, PartialEq)]
enum Accounts {
    None,
    OfTheChart,
}

/// Every stream that is there, by name.
pub(crate) fn streams() -> Vec<(&'static str, String)> {
    let folder = path("../shared/corpora");
    let read = |(name, _): &(&'static str, Accounts)| Some((*name, fs::read_to_string(folder.join(name)).ok()?));
    STREAMS.iter().filter_map(read).collect()
}

#[test]
fn irsa_gives_every_component_its_role() {
    each(|name, accounts, text| check(name, text, accounts == Accounts::OfTheChart, false, &irsa(accounts)));
}

#[test]
fn kube2iam_gives_every_component_its_role() {
    each(|name, _, text| check(name, text, false, true, &("via: kube2iam\n".to_owned() + &named())));
}

#[test]
fn kiam_and_irsa_together_give_every_component_its_role() {
    each(|name, accounts, text| {
        check(
            name,
            text,
            accounts == Accounts::OfTheChart,
            true,
            &("via: [kiam, irsa]\n".to_owned() + &irsa(accounts)),
        );
    });
}

#[test]
fn pods_without_accounts_are_refused_with_the_cure() {
    each(|name, accounts, text| {
        if accounts == Accounts::OfTheChart {
            return;
        }
        let run = run(&policy(&irsa(Accounts::OfTheChart)), &[], text.as_bytes());
        assert_eq!((run.code, run.text()), (1, ""), "{name}: {}", run.stderr);
        assert_eq!(run.findings(), ["error[no-service-account]"; 5], "{name}");
        for (kind, workload) in GAINS.iter().flat_map(|gain| gain.3) {
            let is_named = |line: &str| {
                line.contains(&format!(": {kind} gitlab/{workload}: "))
                    && line.contains("global.serviceAccount.enabled=true")
                    && line.contains("serviceAccount: {create: NAME}")
            };
            assert!(
                run.stderr.lines().any(is_named),
                "{name}: {kind} {workload} in {}",
                run.stderr
            );
        }
    });
}

#[test]
fn a_resource_list_brings_its_own_policy() {
    for (_, text) in streams().iter().filter(|(name, _)| name.contains("krm")) {
        let folder = tempfile::tempdir().expect("a folder");
        let run = crate::support::command(folder.path(), &[], text.as_bytes());
        check_run("krm", text, &expected(text, true, false), &run);
        let results: Value = serde_yaml::from_str(run.text()).expect("YAML");
        let results = results["results"].as_sequence().expect("results").clone();
        assert!(
            !results.is_empty() && results.iter().all(|result| result["tags"]["tool"] == "iam-roles"),
            "{results:?}"
        );
        let after = |text: &str| text[text.find("functionConfig:").expect("a functionConfig")..].to_owned();
        assert!(
            after(run.text()).starts_with(&after(text)),
            "the functionConfig is as it was"
        );
    }
}

#[test]
fn a_refused_resource_list_goes_out_with_its_items_as_they_were() {
    for (_, text) in streams().iter().filter(|(name, _)| name.contains("krm")) {
        let wrong = text
            .replace("    registry: gitlab-registry\n", "    regstry: gitlab-registry\n")
            .replace("  preset: gitlab\n", "");
        let folder = tempfile::tempdir().expect("a folder");
        let run = crate::support::command(folder.path(), &[], wrong.as_bytes());
        assert_eq!(run.code, 1, "{}", run.stderr);
        let results = run
            .text()
            .strip_prefix(wrong.as_str())
            .expect("the list as it was, and then results");
        assert!(results.starts_with("results:\n"), "{results}");
        assert!(
            results.contains("component-matched-nothing") && results.contains("severity: error"),
            "{results}"
        );
    }
}

/// Runs over every stream there is; says which are not.
#[track_caller]
fn each(look: impl Fn(&str, Accounts, &str)) {
    let there = streams();
    for (name, accounts) in STREAMS {
        match there.iter().find(|(found, _)| *found == name) {
            Some((_, text)) => look(name, accounts, text),
            None => say_absent(name),
        }
    }
}

#[expect(clippy::print_stderr, reason = "what a run leaves out is said")]
fn say_absent(name: &str) {
    eprintln!("left out: {name} is not in ../shared/corpora");
}

fn named() -> String {
    let components: String = GAINS
        .iter()
        .flat_map(|(component, role, ..)| ["  ", component, ": ", role, "\n"])
        .collect();
    format!("preset: gitlab\ncomponents:\n{components}")
}

fn irsa(accounts: Accounts) -> String {
    let body = "account: \"111122223333\"\n".to_owned() + &named();
    match accounts {
        Accounts::OfTheChart => body,
        Accounts::None => GAINS.iter().fold(body, |body, (component, role, ..)| {
            body.replace(
                &format!("  {component}: {role}\n"),
                &format!("  {component}: {{role: {role}, serviceAccount: {{create: {role}}}}}\n"),
            )
        }),
    }
}

/// `by_account`: the chart's accounts are annotated; else they are created where `via` has irsa. `on_pods`: the pods are annotated.
#[track_caller]
fn check(name: &str, text: &str, by_account: bool, on_pods: bool, body: &str) {
    let creates = body.contains("create:");
    let expected = match (by_account, creates) {
        (true, _) => expected(text, true, on_pods),
        (false, true) => with_new_accounts(text, on_pods),
        (false, false) => expected(text, false, on_pods),
    };
    check_run(name, text, &expected, &run(&policy(body), &[], text.as_bytes()));
    check_meaning(name, text, &expected, by_account, creates, on_pods);
    let again = run(&policy(body), &[], expected.as_bytes());
    assert_eq!(again.code, 0, "{name}: {}", again.stderr);
    assert!(
        without_results(again.text()) == expected,
        "{name}, a second time:\n{}",
        difference(&expected, again.text())
    );
}

/// The result is as expected, but for the results of a `ResourceList`.
#[track_caller]
fn check_run(name: &str, input: &str, expected: &str, run: &Run) {
    assert_eq!(run.code, 0, "{name}: {}", run.stderr);
    assert_eq!(run.findings(), Vec::<&str>::new(), "{name}: {}", run.stderr);
    let found = without_results(run.text());
    assert!(
        found == expected,
        "{name}: not as expected (-) but (+):\n{}",
        difference(expected, found)
    );
    assert!(
        run.text() == expected || input.contains("kind: ResourceList"),
        "{name}: results outside a ResourceList"
    );
}

fn without_results(text: &str) -> &str {
    let end = text.find("\nresults:\n").map_or(text.len(), |at| at + 1);
    &text[..end]
}
