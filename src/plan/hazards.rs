//! What else keeps a role from working, beside keys in Secrets.
//!
//! The precedence of every AWS client is the same at its head: the environment's keys, then the profile it names, then
//! the web identity; and the identity webhook adds nothing where a role is set already.

use crate::manifest::pod::Workload;
use crate::manifest::uses::secret_uses;
use crate::payload::flat::{Certainty, certainty};
use crate::policy::catalogue::Id;
use crate::policy::preset::Need;
use crate::policy::rules::Component;
use crate::yaml::tree::Node;

use super::environment::{Variable, variables};
use super::ledger::Ledger;
use super::scene::Scene;

/// Looks at every workload that has a role in the output.
pub fn find<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) {
    for (index, workload) in scene.world.workloads.iter().enumerate() {
        if scene.standing.roles[index].is_none() {
            continue;
        }
        for container in workload.containers() {
            environment(scene, index, container, ledger);
        }
        if let Some(component) = scene.standing.components[index] {
            needs(scene, workload, component, ledger);
        }
    }
    store_of_the_chart(scene, ledger);
}

fn environment<'d>(scene: &Scene<'_, '_, 'd>, index: usize, container: Node<'d>, ledger: &mut Ledger<'d>) {
    let workload = &scene.world.workloads[index];
    let set = variables(scene.world, &workload.object, container);
    let is_elsewhere = scene.stores.of(scene.world, &workload.object, container).is_some();
    // A role that comes from elsewhere may come by these very variables.
    let is_external = scene.standing.roles[index].as_deref() == Some("external");
    let via_irsa = scene.standing.web_identity[index] && !is_external;
    for Variable { name, plain, node } in set {
        let Some(value) = plain.filter(|value| !value.is_empty()) else {
            continue;
        };
        let is_key = certainty(&name) == Some(Certainty::Certain) && !value.starts_with("$(");
        let (id, why, remedy) = match name.as_str() {
            _ if is_key && !is_elsewhere => (
                Id::StaticKeysInEnv,
                "holds a static key, which comes before the role",
                "take the variable out of the chart's values",
            ),
            "AWS_PROFILE" | "AWS_DEFAULT_PROFILE" => (
                Id::ProfileInEnv,
                "names a profile, which comes before the role",
                "take the variable out of the chart's values",
            ),
            "AWS_ROLE_ARN" | "AWS_WEB_IDENTITY_TOKEN_FILE" if via_irsa => (
                Id::RoleInEnv,
                "is set already, so the identity webhook adds neither role nor token",
                "take the variable out of the chart's values; the annotation brings it",
            ),
            _ => continue,
        };
        ledger.find(
            &workload.object,
            node,
            id,
            format!("the variable `{name}` {why}"),
            remedy,
        );
    }
}

/// Mounts that a preset knows a component cannot do without.
fn needs<'d>(scene: &Scene<'_, '_, 'd>, workload: &Workload<'d>, component: &Component, ledger: &mut Ledger<'d>) {
    let needed = scene.policy.presets.iter().flat_map(|preset| &preset.needs);
    for need in needed.filter(|need| component.from.is_some_and(|from| from.name == need.component)) {
        let uses = secret_uses(workload);
        let is_mounted = uses.iter().any(|mention| {
            let path = mention.key.and_then(|key| mention.path(key));
            path.is_some_and(|path| need.path.matches(path))
        });
        if !is_mounted && !is_needless(scene, workload, need) {
            let message = format!(
                "nothing is mounted at `{}`, so component `{}` falls back to a store in the cluster",
                need.path, component.name
            );
            ledger.find(
                &workload.object,
                workload.object.node,
                need.finding,
                message,
                need.cure.clone(),
            );
        }
    }
}

fn is_needless<'d>(scene: &Scene<'_, '_, 'd>, workload: &Workload<'d>, need: &Need) -> bool {
    let mut set = workload
        .containers()
        .flat_map(|container| variables(scene.world, &workload.object, container));
    set.any(|variable| {
        let value = *variable.plain.unwrap_or_default();
        variable.name == need.unless.name && need.unless.values.iter().any(|wanted| wanted == value)
    })
}

/// The store that a chart brings along takes no IAM roles.
fn store_of_the_chart<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) {
    for preset in &scene.policy.presets {
        let is_store = |workload: &&Workload<'d>| {
            !workload.kind.is_on_demand()
                && preset
                    .in_cluster_store
                    .iter()
                    .any(|rule| rule.holds(|key| workload.label(key)))
        };
        if let Some(store) = scene.world.workloads.iter().find(is_store) {
            let message = "the chart's own object store is in the stream, and IAM roles mean nothing to it";
            let remedy = format!("render the chart with `{}`", preset.cures.in_cluster_store);
            ledger.find(&store.object, store.object.node, Id::ChartMinioInUse, message, remedy);
        }
    }
}
