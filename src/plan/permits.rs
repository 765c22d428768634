//! Namespaces that allow only some roles, as kiam and kube2iam read them.
//!
//! kiam forbids everything in a Namespace without `iam.amazonaws.com/permitted`; it holds the expression against the
//! role as written (v3) or against the whole ARN (v4). kube2iam reads `iam.amazonaws.com/allowed-roles`, a JSON array of
//! globs, when it runs with `--namespace-restrictions`. Only a role that every version refuses is reported.

use regex_lite::Regex;

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

/// Looks whether the workload's Namespace, if it is in the stream, lets the role pass.
pub fn check<'d>(world: &World<'d>, workload: &Workload<'d>, role: &Role, via: &[Mechanism], ledger: &mut Ledger<'d>) {
    let Role::Named { written, arn } = role else { return };
    let name = world.namespace(&workload.object);
    let Some(namespace) = world.namespaces.iter().find(|namespace| Some(namespace.name()) == name) else {
        return;
    };
    let spellings: Vec<&str> = [Some(written.as_str()), arn.as_deref()].into_iter().flatten().collect();
    if via.contains(&Mechanism::Kiam) && !kiam_permits(namespace, &spellings) {
        let message = format!("its annotation `{PERMITTED}` does not permit `{written}`, so kiam refuses the role");
        let remedy = format!(
            "annotate the Namespace with a regular expression that the role matches, such as `{PERMITTED}: \".*\"`"
        );
        ledger.find(namespace, namespace.node, Id::NamespaceForbidsRole, message, remedy);
    }
    if via.contains(&Mechanism::Kube2iam) && !kube2iam_allows(namespace, &spellings) {
        let message =
            format!("its annotation `{ALLOWED_ROLES}` does not list `{written}`, so kube2iam may refuse the role");
        let remedy = "add the role to the JSON array in the annotation";
        ledger.find(namespace, namespace.node, Id::NamespaceForbidsRole, message, remedy);
    }
}

fn kiam_permits(namespace: &Object<'_>, roles: &[&str]) -> bool {
    let expression = namespace
        .annotation(PERMITTED)
        .filter(|expression| !expression.is_empty());
    let expression = expression.and_then(|expression| Regex::new(expression).ok());
    expression.is_some_and(|expression| roles.iter().any(|role| expression.is_match(role)))
}

fn kube2iam_allows(namespace: &Object<'_>, roles: &[&str]) -> bool {
    let Some(list) = namespace.annotation(ALLOWED_ROLES) else {
        return true;
    };
    let Ok(list) = Document::parse(list) else { return false };
    let patterns = list.root().into_iter().flat_map(Node::items).filter_map(Node::text);
    patterns
        .filter_map(|pattern| Glob::new(pattern).ok())
        .any(|glob| roles.iter().any(|role| glob.matches(role)))
}
