//! What may give a container static keys and is not in the stream: a folder of credentials, a whole environment.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::manifest::object::Object;
use crate::manifest::pod::Workload;
use crate::policy::catalogue::Id;
use crate::yaml::tree::Node;

use super::credentials::VARIABLES;
use super::ledger::Ledger;
use super::namespaces::Join;
use super::scene::Scene;
use super::world::World;

/// Looks at every workload that has a role in the output.
pub fn find<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) {
    for (index, workload) in scene.world.workloads.iter().enumerate() {
        if scene.standing.roles[index].is_none() {
            continue;
        }
        let volumes = OnceCell::new();
        let volume = |name: &str| volumes.get_or_init(|| volumes_of(workload)).get(name).copied();
        for container in workload.containers() {
            credentials(scene.world, workload, container, volume, ledger);
            named_file(scene.world, workload, container, volume, ledger);
            environment(scene.world, workload, container, ledger);
        }
    }
}

/// The folder in which every SDK looks for a credentials file, mounted from where its content does not show.
fn credentials<'d>(
    world: &World<'d>,
    workload: &Workload<'d>,
    container: Node<'d>,
    volume: impl Fn(&str) -> Option<Node<'d>>,
    ledger: &mut Ledger<'d>,
) {
    for mount in container.get("volumeMounts").into_iter().flat_map(Node::items) {
        let (Some(path), Some(name)) = (mount.text_of("mountPath"), mount.text_of("name")) else {
            continue;
        };
        let file = path.trim_end_matches('/');
        if !(file.ends_with("/.aws") || file.ends_with("/.aws/credentials")) {
            continue;
        }
        if let Some(source) = volume(name).and_then(|volume| hidden(world, &workload.object, volume)) {
            let message = format!(
                "at `{path}`, where AWS credentials are looked for, it mounts {source}, whose content is not in the stream"
            );
            let remedy = "see that it holds no keys, or take the mount away: a role needs none";
            ledger.find(&workload.object, mount, Id::CredentialsMounted, message, remedy);
        }
    }
}

/// The file that a variable names, where its content does not show: of the image, or written by another container.
fn named_file<'d>(
    world: &World<'d>,
    workload: &Workload<'d>,
    container: Node<'d>,
    volume: impl Fn(&str) -> Option<Node<'d>>,
    ledger: &mut Ledger<'d>,
) {
    let mounts = OnceCell::new();
    for entry in container.get("env").into_iter().flat_map(Node::items) {
        let Some(name) = entry.text_of("name").filter(|name| VARIABLES.contains(name)) else {
            continue;
        };
        let Some(file) = entry.text_of("value").filter(|file| *file != "/dev/null") else {
            continue;
        };
        let mounted = around(mounts.get_or_init(|| mounts_of(container)), file);
        let source = match mounted.and_then(&volume) {
            None => Some("no volume".to_owned()),
            Some(volume) if volume.get("emptyDir").is_some() => Some("a volume that begins empty".to_owned()),
            Some(volume) => hidden(world, &workload.object, volume),
        };
        // One that goes names nothing any more.
        let goes = ledger.is_changed_at(&workload.object, entry);
        if let Some(source) = source.filter(|_| !goes) {
            let message = format!("`{name}` names a file of {source}, whose content is not in the stream");
            let remedy = "see that it holds no keys, or take the variable away: a role needs none";
            ledger.find(&workload.object, entry, Id::CredentialsMounted, message, remedy);
        }
    }
}

/// The volumes that a container mounts, by where; of two at one path the last counts.
fn mounts_of<'d>(container: Node<'d>) -> HashMap<&'d str, Option<&'d str>> {
    let mounts = container.get("volumeMounts").into_iter().flat_map(Node::items);
    let path = |mount: Node<'d>| Some((mount.text_of("mountPath")?.trim_end_matches('/'), mount.text_of("name")));
    mounts.filter_map(path).collect()
}

/// The volume that a file of a container is in: that of the innermost mount.
fn around<'d>(mounts: &HashMap<&str, Option<&'d str>>, file: &str) -> Option<&'d str> {
    let slashes = file.rmatch_indices('/').map(|(at, _)| at);
    let mut folders = std::iter::once(file.len()).chain(slashes);
    *folders.find_map(|end| mounts.get(file.get(..end)?))?
}

/// The volumes of a pod by their names; of two the first counts.
fn volumes_of<'d>(workload: &Workload<'d>) -> HashMap<&'d str, Node<'d>> {
    let volumes = workload.spec().and_then(|spec| spec.get("volumes"));
    let mut by_name = HashMap::new();
    for volume in volumes.into_iter().flat_map(Node::items) {
        if let Some(name) = volume.text_of("name") {
            by_name.entry(name).or_insert(volume);
        }
    }
    by_name
}

/// What a volume is of, if its content is not in the stream and may hold keys.
fn hidden(world: &World<'_>, owner: &Object<'_>, volume: Node<'_>) -> Option<String> {
    let namespace = world.namespace(owner);
    let named = |path: [&str; 2]| volume.at(&path).and_then(Node::text);
    if let Some(secret) = named(["secret", "secretName"]) {
        return (world.secret(namespace, secret) == Join::Absent).then(|| format!("the Secret `{secret}`"));
    }
    if let Some(map) = named(["configMap", "name"]) {
        return (world.config_map(namespace, map) == Join::Absent).then(|| format!("the ConfigMap `{map}`"));
    }
    let elsewhere = [
        ("hostPath", "a folder of the node"),
        ("persistentVolumeClaim", "a PersistentVolumeClaim"),
        ("csi", "a volume of a CSI driver"),
    ];
    let found = elsewhere.into_iter().find(|(key, _)| volume.get(key).is_some());
    found.map(|(_, what)| what.to_owned())
}

/// A whole environment from an object that is not in the stream: nothing tells what variables it has.
fn environment<'d>(world: &World<'d>, workload: &Workload<'d>, container: Node<'d>, ledger: &mut Ledger<'d>) {
    let namespace = world.namespace(&workload.object);
    for source in container.get("envFrom").into_iter().flat_map(Node::items) {
        let named = |key: &str| {
            source
                .at(&[key, "name"])
                .and_then(Node::text)
                .filter(|name| !name.is_empty())
        };
        let secret = named("secretRef").map(|name| ("Secret", name, world.secret(namespace, name)));
        let map = || named("configMapRef").map(|name| ("ConfigMap", name, world.config_map(namespace, name)));
        if let Some((kind, name, Join::Absent)) = secret.or_else(map) {
            let message = format!("its environment comes from the {kind} `{name}`, which is not in the stream");
            let remedy = "see that it holds no AWS keys: they would come before the role";
            ledger.find(&workload.object, source, Id::EnvironmentNotInStream, message, remedy);
        }
    }
}
