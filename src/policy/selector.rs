//! `match` → which workloads are a component.

use crate::policy::glob::Glob;
use crate::policy::preset::PresetComponent;
use crate::policy::rules::{Identity, Kind, Selector};
use crate::policy::site::{Fault, Site};
use crate::policy::suggest;
use crate::policy::wire::{self, Entries, Scalar, Words};

/// What a component's `match` means, given its preset's rule or, without one, its name.
pub(super) fn selector(
    written: Option<&wire::Selector>,
    site: Site<'_>,
    from: Option<&'static PresetComponent>,
    word: &str,
) -> Result<Selector, Fault> {
    let usual = || match from {
        Some(component) => Identity::Preset(&component.rule),
        None => Identity::Default(word.to_owned()),
    };
    let Some(written) = written else {
        return Ok(Selector {
            identity: usual(),
            kinds: None,
            namespace: None,
        });
    };
    let kinds = written
        .kind
        .as_ref()
        .map(|words| kinds(words, site.field("kind")))
        .transpose()?;
    let namespace = glob(written.namespace.as_deref(), site, "namespace")?;
    let identity = if has_identity(written) {
        given(written, site)?
    } else {
        usual()
    };
    if kinds.is_none() && namespace.is_none() && !has_identity(written) {
        return site.refuse(
            "`match` is empty and would fit everything; give `labels`, `kind`, `name`, `namespace` or `source`, or leave `match` out",
        );
    }
    Ok(Selector {
        identity,
        kinds,
        namespace,
    })
}

/// Whether the selector tells workloads by itself, so that no preset's and no default rule is needed.
pub(super) fn has_identity(written: &wire::Selector) -> bool {
    written.labels.is_some() || written.name.is_some() || written.source.is_some()
}

/// The pattern of an optional field.
pub(super) fn glob(written: Option<&str>, site: Site<'_>, field: &str) -> Result<Option<Glob>, Fault> {
    let site = site.field(field);
    let read = |written: &str| {
        let text = site.expand(written)?;
        if text.is_empty() {
            return site.refuse(format!("`{field}` is empty; write a pattern, or leave it out"));
        }
        Glob::new(&text).map_err(|flaw| {
            // The parser's reason quotes the pattern, and that may hold a variable's value.
            let reason = if text == written {
                format!(": {flaw}")
            } else {
                String::new()
            };
            site.fault(format!("`{field}` is `{written}`, which is no pattern{reason}"))
        })
    };
    written.map(read).transpose()
}

fn given(written: &wire::Selector, site: Site<'_>) -> Result<Identity, Fault> {
    let labels = match &written.labels {
        Some(entries) => labels(entries, site.field("labels"))?,
        None => Vec::new(),
    };
    Ok(Identity::Given {
        labels,
        name: glob(written.name.as_deref(), site, "name")?,
        source: glob(written.source.as_deref(), site, "source")?,
    })
}

fn labels(written: &Entries<Scalar>, site: Site<'_>) -> Result<Vec<(String, String)>, Fault> {
    if written.0.is_empty() {
        return site.refuse("`labels` is empty and would fit everything; give a label, or leave `labels` out");
    }
    let label = |(key, value): &(String, Scalar)| {
        if !is_label_key(key) {
            return site.key(key).refuse(format!("`{key}` can be no label's key"));
        }
        let value_site = site.field(key);
        let value = value_site.text(value)?;
        if value.is_empty() || is_label_value(&value) {
            return Ok((key.clone(), value));
        }
        let written = value_site.written();
        value_site.refuse(format!(
            "`{written}` can be no label's value; labels are compared whole, patterns go with `name` and `source`"
        ))
    };
    written.0.iter().map(label).collect()
}

fn kinds(written: &Words, site: Site<'_>) -> Result<Vec<Kind>, Fault> {
    if written.as_slice().is_empty() {
        return site.refuse("`kind` is empty and would fit nothing; give a kind, or leave `kind` out");
    }
    let mut kinds = Vec::new();
    for (word, site) in written.as_slice().iter().zip(site.items()) {
        let known = || Kind::ALL.iter().map(|kind| kind.as_str());
        let Ok(kind) = site.expand(word)?.parse() else {
            let hint = suggest::did_you_mean(word, known());
            let known = suggest::listed(known());
            return site.refuse(format!("unknown kind `{word}`; expected one of {known}{hint}"));
        };
        if kinds.contains(&kind) {
            return site.refuse(format!("`{word}` stands twice in this list; remove one"));
        }
        kinds.push(kind);
    }
    Ok(kinds)
}

/// Whether a label can have this value.
#[must_use]
pub fn is_label_value(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_alphanumeric();
    text.len() <= 63
        && text.starts_with(edge)
        && text.ends_with(edge)
        && text.chars().all(|c| edge(c) || "-_.".contains(c))
}

fn is_label_key(key: &str) -> bool {
    let (prefix, name) = key
        .split_once('/')
        .map_or((None, key), |(prefix, name)| (Some(prefix), name));
    is_label_value(name) && prefix.is_none_or(is_subdomain)
}

/// Whether this is a DNS-1123 subdomain, as names of objects are.
pub(super) fn is_subdomain(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let label =
        |part: &str| part.starts_with(letter) && part.ends_with(letter) && part.chars().all(|c| letter(c) || c == '-');
    text.len() <= 253 && text.split('.').all(label)
}
