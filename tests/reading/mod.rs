//! What texts mean to our tree and to other readers of YAML, and whether both see the same edits.
//!
//! [`samples`] makes the texts, [`meaning`] says what one means, [`changes`] edits them, [`classes`] lists what readers are
//! known to see otherwise, and [`laws`] holds a reader against our tree.

pub(crate) mod changes;
pub(crate) mod classes;
pub(crate) mod laws;
pub(crate) mod meaning;
pub(crate) mod samples;
