//! What `iam-roles` promises, shown through the program itself and, where speed asks for it, through the library.
//!
//! [`support`] runs the program, [`leak`] sees a secret in what it says, [`case`] holds an input against its whole output, and the other modules hold the cases:
//! [`mission`], [`roles`], [`accounts`], [`matching`], [`keys`], [`flat`], [`guards`], [`hazards`], [`annotations`], [`hiding`], [`rules`],
//! [`streams`] and the real streams in
//! [`corpora`] (what becomes of them: [`release`], [`anchors`]). [`laws`] holds
//! every one of these inputs against what must be true of all inputs, [`generated`] the streams that [`generate`] makes;
//! [`bad_input`] and [`secrecy`] do the same for what cannot be done, and [`hostile`] for what is made to be hard.
//! [`reading`] asks a second parser what the texts mean. [`veils`] keeps `Debug` from telling what they hide. [`check`] asks before a deployment, [`reports`] reads what programs
//! read, [`files`] rewrites files and folders, [`docs`] holds the reference
//! pages, and [`ways`] tries the arguments and the environment.

#![expect(clippy::disallowed_types, reason = "tests start programs")]

mod support;
#[macro_use]
mod case;
mod accounts;
mod anchors;
mod annotations;
mod bad_input;
mod check;
mod corpora;
mod diff;
mod docs;
mod faults;
mod files;
mod findings;
mod flat;
mod fuzz;
mod generate;
mod generated;
mod given;
mod guards;
mod hazards;
mod hiding;
mod hostile;
mod init;
mod keys;
mod laws;
mod leak;
mod matching;
mod mission;
mod reading;
mod release;
mod reports;
mod restart;
mod roles;
mod rules;
mod secrecy;
mod shapes;
mod streams;
mod veils;
mod ways;
