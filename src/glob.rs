//! Patterns in which `*` stands for any text, and everything else for itself.

/// Whether the pattern is the whole text.
pub fn fits(pattern: &str, text: &str) -> bool {
    matches(pattern, text, &|_| false)
}

/// The same, where `?` stands for any one character.
pub fn fits_with_one(pattern: &str, text: &str) -> bool {
    matches(pattern, text, &|wanted| wanted == '?')
}

/// Linear two-pointer matching: the last `*` takes one more character whenever the rest does not fit.
fn matches(pattern: &str, text: &str, is_any: &dyn Fn(char) -> bool) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut seen) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(actual) = text.get(seen) {
        match pattern.get(at) {
            Some('*') => {
                retry = Some((at, seen));
                at += 1;
            }
            Some(wanted) if wanted == actual || is_any(*wanted) => {
                at += 1;
                seen += 1;
            }
            _ => match retry {
                Some((star, taken)) => {
                    retry = Some((star, taken + 1));
                    at = star + 1;
                    seen = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text) in
            [("*", ""), ("a*", "a"), ("*a", "ba"), ("a*c", "abc"), ("*b*", "abc"), ("a*b*c", "aXbYbc")]
        {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a", ""), ("a*", "ba"), ("a*c", "ab"), ("a?c", "abc")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_question_mark_stands_for_one_character() {
        assert!(fits_with_one("a?c*", "abcd"));
        assert!(!fits_with_one("a?c", "ac"));
    }
}
