//! Changes and findings, as people and programs read them.

pub mod results;
pub mod text;
