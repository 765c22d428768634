//! Which rules of the policy can be about which Secret.
//!
//! Invariant: they keep the policy's order, since the first that is about a key counts.

use std::collections::HashMap;

use crate::policy::rules::SecretRule;

/// The rules for Secrets, by the names they give.
pub(super) struct Rules<'p> {
    all: &'p [SecretRule],
    of_name: HashMap<&'p str, Vec<usize>>,
    of_patterns: Vec<usize>,
}

impl<'p> Rules<'p> {
    /// Sorts them by how they name a Secret.
    pub(super) fn of(all: &'p [SecretRule]) -> Self {
        let mut of_name: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut of_patterns = Vec::new();
        for (index, rule) in all.iter().enumerate() {
            let list = rule.name.literal().map(|name| of_name.entry(name).or_default());
            list.unwrap_or(&mut of_patterns).push(index);
        }
        Self {
            all,
            of_name,
            of_patterns,
        }
    }

    /// The rules that can be about a Secret of this name, in order.
    pub(super) fn about(&self, name: &str) -> Vec<&'p SecretRule> {
        let of_name = self.of_name.get(name).into_iter().flatten();
        let mut indices: Vec<usize> = of_name.chain(&self.of_patterns).copied().collect();
        indices.sort_unstable();
        indices.into_iter().map(|index| &self.all[index]).collect()
    }
}
