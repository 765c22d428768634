//! The ways to say where the policy is and what stands in it.

use std::fs;

use crate::support::{policy, program};

const INPUT: &str = "apiVersion: v1
kind: Pod
metadata:
  name: a
";

/// Runs the program in a folder below one that holds the policy, and gives its status, its output and what it said.
#[track_caller]
fn run(arguments: &[&str], environment: &[(&str, &str)], body: &str) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let below = folder.path().join("below");
    fs::create_dir(&below).expect("a folder");
    fs::write(folder.path().join("iam-roles.yaml"), policy(body)).expect("a policy");
    let mut command = program(&below);
    command
        .args(arguments)
        .envs(environment.iter().copied())
        .write_stdin(INPUT);
    let output = command.output().expect("the program");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const POD: &str = "via: kube2iam\ncomponents: {a: {role: \"${ROLE}\", match: {name: a, kind: [Pod]}}}\n";

#[track_caller]
fn gives(arguments: &[&str], environment: &[(&str, &str)], role: &str) {
    let (code, output, said) = run(arguments, environment, POD);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        output.contains(&format!("iam.amazonaws.com/role: \"{role}\"")),
        "{output}"
    );
}

#[test]
fn a_policy_in_a_folder_above_is_found() {
    gives(&["--var", "ROLE=r"], &[], "r");
}

#[test]
fn a_policy_is_an_option_an_argument_or_a_variable() {
    gives(&["--policy", "../iam-roles.yaml", "--var", "ROLE=r"], &[], "r");
    gives(&["../iam-roles.yaml", "--var", "ROLE=r"], &[], "r");
    gives(&["--var", "ROLE=r"], &[("IAM_ROLES_POLICY", "../iam-roles.yaml")], "r");
    let (code, output, said) = run(&["--var", "ROLE=r"], &[("IAM_ROLES_POLICY", "missing.yaml")], POD);
    assert_eq!((code, output.as_str()), (Some(2), ""));
    assert!(said.contains("missing.yaml"), "{said}");
}

#[test]
fn a_variable_of_the_policy_is_given_or_of_the_environment() {
    gives(&[], &[("ROLE", "e")], "e");
    gives(&["--var", "ROLE=r"], &[("ROLE", "e")], "r");
    gives(&[], &[("IAM_ROLES_VAR", "X=y,ROLE=v")], "v");
    gives(&[], &[("ARGOCD_ENV_ROLE", "a")], "a");
    gives(&[], &[("ARGOCD_ENV_IAM_ROLES_VAR", "ROLE=b")], "b");
}

#[test]
fn strictness_comes_from_the_environment_too() {
    let body = "account: \"111122223333\"\ncomponents: {a: {role: r, match: {name: a, kind: [Pod]}, serviceAccount: {create: b}}}\nsecrets: []\n";
    let strict = |environment: &[(&str, &str)]| run(&[], environment, body).0;
    assert_eq!(strict(&[]), Some(0));
    assert_eq!(strict(&[("IAM_ROLES_STRICT", "maybe")]), Some(2));
}

#[test]
fn quiet_says_nothing_on_success() {
    let (code, _, said) = run(&["--quiet", "--var", "ROLE=r"], &[], POD);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let (code, _, said) = run(&["--var", "ROLE=r"], &[("IAM_ROLES_QUIET", "1")], POD);
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

#[test]
fn results_of_other_functions_stay_beside_ours() {
    let list = |results: &str| {
        format!(
            "apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- {{apiVersion: v1, kind: Pod, metadata: {{name: a}}}}
functionConfig:
  apiVersion: iam-roles/v1alpha1
  kind: RolePolicy
  via: kube2iam
  components: {{b: r}}
results:
- {{message: theirs, severity: info}}
{results}"
        )
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = program(folder.path())
        .write_stdin(list(""))
        .output()
        .expect("the program");
    assert_eq!(output.status.code(), Some(1));
    let once = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        once.starts_with(&list("")) && once.contains("id: component-matched-nothing"),
        "{once}"
    );
    let again = program(folder.path())
        .write_stdin(once.clone())
        .output()
        .expect("the program");
    assert_eq!(String::from_utf8(again.stdout).expect("UTF-8"), once);
}
