//! The life of a release, as the API server stores it.

use assert_cmd::assert::Assert;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_yaml::Value;
use std::{collections::BTreeMap, fs, path::Path};

use super::{
    Cluster,
    release::{ACCOUNTS, Release},
    webhook::role_given,
};
use crate::{
    expected::{Case, SECRETS, policy},
    sandbox::{PROGRAM, text},
};

/// What the chart renders.
const KINDS: &str = "configmaps,cronjobs,deployments,jobs,secrets,serviceaccounts,services";

/// The workloads of each component, and the role that the policy gives them.
const ROLES: [(&str, &str); 7] = [
    ("Deployment/gitlab-registry", "gitlab-registry"),
    ("Deployment/gitlab-webservice-default", "gitlab-rails"),
    ("Deployment/gitlab-webservice-git", "gitlab-rails"),
    ("Deployment/gitlab-sidekiq-all-in-1-v2", "gitlab-rails"),
    ("Deployment/gitlab-sidekiq-mailers-v2", "gitlab-rails"),
    ("Deployment/gitlab-toolbox", "gitlab-backup"),
    ("CronJob/gitlab-toolbox-backup", "gitlab-backup"),
];

const KEYS: [&str; 2] = ["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"];

/// Installed, upgraded in every way, rolled back and gone.
pub(crate) fn installs_upgrades_rolls_back_uninstalls(helm: &Path, cluster: &Cluster) {
    let release = Release::new(helm, cluster, "lives");
    release.upgrade(&policy(), &[ACCOUNTS]);
    release.check(&ROLES);
    let installed = release.stored();

    // The same again.
    release.upgrade(&policy(), &[ACCOUNTS]);
    assert_eq!(release.changed_since(&installed), Vec::<String>::new());

    // Another role: one account changes, no pod template does, and the Job is the same Job.
    let renamed = policy().replace("registry: gitlab-registry", "registry: registry-2");
    release.upgrade(&renamed, &[ACCOUNTS]);
    assert_eq!(release.changed_since(&installed), ["ServiceAccount/gitlab-registry"]);
    let mut roles = ROLES;
    roles[0].1 = "registry-2";
    release.check(&roles);

    // One more component.
    let pages = format!("{renamed}  pages: {{role: pages, match: {{labels: {{app: gitlab-pages}}}}}}\n");
    let enabled = [ACCOUNTS, "--set=gitlab-pages.enabled=true"];
    release.upgrade(&pages, &enabled);
    release.check(&[&roles[..], &[("Deployment/gitlab-gitlab-pages", "pages")]].concat());

    // A value that is none of ours.
    let before = release.stored();
    release.upgrade(
        &pages,
        &[&enabled[..], &["--set=webservice.deployments.git.replicas=3"]].concat(),
    );
    let changed = release.changed_since(&before);
    let is_job = |id: &&String| id.starts_with("Job/gitlab-migrations-");
    assert_eq!(
        changed.iter().filter(is_job).count(),
        1,
        "the Job is named after the values: {changed:?}"
    );
    assert!(changed.contains(&"Deployment/gitlab-webservice-git".to_owned()));
    assert_eq!(changed.len(), 2, "{changed:?}");

    without_the_post_renderer(&release);
    release.helm(&["rollback", "gitlab", "--no-hooks"]);
    release.check(&[&roles[..], &[("Deployment/gitlab-gitlab-pages", "pages")]].concat());

    release.helm(&["uninstall", "gitlab", "--no-hooks"]);
    assert_eq!(release.stored().into_keys().collect::<Vec<_>>(), Vec::<String>::new());
}

/// The trap: what the chart says comes back, and `check` says so.
#[track_caller]
fn without_the_post_renderer(release: &Release<'_>) {
    release.upgrade_without(&[ACCOUNTS]);
    let stored = release.stored();
    let account = &stored["ServiceAccount/gitlab-registry"];
    assert!(account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"].is_null());
    assert!(decoded(&stored["Secret/registry-storage"]).contains(KEYS[0]));

    let manifest = release.helm(&["get", "manifest", "gitlab"]);
    let check = |arguments: &[&str]| -> Assert {
        let mut check = release.sandbox.command(Path::new(PROGRAM));
        check.arg("check").args(["--namespace", &release.namespace]);
        check.args(arguments).write_stdin(manifest.as_str()).assert()
    };
    let said = check(&[]).success();
    let said = text(&said.get_output().stdout);
    assert_eq!(said.matches("no role").count(), 4, "{said}");
    assert!(
        said.contains("iam-roles: 0 of 4 components will use their role"),
        "{said}"
    );
    check(&["--strict"]).code(1);
}

/// With `restart: true` a pod template changes exactly when the role or a Secret of its component does.
pub(crate) fn pods_roll_when_they_must(helm: &Path, cluster: &Cluster) {
    let release = Release::new(helm, cluster, "rolls");
    let restarting = policy() + "restart: true\n";
    release.upgrade(&restarting, &[ACCOUNTS]);
    release.check(&ROLES);
    let first = release.templates();

    release.upgrade(&restarting, &[ACCOUNTS]);
    assert_eq!(changed(&first, &release.templates()), Vec::<&str>::new());

    let renamed = restarting.replace("registry: gitlab-registry", "registry: registry-2");
    release.upgrade(&renamed, &[ACCOUNTS]);
    let second = release.templates();
    assert_eq!(changed(&first, &second), ["Deployment/gitlab-registry"]);

    let file = release.sandbox.path("chart/files/s3cfg");
    let s3cfg = fs::read_to_string(&file).expect("a file of the chart");
    fs::write(&file, s3cfg + "use_https = True\n").expect("a file of the chart");
    release.upgrade(&renamed, &[ACCOUNTS]);
    let third = release.templates();
    assert_eq!(
        changed(&second, &third),
        ["CronJob/gitlab-toolbox-backup", "Deployment/gitlab-toolbox"]
    );

    // Other keys in the same Secret are none of the pods' business: they never saw any.
    let s3cfg = fs::read_to_string(&file).expect("a file of the chart");
    fs::write(&file, s3cfg.replace(KEYS[0], "AKIAI44QH8DHBEXAMPLE")).expect("a file of the chart");
    release.upgrade(&renamed, &[ACCOUNTS]);
    assert_eq!(changed(&third, &release.templates()), Vec::<&str>::new());
}

/// kube2iam and kiam look at `metadata.annotations` of the Pod, which a workload makes from its template.
pub(crate) fn pod_annotations_are_stored(helm: &Path, cluster: &Cluster) {
    let release = Release::new(helm, cluster, "annotated");
    release.upgrade(&Case::kube2iam().policy, &[]);
    let templates = release.templates();
    for (workload, role) in ROLES {
        assert_eq!(
            templates[workload]["metadata"]["annotations"]["iam.amazonaws.com/role"], role,
            "{workload}"
        );
    }
    release.check_secrets();
    release.check_keys();
}

impl Release<'_> {
    /// Every object of the chart by kind and name, without what changes by itself.
    #[track_caller]
    fn stored(&self) -> BTreeMap<String, Value> {
        let objects = self.cluster.objects(&self.namespace, KINDS).into_iter();
        let named = objects.map(|mut object| {
            let metadata = object["metadata"].as_mapping_mut().expect("metadata");
            for own in ["resourceVersion", "managedFields"] {
                metadata.remove(own);
            }
            let word = |value: &Value| value.as_str().expect("a word").to_owned();
            (
                format!("{}/{}", word(&object["kind"]), word(&object["metadata"]["name"])),
                object,
            )
        });
        named
            .filter(|(id, _)| !id.starts_with("Secret/sh.helm.release") && !id.ends_with("/kube-root-ca.crt"))
            .collect()
    }

    /// The objects that are there now and were not, or not so.
    #[track_caller]
    fn changed_since(&self, before: &BTreeMap<String, Value>) -> Vec<String> {
        let now = self.stored();
        now.into_iter()
            .filter(|(id, object)| before.get(id) != Some(object))
            .map(|(id, _)| id)
            .collect()
    }

    /// The pod template of each workload.
    #[track_caller]
    fn templates(&self) -> BTreeMap<String, Value> {
        let stored = self.stored().into_iter();
        let workloads = stored.filter(|(id, _)| id.starts_with("Deployment/") || id.starts_with("CronJob/"));
        workloads
            .map(|(id, object)| {
                let spec = if id.starts_with("CronJob/") {
                    &object["spec"]["jobTemplate"]["spec"]
                } else {
                    &object["spec"]
                };
                (id, spec["template"].clone())
            })
            .collect()
    }

    /// A Pod of each workload would get its role, the storage Secrets say what they should, and no key is anywhere.
    #[track_caller]
    fn check(&self, roles: &[(&str, &str)]) {
        let (stored, templates) = (self.stored(), self.templates());
        for (workload, role) in roles {
            let template = &templates[*workload];
            let account = template["spec"]["serviceAccountName"].as_str().expect("an account");
            let given = role_given(template, &stored[&format!("ServiceAccount/{account}")]);
            assert_eq!(
                given,
                Some(format!("arn:aws:iam::111122223333:role/{role}")),
                "{workload}"
            );
        }
        self.check_secrets();
        self.check_keys();
        self.check_managers();
    }

    #[track_caller]
    fn check_secrets(&self) {
        let stored = self.stored();
        for (secret, key, expected) in SECRETS {
            let value = stored[secret]["data"][key].as_str().expect("a value");
            let value = STANDARD.decode(value).expect("base64 of the API server");
            assert_eq!(text(&value), expected, "{secret}");
        }
    }

    /// In no object, nor in what Helm wrote down of its manifests. The chart itself is in there, too, and its own files are
    /// what they are.
    #[track_caller]
    fn check_keys(&self) {
        let record = self.record();
        let told = [&record["manifest"], &record["hooks"]].map(|part| serde_yaml::to_string(part).expect("YAML"));
        let stored = self.stored();
        let objects = stored.values().map(decoded).chain(told);
        let found = objects.filter(|said| KEYS.iter().any(|key| said.contains(key))).count();
        assert_eq!(found, 0, "objects with a key");
    }

    /// One manager for the fields of each object: Helm.
    #[track_caller]
    fn check_managers(&self) {
        let account = [
            "get",
            "serviceaccount/gitlab-registry",
            "--show-managed-fields",
            "-ojson",
            "--namespace",
        ];
        let account = self.cluster.ask(&[&account[..], &[&self.namespace]].concat());
        let account: Value = serde_yaml::from_str(&account).expect("JSON from kubectl");
        let managers = account["metadata"]["managedFields"].as_sequence().expect("managers");
        let how: Vec<_> = managers
            .iter()
            .map(|one| (one["manager"].as_str(), one["operation"].as_str()))
            .collect();
        let expected = if self.is_helm_4() { "Apply" } else { "Update" };
        assert_eq!(how, [(Some("helm"), Some(expected))]);
    }
}

/// An object as text, with what its base64 values say.
fn decoded(object: &Value) -> String {
    let mut said = serde_yaml::to_string(object).expect("YAML");
    for value in object["data"].as_mapping().into_iter().flat_map(|data| data.values()) {
        let decoded = value.as_str().and_then(|value| STANDARD.decode(value).ok());
        said += &String::from_utf8_lossy(&decoded.unwrap_or_default());
    }
    said
}

/// The workloads whose templates differ.
fn changed<'t>(before: &BTreeMap<String, Value>, now: &'t BTreeMap<String, Value>) -> Vec<&'t str> {
    let differ = now.iter().filter(|(id, template)| before.get(*id) != Some(*template));
    differ.map(|(id, _)| id.as_str()).collect()
}
