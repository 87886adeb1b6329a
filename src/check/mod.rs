//! From stacks and claims to the report: every step of the analysis in order. No disk, no printing.

mod candidates;
mod report;
mod rows;

pub use candidates::candidates;
pub use report::{
    AssumptionRow, ClaimRow, EvidenceRow, FindingRow, HopRow, Location, NodeRow, PathRow, Point, ProblemRow, ReaderRow,
    RelatedRow, Report, StackRow, Summary, Tool, UnknownRow, schema,
};

use crate::claim::{Applied, Claim, Judgement, assume, judge, summarize};
use crate::config::{self, Config};
use crate::diagnostic::{Label, Problem};
use crate::model::Model;
use crate::path::Graph;
use crate::resource::{Construct, Stack};
use crate::rules::{self, Case, Finding, Rule, UNUSED_IGNORE};
use crate::services;
use crate::source::{FileId, Sources};
use crate::suppress::{self, Directive};
use rows::Rows;
use std::collections::BTreeMap;

/// What a check runs with, besides the stacks.
pub struct Input<'a> {
    pub stacks: &'a [Stack],
    pub config: &'a Config,
    /// Problems found before: unreadable files and the like.
    pub problems: Vec<Problem>,
    pub sources: &'a Sources,
    /// Run this rule only.
    pub only: Option<&'a str>,
}

/// Runs the whole analysis.
pub fn check(mut input: Input<'_>) -> Report {
    let mut problems = std::mem::take(&mut input.problems);
    problems.extend(input.stacks.iter().flat_map(|stack| stack.problems.iter().cloned()));
    let mut model = services::model(input.stacks);
    let applied = assume(&mut model, &input.config.assumptions);
    problems.extend(assumption_problems(input.config, &applied, &model));
    let graph = Graph::new(&model);
    let mut claims = vec![Claim::built_in()];
    claims.extend(input.config.claims.iter().cloned());
    // Without stacks nothing is checked, so that no comment could have its way.
    let directives = if input.stacks.is_empty() { Vec::new() } else { suppress::directives(input.sources) };
    let taken = input.config.claims.iter().map(|claim| claim.name.as_str()).collect();
    let (stated, faults) = config::in_code(&directives, input.stacks, input.sources, &taken);
    claims.extend(stated);
    problems.extend(faults);
    let judged: Vec<(Claim, Judgement)> = claims
        .into_iter()
        .map(|claim| {
            let judgement = judge(&claim, &model, &graph);
            (claim, judgement)
        })
        .collect();
    // Whether an ignore is used shows only when its rule has run.
    let enabled = |rule: &Rule| input.only.is_none_or(|only| only == rule.name || only == UNUSED_IGNORE.name);
    let mut findings = Vec::new();
    // Declared claims first: a finding is told in the words of the claim that it breaks.
    for (claim, judgement) in judged.iter().rev() {
        findings.extend(rules::check(&Case { model: &model, graph: &graph, claim, judgement }, &enabled));
    }
    let mut findings = rules::merge(findings);
    name_constructs(&mut findings, input.stacks);
    let (findings, suppressed) = accept(&input, &directives, findings, &enabled);
    let paths = summarize(&model, &graph);
    let rows = Rows::new(input.sources, &model, &graph, &applied, input.config);
    rows.report(input.stacks, &judged, &paths, &findings, &suppressed, problems)
}

/// The reason for each finding that is accepted; findings on the ignores themselves come last.
fn accept(
    input: &Input<'_>,
    directives: &[Directive],
    mut findings: Vec<Finding>,
    enabled: &dyn Fn(&Rule) -> bool,
) -> (Vec<Finding>, Vec<Option<String>>) {
    let (in_code, mut faults) = suppress::in_code(directives, input.sources);
    let ignores: Vec<_> = input.config.ignores.iter().cloned().chain(in_code).collect();
    let ran = |name: &str| rules::find(name).is_none_or(|rule| enabled(rule));
    let mut outcome = suppress::apply(&ignores, &findings, input.stacks, input.sources, &ran);
    if input.only == Some(UNUSED_IGNORE.name) {
        findings.clear();
        outcome.reasons.clear();
    }
    if enabled(&UNUSED_IGNORE) {
        findings.append(&mut outcome.unused);
        findings.append(&mut faults);
    }
    outcome.reasons.resize(findings.len(), None);
    (findings, outcome.reasons)
}

fn assumption_problems(config: &Config, applied: &[Applied], model: &Model) -> Vec<Problem> {
    let problem = |(assumption, applied): (&crate::claim::Assumption, &Applied)| {
        let (message, help) = match applied {
            Applied::Used(_) => return None,
            Applied::NamesNothing => {
                (format!("the assumption on `{}` names nothing in this code", assumption.node.text), "mend the address")
            }
            Applied::DecidedByCode(nodes) => {
                let names: Vec<_> = nodes.iter().map(|node| model.node(*node).address.to_string()).collect();
                let message =
                    format!("the assumption changes nothing: the code decides what {} accepts", names.join(", "));
                (message, "remove the assumption, or name the server that the code says nothing of")
            }
            Applied::Expired => {
                let until = assumption.until.clone().unwrap_or_default();
                (
                    format!("the assumption expired on {until} and is not used"),
                    "check that it is still true and give it a new day",
                )
            }
        };
        Some(Problem::warning(message, Some(assumption.span)).with_help(help))
    };
    config.assumptions.iter().zip(applied).filter_map(problem).collect()
}

/// Says of what a finding is about which construct of a CDK application it comes from: that is what its author has written.
fn name_constructs(findings: &mut [Finding], stacks: &[Stack]) {
    let resources = stacks.iter().flat_map(|stack| &stack.resources);
    let constructs: BTreeMap<(FileId, &str), &Construct> = resources
        .filter_map(|resource| Some((resource, resource.construct.as_ref()?)))
        .map(|(resource, construct)| ((resource.header.file, resource.address.as_str()), construct))
        .collect();
    for finding in findings {
        let Some(file) = finding.primary.as_ref().map(|label| label.span.file) else { continue };
        for address in &finding.addresses {
            let Some(construct) = constructs.get(&(file, &**address)) else { continue };
            let place = construct.made_at.as_ref().map(|place| format!(", made at {place}")).unwrap_or_default();
            let text = format!("{address} is the construct {}{place}", construct.path);
            finding.related.push(Label::new(construct.span, text));
        }
    }
}
