//! Changes and findings, as people and programs read them.

pub mod catalogue;
pub mod results;
pub mod table;
pub mod text;
