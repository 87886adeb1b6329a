//! Sentences of a Markdown text with their places, and the comments that name claims.
//!
//! Works on a copy of the same length in which everything that is no prose of the author's own is blank: code, block
//! quotes, headings, comments, tags and link targets. Offsets thereby stay those of the text.

use crate::suppress::MARKER;

/// A comment, tag, code span or link target that is longer than this is taken for text.
const LONGEST_INLINE: usize = 4_000;
/// Ends a paragraph in the copy.
const BREAK: char = '\u{c}';

/// A word in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    /// Number of its clause within the sentence.
    pub clause: usize,
    /// Stands between quotation marks.
    pub quoted: bool,
}

/// `<!-- e2e-lint: claim NAME -->`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pointer {
    /// Empty where the comment is not understood.
    pub claim: String,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Sentence {
    pub start: usize,
    pub end: usize,
    pub words: Vec<Word>,
    pub question: bool,
    /// The comments that follow it, or precede it where they follow no other.
    pub pointers: Vec<Pointer>,
}

/// The sentences in order, and the comments that belong to none.
pub(super) fn sentences(text: &str) -> (Vec<Sentence>, Vec<Pointer>) {
    let (prose, pointers) = without_inlines(&without_blocks(text));
    let mut sentences = split(&prose);
    let quotes = quotes(&prose);
    for sentence in &mut sentences {
        sentence.words = words(&prose, sentence, &quotes);
    }
    sentences.retain(|sentence| !sentence.words.is_empty());
    let mut orphans = Vec::new();
    for pointer in pointers {
        let after = sentences.partition_point(|sentence| sentence.start <= pointer.start);
        let before = after.checked_sub(1).filter(|index| {
            let gap =
                sentences.get(*index).and_then(|sentence| prose.get(sentence.end.min(pointer.start)..pointer.start));
            gap.is_some_and(|gap| !gap.contains(BREAK))
        });
        match sentences.get_mut(before.unwrap_or(after)) {
            Some(sentence) => sentence.pointers.push(pointer),
            None => orphans.push(pointer),
        }
    }
    (sentences, orphans)
}

/// Blanks fenced code, block quotes, headings and list markers; each of them and each blank line ends a paragraph.
fn without_blocks(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    let mut fence: Option<(char, usize)> = None;
    let mut in_quote = false;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let sign = content.chars().next().unwrap_or(' ');
        let run = content.chars().take_while(|c| *c == sign).count();
        let is_fence = matches!(sign, '`' | '~') && run >= 3;
        if let Some((open, length)) = fence {
            if is_fence && sign == open && run >= length && content.chars().count() == run {
                fence = None;
            }
            blank(line, &mut prose);
        } else if is_fence {
            fence = Some((sign, run));
            in_quote = false;
            blank(line, &mut prose);
        } else if content.is_empty() {
            in_quote = false;
            blank(line, &mut prose);
        } else if sign == '>' || in_quote {
            in_quote = true;
            blank(line, &mut prose);
        } else if sign == '#' && run <= 6 && content.chars().nth(run).is_none_or(char::is_whitespace) {
            blank(line, &mut prose);
        } else {
            item(line, &mut prose);
        }
    }
    prose
}

/// Spaces of the same length, the first of them a break.
fn blank(line: &str, prose: &mut String) {
    if !line.is_empty() {
        prose.push(BREAK);
        prose.extend(std::iter::repeat_n(' ', line.len() - 1));
    }
}

/// A line of text; where it starts a list item, a break stands for the marker.
fn item(line: &str, prose: &mut String) {
    let indent = line.len() - line.trim_start().len();
    let content = line.get(indent..).unwrap_or("");
    let digits = content.chars().take_while(char::is_ascii_digit).count();
    let rest = content.get(digits..).unwrap_or("");
    let is_item = match digits {
        0 => rest.starts_with("- ") || rest.starts_with("* ") || rest.starts_with("+ "),
        _ => rest.starts_with(". ") || rest.starts_with(") "),
    };
    let marker = if is_item { digits + 1 } else { 0 };
    prose.push_str(line.get(..indent).unwrap_or(""));
    blank(content.get(..marker).unwrap_or(""), prose);
    // The cells of a table are no sentence together.
    prose.extend(content.get(marker..).unwrap_or("").chars().map(|c| if c == '|' { BREAK } else { c }));
}

/// Blanks comments, tags, code spans and link targets; returns the comments that name claims.
fn without_inlines(text: &str) -> (String, Vec<Pointer>) {
    let mut prose = String::with_capacity(text.len());
    let mut pointers = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().map_or(1, char::len_utf8);
        match inline(rest) {
            Some((kept, length)) => {
                pointers.extend(pointer(rest.get(..length).unwrap_or(""), at));
                prose.push_str(rest.get(..kept).unwrap_or(""));
                let hidden = rest.get(kept..length).unwrap_or("");
                prose.extend(hidden.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
                at += length;
            }
            None => {
                prose.push_str(rest.get(..first).unwrap_or(""));
                at += first;
            }
        }
    }
    (prose, pointers)
}

/// How many bytes to keep and how many the thing takes, if one starts here.
fn inline(rest: &str) -> Option<(usize, usize)> {
    let mut limit = rest.len().min(LONGEST_INLINE);
    while !rest.is_char_boundary(limit) {
        limit -= 1;
    }
    let near = rest.get(..limit).unwrap_or("");
    if near.starts_with("<!--") {
        return near.find("-->").map(|end| (0, end + 3));
    }
    // Only comments go on over the end of a paragraph.
    let until = |opening: usize, closing: &str| {
        let found = near.get(opening..)?.find(closing)?;
        let end = opening + found + closing.len();
        near.get(..end).filter(|inside| !inside.contains(BREAK)).map(str::len)
    };
    if rest.starts_with("](") {
        return until(2, ")").map(|end| (1, end));
    }
    if rest.starts_with('<')
        && rest.get(1..).is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '/'))
    {
        return until(1, ">").map(|end| (0, end));
    }
    let ticks = rest.chars().take_while(|c| *c == '`').count();
    if ticks == 0 {
        return None;
    }
    // A run that closes nothing is text as a whole, so that its rest is not taken for a shorter run.
    Some(until(ticks, &"`".repeat(ticks)).map_or((ticks, ticks), |end| (0, end)))
}

fn pointer(comment: &str, at: usize) -> Option<Pointer> {
    let inner = comment.strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let text = inner.strip_prefix(MARKER)?.trim();
    let claim = text.strip_prefix("claim ").unwrap_or("").trim().to_owned();
    Some(Pointer { claim, start: at, end: at + comment.len() })
}

/// A sentence ends at `.`, `!` or `?` before a blank, and where its paragraph ends.
fn split(prose: &str) -> Vec<Sentence> {
    let mut found: Vec<Sentence> = Vec::new();
    let mut start: Option<usize> = None;
    let mut characters = prose.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == BREAK {
            if let Some(start) = start.take() {
                let end = start + prose.get(start..at).map_or(0, |text| text.trim_end().len());
                found.push(Sentence { start, end, ..Sentence::default() });
            }
            continue;
        }
        if start.is_none() && !character.is_whitespace() {
            start = Some(at);
        }
        let next = characters.peek().map_or(' ', |(_, next)| *next);
        let ends = matches!(character, '.' | '!' | '?')
            && (next.is_whitespace() || matches!(next, '"' | '\u{201d}' | '*' | '_' | ')'));
        if let Some(from) = start.filter(|_| ends) {
            found.push(Sentence { start: from, end: at + 1, question: character == '?', ..Sentence::default() });
            start = None;
        }
    }
    if let Some(start) = start {
        let end = start + prose.get(start..).map_or(0, |text| text.trim_end().len());
        found.push(Sentence { start, end, ..Sentence::default() });
    }
    found
}

/// What stands between quotation marks of one paragraph; a mark without its pair quotes nothing.
fn quotes(prose: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, character) in prose.char_indices() {
        open = match (character, open) {
            (BREAK, _) => None,
            ('"', Some((start, '"'))) | ('\u{201d}' | '\u{201c}', Some((start, '\u{201c}' | '\u{201e}'))) => {
                found.push((start, at));
                None
            }
            ('"' | '\u{201c}' | '\u{201e}', None) => Some((at, character)),
            _ => open,
        };
    }
    found
}

fn words(prose: &str, sentence: &Sentence, quotes: &[(usize, usize)]) -> Vec<Word> {
    let text = prose.get(sentence.start..sentence.end).unwrap_or("");
    let mut found = Vec::new();
    let mut clause = 0;
    let mut word = String::new();
    let mut word_start = 0;
    for (offset, character) in text.char_indices().chain([(text.len(), ' ')]) {
        let at = sentence.start + offset;
        if character.is_alphanumeric() || matches!(character, '\'' | '\u{2019}') {
            if word.is_empty() {
                word_start = at;
            }
            let character = if character == '\u{2019}' { '\'' } else { character };
            word.extend(character.to_lowercase());
            continue;
        }
        let done = std::mem::take(&mut word);
        let done = done.trim_matches('\'');
        if !done.is_empty() {
            let before = quotes.partition_point(|(start, _)| *start < word_start);
            let quoted =
                before.checked_sub(1).and_then(|index| quotes.get(index)).is_some_and(|(_, end)| word_start < *end);
            found.push(Word { text: done.to_owned(), clause, quoted });
        }
        clause += usize::from(matches!(character, ',' | ';' | ':' | '(' | ')' | '\u{2013}' | '\u{2014}'));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        sentences(text).0.iter().map(|sentence| &text[sentence.start..sentence.end]).collect()
    }

    #[test]
    fn only_prose_has_sentences() {
        let text = "# Title\n\nOne, v1.2\nand more. Two!\n\n```sh\ncode.\n```\n> quoted.\nlazily.\n\n- item\n- other `a. b` [x](y. z)\n| a | b |\n";
        assert_eq!(texts(text), ["One, v1.2\nand more.", "Two!", "item", "other `a. b` [x]", "a", "b"]);
    }

    #[test]
    fn words_know_their_clause_and_quotation_marks() {
        let (found, _) = sentences("We said \"end-to-end\", but it isn\u{2019}t \u{201c}so\u{201d}.");
        let words: Vec<_> = found[0].words.iter().map(|word| (word.text.as_str(), word.clause, word.quoted)).collect();
        assert_eq!(words[2..5], [("end", 0, true), ("to", 0, true), ("end", 0, true)]);
        assert_eq!(words[5..], [("but", 1, false), ("it", 1, false), ("isn't", 1, false), ("so", 1, true)]);
    }

    #[test]
    fn a_comment_belongs_to_the_sentence_before_it_else_to_the_next() {
        let text =
            "One. Two.\n<!-- e2e-lint: claim a -->\n\n<!-- e2e-lint: claim b -->\n\nThree.\n\n<!-- e2e-lint: x -->\n";
        let (found, orphans) = sentences(text);
        let claims: Vec<Vec<&str>> =
            found.iter().map(|one| one.pointers.iter().map(|pointer| pointer.claim.as_str()).collect()).collect();
        assert_eq!(claims, [vec![], vec!["a"], vec!["b"]]);
        assert_eq!(orphans.len(), 1);
        assert_eq!(orphans[0].claim, "");
    }

    #[test]
    fn unclosed_things_are_text() {
        assert_eq!(texts("a < b. ``c. <!-- d"), ["a < b.", "``c.", "<!-- d"]);
    }
}
