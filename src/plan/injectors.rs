//! What each injector of AWS roles reads, and where.
//!
//! - IRSA: amazon-eks-pod-identity-webhook reads `eks.amazonaws.com/role-arn` on the pod's `ServiceAccount` only.
//! - kube2iam and kiam read `iam.amazonaws.com/role` on the pod only, so in a workload on its pod template.
//! - kiam also wants `iam.amazonaws.com/permitted` on the pod's Namespace, a Go regular expression for the role;
//!   kube2iam with `--namespace-restrictions` wants `iam.amazonaws.com/allowed-roles` there, a JSON array.

/// The role's key on a `ServiceAccount`.
pub const IRSA_ROLE: &str = "eks.amazonaws.com/role-arn";

/// The role's key on a pod.
pub const POD_ROLE: &str = "iam.amazonaws.com/role";

/// kiam's key on a Namespace.
pub const KIAM_PERMITTED: &str = "iam.amazonaws.com/permitted";

/// kube2iam's key on a Namespace.
pub const KUBE2IAM_ALLOWED: &str = "iam.amazonaws.com/allowed-roles";

/// The key this program puts on pod templates, so that they roll when a role or a Secret changes.
pub const DIGEST: &str = "iam-roles/digest";
