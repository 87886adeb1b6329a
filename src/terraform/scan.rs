//! Which bytes of a text are no code: comments, quoted strings and heredocs. Works on text that cannot be parsed.

/// What stands at a place where no code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skipped {
    Comment,
    Text,
}

/// What a comment, string or heredoc that starts at `at` is, and the offset behind it. A comment of one line and a heredoc
/// end before the line break.
pub(crate) fn skipped(bytes: &[u8], at: usize) -> Option<(Skipped, usize)> {
    let rest = bytes.get(at..)?;
    match rest {
        [b'#', ..] | [b'/', b'/', ..] => Some((Skipped::Comment, line_end(bytes, at))),
        [b'/', b'*', inside @ ..] => {
            let length = inside.windows(2).position(|pair| pair == b"*/").map(|length| length + 4);
            Some((Skipped::Comment, length.map_or(bytes.len(), |length| at + length)))
        }
        // Without its end it is broken code, which goes no further than its line.
        [b'"', ..] => Some((Skipped::Text, skip_string(bytes, at).unwrap_or_else(|| line_end(bytes, at)))),
        [b'<', b'<', ..] => heredoc_end(bytes, at).map(|end| (Skipped::Text, end)),
        _ => None,
    }
}

/// Those of the offsets, which ascend, that are in no comment.
pub(crate) fn outside_comments(text: &str, offsets: &[usize]) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut comments = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        at = match skipped(bytes, at) {
            Some((what, end)) => {
                if what == Skipped::Comment {
                    comments.push(at..end);
                }
                end
            }
            None => at + 1,
        };
    }
    let inside = |offset: usize| {
        let next = comments.partition_point(|comment| comment.end <= offset);
        comments.get(next).is_some_and(|comment| comment.contains(&offset))
    };
    offsets.iter().copied().filter(|offset| !inside(*offset)).collect()
}

/// Where the line of `at` ends, its line break not included.
pub(crate) fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'\n'))
        .map_or(bytes.len(), |length| at + length)
}

/// The offset behind the quoted string that starts at `start`, interpolations with their own strings included.
pub(crate) fn skip_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    let mut interpolations: Vec<usize> = Vec::new();
    loop {
        let byte = *bytes.get(at)?;
        match (byte, interpolations.last_mut()) {
            (b'\n', None) => return None,
            (b'\\', _) => at += 1,
            (b'"', None) => return Some(at + 1),
            (b'"', Some(_)) => {
                if interpolations.len() > 64 {
                    return None;
                }
                at = skip_string(bytes, at)?;
                continue;
            }
            (b'$' | b'%', None) if bytes.get(at + 1) == Some(&b'{') => {
                // Doubled, the mark stands for itself.
                if bytes.get(at - 1) != Some(&byte) {
                    interpolations.push(0);
                }
                at += 1;
            }
            (b'{', Some(depth)) => *depth += 1,
            (b'}', Some(0)) => {
                interpolations.pop();
            }
            (b'}', Some(depth)) => *depth -= 1,
            _ => {}
        }
        at += 1;
    }
}

/// Where the heredoc that starts at `at` ends; `None` where it has no end, and so is none.
fn heredoc_end(bytes: &[u8], at: usize) -> Option<usize> {
    let opening = line_end(bytes, at);
    let name = bytes.get(at + 2..opening)?;
    let name = name.strip_prefix(b"-").unwrap_or(name).trim_ascii();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || matches!(byte, b'_' | b'-');
    if name.is_empty() || !name.iter().all(is_name) {
        return None;
    }
    let mut start = opening + 1;
    while start < bytes.len() {
        let end = line_end(bytes, start);
        if bytes.get(start..end)?.trim_ascii() == name {
            return Some(end);
        }
        start = end + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_where_the_language_ends_it() {
        let skips = |text: &str| skipped(text.as_bytes(), 0).map(|(what, end)| (what, text[end..].to_owned()));
        let to = |what: Skipped, rest: &str| Some((what, rest.to_owned()));
        assert_eq!(skips("# a \"b\nc"), to(Skipped::Comment, "\nc"));
        assert_eq!(skips("// <<EOF\nc"), to(Skipped::Comment, "\nc"));
        assert_eq!(skips("/* a\n*/ b"), to(Skipped::Comment, " b"));
        assert_eq!(skips("/*/ b"), to(Skipped::Comment, ""));
        assert_eq!(skips("\"a${f(\"}\")}\\\"\" b"), to(Skipped::Text, " b"));
        assert_eq!(skips("\"a$${b\" c"), to(Skipped::Text, " c"));
        assert_eq!(skips("\"a\nb\""), to(Skipped::Text, "\nb\""));
        assert_eq!(skips("<<-EOT\n a\n  EOT\nb"), to(Skipped::Text, "\nb"));
        assert_eq!(skips("<<EOT\n a\nb"), None);
        assert_eq!(skips("a"), None);
    }
}
