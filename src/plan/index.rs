//! Workloads by what a selector names, so that each is held against the components that may mean it and no others.
//!
//! Invariant: what an index gives is everything that can match, and maybe more; the selector itself decides.

use std::collections::HashMap;

use crate::manifest::pod::Workload;
use crate::policy::rules::{Component, Identity};
use crate::yaml::tree::Node;

use super::matching::component_of;

/// The workloads of a stream, by their names and labels.
pub(super) struct Index<'d> {
    all: Vec<usize>,
    by_word: HashMap<&'d str, Vec<usize>>,
    by_name: HashMap<&'d str, Vec<usize>>,
    by_label: HashMap<&'d str, HashMap<&'d str, Vec<usize>>>,
    /// Those with labels that are merged in by `<<`, in order.
    by_merge: Vec<usize>,
}

impl<'d> Index<'d> {
    /// Reads every name and label once, as far as one of the components asks for them.
    pub(super) fn of(workloads: &[Workload<'d>], components: &[Component]) -> Self {
        let mut identities = components.iter().map(|component| &component.selector.identity);
        let has_words = identities
            .clone()
            .any(|identity| matches!(identity, Identity::Default(_)));
        let has_names = identities.any(|identity| matches!(identity, Identity::Given { .. }));
        let mut index = Self {
            all: (0..workloads.len()).collect(),
            by_word: HashMap::new(),
            by_name: HashMap::new(),
            by_label: HashMap::new(),
            by_merge: Vec::new(),
        };
        for (at, workload) in workloads.iter().enumerate() {
            if has_names {
                index.by_name.entry(workload.object.name()).or_default().push(at);
                index.add_labels(at, workload);
            }
            if let Some(word) = Some(workload).filter(|_| has_words).and_then(component_of) {
                index.by_word.entry(word).or_default().push(at);
            }
        }
        index
    }

    fn add_labels(&mut self, at: usize, workload: &Workload<'d>) {
        let labels = |node: Node<'d>| node.at(&["metadata", "labels"]);
        let both = [labels(workload.object.node), workload.template().and_then(labels)];
        for labels in both.into_iter().flatten() {
            if labels.resolved().own("<<").is_some() {
                self.by_merge.push(at);
            }
            for (key, value) in labels.entries() {
                if let (Some(key), Some(value)) = (key.text(), value.text()) {
                    let values = self.by_label.entry(key).or_default();
                    values.entry(value).or_default().push(at);
                }
            }
        }
    }

    /// The workloads that can be meant, in order, each once.
    pub(super) fn candidates(&self, identity: &Identity) -> Vec<usize> {
        let found = |list: Option<&Vec<usize>>| list.cloned().unwrap_or_default();
        match identity {
            Identity::Default(word) => found(self.by_word.get(word.as_str())),
            Identity::Preset(_) => self.all.clone(),
            Identity::Given { labels, name, .. } => {
                let name = name.as_ref().and_then(|glob| glob.literal());
                let labelled = labels.iter().map(|(key, value)| self.labelled(key, value));
                match (name, labelled.min_by_key(|list| list.len())) {
                    (Some(name), _) => found(self.by_name.get(name)),
                    (None, Some(rarest)) => ordered([rarest, self.by_merge.as_slice()].concat()),
                    (None, None) => self.all.clone(),
                }
            }
        }
    }

    fn labelled(&self, key: &str, value: &str) -> &[usize] {
        let found = self.by_label.get(key).and_then(|values| values.get(value));
        found.map_or(&[], Vec::as_slice)
    }
}

fn ordered(mut indices: Vec<usize>) -> Vec<usize> {
    indices.sort_unstable();
    indices.dedup();
    indices
}
