//! Namespaces that allow only some roles, as kiam and kube2iam read them.
//!
//! kiam forbids everything in a Namespace without `iam.amazonaws.com/permitted`; it holds the expression against the
//! role as written (v3) or against the whole ARN (v4). kube2iam reads `iam.amazonaws.com/allowed-roles`, a JSON array of
//! globs, when it runs with `--namespace-restrictions`. Only a role that every version refuses is reported.

use std::collections::HashMap;

use regex_lite::{Regex, RegexBuilder};

use crate::manifest::object::Object;
use crate::manifest::pod::Workload;
use crate::policy::annotation::{ALLOWED_ROLES, PERMITTED};
use crate::policy::catalogue::Id;
use crate::policy::glob::Glob;
use crate::policy::role::Role;
use crate::policy::rules::Mechanism;
use crate::yaml::tree::{Document, Node};

use super::ledger::Ledger;
use super::world::World;

/// How many bytes an expression may come to, read: thousands of letters. A search takes memory for each of its groups at
/// each of its steps.
const LARGEST: usize = 1 << 17;

/// What the Namespaces of a stream permit, by their names; each is read once.
#[derive(Debug)]
pub struct Permits<'w, 'd> {
    by_name: HashMap<&'d str, Permit<'w, 'd>>,
}

/// What one Namespace permits.
#[derive(Debug)]
struct Permit<'w, 'd> {
    namespace: &'w Object<'d>,
    /// kiam's expression; without one, or with a bad one, nothing is permitted.
    expression: Option<Regex>,
    /// kube2iam's patterns; without them everything is allowed.
    patterns: Option<Vec<Glob>>,
}

impl<'w, 'd> Permits<'w, 'd> {
    /// Reads the Namespaces for these mechanisms. Of two of one name the first is meant.
    #[must_use]
    pub fn of(world: &'w World<'d>, via: &[Mechanism]) -> Self {
        let mut by_name = HashMap::new();
        for namespace in &world.namespaces {
            by_name.entry(namespace.name()).or_insert_with(|| Permit {
                namespace,
                expression: expression(namespace).filter(|_| via.contains(&Mechanism::Kiam)),
                patterns: patterns(namespace).filter(|_| via.contains(&Mechanism::Kube2iam)),
            });
        }
        Self { by_name }
    }

    /// Looks whether the workload's Namespace, if it is in the stream, lets the role pass.
    pub fn check(
        &self,
        world: &World<'d>,
        workload: &Workload<'d>,
        role: &Role,
        via: &[Mechanism],
        ledger: &mut Ledger<'d>,
    ) {
        let Role::Named { written, arn } = role else { return };
        let name = world.namespace(&workload.object);
        let Some(permit) = name.and_then(|name| self.by_name.get(name)) else {
            return;
        };
        let namespace = permit.namespace;
        let spellings: Vec<&str> = [Some(written.as_str()), arn.as_deref()].into_iter().flatten().collect();
        if via.contains(&Mechanism::Kiam) && !permit.by_kiam(&spellings) {
            let message = format!("its annotation `{PERMITTED}` does not permit `{written}`, so kiam refuses the role");
            let remedy = format!(
                "annotate the Namespace with a regular expression that the role matches, such as `{PERMITTED}: \".*\"`"
            );
            ledger.find(namespace, namespace.node, Id::NamespaceForbidsRole, message, remedy);
        }
        if via.contains(&Mechanism::Kube2iam) && !permit.by_kube2iam(&spellings) {
            let message =
                format!("its annotation `{ALLOWED_ROLES}` does not list `{written}`, so kube2iam may refuse the role");
            let remedy = "add the role to the JSON array in the annotation";
            ledger.find(namespace, namespace.node, Id::NamespaceForbidsRole, message, remedy);
        }
    }
}

impl Permit<'_, '_> {
    fn by_kiam(&self, roles: &[&str]) -> bool {
        let expression = self.expression.as_ref();
        expression.is_some_and(|expression| roles.iter().any(|role| expression.is_match(role)))
    }

    fn by_kube2iam(&self, roles: &[&str]) -> bool {
        let allows = |glob: &Glob| roles.iter().any(|role| glob.matches(role));
        self.patterns
            .as_ref()
            .is_none_or(|patterns| patterns.iter().any(allows))
    }
}

fn expression(namespace: &Object<'_>) -> Option<Regex> {
    let written = namespace.annotation(PERMITTED).filter(|written| !written.is_empty());
    written.and_then(compiled)
}

fn compiled(expression: &str) -> Option<Regex> {
    RegexBuilder::new(expression).size_limit(LARGEST).build().ok()
}

/// The array's patterns, as far as they are such; none of them in what is no array.
fn patterns(namespace: &Object<'_>) -> Option<Vec<Glob>> {
    let list = Document::parse(namespace.annotation(ALLOWED_ROLES)?);
    let root = list.as_ref().ok().and_then(Document::root);
    let words = root.into_iter().flat_map(Node::items).filter_map(Node::text);
    Some(words.filter_map(|word| Glob::new(word).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_read_up_to_a_size() {
        let roles: Vec<String> = (0..100).map(|index| format!("gitlab-role-{index}")).collect();
        assert!(compiled(&format!("^({})$", roles.join("|"))).is_some());
        assert!(compiled(&"(r|.*)?".repeat(5000)).is_none());
        assert!(compiled("(x{1000}){1000}").is_none());
        assert!(compiled(&"(".repeat(100_000)).is_none());
    }
}
