//! Where every planned change and every finding is written down.
//!
//! Invariant: a change is reported exactly when it is drafted.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::manifest::object::Object;
use crate::manifest::stream::{Location, Stream};
use crate::policy::catalogue::{Id, Severity};
use crate::policy::rules::Allowance;
use crate::yaml::draft::Draft;
use crate::yaml::refusal::{Reason, Refusal};
use crate::yaml::spell::Value;
use crate::yaml::tree::{Node, NodeId};

use super::finding::{Change, Finding};

/// The changes and findings of one run.
#[derive(Debug)]
pub struct Ledger<'d> {
    stream: &'d Stream<'d>,
    drafts: BTreeMap<usize, Draft<'d>>,
    documents: Vec<NewDocument>,
    changes: Vec<Change>,
    findings: Vec<Finding>,
    /// What was found already; one thing may be met on several ways.
    said: BTreeSet<(Id, Location, String)>,
    touched: BTreeSet<(usize, NodeId)>,
    edited: BTreeSet<(usize, NodeId)>,
}

/// A document that is to stand before another.
#[derive(Debug)]
pub struct NewDocument {
    /// The index of the document it stands before.
    pub before: usize,
    /// The object.
    pub object: Value,
}

impl<'d> Ledger<'d> {
    /// Nothing yet.
    #[must_use]
    pub fn new(stream: &'d Stream<'d>) -> Self {
        Self {
            stream,
            drafts: BTreeMap::new(),
            documents: Vec::new(),
            changes: Vec::new(),
            findings: Vec::new(),
            said: BTreeSet::new(),
            touched: BTreeSet::new(),
            edited: BTreeSet::new(),
        }
    }

    /// What it is about.
    #[must_use]
    pub fn stream(&self) -> &'d Stream<'d> {
        self.stream
    }

    /// The documents' drafts, by index.
    #[must_use]
    pub fn drafts(&self) -> &BTreeMap<usize, Draft<'d>> {
        &self.drafts
    }

    /// The documents to add, in the order they were found necessary.
    #[must_use]
    pub fn documents(&self) -> &[NewDocument] {
        &self.documents
    }

    /// What is to change, in the order it was planned.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What there is to say, in the order it was found.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether a finding is as grave as `bound`, or graver.
    #[must_use]
    pub fn refuses(&self, bound: Severity) -> bool {
        self.findings.iter().any(|finding| finding.severity >= bound)
    }

    /// Writes down a finding about the stream as a whole.
    pub fn say(&mut self, id: Id, message: impl Into<String>, remedy: impl Into<String>) {
        self.findings.push(Finding::new(id, message, remedy));
    }

    /// Writes down a finding about a component of the policy that has no object.
    pub fn say_of(&mut self, component: &str, id: Id, message: impl Into<String>, remedy: impl Into<String>) {
        let mut finding = Finding::new(id, message, remedy);
        finding.component = Some(component.to_owned());
        self.findings.push(finding);
    }

    /// Writes down a finding about an object, at a node of it.
    pub fn find(
        &mut self,
        object: &Object<'_>,
        at: Node<'_>,
        id: Id,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let location = self.stream.location_of(object.slot.sheet(), at);
        let finding = Finding::new(id, message, remedy).about(object.reference(), location.clone());
        if self.said.insert((id, location, finding.message.clone())) {
            self.findings.push(finding);
        }
    }

    /// Gives the value at a path below an object's node; says what was done unless it was so already.
    pub fn set(&mut self, object: &Object<'d>, path: &[&str], value: Value, what: impl Into<String>) -> Outcome {
        let node = nearest(object.node, path);
        self.change(object, node, what, |draft| draft.set(object.node, path, value))
    }

    /// Makes one change to an object; `make` says whether it is one.
    pub fn change(
        &mut self,
        object: &Object<'d>,
        at: Node<'d>,
        what: impl Into<String>,
        make: impl FnOnce(&mut Draft<'d>) -> Result<bool, Refusal>,
    ) -> Outcome {
        let sheet = object.slot.sheet();
        let document = &self.stream.sheets()[sheet].document;
        let draft = self.drafts.entry(sheet).or_insert_with(|| Draft::new(document));
        match make(draft) {
            Ok(false) => Outcome::AlreadySo,
            Ok(true) => {
                let location = self.stream.location_of(sheet, at);
                self.touched.insert((sheet, object.node.id()));
                self.edited.insert((sheet, at.id()));
                self.changes.push(Change {
                    object: object.reference(),
                    location,
                    what: what.into(),
                });
                Outcome::Changed
            }
            Err(refusal) => {
                self.refuse(object, refusal);
                Outcome::Refused
            }
        }
    }

    /// Drafts what a list that the whole stream is says about this run; that is no change to any object.
    pub fn report(&mut self, list: Node<'d>, make: impl FnOnce(&mut Draft<'d>, Node<'d>) -> Result<(), Refusal>) {
        let Some(sheet) = self.stream.sheet_of(list) else {
            return;
        };
        let draft = self.drafts.entry(sheet).or_insert_with(|| Draft::new(list.document()));
        if let Err(refusal) = make(draft, list) {
            self.refuse_document(sheet, refusal);
        }
    }

    /// Writes down that a place cannot be edited.
    pub fn refuse(&mut self, object: &Object<'_>, refusal: Refusal) {
        let location = self.stream.location(object.slot.sheet(), refusal.pos);
        let (message, remedy) = split_reason(refusal);
        self.findings
            .push(Finding::new(Id::CannotEdit, message, remedy).about(object.reference(), location));
    }

    /// Writes down that a document as a whole cannot be edited.
    pub fn refuse_document(&mut self, sheet: usize, refusal: Refusal) {
        let (message, remedy) = split_reason(refusal);
        let id = if refusal.reason == Reason::NotProved {
            Id::ProofFailed
        } else {
            Id::CannotEdit
        };
        let mut finding = Finding::new(id, message, remedy);
        finding.location = Some(self.stream.location(sheet, refusal.pos));
        self.findings.push(finding);
    }

    /// Adds an object before another: as a document of its own, or as an item of the list the other stands in.
    pub fn add(&mut self, before: &Object<'d>, object: Value, what: impl Into<String>) {
        let sheet = before.slot.sheet();
        match before.slot.list() {
            None => {
                let location = self.stream.location_of(sheet, before.node);
                self.documents.push(NewDocument { before: sheet, object });
                self.changes.push(Change {
                    object: before.reference(),
                    location,
                    what: what.into(),
                });
            }
            Some((items, index)) => {
                let items = self.stream.sheets()[sheet].document.node(items);
                self.change(before, before.node, what, |draft| {
                    draft.insert_item(items, index, object).map(|()| true)
                });
            }
        }
    }

    /// Turns every change into what it would have mended: keys that a role does not bear beside it.
    pub fn leave_keys(&mut self) {
        self.drafts.clear();
        self.documents.clear();
        for Change { object, location, what } in std::mem::take(&mut self.changes) {
            let message =
                format!("static keys come before the role of its readers; with a policy they would go: {what}");
            let remedy = "name the readers in a policy and let this program rewrite the stream, or take the keys out";
            self.findings
                .push(Finding::new(Id::KeysBesideRole, message, remedy).about(object, location));
        }
    }

    /// Whether this very node of an object is changed.
    #[must_use]
    pub fn is_changed_at(&self, object: &Object<'_>, node: Node<'_>) -> bool {
        self.edited.contains(&(object.slot.sheet(), node.id()))
    }

    /// Whether an object is changed.
    #[must_use]
    pub fn is_touched(&self, object: &Object<'_>) -> bool {
        self.touched.contains(&(object.slot.sheet(), object.node.id()))
    }

    /// Lowers the findings that the policy accepts to notes.
    pub fn accept(&mut self, allowed: &[Allowance]) {
        let allowed: HashSet<(Id, Option<(&str, &str)>)> = allowed
            .iter()
            .map(|allowance| {
                let object = allowance.object.as_ref();
                (allowance.id, object.map(|(kind, name)| (kind.as_str(), name.as_str())))
            })
            .collect();
        for finding in &mut self.findings {
            let object = finding
                .object
                .as_ref()
                .map(|object| (object.kind.as_str(), object.name.as_str()));
            let is_meant = allowed.contains(&(finding.id, None)) || allowed.contains(&(finding.id, object));
            if finding.id.can_be_allowed() && is_meant {
                finding.severity = Severity::Note;
            }
        }
    }
}

/// What became of a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is drafted and reported.
    Changed,
    /// The manifest says so already.
    AlreadySo,
    /// The place cannot be edited; a finding says why.
    Refused,
}

/// The deepest node on the way that is there.
fn nearest<'d>(node: Node<'d>, path: &[&str]) -> Node<'d> {
    let mut deepest = node;
    for key in path {
        match deepest.own(key) {
            Some((_, key, value)) if value.is_empty_scalar() => return key,
            Some((_, _, value)) => deepest = value,
            None => break,
        }
    }
    deepest
}

/// A refusal's reason reads `what is so; what to do`.
fn split_reason(refusal: Refusal) -> (String, String) {
    let text = refusal.reason.to_string();
    match text.split_once("; ") {
        Some((message, remedy)) => (format!("cannot be edited safely: {message}"), remedy.to_owned()),
        None => (
            format!("cannot be edited safely: {text}"),
            "write it in plain block style".to_owned(),
        ),
    }
}
