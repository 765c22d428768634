//! Manifests and a policy → changes and findings.
//!
//! [`plan`] reads as a table of contents: who is who ([`world`]), which workloads are which component ([`matching`]),
//! where their roles go ([`roles`], [`accounts`]), who reads which Secret ([`consumers`]), which keys leave ([`keys`],
//! [`flat`]), what else keeps a role from working
//! ([`hazards`], [`annotations`], [`hiding`], [`opaque`]), what must restart ([`restart`]), and who will use a role
//! in the end ([`roster`]). All of it is written into one [`ledger`].
//!
//! Invariant: a change is never one that changes nothing, so a second run plans nothing.
//! Invariant: everything the policy asks for ends as a change, as a finding, or as already so.
//!
//! Deliberately absent: bytes. Changes are drafted in terms of nodes; the yaml floor decides what they name.

pub mod accounts;
pub mod annotations;
pub mod bindings;
pub mod consumers;
pub mod credentials;
pub mod data;
pub mod elsewhere;
pub mod environment;
pub mod finding;
pub mod flat;
pub mod hazards;
pub mod hiding;
mod index;
pub mod keys;
pub mod ledger;
pub mod matching;
pub mod namespaces;
pub mod opaque;
pub mod permits;
pub mod readers;
pub mod references;
pub mod restart;
pub mod roles;
pub mod roster;
pub mod scene;
mod secret_rules;
pub mod survey;
pub mod unseen;
pub mod users;
pub mod value;
pub mod world;

use crate::manifest::stream::Stream;
use crate::policy::rules::Policy;

use self::elsewhere::Mentions;
use self::environment::Stores;
use self::ledger::Ledger;
use self::roster::Entry;
use self::scene::Scene;
use self::users::Users;
use self::world::World;

/// What the command line adds to a policy.
#[derive(Clone, Default, Debug)]
pub struct Circumstances {
    /// The release namespace, for objects that name none.
    pub namespace: Option<String>,
    /// Whether the stream is judged as it was rendered: nothing changes, and keys that could leave are found.
    pub as_rendered: bool,
}

/// What is to become of a stream.
#[derive(Debug)]
pub struct Plan<'d> {
    /// The changes and findings.
    pub ledger: Ledger<'d>,
    /// Who has which role, and whether it will be used.
    pub roster: Vec<Entry>,
}

/// Everything that is to change in a stream, and everything there is to say about it.
#[must_use]
pub fn plan<'d>(stream: &'d Stream<'d>, policy: &Policy, circumstances: &'d Circumstances) -> Plan<'d> {
    let mut ledger = Ledger::new(stream);
    let world = World::of(stream, circumstances.namespace.as_deref());
    let matches = matching::components(&world, policy, &mut ledger);
    let standing = roles::give(&world, policy, matches, &mut ledger);
    let consumers = consumers::of(&world, policy, &mut ledger);
    let scene = Scene {
        world: &world,
        policy,
        standing: &standing,
        consumers: &consumers,
        mentions: Mentions::default(),
        users: Users::default(),
        stores: Stores::default(),
    };
    let stripped = keys::strip(&scene, &mut ledger);
    hazards::find(&scene, &mut ledger);
    annotations::find(&scene, &mut ledger);
    hiding::find(&scene, &mut ledger);
    opaque::find(&scene, &mut ledger);
    restart::roll(&scene, &stripped, &mut ledger);
    if circumstances.as_rendered {
        ledger.leave_keys();
    }
    ledger.accept(&policy.allow);
    let roster = roster::roster(&scene, &stripped, ledger.findings());
    Plan { ledger, roster }
}
