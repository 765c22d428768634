//! Policies that many cases share.
//!
//! Deliberately absent: manifests. A case shows its whole input.

/// kube2iam, by the default rule.
pub(crate) const KUBE2IAM: &str = "via: kube2iam\ncomponents: {web: web-role}\n";

/// irsa, by the default rule.
pub(crate) const IRSA: &str = "account: \"111122223333\"\ncomponents: {web: web-role}\n";

/// irsa with a new `ServiceAccount`.
pub(crate) const CREATE: &str =
    "account: \"111122223333\"\ncomponents: {web: {role: web-role, serviceAccount: {create: web}}}\n";

/// irsa with a `ServiceAccount` of the cluster's.
pub(crate) const USE: &str =
    "account: \"111122223333\"\ncomponents: {web: {role: web-role, serviceAccount: {use: web}}}\n";

/// A role that comes from elsewhere.
pub(crate) const EXTERNAL: &str = "components: {web: {role: external}}\n";

/// GitLab's preset with every component that reads a storage Secret, by irsa.
pub(crate) const GITLAB: &str = "\
preset: gitlab
account: \"111122223333\"
components:
  registry: {role: gitlab-registry, optional: true}
  webservice: {role: gitlab-rails, optional: true}
  sidekiq: {role: gitlab-rails, optional: true}
  toolbox: {role: gitlab-backup, optional: true}
";
