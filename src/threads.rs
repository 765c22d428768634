//! Work on many things at once, where that is worth the threads.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

/// From how many bytes of text on: starting threads takes as long as reading some of this.
const MANY: usize = 1 << 20;

/// What becomes of each thing, in order; `bytes` is how much text there is to look at in all.
pub(crate) fn map<T: Sync, R: Send>(things: &[T], bytes: usize, become_of: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    if bytes < MANY {
        things.iter().map(become_of).collect()
    } else {
        things.par_iter().map(become_of).collect()
    }
}
