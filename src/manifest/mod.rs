//! YAML nodes → Kubernetes objects.
//!
//! [`stream`] reads an input into documents ([`triage`] says how much of each), [`envelope`] unwraps lists, [`object`] gives each object its identity,
//! [`pod`] finds the pod a workload makes, and [`uses`] what of Secrets that pod reads.
//!
//! Deliberately absent: any policy. What an object should become is not known here.

pub mod envelope;
pub mod object;
pub mod pod;
pub mod stream;
mod triage;
pub mod uses;
