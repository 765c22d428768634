//! What a document says at its top, without its nodes.

use crate::yaml::tree::Top;

use super::scalar::Spelling;
use super::{Scalar, Sink};

/// Listens to the entries of the topmost mapping and of its `metadata`, and to nothing else.
pub(super) struct TopSink<'s> {
    text: &'s str,
    top: Top<'s>,
    /// How many collections are open.
    depth: u32,
    /// Whether the next scalar of a mapping that is listened to is a key; by the depth of the mapping, from 1.
    awaits_key: [bool; 2],
    /// The key whose value comes next.
    field: Field,
    is_in_metadata: bool,
    is_mapping: bool,
    /// Something that counts is not written as it is.
    is_spelled: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    ApiVersion,
    Kind,
    Metadata,
    Name,
    GenerateName,
    Namespace,
    Other,
}

impl<'s> TopSink<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self {
            text,
            top: Top::default(),
            depth: 0,
            awaits_key: [true; 2],
            field: Field::Other,
            is_in_metadata: false,
            is_mapping: false,
            is_spelled: false,
        }
    }

    /// What was said; nothing where that cannot be told without nodes.
    pub(super) fn top(self) -> Option<Top<'s>> {
        (self.is_mapping && !self.is_spelled).then_some(self.top)
    }

    fn key(&mut self, scalar: &Scalar) {
        let text = self.text.get(scalar.inside..scalar.end).unwrap_or_default();
        self.is_spelled |= scalar.spelling != Spelling::Verbatim;
        self.field = match (self.depth, text) {
            (1, "apiVersion") => Field::ApiVersion,
            (1, "kind") => Field::Kind,
            (1, "metadata") => Field::Metadata,
            (2, "name") => Field::Name,
            (2, "generateName") => Field::GenerateName,
            (2, "namespace") => Field::Namespace,
            _ => Field::Other,
        };
    }

    fn value(&mut self, value: Option<&'s str>) {
        let said = match self.field {
            Field::ApiVersion => &mut self.top.api_version,
            Field::Kind => &mut self.top.kind,
            Field::Name => &mut self.top.name,
            Field::GenerateName => &mut self.top.generate_name,
            Field::Namespace => &mut self.top.namespace,
            Field::Metadata => return self.forget_metadata(),
            Field::Other => return,
        };
        *said = value;
    }

    /// Of two `metadata` the last counts.
    fn forget_metadata(&mut self) {
        self.top.name = None;
        self.top.generate_name = None;
        self.top.namespace = None;
    }

    /// Whether the innermost open mapping is listened to.
    fn listens(&self) -> bool {
        self.depth == 1 || (self.depth == 2 && self.is_in_metadata)
    }

    /// A value that is a collection.
    fn open(&mut self) {
        if self.listens() {
            self.value(None);
            self.awaits_key[self.depth as usize - 1] = true;
        }
        self.depth += 1;
    }
}

impl Sink for TopSink<'_> {
    fn scalar(&mut self, _start: usize, scalar: &Scalar) {
        if !self.listens() {
            return;
        }
        let awaits_key = &mut self.awaits_key[self.depth as usize - 1];
        *awaits_key = !*awaits_key;
        if !*awaits_key {
            return self.key(scalar);
        }
        if self.field != Field::Other {
            self.is_spelled |= scalar.spelling != Spelling::Verbatim;
            self.value(self.text.get(scalar.inside..scalar.end));
        }
    }

    fn mapping(&mut self, _start: usize) {
        self.is_mapping |= self.depth == 0;
        let is_metadata = self.depth == 1 && self.field == Field::Metadata;
        self.open();
        if self.depth == 2 {
            self.is_in_metadata = is_metadata;
            self.awaits_key[1] = true;
        }
    }

    fn sequence(&mut self, _start: usize) {
        self.open();
        if self.depth == 2 {
            self.is_in_metadata = false;
        }
    }

    fn close(&mut self, _bracket: Option<usize>) {
        self.depth -= 1;
        if self.depth == 1 {
            self.is_in_metadata = false;
        }
    }
}
