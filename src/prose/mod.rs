//! Sentences in documents that claim encryption: each must be backed by a claim that promises as much and holds.

mod code;
mod markdown;
mod phrases;

use crate::claim::{Claim, Judgement, Promise, Verdict};
use crate::diagnostic::{Label, Severity};
use crate::rules::{Finding, UNBACKED_SENTENCE};
use crate::source::{FileId, Sources, Span, parent};
use markdown::{Pointer, Sentence};
use std::sync::Arc;

/// More findings in one document tell nothing new.
const MOST_FINDINGS: usize = 200;

/// Checks the sentences of all documents. `words` are phrases of the claims file besides the built-in ones.
pub fn check(
    documents: &[FileId],
    sources: &Sources,
    words: &[(Promise, String)],
    judged: &[(Claim, Judgement)],
) -> Vec<Finding> {
    let phrases = phrases::phrases(words);
    let mut findings = Vec::new();
    for file in documents {
        let Some(source) = sources.get(*file) else { continue };
        let told = code::prose(&source);
        let (sentences, orphans) = markdown::sentences(told.as_deref().unwrap_or(source.text()));
        let document = Document { file: *file, path: Arc::from(source.path()), text: source.text(), judged };
        let pointers = sentences.iter().flat_map(|sentence| &sentence.pointers).chain(&orphans);
        let wrong = pointers.filter_map(|pointer| document.wrong_pointer(pointer));
        let unbacked = sentences.iter().filter_map(|sentence| {
            let claimed = phrases::claimed(sentence, &phrases);
            document.unbacked(sentence, claimed.as_ref().map(|(promise, words)| (*promise, words.as_str())))
        });
        findings.extend(wrong.chain(unbacked).take(MOST_FINDINGS));
    }
    findings
}

struct Document<'a> {
    file: FileId,
    path: Arc<str>,
    text: &'a str,
    judged: &'a [(Claim, Judgement)],
}

impl Document<'_> {
    /// The claim that the name means here: one whose name is taken goes by its directory too, and the nearest one counts.
    fn claim(&self, name: &str) -> Option<&(Claim, Judgement)> {
        let named = |name: &str| self.judged.iter().find(|(claim, _)| claim.declared && claim.name == name);
        let directories = std::iter::successors(Some(parent(&self.path)), |path| Some(parent(path)));
        let directories = directories.take_while(|directory| !directory.is_empty());
        directories.into_iter().find_map(|directory| named(&format!("{directory}/{name}"))).or_else(|| named(name))
    }

    fn wrong_pointer(&self, pointer: &Pointer) -> Option<Finding> {
        if self.claim(&pointer.claim).is_some() {
            return None;
        }
        let (message, help) = if pointer.claim.is_empty() {
            ("this comment is not understood".to_owned(), "write `<!-- e2e-lint: claim NAME -->`")
        } else {
            (format!("there is no claim named {}", pointer.claim), "name a claim of the claims file")
        };
        let label = Label::new(Span::new(self.file, pointer.start, pointer.end), "this comment");
        Some(self.finding(label, message).help(help))
    }

    /// What is wrong with the sentence: silent if one claim behind it promises enough and holds. `claimed` is what its
    /// words promise; a sentence without such words is only checked if it points to a claim.
    fn unbacked(&self, sentence: &Sentence, claimed: Option<(Promise, &str)>) -> Option<Finding> {
        let label = Label::new(Span::new(self.file, sentence.start, sentence.end), "this sentence");
        let mut claims: Vec<_> = sentence.pointers.iter().filter_map(|pointer| self.claim(&pointer.claim)).collect();
        if claims.is_empty() && sentence.pointers.is_empty() && claimed.is_some() {
            claims.extend(self.judged.iter().filter(|(claim, _)| says(claim, sentence)));
        }
        if claims.is_empty() && !sentence.pointers.is_empty() {
            // The comment that names no claim is a finding by itself.
            return None;
        }
        let mut faults = Vec::new();
        for (claim, judgement) in &claims {
            faults.push((fault(claim, judgement.verdict, claimed)?, claim));
        }
        match (faults.into_iter().next(), claimed) {
            (Some(((severity, message, help), claim)), _) => {
                let mut finding = self.finding(label, message).severity(severity).help(help);
                finding.claims.push(claim.name.clone());
                Some(finding.related(claim.span, "the claim"))
            }
            (None, Some((promise, words))) => {
                let message = format!("no claim backs this sentence, which says \"{words}\"");
                let help = format!(
                    "state it as a claim with `promise: {}` and point to it with `<!-- e2e-lint: claim NAME -->`, or say \
                     less",
                    promise.name()
                );
                Some(self.finding(label, message).help(help))
            }
            (None, None) => None,
        }
    }

    fn finding(&self, label: Label, message: String) -> Finding {
        let text = self.text.get(label.span.start as usize..label.span.end as usize).unwrap_or("");
        let told = text.replace(|c: char| !c.is_alphanumeric(), "-");
        let cause = [format!("{}#{told}", self.path), format!("{:?}", label.span)];
        let mut finding = Finding::of(&UNBACKED_SENTENCE, label, message);
        finding.cause.extend(cause);
        finding.addresses.push(Arc::clone(&self.path));
        finding
    }
}

/// Whether the sentence holds what the claim says, or is a part of it.
fn says(claim: &Claim, sentence: &Sentence) -> bool {
    claim.declared && claim.says.as_ref().is_some_and(|says| phrases::same_words(sentence, &phrases::plain(says)))
}

/// What is wrong with a sentence because of the claim behind it, with how grave that is and what to do.
fn fault(
    claim: &Claim,
    verdict: Verdict,
    claimed: Option<(Promise, &str)>,
) -> Option<(Severity, String, &'static str)> {
    let name = &claim.name;
    let says_more = claimed.filter(|(promise, _)| *promise == Promise::EndToEnd && claim.promise != Promise::EndToEnd);
    match (verdict, says_more) {
        (Verdict::Broken, _) => {
            let message = format!("this sentence is not true: its claim {name} is broken");
            Some((Severity::Error, message, "say what the report says may be said today, or mend the code"))
        }
        (_, Some((_, words))) => {
            let message = format!(
                "this sentence says more than its claim {name}: \"{words}\", and the claim promises encryption in transit \
                 only"
            );
            Some((Severity::Warning, message, "say \"encrypted in transit\", or make it an end-to-end claim"))
        }
        (Verdict::Unproven, None) => {
            let message = format!("it cannot be shown that this sentence is true: its claim {name} is unproven");
            Some((Severity::Warning, message, "the report tells what would settle the claim"))
        }
        (Verdict::NoPath, None) => {
            let message = format!("nothing backs this sentence: its claim {name} has no path");
            Some((Severity::Warning, message, "mend the ends of the claim"))
        }
        (Verdict::Holds, None) => None,
    }
}
