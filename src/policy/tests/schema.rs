//! The schema: what reads conforms to it, and what is plainly wrong does not.
//!
//! Every policy that another test accepts goes through [`objections`], too.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use crate::policy::catalogue::Id;
use crate::policy::schema::schema;
use crate::policy::tests::accepted;
use crate::policy::vars::Vars;
use crate::policy::{read, reference};

static VALIDATOR: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::draft202012::new(&schema()).expect("a schema of the draft"));

/// What the schema says against a policy, with the places.
pub(super) fn objections(policy: &str) -> Vec<String> {
    let instance: Value = serde_yaml::from_str(policy).expect("YAML");
    let errors = VALIDATOR.iter_errors(&instance);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

const HEAD: &str = "apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\naccount: \"111122223333\"\n";

/// Both the schema and the program refuse this.
#[track_caller]
fn check_refused(body: &str) {
    let policy = format!("{HEAD}{body}\n");
    assert!(!objections(&policy).is_empty(), "the schema takes\n{policy}");
    let vars = Vars::new(Vec::new(), |_| None);
    assert!(
        read(&policy, "policy.yaml", &vars).is_err(),
        "the program takes\n{policy}"
    );
}

#[track_caller]
fn check_accepted(body: &str) {
    accepted(&format!("{HEAD}{body}\n"));
}

#[test]
fn what_the_program_refuses_at_sight_the_schema_refuses() {
    for body in [
        "component: {a: r}",
        "components: {}",
        "restart: true",
        "components: [a]",
        "components: {a: [r]}",
        "components: {a: 12}",
        "components: {a: }",
        "components: {a: /r}",
        "components: {a: 'arn:aws:iam::1111:role/r'}",
        "components: {a: 'arn:aws:s3:::bucket'}",
        "components: {'a b': r}",
        "components: {no-preset/a: r}",
        "components: {a: {rol: r}}",
        "components: {a: {optional: true}}",
        "components: {a: {role: r, optional: maybe}}",
        "preset: gitlap\ncomponents: {registry: r}",
        "preset: gitlab\ncomponents: {registri: r}",
        "preset: gitlab\ncomponents: {thanos: {role: r, match: {kind: Job}}}",
        "via: isra\ncomponents: {a: r}",
        "via: []\ncomponents: {a: r}",
        "via: [irsa, irsa]\ncomponents: {a: r}",
        "partition: aws-gov\ncomponents: {a: r}",
        "strict: 1\ncomponents: {a: r}",
    ] {
        check_refused(body);
    }
}

#[test]
fn so_it_does_inside_a_component() {
    for field in [
        "match: {}",
        "match: {labels: {}}",
        "match: {labels: {app: '*-a'}}",
        "match: {labels: {a/b/c: x}}",
        "match: {label: {app: a}}",
        "match: {kind: []}",
        "match: {kind: Cronjob}",
        "match: {kind: [Job, Job]}",
        "match: {name: ''}",
        "serviceAccount: {}",
        "serviceAccount: a",
        "serviceAccount: {create: a, use: a}",
        "serviceAccount: {create: default}",
        "serviceAccount: {use: A_b}",
        "annotations: {eks.amazonaws.com/audiense: a}",
        "annotations: {eks.amazonaws.com/role-arn: a}",
    ] {
        check_refused(&format!("components: {{a: {{role: r, {field}}}}}"));
    }
    check_refused("components: {a: {role: external, annotations: {eks.amazonaws.com/audience: x}}}");
}

#[test]
fn so_it_does_inside_a_rule_for_secrets() {
    for rule in [
        "key: k",
        "name: ''",
        "name: s, formt: yaml",
        "name: s, format: yml",
        "name: s, format: yaml",
        "name: s, format: ini, remove: []",
        "name: s, format: fog, remove: [a]",
        "name: s, remove: [a]",
        "name: s, set: {a: b}",
        "name: s, format: yaml, remove: [a], set: {b: }",
        "name: s, format: yaml, remove: [a, a]",
        "name: s, keep: true, format: fog",
        "name: s, keep: true, remove: [a]",
    ] {
        check_refused(&format!("secrets: [{{{rule}}}]"));
    }
    check_refused("secrets: {name: s}");
}

#[test]
fn another_document_is_no_policy() {
    for text in [
        "kind: RolePolicy\ncomponents: {a: external}\n",
        "apiVersion: v1\nkind: RolePolicy\ncomponents: {a: external}\n",
        "apiVersion: iam-roles/v1alpha1\nkind: rolepolicy\ncomponents: {a: external}\n",
        "[]\n",
    ] {
        assert!(!objections(text).is_empty(), "{text}");
    }
}

#[test]
fn findings_are_those_of_the_catalogue() {
    for id in Id::ALL {
        for allowance in [id.to_string(), format!("{id}@Deployment/web")] {
            let body = format!("components: {{a: r}}\nallow: ['{allowance}']");
            if id.can_be_allowed() {
                check_accepted(&body);
            } else {
                check_refused(&body);
            }
        }
    }
    for allowance in [
        "no-such-thing",
        "host-network@web",
        "host-network@Pod/a/b",
        "host-network@",
    ] {
        check_refused(&format!("components: {{a: r}}\nallow: ['{allowance}']"));
    }
}

#[test]
fn a_variable_may_stand_for_any_word() {
    let vars = [
        ("VIA", "kube2iam"),
        ("KIND", "Job"),
        ("FORMAT", "fog"),
        ("ID", "host-network"),
        ("PRESET", "gitlab"),
    ];
    let given = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let policy = format!(
        "{HEAD}preset: ${{PRESET}}\nvia: ['${{VIA}}']\ncomponents: {{registry: {{role: r, match: {{kind: '${{KIND}}'}}}}}}\n\
         secrets: [{{name: s, format: '${{FORMAT}}'}}]\nallow: ['${{ID}}']\n"
    );
    assert_eq!(objections(&policy), Vec::<String>::new());
    read(&policy, "policy.yaml", &Vars::new(given.to_vec(), |_| None)).expect("a policy");
}

#[test]
fn an_account_without_quotes_is_taken_as_the_program_takes_it() {
    accepted("apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\naccount: 111122223333\ncomponents: {a: r}\n");
}

#[test]
fn the_policies_of_the_pages_conform() {
    let readme = include_str!("../../../README.md");
    let example = include_str!("../../../testdata/gitlab/policy.yaml");
    let given = vec![("AWS_ACCOUNT_ID".to_owned(), "111122223333".to_owned())];
    let vars = Vars::new(given, |_| None);
    let reference = reference::policy();
    let mut read_ones = 0;
    for text in policies(readme).chain(policies(&reference)).chain([example]) {
        // A fragment of a policy shows one thing and reads as none.
        if read(text, "page", &vars).is_ok() {
            assert_eq!(objections(text), Vec::<String>::new(), "{text}");
            read_ones += 1;
        }
    }
    assert!(3 <= read_ones, "{read_ones}");
    let whole = policies(&reference).next().expect("an example");
    read(whole, "docs/policy.md", &vars).unwrap_or_else(|error| panic!("{error}"));
}

fn policies(page: &str) -> impl Iterator<Item = &str> {
    let blocks = page.split("```yaml\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    blocks.filter(|block| block.contains("kind: RolePolicy"))
}

#[test]
fn the_example_of_the_page_has_every_field() {
    let reference = reference::policy();
    let example = policies(&reference).next().expect("an example");
    let schema = schema();
    let objects = schema["$defs"].as_object().expect("definitions");
    let own = objects.iter().filter(|(name, _)| *name != "Annotations");
    let fields = own.map(|(_, object)| object).chain([&schema]).flat_map(|object| {
        let properties = object["properties"].as_object().expect("fields");
        properties.keys()
    });
    let absent: BTreeSet<&String> = fields.filter(|field| !example.contains(&format!("{field}:"))).collect();
    assert_eq!(absent.into_iter().collect::<Vec<_>>(), ["use"], "it excludes `create`");
}

#[test]
fn every_field_is_described() {
    fn undescribed(name: &str, object: &Value) -> Vec<String> {
        assert_eq!(object["additionalProperties"], false, "{name}");
        let fields = object["properties"].as_object().expect("fields");
        let bare = fields
            .iter()
            .filter(|(_, field)| field["description"].as_str().is_none());
        bare.map(|(field, _)| format!("{name}.{field}")).collect()
    }
    let schema = schema();
    let mut bare = undescribed("RolePolicy", &schema);
    for (name, object) in schema["$defs"].as_object().expect("definitions") {
        bare.extend(undescribed(name, object));
    }
    assert_eq!(bare, Vec::<String>::new());
}
