//! Role names and ARNs: what an injector, STS and IAM all accept.
//!
//! Invariant: text that passes [`check_arn`] passes the identity webhook's pattern, and IAM's limits on name, path and
//! whole; the reverse holds but for empty path segments, which are always a slip.
//!
//! Deliberately absent: whether the role exists. Nothing here knows a network.

use std::fmt;

use crate::policy::suggest;

/// The partitions of AWS.
pub const PARTITIONS: [&str; 8] = [
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-eusc",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
];

const NAME_MAX: usize = 64;
const PATH_MAX: usize = 512;

/// The role of a component.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// The role comes from elsewhere; nothing is annotated, the keys still go.
    External,
    /// A role of this name.
    Named {
        /// As the policy has it, variables put in; kube2iam and kiam get this.
        written: String,
        /// The full ARN; always there when `via` has irsa.
        arn: Option<String>,
    },
}

/// Whether text that was written as a role is a whole ARN and not a bare name.
#[must_use]
pub fn is_arn(text: &str) -> bool {
    text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("arn:"))
}

/// Checks a full role ARN, as irsa needs it.
///
/// # Errors
/// The first part that is wrong.
pub fn check_arn(text: &str) -> Result<(), RoleFlaw> {
    let mut parts = text.splitn(6, ':');
    let mut part = || parts.next().ok_or(RoleFlaw::TooFewParts);
    if part()? != "arn" {
        return Err(RoleFlaw::Prefix);
    }
    let partition = part()?;
    let (service, region, account, resource) = (part()?, part()?, part()?, part()?);
    if !PARTITIONS.contains(&partition) {
        return Err(RoleFlaw::partition(partition));
    }
    if service != "iam" {
        return Err(RoleFlaw::Service);
    }
    if !region.is_empty() {
        return Err(RoleFlaw::Region);
    }
    if !is_account(account) {
        return Err(RoleFlaw::Account);
    }
    // The limits of the parts keep the whole within IAM's 20 to 2048 characters.
    check_bare(resource.strip_prefix("role/").ok_or(RoleFlaw::NoRole)?)
}

/// Checks a bare role: `name` or `path/name`.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_bare(text: &str) -> Result<(), RoleFlaw> {
    if text.is_empty() {
        return Err(RoleFlaw::Empty);
    }
    if let Some(stray) = text.chars().find(|c| !is_role_char(*c)) {
        return Err(RoleFlaw::Character(stray));
    }
    if text.starts_with('/') {
        return Err(RoleFlaw::LeadingSlash);
    }
    let (path, name) = text.rsplit_once('/').unwrap_or(("", text));
    if name.is_empty() || path.split('/').skip(1).any(str::is_empty) {
        return Err(RoleFlaw::EmptySegment);
    }
    if NAME_MAX < name.len() {
        return Err(RoleFlaw::NameTooLong(name.len()));
    }
    // IAM counts the slashes at both ends of the path.
    if PATH_MAX < path.len() + 2 {
        return Err(RoleFlaw::PathTooLong);
    }
    Ok(())
}

/// Checks the value of a role annotation as kube2iam and kiam read it: an ARN, or a bare name.
///
/// # Errors
/// What no injector could use.
pub fn check_either(text: &str) -> Result<(), RoleFlaw> {
    if is_arn(text) {
        check_arn(text)
    } else {
        check_bare(text)
    }
}

/// Whether this is an account's number.
#[must_use]
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_role_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_/.@+=,-".contains(c)
}

/// Why text is no role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RoleFlaw {
    /// Nothing at all.
    Empty,
    /// `ARN:` and the like.
    Prefix,
    /// Fewer than six parts.
    TooFewParts,
    /// No partition of AWS; with the nearest.
    Partition(Option<&'static str>),
    /// Another service than IAM.
    Service,
    /// A region, where IAM has none.
    Region,
    /// Not 12 digits.
    Account,
    /// A user, an instance profile, an assumed role, or nothing.
    NoRole,
    /// A bare name that begins with `/`.
    LeadingSlash,
    /// `//`, or a `/` at the end.
    EmptySegment,
    /// A character that no role has.
    Character(char),
    /// The same, unnamed.
    Characters,
    /// More than 64 characters.
    NameTooLong(usize),
    /// More than 512 characters.
    PathTooLong,
}

impl RoleFlaw {
    /// The same flaw, telling nothing of the text: for text that a variable gave.
    #[must_use]
    pub fn veiled(self) -> Self {
        match self {
            Self::Character(_) => Self::Characters,
            Self::Partition(_) => Self::Partition(None),
            other => other,
        }
    }

    fn partition(word: &str) -> Self {
        Self::Partition(suggest::nearest(word, PARTITIONS))
    }
}

impl fmt::Display for RoleFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the role's name is missing"),
            Self::Prefix => f.write_str("an ARN begins with `arn:` in lower case"),
            Self::TooFewParts => f.write_str("parts are missing; expected `arn:PARTITION:iam::ACCOUNT:role/NAME`"),
            Self::Partition(nearest) => {
                write!(f, "the partition is none of {}", suggest::listed(PARTITIONS))?;
                nearest.map_or(Ok(()), |word| write!(f, "; did you mean `{word}`?"))
            }
            Self::Service => f.write_str("the service must be `iam`, as in `arn:aws:iam::`"),
            Self::Region => f.write_str("IAM has no region; leave that part empty, as in `arn:aws:iam::`"),
            Self::Account => f.write_str("the account must be 12 digits"),
            Self::NoRole => f.write_str("`role/` is missing after the account; only a role can be assumed"),
            Self::LeadingSlash => f.write_str("a role begins with its name or path, not with `/`"),
            Self::EmptySegment => f.write_str("the path has an empty part, or the name after the last `/` is missing"),
            Self::Character(stray) => write!(
                f,
                "`{}` cannot be in a role; letters, digits and `_+=,.@-` can, and `/` in the path",
                stray.escape_default()
            ),
            Self::Characters => f.write_str(
                "a character in it cannot be in a role; letters, digits and `_+=,.@-` can, and `/` in the path",
            ),
            Self::NameTooLong(length) => {
                write!(f, "the name is {length} characters long; {NAME_MAX} are allowed")
            }
            Self::PathTooLong => write!(f, "the path is longer than {PATH_MAX} characters"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<(), &str>) {
        let found = check_either(text).map_err(|flaw| flaw.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn roles_are_accepted() {
        for text in [
            "arn:aws:iam::111122223333:role/gitlab-registry",
            "arn:aws:iam::111122223333:role/team/app/gitlab_registry",
            "arn:aws-us-gov:iam::000000000000:role/a",
            "arn:aws-iso-f:iam::111122223333:role/A+=,.@-b",
            "gitlab-registry",
            "team/app/gitlab-registry",
            "a",
        ] {
            check(text, Ok(()));
        }
        for partition in PARTITIONS {
            check(&format!("arn:{partition}:iam::111122223333:role/x"), Ok(()));
        }
    }

    #[test]
    fn each_part_of_an_arn_is_named() {
        check(
            "ARN:aws:iam::111122223333:role/x",
            Err("an ARN begins with `arn:` in lower case"),
        );
        check(
            "arn:aws",
            Err("parts are missing; expected `arn:PARTITION:iam::ACCOUNT:role/NAME`"),
        );
        check(
            "arn:aws-gov:iam::111122223333:role/x",
            Err(
                "the partition is none of `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso`, `aws-iso-b`, `aws-iso-e`, `aws-iso-f`; did you mean `aws-us-gov`?",
            ),
        );
        check(
            "arn:aws:sts::111122223333:role/x",
            Err("the service must be `iam`, as in `arn:aws:iam::`"),
        );
        check(
            "arn:aws:iam:eu-west-1:111122223333:role/x",
            Err("IAM has no region; leave that part empty, as in `arn:aws:iam::`"),
        );
        check("arn:aws:iam::11112222333:role/x", Err("the account must be 12 digits"));
        check("arn:aws:iam::<ACCOUNT_ID>:role/x", Err("the account must be 12 digits"));
        check("arn:aws:iam::١١١١٢٢٢٢٣٣٣٣:role/x", Err("the account must be 12 digits"));
        let no_role = "`role/` is missing after the account; only a role can be assumed";
        check("arn:aws:iam::111122223333:user/x", Err(no_role));
        check("arn:aws:iam::111122223333:instance-profile/x", Err(no_role));
        check("arn:aws:iam::111122223333:x", Err(no_role));
        check("arn:aws:iam::111122223333:role/", Err("the role's name is missing"));
    }

    #[test]
    fn names_and_paths_have_limits() {
        let name = |length: usize| "n".repeat(length);
        check(&name(64), Ok(()));
        check(&name(65), Err("the name is 65 characters long; 64 are allowed"));
        check(&format!("{}/n", name(510)), Ok(()));
        check(
            &format!("{}/n", name(511)),
            Err("the path is longer than 512 characters"),
        );
        let shortest = "arn:aws:iam::111122223333:role/n".to_owned();
        let longest = format!("arn:aws-us-gov:iam::111122223333:role/{}/{}", name(510), name(64));
        for arn in [shortest, longest] {
            check(&arn, Ok(()));
            assert!((20..=2048).contains(&arn.len()));
        }
        check(
            &format!("arn:aws:iam::111122223333:role/{}", name(65)),
            Err("the name is 65 characters long; 64 are allowed"),
        );
    }

    #[test]
    fn slashes_stand_between_names() {
        check("/gitlab", Err("a role begins with its name or path, not with `/`"));
        let empty = "the path has an empty part, or the name after the last `/` is missing";
        check("team/", Err(empty));
        check("team//name", Err(empty));
        check(
            "arn:aws:iam::111122223333:role//x",
            Err("a role begins with its name or path, not with `/`"),
        );
    }

    #[test]
    fn stray_characters_are_shown() {
        let stray =
            |c: &str| format!("`{c}` cannot be in a role; letters, digits and `_+=,.@-` can, and `/` in the path");
        check("<ROLE>", Err(&stray("<")));
        check("my role", Err(&stray(" ")));
        check("role\n", Err(&stray("\\n")));
        check("rôle", Err(&stray("\\u{f4}")));
        check("", Err("the role's name is missing"));
    }
}
