//! What shows that a text is not plain data, or a value not a key.
//!
//! Invariant: what stands in a comment is never taken for either; one pass over the text.

use memchr::memmem;

use super::verdict::KeptReason;
use crate::yaml::source::{Pos, break_len};

/// What brackets a template's control flow; it may decide over whole lines.
const CONTROL: [&str; 3] = ["<%", "{{", "{%"];

/// What stands for a value that is filled in later.
const REFERENCE: [&str; 3] = ["${", "$(", "<path:"];

/// How a value begins that names a place in a vault: bank-vaults, vals, 1Password.
const VAULTS: [&str; 3] = ["vault:", "ref+", "op://"];

/// What encryption tools write: sops, age, PGP, Ansible Vault.
const SEALED: [&str; 4] = [
    "ENC[AES256_GCM,",
    "-----BEGIN AGE ENCRYPTED FILE-----",
    "-----BEGIN PGP MESSAGE-----",
    "$ANSIBLE_VAULT;",
];

/// One of them is in every text that is sealed by these or by sops, and in few others.
const SEALED_SIGNS: [&str; 4] = ["ENC[", "-----BEGIN ", "$ANSIBLE_VAULT;", "sops"];

/// Where sops keeps its own data: YAML, INI, env file.
const SOPS: [&str; 2] = ["sops:", "[sops]"];
const SOPS_ENV: &str = "sops_mac=";

/// What GitLab's charts write for a key that a script fills in, and what MinIO takes by default.
const SENTINELS: [&str; 3] = ["ACCESS_KEY", "SECRET_KEY", "minioadmin"];

/// The shortest text `kubeseal` writes: a session key of 512 bytes, in base64.
const SEALED_SECRET_LEN: usize = 684;

/// Where it is seen that a text is encrypted.
pub(super) fn sealed(text: &str) -> Option<Pos> {
    if is_sealed_secret(text.trim()) {
        return Some(Pos::START);
    }
    first_of(&SEALED_SIGNS, text)?;
    let is_sops = |code: &str| SOPS.contains(&code.trim_end()) || code.starts_with(SOPS_ENV);
    let mark = |code: &str| is_sops(code).then_some(0).or_else(|| first_of(&SEALED, code));
    code_lines(text).find_map(|(start, code)| Some(Pos::new(start + mark(code)?)))
}

/// Where a template's control flow begins.
pub(super) fn control(text: &str) -> Option<Pos> {
    first_of(&CONTROL, text)?;
    code_lines(text).find_map(|(start, code)| Some(Pos::new(start + first_of(&CONTROL, code)?)))
}

/// Where any part of a template is.
pub(super) fn template(text: &str) -> Option<Pos> {
    let mark = |code: &str| first_of(&CONTROL, code).or_else(|| first_of(&REFERENCE, code));
    mark(text)?;
    code_lines(text).find_map(|(start, code)| Some(Pos::new(start + mark(code)?)))
}

/// Why a value is not the key itself.
pub(super) fn placeholder(value: &str) -> Option<KeptReason> {
    let value = value.trim();
    let is_in_vault = VAULTS.iter().any(|scheme| value.starts_with(scheme));
    if is_in_vault || value.starts_with('$') || first_of(&CONTROL, value).or(first_of(&REFERENCE, value)).is_some() {
        Some(KeptReason::Template)
    } else if SENTINELS.contains(&value) || (value.starts_with('<') && value.ends_with('>')) {
        Some(KeptReason::Sentinel)
    } else {
        None
    }
}

/// Each line's comment, with the byte it begins at.
pub(super) fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    lines(text).filter_map(|(start, line)| {
        let at = comment_start(line)?;
        Some((start + at, line.get(at..)?))
    })
}

/// Each line with its break, and the byte it begins at.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let found = memchr::memchr2(b'\n', b'\r', bytes.get(start..)?);
        let end = found.map_or(text.len(), |at| start + at + break_len(bytes, start + at));
        next = found.map(|_| end);
        Some((start, text.get(start..end)?))
    })
}

/// Each line without its comment.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    lines(text).map(|(start, line)| {
        let end = comment_start(line).unwrap_or(line.len());
        (start, line.get(..end).unwrap_or_default())
    })
}

/// A hash at the start or behind a blank, as in YAML; a semicolon at the start, as in INI.
fn comment_start(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start().len();
    if line[indent..].starts_with([';', '#']) {
        return Some(indent);
    }
    let bytes = line.as_bytes();
    memchr::memchr_iter(b'#', bytes).find(|at| matches!(bytes.get(at.wrapping_sub(1)), Some(b' ' | b'\t')))
}

fn first_of(marks: &[&str], text: &str) -> Option<usize> {
    let found = |mark: &&str| memmem::find(text.as_bytes(), mark.as_bytes());
    marks.iter().filter_map(found).min()
}

fn is_sealed_secret(text: &str) -> bool {
    let is_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    text.len() >= SEALED_SECRET_LEN && text.starts_with("Ag") && text.bytes().all(is_base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encrypted_texts() {
        let kubeseal = format!("Ag{}\n", "By7/".repeat(200));
        for text in [
            "a: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\n",
            "a: b\nsops:\n  mac: x\n",
            "a: b\r\nsops:\r\n  mac: x\r\n",
            "[default]\na = b\n[sops]\nmac = x\n",
            "A=b\nsops_mac=x\n",
            "$ANSIBLE_VAULT;1.1;AES256\n",
            "-----BEGIN AGE ENCRYPTED FILE-----\n",
            &kubeseal,
        ] {
            assert!(sealed(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_mark_and_a_comment_are_found_at_their_bytes() {
        assert_eq!(sealed("b: c\na: ENC[AES256_GCM,data:x]\n"), Some(Pos::new(8)));
        assert_eq!(template("b: c\na: ${X}\n"), Some(Pos::new(8)));
        let found: Vec<(usize, &str)> = comments("a: b # c\n  ; d\r\ne: f#g\n# h").collect();
        assert_eq!(found, [(5, "# c\n"), (11, "; d\r\n"), (23, "# h")]);
    }

    #[test]
    fn texts_that_only_speak_of_encryption() {
        for text in [
            "# a: ENC[AES256_GCM,data:x]\na: b # $ANSIBLE_VAULT;\n",
            "bucket: sops\n",
            "x:\n  sops:\n    a: b\n",
            "sops: word\n",
            "key: |\n  -----BEGIN PRIVATE KEY-----\n",
            "AgAb12+/=\n",
            &format!("Ag {}", "By7/".repeat(200)),
        ] {
            assert_eq!(sealed(text), None, "{text}");
        }
    }

    #[test]
    fn templates_outside_comments() {
        assert_eq!(control("a: 1\nb: <%= x %>\n"), Some(Pos::new(8)));
        assert_eq!(control("{{- if .x }}\n"), Some(Pos::new(0)));
        assert_eq!(control("# {{ x }}\na: b # <% x %>\n; {%\n"), None);
        assert_eq!(control("a: ${X} $(x) <path:a#b> {x: {y: z}}\n"), None);
        assert_eq!(template("a: ${X}\n"), Some(Pos::new(3)));
        assert_eq!(template("a: $X\nb: <x>\n"), None);
    }

    #[test]
    fn values_that_are_not_the_key_itself() {
        for value in [
            "${X}",
            "$(cat x)",
            "$FOO",
            " {{ x }}",
            "<%= x %>",
            "a<path:b#c>",
            "vault:a#b",
            "ref+awsssm://a",
            "op://a/b",
        ] {
            assert_eq!(placeholder(value), Some(KeptReason::Template), "{value}");
        }
        for value in ["ACCESS_KEY", "SECRET_KEY", "<your key>", "<KEY> ", "minioadmin"] {
            assert_eq!(placeholder(value), Some(KeptReason::Sentinel), "{value}");
        }
        for value in [
            "",
            "AWS_ACCESS_KEY",
            "ACCESSKEY",
            "ACCESS_KEY1",
            "access_key",
            "a$b",
            "<a>b",
            "AKIA",
        ] {
            assert_eq!(placeholder(value), None, "{value}");
        }
    }
}
