//! The annotations that the injectors read: where each looks, and what it takes.
//!
//! Sources: aws/amazon-eks-pod-identity-webhook (`pkg/annotations.go`), jtblin/kube2iam and uswitch/kiam (`README.md`).
//!
//! Invariant: one row a key; the role's own keys are rows, too, though no policy may give them.

use crate::policy::rules::{Annotation, Carrier, Mechanism};
use crate::policy::site::{Fault, Site};
use crate::policy::suggest;
use crate::policy::wire::{Entries, Scalar};

/// The role's annotation on a `ServiceAccount`, for irsa.
pub const ROLE_ARN: &str = "eks.amazonaws.com/role-arn";
/// The role's annotation on a pod, for kube2iam and kiam.
pub const ROLE: &str = "iam.amazonaws.com/role";
/// kiam's annotation on a Namespace: a regular expression over roles.
pub const PERMITTED: &str = "iam.amazonaws.com/permitted";
/// kube2iam's annotation on a Namespace: a JSON list of roles.
pub const ALLOWED_ROLES: &str = "iam.amazonaws.com/allowed-roles";

/// The webhook's annotation on a pod that names the containers it leaves alone.
pub const SKIP_CONTAINERS: &str = "eks.amazonaws.com/skip-containers";

/// The label (not annotation) that keeps the identity webhook away from a pod.
pub const SKIP_LABEL: &str = "eks.amazonaws.com/skip-pod-identity-webhook";

/// An annotation that some injector reads.
#[derive(Debug)]
pub struct Known {
    /// Its key.
    pub key: &'static str,
    /// Where its reader looks.
    pub on: Carrier,
    /// Who reads it.
    pub readers: &'static [Mechanism],
    takes: fn(&str) -> bool,
    /// What it takes, in words.
    pub expected: &'static str,
}

/// What can bear annotations that look like an injector's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bearer {
    /// A `ServiceAccount`.
    ServiceAccount,
    /// A pod, or the template of one.
    Pod,
    /// The own metadata of what makes pods.
    Workload,
    /// The metadata of the Jobs that a `CronJob` makes.
    JobTemplate,
    /// A `Namespace`.
    Namespace,
}

impl Bearer {
    /// Where that is, in words.
    #[must_use]
    pub fn place(self) -> &'static str {
        match self {
            Self::ServiceAccount => "on the ServiceAccount",
            Self::Pod => "on the pod template",
            Self::Workload => "on the workload's own metadata",
            Self::JobTemplate => "on the job template",
            Self::Namespace => "on the Namespace",
        }
    }
}

/// Where a key is read; nothing for one that no injector reads.
#[must_use]
pub fn bearers(key: &str) -> Option<&'static [Bearer]> {
    match key {
        ROLE_ARN => Some(&[Bearer::ServiceAccount]),
        ROLE => Some(&[Bearer::Pod]),
        PERMITTED | ALLOWED_ROLES => Some(&[Bearer::Namespace]),
        // The webhook reads it on both; the pod's comes first.
        "eks.amazonaws.com/token-expiration" => Some(&[Bearer::ServiceAccount, Bearer::Pod]),
        _ => known(key).map(|known| match known.on {
            Carrier::ServiceAccount => &[Bearer::ServiceAccount][..],
            Carrier::PodTemplate => &[Bearer::Pod][..],
        }),
    }
}

/// The annotations that a component may have.
pub const KNOWN: [Known; 6] = [
    Known {
        key: "eks.amazonaws.com/audience",
        on: Carrier::ServiceAccount,
        readers: &[Mechanism::Irsa],
        takes: |value| !value.trim().is_empty(),
        expected: "an audience, such as `sts.amazonaws.com`",
    },
    Known {
        key: "eks.amazonaws.com/sts-regional-endpoints",
        on: Carrier::ServiceAccount,
        readers: &[Mechanism::Irsa],
        takes: is_go_bool,
        expected: "`true` or `false`",
    },
    Known {
        key: "eks.amazonaws.com/token-expiration",
        on: Carrier::ServiceAccount,
        readers: &[Mechanism::Irsa],
        takes: is_expiration,
        expected: "whole seconds, 600 or more",
    },
    Known {
        key: SKIP_CONTAINERS,
        on: Carrier::PodTemplate,
        readers: &[Mechanism::Irsa],
        takes: |value| value.split(',').all(|name| !name.trim().is_empty()),
        expected: "the names of containers, with commas",
    },
    Known {
        key: "iam.amazonaws.com/external-id",
        on: Carrier::PodTemplate,
        readers: &[Mechanism::Kube2iam, Mechanism::Kiam],
        takes: |value| is_word(value, 2..=1224, "_+=,.@:/-"),
        expected: "2 to 1224 letters, digits and `_+=,.@:/-`",
    },
    Known {
        key: "iam.amazonaws.com/session-name",
        on: Carrier::PodTemplate,
        readers: &[Mechanism::Kiam],
        takes: |value| is_word(value, 2..=64, "_+=,.@-"),
        expected: "2 to 64 letters, digits and `_+=,.@-`",
    },
];

/// The row of this key.
#[must_use]
pub fn known(key: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.key == key)
}

/// What the reader of this key takes, in words, where it does not take this value; nothing where it does.
///
/// Deliberately absent: roles, and kiam's regular expression, which is of Go's dialect.
#[must_use]
pub fn expected_instead(key: &str, value: &str) -> Option<&'static str> {
    if key == ALLOWED_ROLES {
        let is_list = value.is_empty() || serde_json::from_str::<Vec<String>>(value).is_ok();
        return (!is_list).then_some("a JSON array of strings, such as `[\"team-*\"]`");
    }
    known(key)
        .filter(|known| !(known.takes)(value))
        .map(|known| known.expected)
}

/// The containers that a value of [`SKIP_CONTAINERS`] names: the first record of comma-separated values, in which a blank
/// is part of a name.
pub fn skipped_containers(value: &str) -> impl Iterator<Item = &str> {
    let record = value.lines().find(|line| !line.is_empty()).unwrap_or_default();
    record.split(',').map(|name| {
        let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
        inner.unwrap_or(name)
    })
}

/// Every key that some injector reads, on whatever object.
pub fn keys() -> impl Iterator<Item = &'static str> {
    let own = KNOWN.iter().map(|known| known.key);
    own.chain([ROLE_ARN, ROLE, PERMITTED, ALLOWED_ROLES])
}

/// What a component's annotations mean.
pub(super) fn annotations(
    written: &Entries<Scalar>,
    site: Site<'_>,
    via: &[Mechanism],
) -> Result<Vec<Annotation>, Fault> {
    let one = |(key, value): &(String, Scalar)| annotation(key, value, site, via);
    written.0.iter().map(one).collect()
}

fn annotation(key: &str, value: &Scalar, site: Site<'_>, via: &[Mechanism]) -> Result<Annotation, Fault> {
    let Some(known) = known(key) else {
        return site.key(key).refuse(unknown(key));
    };
    if !known.readers.iter().any(|reader| via.contains(reader)) {
        let readers = words(known.readers, " and ");
        let add = words(known.readers, " or ");
        return site.key(key).refuse(format!(
            "`{key}` is read by {readers} only, and `via` is {}; remove it, or add {add} to `via`",
            words(via, ", ")
        ));
    }
    let value_site = site.field(key);
    let text = value_site.text(value)?;
    if !(known.takes)(&text) {
        let written = value_site.written();
        let found = if written.is_empty() {
            "empty".to_owned()
        } else {
            format!("`{written}`")
        };
        return value_site.refuse(format!("`{key}` is {found}; expected {}", known.expected));
    }
    Ok(Annotation {
        key: key.to_owned(),
        value: text,
        on: known.on,
    })
}

fn unknown(key: &str) -> String {
    match key {
        ROLE | ROLE_ARN => format!("`{key}` is written by itself; give the role as `role`"),
        PERMITTED | ALLOWED_ROLES => {
            format!("`{key}` is read on the Namespace; annotate that, outside this policy")
        }
        SKIP_LABEL => format!("`{key}` is a label of pods, and no annotation; remove it here"),
        _ => {
            let keys = || KNOWN.iter().map(|known| known.key);
            let hint = suggest::did_you_mean(key, keys());
            format!(
                "no injector reads `{key}`; expected one of {}{hint}",
                suggest::listed(keys())
            )
        }
    }
}

fn words(mechanisms: &[Mechanism], between: &str) -> String {
    let words: Vec<&str> = mechanisms.iter().map(|mechanism| mechanism.as_str()).collect();
    words.join(between)
}

/// What Go's `strconv.ParseBool` takes.
fn is_go_bool(value: &str) -> bool {
    matches!(
        value,
        "1" | "t" | "T" | "TRUE" | "true" | "True" | "0" | "f" | "F" | "FALSE" | "false" | "False"
    )
}

/// The webhook raises less than 600; the API server takes no more than 2^32.
fn is_expiration(value: &str) -> bool {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    digits
        && value
            .parse()
            .is_ok_and(|seconds: u64| (600..=1 << 32).contains(&seconds))
}

fn is_word(value: &str, length: std::ops::RangeInclusive<usize>, others: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || others.contains(c);
    length.contains(&value.len()) && value.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, value: &str, expected: bool) {
        let known = known(key).expect("a known key");
        assert_eq!((known.takes)(value), expected, "{key}: {value:?}");
    }

    #[test]
    fn values_are_those_that_the_readers_take() {
        for word in [
            "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False",
        ] {
            check("eks.amazonaws.com/sts-regional-endpoints", word, true);
        }
        for word in ["yes", "", "tRUE", " true"] {
            check("eks.amazonaws.com/sts-regional-endpoints", word, false);
        }
        check("eks.amazonaws.com/token-expiration", "600", true);
        for word in ["599", "86400s", "+600", "", "1e5", "99999999999"] {
            check("eks.amazonaws.com/token-expiration", word, false);
        }
        check("eks.amazonaws.com/audience", "sts.amazonaws.com", true);
        check("eks.amazonaws.com/audience", " ", false);
        check("eks.amazonaws.com/skip-containers", "a,b", true);
        check("eks.amazonaws.com/skip-containers", "a,", false);
        check("iam.amazonaws.com/session-name", "x", false);
        check("iam.amazonaws.com/session-name", "my-session", true);
        check("iam.amazonaws.com/external-id", "a b", false);
        check("iam.amazonaws.com/external-id", "a:b/c", true);
    }

    #[test]
    fn a_value_that_is_not_taken_is_answered_with_what_is() {
        assert_eq!(
            expected_instead(ALLOWED_ROLES, "web-*"),
            Some("a JSON array of strings, such as `[\"team-*\"]`")
        );
        assert!(expected_instead(ALLOWED_ROLES, "[1]").is_some());
        for taken in ["", "[]", "[\"web-*\"]"] {
            assert_eq!(expected_instead(ALLOWED_ROLES, taken), None);
        }
        assert_eq!(expected_instead(PERMITTED, "("), None);
        assert!(expected_instead("eks.amazonaws.com/token-expiration", "1h").is_some());
    }

    #[test]
    fn containers_are_one_record() {
        let named = |value| skipped_containers(value).collect::<Vec<_>>();
        assert_eq!(named("a,b"), ["a", "b"]);
        assert_eq!(named("a, b"), ["a", " b"]);
        assert_eq!(named("\"a\",b\n"), ["a", "b"]);
        assert_eq!(named("\na\nb"), ["a"]);
        assert_eq!(named(""), [""]);
    }

    #[test]
    fn keys_are_unique() {
        let mut seen: Vec<&str> = keys().collect();
        seen.sort_unstable();
        assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
