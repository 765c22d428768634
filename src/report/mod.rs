//! Changes and findings, as people and programs read them.

pub mod catalogue;
pub mod diff;
pub mod github;
pub mod json;
pub mod results;
pub mod sarif;
pub mod starter;
pub mod table;
pub mod text;
