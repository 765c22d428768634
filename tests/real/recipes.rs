//! The recipes of `docs/recipes.md`, run as they stand there.
//!
//! Invariant: what is run is read out of the page, the fenced block after `<!-- run: NAME -->`, never a copy of it.

use assert_cmd::assert::Assert;
use serde_yaml::Value;
use std::{fs, os::unix::fs::symlink, path::Path};

use crate::{
    expected::Case,
    program::{HELM_3, HELM_4, Program},
    sandbox::{Sandbox, search_path, testdata, text},
};

const PAGE: &str = include_str!("../../docs/recipes.md");

/// The plugin's command with the Application's variables, in the chart's folder.
pub(crate) fn argocd(helm: &Path) {
    let place = Place::new(&[("helm", helm)]);
    let rendered = argocd_generate(&place).success();
    let plain = place.bash("helm template gitlab gitlab/gitlab --namespace gitlab --values values.yaml");
    place.check(&plain, text(&rendered.get_output().stdout));
}

/// Where Helm fails the command does, and nothing is written: an empty answer would have everything pruned.
pub(crate) fn argocd_fails_with_helm(helm: &Path) {
    let place = Place::new(&[("helm", helm)]);
    fs::remove_file(place.sandbox.path("gitlab/gitlab/Chart.yaml")).expect("Chart.yaml");
    argocd_generate(&place).failure().stdout("");
}

pub(crate) fn flux(helm: &Path) {
    let place = Place::new(&[("helm", helm)]);
    place.bash(recipe("flux"));
    let plain = place.bash("helm template gitlab gitlab/gitlab --namespace gitlab --values values.yaml --no-hooks");
    place.check(&plain, &place.release());
}

pub(crate) fn helmfile_with_helm_3(helmfile: &Path) {
    let place = Place::new(&[("helmfile", helmfile), ("helm", path(&HELM_3))]);
    place.check_helmfile();
}

pub(crate) fn helmfile_with_helm_4(helmfile: &Path) {
    let place = Place::new(&[("helmfile", helmfile), ("helm", path(&HELM_4))]);
    place.bash(&format!("helm plugin install '{}'", env!("CARGO_MANIFEST_DIR")));
    place.check_helmfile();
}

pub(crate) fn kustomize_pipe(kustomize: &Path) {
    let place = Place::new(&[("kustomize", kustomize), ("helm", path(&HELM_3))]);
    place.sandbox.write("kustomization.yaml", recipe("kustomize-chart"));
    let plain = place.bash("kustomize build --enable-helm .");
    place.bash(recipe("kustomize-pipe"));
    place.check(&plain, &place.release());
}

pub(crate) fn kustomize_function(kustomize: &Path) {
    let place = Place::new(&[("kustomize", kustomize), ("helm", path(&HELM_3))]);
    let chart = recipe("kustomize-chart");
    place.sandbox.write("kustomization.yaml", chart);
    let plain = place.bash("kustomize build --enable-helm .");
    place
        .sandbox
        .write("kustomization.yaml", &format!("{chart}transformers: [policy.yaml]\n"));
    place.sandbox.write("policy.yaml", recipe("kustomize-function"));
    place.sandbox.link_program("iam-roles");
    place.bash(recipe("kustomize-build"));
    place.check(&plain, &place.release());
}

/// Secrets alone, as `kubectl get` writes them: no key stays in any.
pub(crate) fn keys() {
    let stream = fs::read_to_string(testdata("stream.yaml")).expect("testdata/gitlab/stream.yaml");
    let is_secret = |document: &&str| document.contains("\nkind: Secret\n");
    let secrets: Vec<&str> = stream.split("---\n").filter(is_secret).collect();
    assert_eq!(secrets.len(), 3, "the Secrets of the stream");
    let place = Place::new(&[]);
    place.sandbox.write("secrets.yaml", &secrets.join("---\n"));
    place.sandbox.write("keys.yaml", recipe("keys"));
    let edited = place.bash("iam-roles --policy=keys.yaml < secrets.yaml");
    for (id, object) in crate::objects::objects(&edited) {
        assert!(!crate::objects::dump(&object).contains("AKIA"), "{id} holds a key");
    }
}

/// The fenced block after `<!-- run: NAME -->`.
#[track_caller]
fn recipe(name: &str) -> &'static str {
    let marker = format!("<!-- run: {name} -->\n```");
    let (_, after) = PAGE
        .split_once(&marker)
        .unwrap_or_else(|| panic!("docs/recipes.md has no recipe `{name}`"));
    let (_, block) = after.split_once('\n').expect("a line after the fence");
    let (block, _) = block.split_once("```\n").expect("the end of the block");
    block
}

/// What Argo CD runs in the Application's folder, and the environment it gives it.
fn argocd_generate(place: &Place) -> Assert {
    let plugin = yaml(recipe("argocd"));
    let generate = &plugin["spec"]["generate"];
    let words = |key: &str| -> Vec<String> { serde_yaml::from_value(generate[key].clone()).expect("words") };
    let command = words("command");
    let (program, first) = command.split_first().expect("a program");
    let mut run = place.command(Path::new(program));
    run.args(first).args(words("args"));
    run.envs([
        ("ARGOCD_APP_NAME", "gitlab"),
        ("ARGOCD_APP_NAMESPACE", "gitlab"),
        ("KUBE_VERSION", "1.34.0"),
    ]);
    let application = yaml(recipe("argocd-application"));
    let variables = application["spec"]["source"]["plugin"]["env"].as_sequence();
    for variable in variables.expect("variables of the Application") {
        let [name, value] = ["name", "value"].map(|key| variable[key].as_str().expect("text"));
        run.env(format!("ARGOCD_ENV_{name}"), value);
    }
    let folder = place.sandbox.path("gitlab/gitlab");
    let policy = place.case.policy.replace("\"111122223333\"", "\"${AWS_ACCOUNT_ID}\"");
    assert_ne!(policy, place.case.policy, "the account is a variable");
    place.sandbox.write("gitlab/gitlab/policy.yaml", &policy);
    let values = folder.join("values.yaml");
    let chart = fs::read_to_string(&values).expect("values.yaml of the chart");
    fs::write(&values, chart.replacen("enabled: false", "enabled: true", 1)).expect("values.yaml of the chart");
    run.current_dir(folder).assert()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML in docs/recipes.md")
}

/// A program that another one calls.
#[track_caller]
fn path(program: &'static Program) -> &'static Path {
    program.path().unwrap_or_else(|reason| panic!("{reason}"))
}

/// The folder that the recipes speak of: a chart at `gitlab/gitlab`, its values, the policy, and the programs on `PATH`.
struct Place {
    sandbox: Sandbox,
    case: Case,
}

impl Place {
    fn new(programs: &[(&str, &Path)]) -> Self {
        let place = Self {
            sandbox: Sandbox::new(),
            case: Case::service_accounts(),
        };
        let sandbox = &place.sandbox;
        sandbox.link_program("bin/iam-roles");
        for (name, program) in programs {
            symlink(program, sandbox.path("bin").join(name)).expect("a link to a client");
        }
        sandbox.copy(&testdata("chart"), "gitlab/gitlab");
        // Where kustomize keeps a chart that it has fetched.
        sandbox.copy(&testdata("chart"), "charts/gitlab-8.3.0/gitlab");
        sandbox.write("values.yaml", "serviceAccount: {enabled: true}\n");
        sandbox.write("policy.yaml", &place.case.policy);
        place
    }

    fn command(&self, program: &Path) -> assert_cmd::Command {
        let mut command = self.sandbox.command(program);
        command.env("PATH", search_path(&self.sandbox.path("bin")));
        command
    }

    /// Runs a script, which has to succeed, and gives what it wrote.
    #[track_caller]
    fn bash(&self, script: &str) -> String {
        let done = self.command(Path::new("bash")).args(["-c", script]).assert().success();
        text(&done.get_output().stdout).to_owned()
    }

    /// What a recipe left behind.
    fn release(&self) -> String {
        fs::read_to_string(self.sandbox.path("release.yaml")).expect("release.yaml")
    }

    #[track_caller]
    fn check(&self, plain: &str, rendered: &str) {
        self.case.check(plain, rendered);
    }

    #[track_caller]
    fn check_helmfile(&self) {
        let plain = self.bash("helm template gitlab gitlab/gitlab --namespace gitlab --values values.yaml");
        self.sandbox.write("helmfile.yaml", recipe("helmfile"));
        self.check(&plain, &self.bash("helmfile template"));
    }
}
