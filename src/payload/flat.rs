//! Which keys of a Secret are static AWS credentials themselves, by name.
//!
//! Invariant: names are compared as they are written; a set is what one program reads together, so it goes together.
//!
//! Deliberately absent: values. A name that `MinIO`'s own root credentials have, too, is [`Certainty::Ambiguous`], and only
//! the workloads that read it can tell.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How sure a name is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Certainty {
    /// Only AWS credentials are called that.
    Certain,
    /// Credentials of any store that speaks S3, or of the store's own root, are called that.
    Ambiguous,
}

/// What a key is of a set of credentials.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The access key id.
    Id,
    /// The secret access key.
    Secret,
    /// The session token.
    Token,
}

/// A key of a set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member<'n> {
    /// The how-manieth of the names given it is, from 0.
    pub index: usize,
    /// Its name.
    pub name: &'n str,
    /// What it is.
    pub part: Part,
}

/// Keys that are one set of credentials.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Set<'n> {
    /// How sure the names are.
    pub certainty: Certainty,
    /// The keys, in the order given.
    pub members: Vec<Member<'n>>,
}

impl Set<'_> {
    /// Whether both an id and a secret are there; one alone may be the rest of a set that stands elsewhere.
    #[must_use]
    pub fn is_pair(&self) -> bool {
        let has = |part: Part| self.members.iter().any(|member| member.part == part);
        has(Part::Id) && has(Part::Secret)
    }
}

/// The sets among the keys of one Secret, in the order of their first keys.
pub fn sets<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<Set<'n>> {
    let mut sets: Vec<Set<'n>> = Vec::new();
    let mut by_spelling: HashMap<Spelling<'n>, usize> = HashMap::new();
    for (index, name) in names.into_iter().enumerate() {
        let Some((family, part, star)) = find(name) else {
            continue;
        };
        let spelling = Spelling { family, star };
        let at = *by_spelling.entry(spelling).or_insert_with(|| {
            sets.push(Set {
                certainty: FAMILIES[family].certainty,
                members: Vec::new(),
            });
            sets.len() - 1
        });
        sets[at].members.push(Member { index, name, part });
    }
    sets
}

/// How sure it is that a key of this name is an AWS credential; none if it has no such name.
#[must_use]
pub fn certainty(name: &str) -> Option<Certainty> {
    find(name).map(|(family, _, _)| FAMILIES[family].certainty)
}

/// What the names of a set have in common: the family's index, and what its `*` stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Spelling<'n> {
    family: usize,
    star: &'n str,
}

/// Names that belong together; a `*` stands for at least one character.
struct Family {
    certainty: Certainty,
    ids: &'static [&'static str],
    secrets: &'static [&'static str],
    tokens: &'static [&'static str],
}

const fn certain(
    ids: &'static [&'static str],
    secrets: &'static [&'static str],
    tokens: &'static [&'static str],
) -> Family {
    Family {
        certainty: Certainty::Certain,
        ids,
        secrets,
        tokens,
    }
}

const fn ambiguous(
    ids: &'static [&'static str],
    secrets: &'static [&'static str],
    tokens: &'static [&'static str],
) -> Family {
    Family {
        certainty: Certainty::Ambiguous,
        ids,
        secrets,
        tokens,
    }
}

const FAMILIES: [Family; 18] = [
    certain(
        &["AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"],
        &["AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"],
        &["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"],
    ),
    certain(
        &["aws_access_key_id", "aws_access_key"],
        &["aws_secret_access_key", "aws_secret_key"],
        &["aws_session_token", "aws_security_token"],
    ),
    certain(
        &["CLONE_AWS_ACCESS_KEY_ID"],
        &["CLONE_AWS_SECRET_ACCESS_KEY"],
        &["CLONE_AWS_SESSION_TOKEN"],
    ),
    certain(
        &["STANDBY_AWS_ACCESS_KEY_ID"],
        &["STANDBY_AWS_SECRET_ACCESS_KEY"],
        &["STANDBY_AWS_SESSION_TOKEN"],
    ),
    certain(
        &["REGISTRY_STORAGE_S3_ACCESSKEY"],
        &["REGISTRY_STORAGE_S3_SECRETKEY"],
        &[],
    ),
    certain(
        &["REGISTRY_STORAGE_S3AWS_ACCESSKEY"],
        &["REGISTRY_STORAGE_S3AWS_SECRETKEY"],
        &[],
    ),
    certain(&["s3AccessKey"], &["s3SecretKey"], &[]),
    certain(&["AwsAccessKeyId"], &["AwsSecretAccessKey"], &["AwsSessionToken"]),
    certain(
        &["RCLONE_CONFIG_*_ACCESS_KEY_ID"],
        &["RCLONE_CONFIG_*_SECRET_ACCESS_KEY"],
        &["RCLONE_CONFIG_*_SESSION_TOKEN"],
    ),
    certain(
        &["*_AWS__ACCESS__KEY__ID"],
        &["*_AWS__SECRET__ACCESS__KEY"],
        &["*_AWS__SESSION__TOKEN"],
    ),
    ambiguous(&["accesskey"], &["secretkey"], &[]),
    ambiguous(&["accessKey"], &["secretKey"], &[]),
    ambiguous(&["access_key"], &["secret_key"], &["session_token"]),
    ambiguous(&["access-key"], &["secret-key"], &[]),
    ambiguous(
        &["ACCESS_KEY_ID"],
        &["ACCESS_SECRET_KEY", "SECRET_ACCESS_KEY"],
        &["ACCESS_SESSION_TOKEN"],
    ),
    ambiguous(&["access_key_id"], &["secret_access_key"], &[]),
    ambiguous(
        &["S3_ACCESS_KEY_ID", "S3_ACCESS_KEY"],
        &["S3_SECRET_ACCESS_KEY", "S3_SECRET_KEY"],
        &[],
    ),
    ambiguous(&["ACCESS_KEY"], &["SECRET_KEY"], &[]),
];

/// The family's index, and what a name is in it.
type Found = (usize, Part);

/// Every name and pattern of the families.
struct Known {
    names: HashMap<&'static str, Found>,
    /// What stands before and behind the `*`.
    patterns: Vec<(&'static str, &'static str, Found)>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let (mut names, mut patterns) = (HashMap::new(), Vec::new());
    for (index, family) in FAMILIES.iter().enumerate() {
        let parts = [
            (family.ids, Part::Id),
            (family.secrets, Part::Secret),
            (family.tokens, Part::Token),
        ];
        let words = parts
            .into_iter()
            .flat_map(|(words, part)| words.iter().map(move |word| (*word, part)));
        for (word, part) in words {
            match word.split_once('*') {
                None => drop(names.insert(word, (index, part))),
                Some((before, after)) => patterns.push((before, after, (index, part))),
            }
        }
    }
    Known { names, patterns }
});

/// What a name is, and what the `*` of its pattern stands for; nothing where there is none.
fn find(name: &str) -> Option<(usize, Part, &str)> {
    if let Some((family, part)) = KNOWN.names.get(name) {
        return Some((*family, *part, ""));
    }
    KNOWN.patterns.iter().find_map(|(before, after, (family, part))| {
        let star = name.strip_prefix(before)?.strip_suffix(after)?;
        (!star.is_empty()).then_some((*family, *part, star))
    })
}

#[cfg(test)]
mod tests;
