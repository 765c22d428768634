//! `Debug` cannot tell a secret: held against the source of every type, and against what real values print.
//!
//! Text of the input is kept as [`iam_roles::yaml::veil::Veiled`], of which `Debug` shows a size. What is kept as bare
//! text in a type that has `Debug` is a name or a place, and stands in [`NAMES`].

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use iam_roles::manifest::stream::{Input, Stream};
use iam_roles::payload::outline::outline;
use iam_roles::plan::environment::variables;
use iam_roles::plan::survey::survey;
use iam_roles::plan::value::values;
use iam_roles::plan::world::World;
use iam_roles::plan::{Circumstances, plan};
use iam_roles::policy::rules::Policy;
use iam_roles::yaml::scalar::Written;
use iam_roles::yaml::tree::{Document, Node};
use syn::meta::ParseNestedMeta;
use syn::visit::{Visit, visit_path_segment, visit_type_reference};
use syn::{Attribute, Field, Fields, Item, PathSegment, Type, TypeReference};

use crate::given::{cases, decoded, read};
use crate::leak::leaked;
use crate::support::path;

/// The floors through which text of the input goes.
const FLOORS: [&str; 6] = ["yaml", "payload", "manifest", "plan", "report", "commands"];

/// What holds text or bytes.
const TEXTS: [&str; 8] = ["String", "str", "u8", "char", "OsString", "OsStr", "PathBuf", "Path"];

/// The fields of bare text in types with `Debug`: names and places, which may be shown.
const NAMES: &[&str] = &[
    "commands::files::File.path",
    "manifest::object::Object.api_version",
    "manifest::object::Object.kind",
    "manifest::object::Object.name",
    "manifest::object::Object.namespace",
    "manifest::object::Reference.api_version",
    "manifest::object::Reference.kind",
    "manifest::object::Reference.name",
    "manifest::object::Reference.namespace",
    "manifest::stream::Input.name",
    "manifest::stream::Location.name",
    "manifest::stream::NotAStream.reason",
    "manifest::stream::ReadSheet",
    "manifest::uses::Reader::Env.variable",
    "manifest::uses::Reader::EnvFrom.prefix",
    "manifest::uses::Reader::Item.path",
    "manifest::uses::SecretUse.key",
    "manifest::uses::SecretUse.secret",
    "payload::flat::Member.name",
    "payload::mod::EditNamed",
    "payload::outline::Line.head",
    "payload::sighting::What::Pair.0",
    "payload::verdict::Kept.key",
    "payload::verdict::Verdict::Stripped.added",
    "payload::verdict::Verdict::Stripped.removed",
    "plan::accounts::Account::Unseen.name",
    "plan::accounts::Account::Unseen.namespace",
    "plan::bindings::Bindings.by_name",
    "plan::bindings::Bindings.by_place",
    "plan::consumers::Consumers.unseen",
    "plan::consumers::Readership.of_key",
    "plan::data::Data.of_map",
    "plan::environment::Variable.name",
    "plan::finding::Change.what",
    "plan::finding::Finding.component",
    "plan::finding::Finding.message",
    "plan::finding::Finding.remedy",
    "plan::keys::FinalTexts",
    "plan::ledger::Ledger.said",
    "plan::mod::Circumstances.namespace",
    "plan::namespaces::Directory.by_name",
    "plan::namespaces::Directory.by_place",
    "plan::namespaces::Namesakes.first",
    "plan::namespaces::Release.namespace",
    "plan::permits::Permits.by_name",
    "plan::references::Variable.name",
    "plan::roles::Standing.roles",
    "plan::roster::Entry.accounts",
    "plan::roster::Entry.name",
    "plan::roster::Entry.role",
    "plan::roster::Entry.secrets",
    "plan::survey::Account.name",
    "plan::survey::Candidate.name",
    "plan::survey::Candidate.release",
    "plan::survey::Candidate.roles",
    "plan::survey::Candidate.secrets",
    "plan::survey::Survey.secrets",
    "plan::survey::ToldBy::Label.1",
    "plan::survey::ToldBy::Name.0",
    "plan::value::SecretValue.key",
    "report::json::Shown.policy",
    "report::json::Shown.reason",
    "yaml::change::EntryChange::Replaced.0",
    "yaml::change::MappingChange.first",
    "yaml::change::MappingChange.last",
    "yaml::spell::Lines.newline",
    "yaml::spell::Value::Map.0",
    "yaml::tree::Malformed.reason",
    "yaml::tree::Top.api_version",
    "yaml::tree::Top.generate_name",
    "yaml::tree::Top.kind",
    "yaml::tree::Top.name",
    "yaml::tree::Top.namespace",
];

/// The types whose `Debug` is written by hand: sizes and places instead of everything below them.
const BY_HAND: &[&str] = &[
    "yaml::source::Source",
    "yaml::tree::Document",
    "yaml::tree::Node",
    "yaml::veil::Veiled",
];

/// Every source file of the floors.
fn sources() -> Vec<PathBuf> {
    let mut open: Vec<PathBuf> = FLOORS.iter().map(|floor| path("src").join(floor)).collect();
    let mut files = vec![path("src/rewrite.rs")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_stem().is_some_and(|stem| stem != "tests") {
                files.push(path);
            }
        }
    }
    files
}

/// What a file has to answer for: its fields of bare text, and its implementations of `Debug`.
fn found_in(file: &Path) -> (Vec<String>, Vec<String>) {
    let text = fs::read_to_string(file).expect("a source file");
    let file = syn::parse_file(&text).expect("Rust");
    let (mut bare, mut by_hand) = (Vec::new(), Vec::new());
    for item in &file.items {
        match item {
            Item::Struct(item) if has_debug(&item.attrs) => bare.extend(bare_in(&item.ident.to_string(), &item.fields)),
            Item::Enum(item) if has_debug(&item.attrs) => {
                for variant in &item.variants {
                    bare.extend(bare_in(&format!("{}::{}", item.ident, variant.ident), &variant.fields));
                }
            }
            Item::Type(item) if is_bare(&item.ty) => bare.push(item.ident.to_string()),
            Item::Impl(item) => {
                let name = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
                if name.is_some_and(|name| name.ident == "Debug") {
                    by_hand.extend(name_of(&item.self_ty));
                }
            }
            _ => {}
        }
    }
    (bare, by_hand)
}

fn has_debug(attributes: &[Attribute]) -> bool {
    let mut found = false;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let look = |derived: ParseNestedMeta<'_>| {
            found |= derived.path.segments.last().is_some_and(|name| name.ident == "Debug");
            Ok(())
        };
        attribute.parse_nested_meta(look).expect("derived traits");
    }
    found
}

fn name_of(kind: &Type) -> Option<String> {
    match kind {
        Type::Path(kind) => Some(kind.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

fn bare_in(owner: &str, fields: &Fields) -> Vec<String> {
    let named = |(index, field): (usize, &Field)| match &field.ident {
        Some(name) => format!("{owner}.{name}"),
        None => format!("{owner}.{index}"),
    };
    let bare = fields.iter().enumerate().filter(|(_, field)| is_bare(&field.ty));
    bare.map(named).collect()
}

/// Whether a type has text, or bytes, that no veil is over.
fn is_bare(kind: &Type) -> bool {
    let mut look = Look { is_bare: false };
    look.visit_type(kind);
    look.is_bare
}

/// Looks through a type, but not under a veil.
struct Look {
    is_bare: bool,
}

impl Visit<'_> for Look {
    fn visit_type_reference(&mut self, reference: &TypeReference) {
        // What is static is a part of the program.
        if reference
            .lifetime
            .as_ref()
            .is_none_or(|lifetime| lifetime.ident != "static")
        {
            visit_type_reference(self, reference);
        }
    }

    fn visit_path_segment(&mut self, segment: &PathSegment) {
        let name = segment.ident.to_string();
        self.is_bare |= TEXTS.contains(&name.as_str());
        if name != "Veiled" {
            visit_path_segment(self, segment);
        }
    }
}

#[test]
fn every_type_veils_its_text_or_says_that_it_is_a_name() {
    let (mut bare, mut by_hand) = (Vec::new(), Vec::new());
    for file in sources() {
        let module = file
            .strip_prefix(path("src"))
            .expect("a file of src")
            .with_extension("");
        let module = module.display().to_string().replace('/', "::");
        let found = found_in(&file);
        bare.extend(found.0.iter().map(|field| format!("{module}::{field}")));
        by_hand.extend(found.1.iter().map(|name| format!("{module}::{name}")));
    }
    let sorted = |mut names: Vec<String>| {
        names.sort_unstable();
        names
    };
    assert_eq!(
        sorted(bare),
        NAMES,
        "text of the input is held as `Veiled`; a name that may be shown stands in NAMES"
    );
    assert_eq!(sorted(by_hand), BY_HAND, "derive Debug over `Veiled` fields");
}

#[test]
fn bare_text_is_seen() {
    let bare = |kind: &str| is_bare(&syn::parse_str(kind).expect("a type"));
    for kind in [
        "String",
        "&'d str",
        "Option<Vec<(usize, String)>>",
        "BTreeMap<Veiled<String>, String>",
        "Vec<u8>",
    ] {
        assert!(bare(kind), "{kind}");
    }
    for kind in [
        "usize",
        "Veiled<String>",
        "Option<Veiled<Cow<'s, str>>>",
        "Vec<(Veiled<&'d str>, Node<'d>)>",
    ] {
        assert!(!bare(kind), "{kind}");
    }
}

/// What a value prints, in both forms.
fn printed(value: &impl Debug) -> String {
    format!("{value:?}{value:#?}")
}

/// What everything that comes of an input prints.
fn all_printed(input: &[u8], policy: &Policy) -> Option<String> {
    let circumstances = Circumstances::default();
    let inputs = [Input::new("stdin", input.to_vec()).ok()?];
    let stream = Stream::read(&inputs).ok()?;
    let world = World::of(&stream, None);
    let planned = plan(&stream, policy, &circumstances);
    let mut all = printed(&stream) + &printed(&world) + &printed(&planned) + &printed(&survey(&stream, &circumstances));
    all.extend(planned.ledger.drafts().values().map(|draft| printed(&draft.finish())));
    for sheet in stream.sheets() {
        all.extend(nodes(&sheet.document).map(|node| printed(&node) + &printed(&Written::of(node))));
    }
    for value in world.secrets.iter().flat_map(values) {
        all += &printed(&value);
        all += &value
            .text()
            .map_or_else(|none| printed(&none), |text| printed(&outline(&text)));
    }
    for object in &world.workloads {
        for container in object.containers() {
            all += &printed(&variables(&world, &object.object, container));
        }
    }
    Some(all)
}

fn nodes<'d>(document: &'d Document<'_>) -> impl Iterator<Item = Node<'d>> {
    let mut open: Vec<Node<'d>> = document.root().into_iter().collect();
    std::iter::from_fn(move || {
        let node = open.pop()?;
        if !node.is_alias() {
            open.extend(node.entries().flat_map(|(key, value)| [key, value]));
            open.extend(node.items());
        }
        Some(node)
    })
}

#[test]
fn nothing_that_is_read_or_planned_prints_a_secret() {
    let mut carriers = 0;
    for (name, case) in cases() {
        if leaked(&decoded(&case.input)).is_none() {
            continue;
        }
        if let Some(printed) = all_printed(case.input.as_bytes(), &read(&case.policy)) {
            carriers += 1;
            assert_eq!(leaked(&printed), None, "{name}");
        }
    }
    assert!(100 <= carriers, "only {carriers} inputs carry a secret");
}
