//! Texts that nobody may read in an output have names: the same text has the same name, and the name says no more.

use super::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;

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

/// A text of the code. It compares in the clear, and whatever is written with it tells it only where it is no secret: there is
/// no way into a message but by its `Display`, which knows.
#[derive(Clone, Default)]
pub struct Text {
    clear: String,
    sensitive: bool,
}

impl Text {
    /// The text of a scalar; see [`Value::as_text`].
    pub fn of(value: &Value) -> Option<Self> {
        value.as_text().map(|clear| Self::read_from(value, clear))
    }

    /// A text that is no value's own: a name or a word that the code does not keep from view.
    pub fn open(clear: impl Into<String>) -> Self {
        Self { clear: clear.into(), sensitive: false }
    }

    /// A piece of a value's text, or one that is made of it.
    pub fn read_from(value: &Value, clear: impl Into<String>) -> Self {
        Self { clear: clear.into(), sensitive: value.sensitive }
    }

    /// A text that is made of this one, and is as secret.
    #[must_use]
    pub fn map(&self, change: impl FnOnce(&str) -> String) -> Self {
        Self { clear: change(&self.clear), sensitive: self.sensitive }
    }

    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// This text and another with something between them; secret where one of them is.
    #[must_use]
    pub fn with(&self, between: &str, other: &Self) -> Self {
        let clear = format!("{}{between}{}", self.clear, other.clear);
        Self { clear, sensitive: self.sensitive || other.sensitive }
    }

    #[must_use]
    pub fn to_ascii_uppercase(&self) -> Self {
        self.map(str::to_ascii_uppercase)
    }

    #[must_use]
    pub fn to_ascii_lowercase(&self) -> Self {
        self.map(str::to_ascii_lowercase)
    }

    /// In the clear: to compare and to join by, never for what is told.
    pub fn as_str(&self) -> &str {
        &self.clear
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.clear
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sensitive {
            true => f.write_str(&name(&self.clear)),
            false => f.write_str(&self.clear),
        }
    }
}

/// The text as it may be told.
impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.to_string()
    }
}

impl From<&Text> for String {
    fn from(text: &Text) -> Self {
        text.to_string()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.clear == other.clear
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.clear == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.clear == *other
    }
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
