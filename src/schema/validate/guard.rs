//! Calls into the validator's library, which might panic or go deep.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, scope};

/// Bytes of a large stack. Only what is touched costs memory.
const STACK: usize = 256 << 20;

/// Whose stack the work runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stack {
    /// The caller's: nothing goes deep.
    Same,
    /// A large one.
    Large,
}

/// Does `work`; if it panics, the words it left.
pub(super) fn guarded<T: Send>(stack: Stack, work: impl FnOnce() -> T + Send) -> Result<T, String> {
    let result: std::thread::Result<T> = if stack == Stack::Same {
        catch_unwind(AssertUnwindSafe(work))
    } else {
        scope(|scope| match Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
            Ok(thread) => thread.join(),
            Err(error) => {
                let words: Box<dyn Any + Send> = Box::new(error.to_string());
                Err(words)
            }
        })
    };
    result.map_err(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
        format!("the validator gave up: {words}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_words_on_either_stack() {
        for stack in [Stack::Same, Stack::Large] {
            assert_eq!(guarded(stack, || 7), Ok(7));
            let panicked = guarded(stack, || -> usize { std::panic::resume_unwind(Box::new("oh")) });
            assert_eq!(panicked, Err("the validator gave up: oh".to_owned()));
        }
    }
}
