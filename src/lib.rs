//! Roles in, keys out: gives each component of a rendered Kubernetes release its AWS IAM role, takes the static AWS keys
//! out of its storage Secrets, and changes no other byte.
//!
//! Seven floors, each using only those below it: commands (in the binary), [`report`], [`plan`], [`policy`],
//! [`manifest`], [`payload`], [`yaml`]; [`rewrite`] joins plan and yaml into the new text, and [`threads`]
//! spreads what is much.
//!
//! The laws every change is held to: *identity* (no change asked for, no byte changed), *idempotence*, *locality* (only
//! named lines differ), *equivariance* under line breaks and byte order mark, *concatenation*, *meaning* (an independent
//! parser sees the planned changes and no other), *totality* (every input is rewritten or refused), *secrecy*.

#![forbid(unsafe_code)]

pub mod manifest;
pub mod payload;
pub mod plan;
pub mod policy;
pub mod report;
pub mod rewrite;
mod threads;
pub mod yaml;
