//! Where static AWS keys stand in any text: key ids, credentials in a URL, and pairs of an id and a secret by their names.
//!
//! Invariant: a sighting says where and what kind, never the value.
//!
//! Deliberately absent: edits. What is only seen here has no format that could be edited safely.

use memchr::memmem;

use crate::yaml::source::Pos;
use crate::yaml::tree::{Document, Node};

use super::host::is_aws;
use super::key_id;
use super::placeholder;

/// What the spellings of one name differ in, beside its case.
const SEPARATORS: [u8; 4] = *b"_-.:";

/// How an escape in YAML begins that can stand for a letter, or for nothing.
const ESCAPES: [&str; 5] = ["\\x", "\\u", "\\U", "\\\n", "\\\r"];

/// A place where a static key stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sighting {
    /// What it is.
    pub what: What,
    /// Where in the text.
    pub pos: Pos,
}

/// What a static key is seen as.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// An access key id of AWS.
    KeyId,
    /// A user and a password in the URL of an AWS store.
    Url,
    /// A setting for a secret key with one for its id beside it, by the secret's name.
    Pair(String),
}

/// Every sighting in a text: by what a value is, wherever it stands.
#[must_use]
pub fn values(text: &str) -> Vec<Sighting> {
    let ids = key_id::all(text).map(|pos| Sighting { what: What::KeyId, pos });
    ids.chain(urls(text)).collect()
}

/// Whether a text can have a sighting as [`values`] have it, or texts can that stand in it with their words as they are.
#[must_use]
pub fn may_hold_values(text: &str) -> bool {
    let has = |part: &str| memmem::find(text.as_bytes(), part.as_bytes()).is_some();
    has("AKIA") || has("ASIA") || (memchr::memchr(b'@', text.as_bytes()).is_some() && may_hold_a_url(text))
}

/// Whether a URL in a text has a user, or may have one: an escape may stand where it ends.
fn may_hold_a_url(text: &str) -> bool {
    memmem::find_iter(text.as_bytes(), "://").any(|at| {
        let rest = text.get(at + 3..).unwrap_or_default();
        rest.get(..authority_len(rest))
            .is_some_and(|authority| authority.contains('@'))
    })
}

/// How much of a text behind `://` is the user and the host.
fn authority_len(rest: &str) -> usize {
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '?' | '#' | '`' | '<'));
    end.unwrap_or(rest.len())
}

/// The same for [`settings`].
#[must_use]
pub fn may_hold_settings(text: &str) -> bool {
    may_hold_values(text) || may_name_a_pair(text)
}

/// Every sighting in a configuration: as [`values`], and by the names of its settings.
#[must_use]
pub fn settings(text: &str) -> Vec<Sighting> {
    let mut found = values(text);
    if !may_name_a_pair(text) {
        return found;
    }
    match Document::parse(text) {
        Ok(document) if document.root().is_some_and(Node::is_mapping) => {
            let mut open: Vec<(bool, Node<'_>)> = document.root().map(|root| (false, root)).into_iter().collect();
            while let Some((is_s3, node)) = open.pop() {
                let entries = || node.entries().filter_map(|(key, value)| Some((key.text()?, value)));
                let scalars = entries().filter_map(|(key, value)| Some((key, value.text()?, value.pos())));
                found.extend(Group::of(is_s3, scalars).pair());
                if !node.is_alias() {
                    open.extend(entries().map(|(key, value)| (speaks_of_s3(key), value)));
                    open.extend(node.items().map(|item| (is_s3, item)));
                }
            }
        }
        _ => found.extend(lines(text)),
    }
    found
}

/// Whether the names of a pair can be in a text, whatever their spelling and however they are escaped.
fn may_name_a_pair(text: &str) -> bool {
    let has = |bytes: &[u8], words: &[&str]| {
        let mut words = words.iter();
        words.any(|word| memmem::find(bytes, word.as_bytes()).is_some())
    };
    let letters = text.bytes().filter(|b| !SEPARATORS.contains(b));
    let letters: Vec<u8> = letters.map(|b| b.to_ascii_lowercase()).collect();
    let is_named = has(&letters, &["accesskey"]) && has(&letters, &["secretkey", "secretaccesskey"]);
    is_named || has(text.as_bytes(), &ESCAPES)
}

/// Sections of `name = value` and `name: value`, as INI and TOML have them.
fn lines(text: &str) -> Vec<Sighting> {
    let mut found = Vec::new();
    let (mut is_s3, mut settings) = (false, Vec::new());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if let Some(section) = trimmed.strip_prefix('[') {
            found.extend(Group::of(is_s3, settings.drain(..)).pair());
            is_s3 = speaks_of_s3(section);
        } else if let Some((name, value)) = trimmed.split_once(['=', ':']) {
            let value = value.trim().trim_end_matches(',').trim_matches(['"', '\'']);
            settings.push((name.trim().trim_matches('"'), value, Pos::new(at)));
        }
        at += line.len();
    }
    found.extend(Group::of(is_s3, settings.into_iter()).pair());
    found
}

/// Whether the settings under a title are for a store that speaks S3.
fn speaks_of_s3(title: &str) -> bool {
    title.as_bytes().windows(2).any(|pair| pair.eq_ignore_ascii_case(b"s3"))
}

/// Settings that stand together.
#[derive(Default)]
struct Group<'t> {
    is_s3: bool,
    is_elsewhere: bool,
    has_id: bool,
    secret: Option<(&'t str, Pos)>,
}

impl<'t> Group<'t> {
    fn of(is_s3: bool, settings: impl Iterator<Item = (&'t str, &'t str, Pos)>) -> Self {
        let mut group = Self {
            is_s3,
            ..Self::default()
        };
        for (name, value, pos) in settings {
            let is_written = !value.is_empty() && !value.contains(['$', '<', '{', '`']) && placeholder(value).is_none();
            match bare(name).as_str() {
                "accesskey" | "accesskeyid" => group.has_id |= is_written,
                "awsaccesskey" | "awsaccesskeyid" if is_written => (group.has_id, group.is_s3) = (true, true),
                "secretkey" | "secretaccesskey" | "awssecretkey" | "awssecretaccesskey" if is_written => {
                    group.secret = Some((name, pos));
                }
                "endpoint" | "regionendpoint" | "host" | "hostbase" | "serveraddress" if !value.is_empty() => {
                    group.is_elsewhere |= !is_aws(value);
                    group.is_s3 |= is_aws(value);
                }
                _ => {}
            }
        }
        group
    }

    fn pair(self) -> Option<Sighting> {
        let is_ours = self.has_id && self.is_s3 && !self.is_elsewhere;
        let (name, pos) = self.secret.filter(|_| is_ours)?;
        Some(Sighting {
            what: What::Pair(name.to_owned()),
            pos,
        })
    }
}

/// A name without what spellings differ in: `aws_access_key_id`, `AwsAccessKeyId`.
fn bare(name: &str) -> String {
    let letters = name
        .chars()
        .filter(|c| !SEPARATORS.iter().any(|b| char::from(*b) == *c));
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// `s3://ID:SECRET@…`, `aws://ID:SECRET@…`, and the same for a host of AWS.
fn urls(text: &str) -> impl Iterator<Item = Sighting> {
    memmem::find_iter(text.as_bytes(), "://").filter_map(|at| {
        let scheme = text.get(..at)?.rsplit(|c: char| !c.is_ascii_alphanumeric()).next()?;
        let rest = text.get(at + 3..)?;
        let (user, host) = rest.get(..authority_len(rest))?.rsplit_once('@')?;
        let (id, secret) = user.split_once(':')?;
        let is_written =
            |part: &str| !part.is_empty() && !part.contains(['$', '{', '(', '%']) && placeholder(part).is_none();
        let is_aws_store = matches!(scheme, "s3" | "aws") || (!host.is_empty() && is_aws(host));
        // A secret key in a URL has its slashes escaped.
        (is_aws_store && is_written(id) && is_written(&secret.replace('%', ""))).then(|| Sighting {
            what: What::Url,
            pos: Pos::new(at - scheme.len()),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[What]) {
        let found: Vec<What> = settings(text).into_iter().map(|sighting| sighting.what).collect();
        assert_eq!(found, expected, "{text}");
    }

    fn pair(name: &str) -> Vec<What> {
        vec![What::Pair(name.to_owned())]
    }

    #[test]
    fn keys_are_seen_wherever_they_stand() {
        check("x AKIAIOSFODNN7EXAMPLE y", &[What::KeyId]);
        check("url: s3://id:secret@bucket/path\n", &[What::Url]);
        check("url: aws://id:sec%2Fret@/?region=x\n", &[What::Url]);
        check("url: https://id:secret@s3.eu-west-1.amazonaws.com/b\n", &[What::Url]);
        check(
            "storage:\n  s3:\n    accesskey: a\n    secretkey: b\n",
            &pair("secretkey"),
        );
        check(
            "{\"s3\": {\"accessKey\": \"a\", \"secretKey\": \"b\"}}",
            &pair("secretKey"),
        );
        check(
            "a:\n- aws_access_key_id: a\n  aws_secret_access_key: b\n",
            &pair("aws_secret_access_key"),
        );
        check(
            "config: {access_key: a, secret_key: b, endpoint: s3.amazonaws.com}\n",
            &pair("secret_key"),
        );
        check(
            "[[runners]]\n  [runners.cache.s3]\n    AccessKey = \"a\"\n    SecretKey = \"b\"\n",
            &pair("SecretKey"),
        );
    }

    #[test]
    fn names_are_seen_in_any_spelling() {
        check(
            "s3: {Access-Key: a, \"\\x73ecret_ke\\u0079\": b}\n",
            &pair("secret_key"),
        );
        check(
            "[s3]\nACCESS.KEY_ID = a\nS_e_c_r_e_t-Access_Key = b\n",
            &pair("S_e_c_r_e_t-Access_Key"),
        );
    }

    #[test]
    fn what_only_looks_like_keys_is_not_seen() {
        for text in [
            "url: s3://bucket/path\n",
            "url: s3://$ID:$SECRET@bucket\n",
            "url: https://user:password@example.com/\n",
            "storage:\n  s3:\n    accesskey: a\n",
            "s3:\n  accesskey: ACCESS_KEY\n  secretkey: SECRET_KEY\n",
            "s3: {accesskey: a, secretkey: b, regionendpoint: \"http://minio:9000\"}\n",
            "vault: {access_key: a, secret_key: b}\n",
            "s3: {access_key: \"\", secret_key: \"\"}\n",
            "[default]\naccess_key = $(cat /a)\nsecret_key = $(cat /b)\nhost_base = s3.amazonaws.com\n",
            "a: <%= File.read('/x') %>\n",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_sighting_is_where_the_secret_or_the_address_begins() {
        let at = |text: &str| {
            settings(text)
                .iter()
                .map(|sighting| sighting.pos.offset())
                .collect::<Vec<_>>()
        };
        assert_eq!(at("a: b\nurl: s3://id:secret@bucket/\n"), [10]);
        assert_eq!(at("s3:\n  accesskey: a\n  secretkey: b\n"), [32]);
        assert_eq!(at("[s3]\naccess_key = a\nsecret_key = b\n"), [20]);
        assert_eq!(at("[s3]\naccess_key = a\nsecret_key = b\n[x]\nsecret_key = c\n"), [20]);
    }
}
