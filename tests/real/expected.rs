//! What becomes of the chart in `testdata/gitlab`: the one description that every client's result is held against.
//!
//! The changes are made on values that `serde_yaml` read, a second parser, so that nothing of the program judges itself.
//!
//! Invariant: every row of the tables is found in the release; an object that no row names must come out as it went in.

use serde_yaml::Value;
use std::fs;

use crate::{
    objects::{Objects, dump, find, objects},
    sandbox::testdata,
};

/// A way to give the release its roles: chart values, policy and what each component gets.
pub(crate) struct Case {
    /// `--set` arguments for the chart.
    pub(crate) values: &'static [&'static str],
    /// The text of the policy.
    pub(crate) policy: String,
    gains: [Gain; 4],
    way: Way,
}

/// What one component's pods get.
struct Gain {
    role: &'static str,
    account: &'static str,
    workloads: &'static [&'static str],
}

enum Way {
    /// The chart's `ServiceAccount`s are annotated.
    Annotated,
    /// `ServiceAccount`s are written, and the pods are pointed at them.
    Created,
    /// The pod templates are annotated.
    OnPods,
}

const REGISTRY: &[&str] = &["Deployment/gitlab-registry"];
const WEBSERVICE: &[&str] = &[
    "Deployment/gitlab-webservice-default",
    "Deployment/gitlab-webservice-git",
];
const SIDEKIQ: &[&str] = &[
    "Deployment/gitlab-sidekiq-all-in-1-v2",
    "Deployment/gitlab-sidekiq-mailers-v2",
];
const TOOLBOX: &[&str] = &["Deployment/gitlab-toolbox", "CronJob/gitlab-toolbox-backup"];

/// What the value of each storage Secret says once its keys are gone.
pub(crate) const SECRETS: [(&str, &str, &str); 3] = [
    (
        "Secret/registry-storage",
        "config",
        "# Where the registry keeps its layers.\n\
         s3:\n  bucket: gitlab-registry\n  region: eu-central-1\n\n  \
         # regionendpoint: \"https://storage.example.com:9000\"\n  \
         v4auth: true  # the only signature this region takes\n",
    ),
    (
        "Secret/object-storage",
        "connection",
        "# Rails and Workhorse read and write their objects with this.\n\
         provider: AWS\nregion: eu-central-1\nuse_iam_profile: true\n\
         # endpoint: https://storage.example.com\n",
    ),
    (
        "Secret/s3cmd-config",
        "config",
        "[default]\nbucket_location = eu-central-1\n",
    ),
];

impl Case {
    /// IRSA, with the `ServiceAccount`s that the chart renders.
    pub(crate) fn service_accounts() -> Self {
        Self {
            values: &["--set=serviceAccount.enabled=true"],
            policy: policy(),
            gains: [
                gain("gitlab-registry", "gitlab-registry", REGISTRY),
                gain("gitlab-rails", "gitlab-webservice", WEBSERVICE),
                gain("gitlab-rails", "gitlab-sidekiq", SIDEKIQ),
                gain("gitlab-backup", "gitlab-toolbox", TOOLBOX),
            ],
            way: Way::Annotated,
        }
    }

    /// IRSA, with the chart's default of no `ServiceAccount` at all.
    pub(crate) fn created_accounts() -> Self {
        let (before, _) = policy_at_components();
        let components = "components:
  registry: {role: gitlab-registry, serviceAccount: {create: gitlab-registry}}
  webservice: {role: gitlab-rails, serviceAccount: {create: gitlab-rails}}
  sidekiq: {role: gitlab-rails, serviceAccount: {create: gitlab-rails}}
  toolbox: {role: gitlab-backup, serviceAccount: {create: gitlab-backup}}
";
        Self {
            values: &[],
            policy: before + components,
            gains: [
                gain("gitlab-registry", "gitlab-registry", REGISTRY),
                gain("gitlab-rails", "gitlab-rails", WEBSERVICE),
                gain("gitlab-rails", "gitlab-rails", SIDEKIQ),
                gain("gitlab-backup", "gitlab-backup", TOOLBOX),
            ],
            way: Way::Created,
        }
    }

    /// kube2iam, with the chart's default values.
    pub(crate) fn kube2iam() -> Self {
        Self {
            values: &[],
            policy: policy() + "via: kube2iam\n",
            way: Way::OnPods,
            ..Self::service_accounts()
        }
    }

    /// Asserts that `rendered` is `plain` with the changes of this case and no other.
    #[track_caller]
    pub(crate) fn check(&self, plain: &str, rendered: &str) {
        let expected = self.expected(objects(plain));
        let rendered = objects(rendered);
        assert_eq!(
            expected.keys().collect::<Vec<_>>(),
            rendered.keys().collect::<Vec<_>>(),
            "the objects of the release"
        );
        for (id, object) in &expected {
            assert_eq!(dump(object), dump(&rendered[id]), "{id}");
        }
    }

    fn expected(&self, mut objects: Objects) -> Objects {
        for gain in &self.gains {
            let arn = format!("arn:aws:iam::111122223333:role/{}", gain.role);
            let account = format!("ServiceAccount/{}", gain.account);
            match self.way {
                Way::Annotated => annotate(
                    &mut find(&mut objects, &account)["metadata"],
                    "eks.amazonaws.com/role-arn",
                    &arn,
                ),
                Way::Created => {
                    objects.insert(account, new_account(gain.account, &arn));
                }
                Way::OnPods => {}
            }
            for workload in gain.workloads {
                let pod = pod_template(find(&mut objects, workload));
                match self.way {
                    Way::Annotated => assert_eq!(pod["spec"]["serviceAccountName"], gain.account, "{workload}"),
                    Way::Created => pod["spec"]["serviceAccountName"] = gain.account.into(),
                    Way::OnPods => {
                        annotate(&mut pod["metadata"], "iam.amazonaws.com/role", gain.role);
                    }
                }
            }
        }
        for (secret, key, text) in SECRETS {
            let values = values_of(find(&mut objects, secret));
            assert!(
                values[key].as_str().is_some_and(|old| old.contains("AKIA")),
                "{secret} holds keys at first"
            );
            values[key] = text.into();
        }
        objects
    }
}

/// A policy whose registry is nowhere in the release.
pub(crate) fn unmatched_policy() -> String {
    let (before, _) = policy_at_components();
    before + "components:\n  registry: {role: gitlab-registry, match: {labels: {app: not-in-this-release}}}\n"
}

/// The policy of `testdata/gitlab`.
pub(crate) fn policy() -> String {
    fs::read_to_string(testdata("policy.yaml")).expect("testdata/gitlab/policy.yaml")
}

/// The policy, cut in two before its components.
fn policy_at_components() -> (String, String) {
    let policy = policy();
    let (before, after) = policy.split_at(policy.find("components:").expect("components in the policy"));
    (before.to_owned(), after.to_owned())
}

fn gain(role: &'static str, account: &'static str, workloads: &'static [&'static str]) -> Gain {
    Gain {
        role,
        account,
        workloads,
    }
}

fn values_of(secret: &mut Value) -> &mut Value {
    let field = if secret.get("data").is_some() {
        "data"
    } else {
        "stringData"
    };
    &mut secret[field]
}

fn pod_template(workload: &mut Value) -> &mut Value {
    if workload["kind"] == "CronJob" {
        return &mut workload["spec"]["jobTemplate"]["spec"]["template"];
    }
    &mut workload["spec"]["template"]
}

fn annotate(metadata: &mut Value, key: &str, value: &str) {
    metadata["annotations"][key] = value.into();
}

fn new_account(name: &str, arn: &str) -> Value {
    let written = format!(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: gitlab\n  annotations:\n    eks.amazonaws.com/role-arn: {arn}\n"
    );
    serde_yaml::from_str(&written).expect("a ServiceAccount")
}
