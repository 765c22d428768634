//! The reference pages, `docs/policy.md` and `docs/findings.md`: written from the schema and from the catalogue.
//!
//! Invariant: whatever a page lists is read from what the program itself uses; only the sentences around it stand here.

use serde_json::Value;

use crate::policy::catalogue::Id;
use crate::policy::schema::schema;

const CONVENTIONS: &str = "\
A field that is null counts as left out; one that is not listed here is an error. With every field:

";

const EXAMPLE: &str = r#"```yaml
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
metadata: {name: shop}
preset: gitlab
via: [irsa, kube2iam]
account: "${AWS_ACCOUNT_ID}"
partition: aws
components:
  webservice: gitlab-rails
  registry:
    role: arn:aws:iam::111122223333:role/storage/gitlab-registry
    match:
      labels: {app: registry}
      kind: [Deployment, CronJob]
      name: "*-registry"
      namespace: gitlab
      source: "gitlab/charts/registry/*"
    serviceAccount: {create: gitlab-registry}
    annotations:
      eks.amazonaws.com/sts-regional-endpoints: "true"
    optional: true
  thanos:
    role: external
    match: {labels: {app: thanos}, kind: StatefulSet}
secrets:
  - name: "*-objstore"
    namespace: monitoring
    key: objstore.yml
    format: yaml
    remove: [config.access_key, config.secret_key]
    set: {config.aws_sdk_auth: true}
  - name: mirror-credentials
    keep: true
restart: true
strict: true
allow: [secret-not-in-stream, static-keys-in-env@Deployment/legacy]
```
"#;

const FINDINGS: &str = "\
# Findings

What `iam-roles` says beside the changes it makes. Errors refuse: nothing is written. Warnings refuse under `strict: true` or
`--strict`. Notes never count.

A policy accepts a finding by its id under `allow`, everywhere or of one object: it becomes a note, and the edits stay the
same. Where the result could not be trusted, nothing can be allowed.

```yaml
allow: [secret-not-in-stream, static-keys-in-env@Deployment/legacy]
```

| Finding | Severity | Can be allowed | What it says |
|---|---|---|---|
";

/// The page about the policy.
#[must_use]
pub fn policy() -> String {
    let schema = schema();
    let section = |(name, object): (&String, &Value)| {
        let (meaning, fields) = (described(object), fields(object));
        format!("\n## {name}\n\n{meaning}\n\n{fields}")
    };
    let sections: String = entries(&schema["$defs"]).map(section).collect();
    format!(
        "# The policy\n\n{}\n\n{CONVENTIONS}{EXAMPLE}\n## RolePolicy\n\n{}{sections}",
        described(&schema),
        fields(&schema)
    )
}

/// The page about the findings.
#[must_use]
pub fn findings() -> String {
    let row = |id: &Id| {
        let allowed = if id.can_be_allowed() { "yes" } else { "never" };
        format!("| `{id}` | {} | {allowed} | {} |\n", id.severity(), cell(id.means()))
    };
    let rows: String = Id::ALL.iter().map(row).collect();
    format!("{FINDINGS}{rows}")
}

/// The table of an object's fields.
fn fields(object: &Value) -> String {
    let row = |(name, field): (&String, &Value)| {
        let required = object["required"]
            .as_array()
            .is_some_and(|names| names.iter().any(|one| one == name));
        let required = if required { " Required." } else { "" };
        let default = field
            .get("default")
            .map(|value| format!(" Default: `{}`.", word(value)));
        let meaning = format!("{}{required}{}", described(field), default.unwrap_or_default());
        format!("| `{name}` | {} | {} |\n", cell(&taken(field)), cell(&meaning))
    };
    let rows: String = entries(&object["properties"]).map(row).collect();
    format!("| Field | Takes | What it means |\n|---|---|---|\n{rows}")
}

fn entries(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

fn described(schema: &Value) -> &str {
    schema["description"].as_str().unwrap_or_default()
}

/// What a value may be, in words.
fn taken(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(title) = schema["title"].as_str() {
        return title.to_owned();
    }
    if let Some(only) = schema.get("const") {
        return format!("`{}`", word(only));
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words.iter().map(|one| format!("`{}`", word(one))).collect();
        return words.join(", ");
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        return any_of(choices);
    }
    if let Some(item) = schema.get("items") {
        return format!("a list of {}", taken(item));
    }
    if let Some(value) = schema.get("additionalProperties") {
        return format!("a mapping of names to {}", taken(value));
    }
    "`true` or `false`".to_owned()
}

/// The choices that are worth a word: that a field may be null or hold a variable is said once, above.
fn any_of(choices: &[Value]) -> String {
    let telling = |choice: &&Value| choice["type"] != "null" && (has_title(choice) || choice.get("pattern").is_none());
    let phrase = |choice: &Value| match choice.get("items") {
        Some(item) if choices.contains(item) => "a list of these".to_owned(),
        _ => taken(choice),
    };
    let phrases: Vec<String> = choices.iter().filter(telling).map(phrase).collect();
    phrases.join(", or ")
}

fn has_title(schema: &Value) -> bool {
    schema.get("title").is_some()
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
