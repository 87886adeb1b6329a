//! Phrases that claim encryption, and whether a sentence uses one as a claim of its own.

use super::markdown::{Sentence, Word};
use crate::claim::Promise;

/// What readers take each phrase for. Hyphens and capitals do not count.
const PHRASES: &[(Promise, &str)] = &[
    (Promise::EndToEnd, "end-to-end encrypted"),
    (Promise::EndToEnd, "end-to-end encryption"),
    (Promise::EndToEnd, "end-to-end encrypts"),
    (Promise::EndToEnd, "end-to-end encrypt"),
    (Promise::EndToEnd, "encrypted end-to-end"),
    (Promise::EndToEnd, "encryption end-to-end"),
    (Promise::EndToEnd, "encrypts end-to-end"),
    (Promise::EndToEnd, "secured end-to-end"),
    (Promise::EndToEnd, "end-to-end TLS"),
    (Promise::EndToEnd, "end-to-end HTTPS"),
    (Promise::EndToEnd, "E2E encrypted"),
    (Promise::EndToEnd, "E2E encryption"),
    (Promise::EndToEnd, "E2EE"),
    (Promise::EndToEnd, "zero-knowledge"),
    (Promise::EncryptedInTransit, "encrypted in transit"),
    (Promise::EncryptedInTransit, "encryption in transit"),
    (Promise::EncryptedInTransit, "encrypted in-flight"),
    (Promise::EncryptedInTransit, "encryption in-flight"),
    (Promise::EncryptedInTransit, "in-transit encryption"),
    (Promise::EncryptedInTransit, "encrypted on every hop"),
    (Promise::EncryptedInTransit, "fully encrypted"),
];

const NEGATIONS: &[&str] = &["not", "no", "never", "neither", "nor", "without", "cannot", "hardly", "lacks", "lack"];
/// How many words before and behind a phrase may negate it.
const REACH_BEFORE: usize = 4;
const REACH_BEHIND: usize = 3;

/// A phrase as words, with the least promise that a claim behind it has to make.
pub(super) struct Phrase {
    promise: Promise,
    words: Vec<String>,
}

/// The built-in phrases and those of the claims file; the stronger promise first.
pub(super) fn phrases(own: &[(Promise, String)]) -> Vec<Phrase> {
    let own = own.iter().map(|(promise, text)| (*promise, text.as_str()));
    let phrase = |(promise, text): (Promise, &str)| Phrase { promise, words: plain(text) };
    let mut found: Vec<Phrase> = PHRASES.iter().copied().chain(own).map(phrase).collect();
    found.retain(|phrase| !phrase.words.is_empty());
    found.sort_by_key(|phrase| phrase.promise);
    found
}

/// A text as the words that are compared.
pub(super) fn plain(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}');
    let words = words.map(|word| word.trim_matches(['\'', '\u{2019}']).replace('\u{2019}', "'").to_lowercase());
    words.filter(|word| !word.is_empty()).collect()
}

/// The strongest thing that the sentence claims: the promise, and the words for it. Questions claim nothing, and what is
/// negated or stands between quotation marks is not the author's claim.
pub(super) fn claimed(sentence: &Sentence, phrases: &[Phrase]) -> Option<(Promise, String)> {
    if sentence.question {
        return None;
    }
    let words = &sentence.words;
    for phrase in phrases {
        let length = phrase.words.len();
        let found = words.windows(length).enumerate().find(|(at, window)| {
            let same = window.iter().zip(&phrase.words).all(|(word, wanted)| word.text == *wanted);
            same && !window.iter().any(|word| word.quoted) && !is_negated(words, *at, length)
        });
        if found.is_some() {
            return Some((phrase.promise, phrase.words.join(" ")));
        }
    }
    None
}

/// Whether a negation stands in the same clause, close to the phrase.
fn is_negated(words: &[Word], at: usize, length: usize) -> bool {
    let first = words.get(at).map_or(0, |word| word.clause);
    let last = words.get(at + length - 1).map_or(0, |word| word.clause);
    let negates = |word: &&Word| NEGATIONS.contains(&word.text.as_str()) || word.text.ends_with("n't");
    let before = words.iter().take(at).rev().take(REACH_BEFORE).take_while(|word| word.clause == first);
    let behind = words.iter().skip(at + length).take(REACH_BEHIND).take_while(|word| word.clause == last);
    before.chain(behind).any(|word| negates(&word))
}

/// Whether one of the two holds all words of the other in a row.
pub(super) fn same_words(sentence: &Sentence, text: &[String]) -> bool {
    let words: Vec<&str> = sentence.words.iter().map(|word| word.text.as_str()).collect();
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let holds =
        |long: &[&str], short: &[&str]| !short.is_empty() && long.windows(short.len()).any(|window| window == short);
    holds(&words, &text) || holds(&text, &words)
}

#[cfg(test)]
mod tests {
    use super::super::markdown::sentences;
    use super::*;

    fn promise(text: &str) -> Option<Promise> {
        let (found, _) = sentences(text);
        found.iter().find_map(|sentence| claimed(sentence, &phrases(&[]))).map(|(promise, _)| promise)
    }

    #[test]
    fn claims_are_found_however_they_are_written() {
        for text in [
            "All chats are end-to-end encrypted.",
            "**End-to-End\nEncryption** everywhere.",
            "We do not log, and data is end to end encrypted.",
            "A zero-knowledge service.",
        ] {
            assert_eq!(promise(text), Some(Promise::EndToEnd), "{text}");
        }
        assert_eq!(promise("Your data is encrypted in transit and at rest."), Some(Promise::EncryptedInTransit));
    }

    #[test]
    fn what_is_negated_quoted_or_asked_is_no_claim() {
        for text in [
            "This is not end-to-end encrypted.",
            "It isn\u{2019}t yet fully end-to-end encrypted.",
            "End-to-end encryption is not supported.",
            "They call it \"end-to-end encrypted\".",
            "Is it end-to-end encrypted?",
            "Set `end-to-end encrypted` here.",
            "> It is end-to-end encrypted.",
            "# End-to-end encryption",
            "Front-end encryption.",
        ] {
            assert_eq!(promise(text), None, "{text}");
        }
    }

    #[test]
    fn own_phrases_are_added() {
        let (found, _) = sentences("Nobody else's eyes see it.");
        let own = phrases(&[(Promise::EndToEnd, "nobody else's eyes".to_owned())]);
        assert!(claimed(&found[0], &own).is_some());
    }
}
