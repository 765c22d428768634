//! x
pub mod payload {
    #![allow(missing_docs)]
    pub mod format;
}
pub mod yaml;
