//! Bytes ↔ nodes ↔ edits: parse to learn, splice to write.
//!
//! A [`source`] is read once and never changed. [`split`] finds its documents, [`tree`] maps one document's nodes onto
//! its bytes, and [`draft`] collects what is to change in it. [`block`] and [`flow`] decide which bytes those changes
//! name, with the ends that [`extent`] and [`scalar`] prove; [`edit`] applies them in one pass, and [`proof`] reads the
//! result back, unless [`dialect`] says that Kubernetes reads something else there. A document is read by [`simple`] where it
//! can be, else from yaml-rust2's events by [`builder`]; both make the same [`nodes`]. What any of them keeps of the text is [`veil`]ed from `Debug`.
//!
//! Deliberately absent: Kubernetes. Nothing here knows what a document is for.

pub mod block;
mod builder;
pub mod change;
mod decode;
mod dialect;
pub mod draft;
pub mod edit;
pub mod extent;
pub mod flow;
mod margin;
mod nodes;
pub mod proof;
pub mod refusal;
pub mod scalar;
mod simple;
pub mod source;
pub mod spell;
pub mod split;
pub mod tree;
pub mod veil;
