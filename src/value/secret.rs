//! Names for texts that nobody may read in an output: the same text has the same name, and the name says no more.

use std::cell::RefCell;
use std::collections::HashMap;

thread_local! {
    /// The texts met so far, numbered as they came. A stack is evaluated by one thread, so that a name means one text in it.
    static MET: RefCell<HashMap<String, usize>> = RefCell::default();
}

/// What the text is called within one stack.
pub fn name(text: &str) -> String {
    MET.with_borrow_mut(|met| {
        let next = met.len() + 1;
        let number = met.entry(text.to_owned()).or_insert(next);
        format!("(sensitive value {number})")
    })
}

/// Numbers begin anew inside, so that they do not tell which stack was evaluated first. The thread may be amid another
/// stack, whose names are kept.
pub fn numbered_anew<T>(work: impl FnOnce() -> T) -> T {
    let outer = MET.take();
    let result = work();
    MET.set(outer);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_apart_and_not_told() {
        let inside = || numbered_anew(|| [name("hunter2"), name("other"), name("hunter2")]);
        let names = inside();
        assert_eq!(names, ["(sensitive value 1)", "(sensitive value 2)", "(sensitive value 1)"]);
        assert_eq!(inside(), names);
    }
}
