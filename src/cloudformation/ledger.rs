//! What the evaluation of one stack, nested ones included, has found and may still spend.

use super::worlds::Domains;
use crate::diagnostic::Problem;
use crate::resource::Address;
use crate::source::Span;
use std::cell::{Cell, RefCell};

/// Nested evaluations of values above which the evaluation stops: it recurses, on a stack of 2 MiB.
const DEEPEST: u32 = 120;

/// Steps that the evaluation of one stack may take.
const FUEL: u64 = 20_000_000;

/// More problems than this say nothing more.
const MOST_PROBLEMS: usize = 500;

/// Nested stacks that one stack may hold, at all levels together.
const MOST_NESTED: usize = 500;

/// What shows everything that a template does not.
pub(crate) const PROCESSED: &str =
    "lint the processed template instead: aws cloudformation get-template --template-stage Processed";

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    problems: RefCell<Vec<Problem>>,
    unresolved: RefCell<Vec<(Address, Span)>>,
    pub(crate) domains: RefCell<Domains>,
    files: Cell<usize>,
    nested: Cell<usize>,
    depth: Cell<u32>,
    spent: Cell<u64>,
}

impl Ledger {
    /// Records a problem once. That code is not seen is recorded above the bound too.
    pub(crate) fn problem(&self, problem: Problem) {
        let mut problems = self.problems.borrow_mut();
        let first_of_its_kind = problem.hides_code() && !problems.iter().any(Problem::hides_code);
        if (problems.len() < MOST_PROBLEMS || first_of_its_kind) && !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    pub(crate) fn warn(&self, message: String, span: Span) {
        self.problem(Problem::warning(message, Some(span)));
    }

    /// Records a problem at the first of its places in a file.
    pub(crate) fn warn_once(&self, message: String, span: Span) {
        let in_file = |problem: &Problem| problem.span.is_some_and(|known| known.file == span.file);
        let known = self.problems.borrow().iter().any(|problem| problem.message == message && in_file(problem));
        if !known {
            self.warn(message, span);
        }
    }

    /// Records why code is not seen.
    pub(crate) fn hidden(&self, message: String, span: Span) {
        self.problem(Problem::warning(message, Some(span)).with_help(PROCESSED).hiding());
    }

    pub(crate) fn unresolved(&self, address: Address, span: Span) {
        let mut unresolved = self.unresolved.borrow_mut();
        if !unresolved.iter().any(|(known, _)| *known == address) {
            unresolved.push((address, span));
        }
    }

    /// Counts a file that was read for this stack.
    pub(crate) fn file(&self) {
        self.files.set(self.files.get() + 1);
    }

    /// Counts a nested stack; false when there are too many.
    pub(crate) fn nest(&self) -> bool {
        self.nested.set(self.nested.get() + 1);
        self.nested.get() <= MOST_NESTED
    }

    /// Enters one level of evaluation; false where a bound is hit, and the level is then not entered.
    pub(crate) fn enter(&self) -> bool {
        if self.depth.get() >= DEEPEST || !self.spend(1) {
            return false;
        }
        self.depth.set(self.depth.get() + 1);
        true
    }

    pub(crate) fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// False when nothing is left to spend.
    pub(crate) fn spend(&self, steps: u64) -> bool {
        let spent = self.spent.get().saturating_add(steps);
        self.spent.set(spent);
        spent <= FUEL
    }

    /// Number of files, problems, and nested stacks that are not there.
    pub(crate) fn close(&self) -> (usize, Vec<Problem>, Vec<(Address, Span)>) {
        (self.files.get(), self.problems.take(), self.unresolved.take())
    }
}
