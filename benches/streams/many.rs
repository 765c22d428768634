//! Streams that are large in one way only.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Stream;
use super::webservice::{POLICY, STORES, documents as as_documents, webservice};

/// Documents as small as an object gets, and one workload.
pub(crate) fn documents(count: usize) -> Stream {
    let mut manifests = String::with_capacity(80 * count);
    for index in 0..count {
        let _ = write!(
            manifests,
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: tiny-{index}\n"
        );
    }
    with_webservice(manifests)
}

/// One object of a size that no cluster takes, and one workload.
pub(crate) fn config_map(bytes: usize) -> Stream {
    let mut manifests = String::with_capacity(bytes + 10_000);
    manifests.push_str("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: huge\n  namespace: gitlab\ndata:\n");
    let mut line = 0;
    while manifests.len() < bytes {
        if line % 10_000 == 0 {
            let _ = writeln!(manifests, "  part-{}.csv: |", line / 10_000);
        }
        let _ = writeln!(
            manifests,
            "    {line},\"cluster-{}\",eu-central-1,{}.5,# none",
            line % 97,
            line % 1_013
        );
        line += 1;
    }
    with_webservice(manifests)
}

/// A `List` as `kubectl get -o yaml` writes it; every hundredth item is a workload's.
pub(crate) fn list(count: usize) -> Stream {
    let mut manifests = "apiVersion: v1\nitems:\n".to_owned();
    for item in items(count) {
        let text = serde_yaml::to_string(&item).expect("an item that can be written");
        for (index, line) in text.lines().enumerate() {
            let _ = writeln!(manifests, "{}{line}", if index == 0 { "- " } else { "  " });
        }
    }
    manifests.push_str("kind: List\nmetadata:\n  resourceVersion: \"\"\n");
    Stream {
        manifests,
        policy: POLICY.to_owned(),
    }
}

/// The same items as JSON on one line.
pub(crate) fn json_list(count: usize) -> Stream {
    let list = json!({"apiVersion": "v1", "items": items(count), "kind": "List"});
    Stream {
        manifests: list.to_string() + "\n",
        policy: POLICY.to_owned(),
    }
}

fn items(count: usize) -> Vec<Value> {
    let mut items = Vec::with_capacity(count);
    while items.len() < count {
        let index = items.len();
        items.extend(webservice(&format!("web-{index}"), 1));
        let config_map = |number: usize| {
            let metadata = json!({"name": format!("settings-{number}"), "namespace": "gitlab"});
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"level": "info"}})
        };
        items.extend((index..index + 297).map(config_map));
    }
    items.truncate(count.max(3));
    items
}

/// Secrets that lose their keys, ten a workload.
pub(crate) fn secrets(count: usize) -> Stream {
    let workloads = count.div_ceil(STORES.len());
    let manifests = (0..workloads).map(|index| as_documents(&webservice(&format!("web-{index}"), STORES.len())));
    Stream {
        manifests: manifests.collect(),
        policy: POLICY.to_owned(),
    }
}

/// One Secret that is edited, with this many other keys.
pub(crate) fn keys(count: usize) -> Stream {
    secret_with((0..count).map(|index| (format!("key-{index}"), "dmFsdWU=".to_owned())))
}

/// One Secret that is edited, with a line of this many bytes.
pub(crate) fn line(bytes: usize) -> Stream {
    secret_with([("keystore".to_owned(), "bGluZSBvZiB0ZXh0".repeat(bytes / 16))])
}

fn secret_with(others: impl IntoIterator<Item = (String, String)>) -> Stream {
    let mut objects = webservice("web", 1);
    let secret = objects.iter_mut().find(|object| object["kind"] == "Secret");
    let data = secret.and_then(|secret| secret["data"].as_object_mut());
    data.expect("a Secret with data")
        .extend(others.into_iter().map(|(key, value)| (key, value.into())));
    Stream {
        manifests: as_documents(&objects),
        policy: POLICY.to_owned(),
    }
}

/// A policy of many components, each with its workload.
pub(crate) fn components(count: usize) -> Stream {
    let mut manifests = String::new();
    let mut policy =
        "apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\naccount: \"111122223333\"\ncomponents:\n".to_owned();
    for index in 0..count {
        let name = format!("team-{index}");
        let _ = writeln!(policy, "  {name}: role-{index}");
        let labels = json!({"app.kubernetes.io/component": name});
        let mut objects = webservice(&name, 0);
        for object in &mut objects {
            object["metadata"]["labels"] = labels.clone();
        }
        manifests += &as_documents(&objects);
    }
    Stream { manifests, policy }
}

fn with_webservice(manifests: String) -> Stream {
    Stream {
        manifests: manifests + &as_documents(&webservice("web", 1)),
        policy: POLICY.to_owned(),
    }
}
