//! A workload that is given a role and whose Secrets lose their keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The policy that does it.
pub(crate) const POLICY: &str = "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
preset: gitlab
account: \"111122223333\"
components:
  webservice: gitlab-rails
";

const CONNECTION: &str = "\
provider: AWS
region: eu-central-1
aws_access_key_id: AKIAIOSFODNN7EXAMPLE
aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
";

/// Where the chart mounts connections.
pub(crate) const STORES: [&str; 10] = [
    "object_store",
    "artifacts",
    "lfs",
    "uploads",
    "packages",
    "external_diffs",
    "terraform_state",
    "ci_secure_files",
    "dependency_proxy",
    "pages",
];

/// A Deployment with its `ServiceAccount`, and a Secret for each of the first stores.
pub(crate) fn webservice(name: &str, stores: usize) -> Vec<Value> {
    let stores = STORES.iter().take(stores);
    let secrets = stores.clone().map(|store| secret(name, store));
    [account(name)]
        .into_iter()
        .chain(secrets)
        .chain([deployment(name, stores)])
        .collect()
}

/// Objects as the documents of a stream.
pub(crate) fn documents(objects: &[Value]) -> String {
    let text = |object| "---\n".to_owned() + &serde_yaml::to_string(object).expect("an object that can be written");
    objects.iter().map(text).collect()
}

fn account(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(name)})
}

fn secret(name: &str, store: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": secret_name(name, store), "namespace": "gitlab"},
        "data": {"connection": STANDARD.encode(CONNECTION)},
    })
}

fn deployment<'s>(name: &str, stores: impl Iterator<Item = &'s &'static str>) -> Value {
    let sources = stores.map(|store| {
        let items = json!([{"key": "connection", "path": format!("objectstorage/{store}")}]);
        json!({"secret": {"name": secret_name(name, store), "items": items}})
    });
    let container = json!({
        "name": "webservice", "image": "registry.example.com/gitlab-webservice:v17.3.0",
        "env": [{"name": "TZ", "value": "UTC"}],
        "volumeMounts": [{"name": "secrets", "mountPath": "/init-config", "readOnly": true}],
    });
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(name),
        "spec": {
            "selector": {"matchLabels": {"release": name}},
            "template": {
                "metadata": {"labels": labels(name)},
                "spec": {
                    "serviceAccountName": name,
                    "containers": [container],
                    "volumes": [{"name": "secrets", "projected": {"sources": sources.collect::<Vec<_>>()}}],
                },
            },
        },
    })
}

fn metadata(name: &str) -> Value {
    json!({"name": name, "namespace": "gitlab", "labels": labels(name)})
}

fn labels(name: &str) -> Value {
    json!({"app": "webservice", "chart": "webservice-8.3.0", "release": name})
}

fn secret_name(name: &str, store: &str) -> String {
    format!("{name}-{}", store.replace('_', "-"))
}
