//! Which documents are looked into in any case, told at a glance.
//!
//! A document of simple YAML whose nodes nobody asks for is only skimmed: it is read as strictly as any other, and what
//! it says at its top is kept ([`Document::skim`]). Whoever asks for its nodes later gets them. So a wrong guess here
//! costs time and changes nothing.
//!
//! [`Document::skim`]: crate::yaml::tree::Document::skim

/// How a document is read at first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// With all its nodes: it makes pods, holds secrets, names accounts or lists objects.
    Nodes,
    /// What it says at its top.
    Top,
}

/// The kinds that every plan looks into, whatever their API group.
const LOOKED_INTO: [&str; 13] = [
    "ClusterRoleBinding",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "Namespace",
    "Pod",
    "ReplicaSet",
    "ReplicationController",
    "RoleBinding",
    "Secret",
    "ServiceAccount",
    "StatefulSet",
];

/// How the document is best read: by its first line that looks as if it named the kind. JSON names it anywhere.
pub(super) fn reading(text: &str) -> Reading {
    if text.trim_start().starts_with('{') {
        return Reading::Nodes;
    }
    let line = if text.starts_with("kind:") {
        Some(0)
    } else {
        memchr::memmem::find(text.as_bytes(), b"\nkind:").map(|at| at + 1)
    };
    let kind = line.and_then(|line| text.get(line + "kind:".len()..));
    let kind = kind.and_then(|rest| rest.split(['\n', '\r', '#']).next());
    match kind.map(|kind| kind.trim_matches([' ', '"', '\''])) {
        Some(kind) if kind.ends_with("List") || LOOKED_INTO.contains(&kind) => Reading::Nodes,
        _ => Reading::Top,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_told_at_a_glance() {
        assert_eq!(reading("apiVersion: v1\nkind: Secret\n"), Reading::Nodes);
        assert_eq!(reading("kind: \"Pod\"  # c\n"), Reading::Nodes);
        assert_eq!(reading("kind: PodList"), Reading::Nodes);
        assert_eq!(reading("kind: Service\nspec:\n  kind: Pod\n"), Reading::Top);
        assert_eq!(reading("{\"a\": \"b\"}"), Reading::Nodes);
    }
}
