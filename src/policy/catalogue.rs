//! The closed list of findings: what each is called, how grave it is, and what it says.
//!
//! Invariant: an id is kebab-case and unique; once published it keeps its meaning.
//! Invariant: the table below is the only place that names an id; docs and `check --list` are generated from it.

use std::fmt;
use std::str::FromStr;

/// How grave a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing; never counts.
    Note,
    /// Refuses under `strict`.
    Warning,
    /// Refuses.
    Error,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a policy may accept a finding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Allowable {
    /// `allow` lowers it to a note.
    Yes,
    /// Never: the result could not be trusted.
    Never,
}

struct Entry {
    id: Id,
    word: &'static str,
    severity: Severity,
    allowable: Allowable,
    means: &'static str,
}

macro_rules! catalogue {
    ($($id:ident $word:literal $severity:ident $allowable:ident $means:literal)*) => {
        /// The name of a finding.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize)]
        #[serde(try_from = "String")]
        #[expect(clippy::doc_markdown, reason = "the sentences are also shown to people")]
        pub enum Id {
            $(#[doc = $means] $id,)*
        }

        const TABLE: &[Entry] = &[$(Entry {
            id: Id::$id,
            word: $word,
            severity: Severity::$severity,
            allowable: Allowable::$allowable,
            means: $means,
        },)*];

        impl Id {
            /// Every id, the gravest first.
            pub const ALL: &'static [Self] = &[$(Self::$id,)*];

            const fn entry(self) -> &'static Entry {
                &TABLE[self as usize]
            }
        }
    };
}

catalogue! {
    ComponentMatchedNothing "component-matched-nothing" Error Yes
        "No workload of the stream is this component."
    ComponentAmbiguous "component-ambiguous" Error Never
        "The component's rule fits workloads of more than one chart."
    NamespaceAmbiguous "namespace-ambiguous" Error Never
        "An object has no namespace and the workloads of the stream name several."
    RoleConflict "role-conflict" Error Never
        "One workload or one ServiceAccount is wanted by two roles."
    NoServiceAccount "no-service-account" Error Yes
        "The pods have no ServiceAccount of their own, so irsa has nothing to annotate."
    ServiceAccountBound "service-account-bound" Error Yes
        "A RoleBinding names the ServiceAccount that the pods would leave."
    KeysBesideRole "keys-beside-role" Error Yes
        "A Secret keeps its keys because one of its consumers has no role, and defeats the role of the others."
    ImmutableSecret "immutable-secret" Error Yes
        "A Secret with keys is immutable, so the cluster would refuse the edit."
    UnsupportedClient "unsupported-client" Error Yes
        "The program in this image cannot use a role given in this way."
    KeyInComment "key-in-comment" Error Yes
        "A comment that stays holds an access key id."
    EndpointWithIrsa "endpoint-with-irsa" Error Yes
        "An AWS endpoint is set, and the client would send its request for the role there."
    VariableInUse "variable-in-use" Error Yes
        "A `$(NAME)` uses an environment variable that would go."
    StaticKeysInEnv "static-keys-in-env" Error Yes
        "The environment of a container with a role holds static keys, which come first."
    StaticKeysInArgs "static-keys-in-args" Error Yes
        "The command line of a container with a role holds static keys, which come first."
    StaticKeysInConfig "static-keys-in-config" Error Yes
        "A ConfigMap that a workload with a role reads holds static keys, which come first."
    MetadataDisabled "metadata-disabled" Error Yes
        "The environment forbids to ask the instance metadata, which is how kube2iam and kiam give a role."
    ProfileInEnv "profile-in-env" Error Yes
        "The environment of a container with a role names a profile or a credentials file, which comes first."
    RoleInEnv "role-in-env" Error Yes
        "The environment already sets AWS_ROLE_ARN or the token file, so the webhook adds neither."
    NamespaceForbidsRole "namespace-forbids-role" Error Yes
        "The annotation of a Namespace in the stream excludes the role."
    RoleInvalid "role-invalid" Error Yes
        "A role annotation that is already in the stream holds a value that no injector can use."
    HostNetwork "host-network" Error Yes
        "Pods on the host's network get the node's role, whatever kube2iam or kiam would give them."
    WebhookSkipped "webhook-skipped" Error Yes
        "A label of the pods keeps the identity webhook away from them."
    CannotEdit "cannot-edit" Error Never
        "The place is written in a way that cannot be edited without changing what it means."
    ProofFailed "proof-failed" Error Never
        "The result, read back, differs from the input by something else than the planned changes."
    UnreadableInput "unreadable-input" Error Never
        "The input is no stream of Kubernetes objects, in YAML or JSON."
    UnreadableSecret "unreadable-secret" Error Yes
        "A Secret value is not base64, or not in the format it has to have."
    ServiceAccountNotInStream "service-account-not-in-stream" Warning Yes
        "The pods name a ServiceAccount that is not in the stream, so it could not be annotated."
    SecretNotInStream "secret-not-in-stream" Warning Yes
        "A Secret that a component consumes is not in the stream, so its keys could not be removed."
    KeysByContentOnly "keys-by-content-only" Warning Yes
        "A Secret holds what looks like AWS keys, and no workload with a role is known to use it."
    EndpointNotAws "endpoint-not-aws" Warning Yes
        "The endpoint is not one of AWS, so the keys stay."
    TemplateKept "template-kept" Warning Yes
        "The keys are templates or placeholders that something else fills in, so they stay."
    HookConsumer "hook-consumer" Warning Yes
        "A hook uses an edited Secret and has no role."
    StringDataMayStay "string-data-may-stay" Warning Yes
        "A key that left `stringData` may stay in the live object."
    LastAppliedStays "last-applied-stays" Warning Yes
        "An annotation of kubectl's still holds the Secret as it was applied, with its keys."
    CredentialsFileLeft "credentials-file-left" Warning Yes
        "A credentials file keeps other settings, so the variable that names it stays, too."
    SecretNamedElsewhere "secret-named-elsewhere" Warning Yes
        "A Secret is named outside workloads, so its flat keys and whole files stay."
    S3cmdTooOld "s3cmd-too-old" Warning Yes
        "The s3cmd of this image is older than 2.2.0 and knows no web identity, so backups fail."
    BackupConfigMissing "backup-config-missing" Warning Yes
        "The backup program has no configuration of its own and falls back to the chart's in-cluster store."
    RegionMissing "region-missing" Warning Yes
        "A storage configuration that a role's bearer reads does not say which region its bucket is in."
    ChartMinioInUse "chart-minio-in-use" Warning Yes
        "The chart's own MinIO is in the stream, where AWS roles mean nothing."
    AccessKeyInOutput "access-key-in-output" Warning Yes
        "An access key id, or a URL with static keys, stands in plain text outside Secrets."
    CredentialsMounted "credentials-mounted" Warning Yes
        "Where AWS credentials are looked for, there is a file whose content is not in the stream."
    AnnotationMisspelt "annotation-misspelt" Warning Yes
        "An annotation is close to one that an injector reads, and none reads this."
    AnnotationMisplaced "annotation-misplaced" Warning Yes
        "An injector's annotation stands where its reader never looks."
    AnnotationValueInvalid "annotation-value-invalid" Warning Yes
        "An injector's annotation has a value that its reader or the API server does not take."
    AnnotationOfAnotherInjector "annotation-of-another-injector" Warning Yes
        "A component has the annotation of an injector that the policy does not use, which may give it another role."
    SkipContainersUnknown "skip-containers-unknown" Warning Yes
        "The annotation that makes the webhook skip containers names one that the pod has not."
    RoleOnDefault "role-on-default" Warning Yes
        "The ServiceAccount `default` has a role, and so has every pod that names no other."
    RestartNeeded "restart-needed" Note Yes
        "Running pods keep their keys until they are restarted."
    ServiceAccountShared "service-account-shared" Note Yes
        "Workloads of no component use this ServiceAccount and get its role, too."
    EnvironmentNotInStream "environment-not-in-stream" Note Yes
        "A container with a role takes its environment from an object that is not in the stream."
    RoleUnused "role-unused" Note Yes
        "A ServiceAccount with a role is used by no workload of the stream."
    ServiceAccountPreCreated "service-account-pre-created" Note Yes
        "The ServiceAccount is expected in the cluster."
    TrustSubject "trust-subject" Note Yes
        "The subject that the role's trust policy has to admit."
    ProviderNotAws "provider-not-aws" Note Yes
        "The provider is not AWS, so the keys are none of ours."
    SealedContent "sealed-content" Note Yes
        "The content is sealed or encrypted and was not looked at."
    NoWorkloads "no-workloads" Note Yes
        "The stream has no workload, so components were not matched."
}

impl Id {
    /// The word for it, as reports and policies write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.entry().word
    }

    /// How grave it is where no policy accepts it.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.entry().severity
    }

    /// Whether `allow` may name it.
    #[must_use]
    pub const fn can_be_allowed(self) -> bool {
        matches!(self.entry().allowable, Allowable::Yes)
    }

    /// What it says, in one sentence.
    #[must_use]
    pub const fn means(self) -> &'static str {
        self.entry().means
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Id {
    type Err = UnknownId;

    fn from_str(word: &str) -> Result<Self, UnknownId> {
        let found = TABLE.iter().find(|entry| entry.word == word);
        found.map(|entry| entry.id).ok_or(UnknownId)
    }
}

impl TryFrom<String> for Id {
    type Error = UnknownId;

    fn try_from(word: String) -> Result<Self, UnknownId> {
        word.parse()
    }
}

/// The word names no finding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnknownId;

impl fmt::Display for UnknownId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the word names no finding")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_and_the_ids_agree() {
        assert_eq!(TABLE.len(), Id::ALL.len());
        for id in Id::ALL {
            assert_eq!(id.entry().id, *id);
            assert_eq!(id.as_str().parse(), Ok(*id));
            assert_eq!(id.to_string(), id.as_str());
        }
        assert_eq!("no-such-thing".parse::<Id>(), Err(UnknownId));
    }

    #[test]
    fn words_are_kebab_case_and_unique() {
        let words: BTreeSet<&str> = Id::ALL.iter().map(|id| id.as_str()).collect();
        assert_eq!(words.len(), Id::ALL.len());
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        for word in words {
            assert!(word.chars().all(letter) && !word.contains("--"), "{word}");
            assert!(
                word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.ends_with('-'),
                "{word}"
            );
        }
    }

    #[test]
    fn the_gravest_come_first_and_each_says_one_sentence() {
        assert!(Id::ALL.is_sorted_by_key(|id| std::cmp::Reverse(id.severity())));
        for id in Id::ALL {
            assert!(id.means().ends_with('.') && !id.means().contains(". "), "{id}");
        }
    }

    #[test]
    fn what_could_not_be_trusted_cannot_be_allowed() {
        let never: Vec<&str> = Id::ALL
            .iter()
            .filter(|id| !id.can_be_allowed())
            .map(|id| id.as_str())
            .collect();
        assert_eq!(
            never,
            [
                "component-ambiguous",
                "namespace-ambiguous",
                "role-conflict",
                "cannot-edit",
                "proof-failed",
                "unreadable-input"
            ]
        );
    }
}
