//! What the program does: reads, calls the floors below, writes. The only floor with input and output.

pub(crate) mod about;
pub(crate) mod bug;
pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod failure;
pub(crate) mod files;
pub(crate) mod filter;
pub(crate) mod helm;
pub(crate) mod init;
pub(crate) mod input;
pub(crate) mod policy;
pub(crate) mod replace;
pub(crate) mod report;
pub(crate) mod rewrite;
pub(crate) mod run;
pub(crate) mod say;
