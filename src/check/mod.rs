//! From stacks and claims to the report: every step of the analysis in order. No disk, no printing.

mod assumptions;
mod candidates;
mod own_code;
mod report;
mod rows;

pub use candidates::candidates;
pub use own_code::is_installed;
pub use report::{
    AssumptionRow, ClaimRow, EvidenceRow, FindingRow, HopRow, Location, NodeRow, PathRow, Point, ProblemRow, ReaderRow,
    RelatedRow, Report, StackRow, Summary, Tool, UnknownRow, schema,
};

use crate::claim::{Applied, Claim, Judgement, PathSummary, assume, judge, summarize};
use crate::config::{self, Config};
use crate::diagnostic::{Label, Problem};
use crate::model::Model;
use crate::path::Graph;
use crate::prose;
use crate::resource::{Construct, Stack};
use crate::rules::{self, Case, Finding, Rule, UNBACKED_SENTENCE, UNUSED_IGNORE};
use crate::services;
use crate::source::{FileId, Sources};
use crate::suppress::{self, Directive};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The stacks of one environment, or of the code as it stands.
pub struct Deployment {
    pub environment: Option<Arc<str>>,
    pub stacks: Vec<Stack>,
}

impl Deployment {
    /// Where there are several stacks, conditions of different ones are different, though they read the same.
    pub fn new(environment: Option<Arc<str>>, mut stacks: Vec<Stack>) -> Self {
        if stacks.len() > 1 {
            stacks.iter_mut().for_each(Stack::keep_conditions_apart);
        }
        Self { environment, stacks }
    }
}

/// What a check runs with.
pub struct Input<'a> {
    /// Each is judged on its own.
    pub deployments: &'a [Deployment],
    pub config: &'a Config,
    /// Problems found before: unreadable files and the like.
    pub problems: Vec<Problem>,
    pub sources: &'a Sources,
    /// Documents whose sentences are checked, among the sources.
    pub documents: &'a [FileId],
    /// Run this rule only.
    pub only: Option<&'a str>,
}

/// Runs the whole analysis.
pub fn check(mut input: Input<'_>) -> Report {
    let mut problems = std::mem::take(&mut input.problems);
    // Without stacks nothing is checked, so that no comment could have its way.
    let nothing = input.deployments.iter().all(|deployment| deployment.stacks.is_empty());
    let directives = if nothing { Vec::new() } else { suppress::directives(input.sources) };
    let analyses: Vec<Analysis<'_>> =
        input.deployments.iter().map(|deployment| Analysis::new(deployment, &input, &directives)).collect();
    problems.extend(analyses.iter().flat_map(|analysis| analysis.problems.iter().cloned()));
    let deployed: Vec<&[Stack]> = input.deployments.iter().map(|deployment| deployment.stacks.as_slice()).collect();
    problems.extend(config::at_nothing(&directives, &deployed, input.sources));
    // Whether an ignore is used shows only when its rule has run.
    let enabled = |rule: &Rule| input.only.is_none_or(|only| only == rule.name || only == UNUSED_IGNORE.name);
    let mut findings: Vec<Finding> = analyses.iter().flat_map(|analysis| analysis.findings(&enabled)).collect();
    findings.extend(assumptions::findings(&input.config.assumptions, &analyses, input.sources, &enabled));
    if enabled(&UNBACKED_SENTENCE) {
        let judged = worst_verdicts(&analyses);
        findings.extend(prose::check(input.documents, input.sources, &input.config.words, &judged));
    }
    let mut findings = rules::merge(findings);
    name_constructs(&mut findings, input.deployments);
    let (mut findings, suppressed) = accept(&input, &directives, findings, &enabled);
    own_code::show(&mut findings, input.deployments, input.sources);
    Report::of(&input, &analyses, findings.iter().zip(&suppressed), problems)
}

/// What was found out of one deployment.
struct Analysis<'a> {
    deployment: &'a Deployment,
    model: Model,
    /// What became of each assumption.
    applied: Vec<Applied>,
    graph: Graph,
    judged: Vec<(Claim, Judgement)>,
    paths: Vec<PathSummary>,
    problems: Vec<Problem>,
}

impl<'a> Analysis<'a> {
    fn new(deployment: &'a Deployment, input: &Input<'_>, directives: &[Directive]) -> Self {
        let stacks = &deployment.stacks;
        let mut problems: Vec<Problem> = stacks.iter().flat_map(|stack| stack.problems.iter().cloned()).collect();
        let mut model = services::model(stacks);
        let applied = assume(&mut model, &input.config.assumptions);
        let graph = Graph::new(&model);
        let mut claims = vec![Claim::built_in()];
        let declared = input.config.claims.iter();
        claims.extend(declared.filter(|claim| claim.is_made_in(deployment.environment.as_deref())).cloned());
        let taken = input.config.claims.iter().map(|claim| claim.name.as_str()).collect();
        let (stated, faults) = config::in_code(directives, stacks, input.sources, &taken);
        claims.extend(stated);
        problems.extend(faults);
        let judge = |claim: Claim| {
            let judgement = judge(&claim, &model, &graph);
            (claim, judgement)
        };
        let judged = claims.into_iter().map(judge).collect();
        let paths = summarize(&model, &graph);
        Self { deployment, model, applied, graph, judged, paths, problems }
    }

    /// Declared claims first: a finding is told in the words of the claim that it breaks.
    fn findings(&self, enabled: &dyn Fn(&Rule) -> bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (claim, judgement) in self.judged.iter().rev() {
            let case = Case { model: &self.model, graph: &self.graph, claim, judgement };
            findings.extend(rules::check(&case, enabled));
        }
        for finding in &mut findings {
            finding.environments.extend(self.deployment.environment.clone());
        }
        findings
    }
}

/// Every claim once, with its worst verdict: a document speaks of all environments.
fn worst_verdicts(analyses: &[Analysis<'_>]) -> Vec<(Claim, Judgement)> {
    let mut worst: BTreeMap<&str, &(Claim, Judgement)> = BTreeMap::new();
    for judged in analyses.iter().flat_map(|analysis| &analysis.judged) {
        let known = worst.entry(&judged.0.name).or_insert(judged);
        if judged.1.verdict > known.1.verdict {
            *known = judged;
        }
    }
    worst.into_values().cloned().collect()
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
    let ran = |name: &str| rules::find(name).is_none_or(enabled);
    let stacks: Vec<&Stack> = input.deployments.iter().flat_map(|deployment| &deployment.stacks).collect();
    let mut outcome = suppress::apply(&ignores, &findings, &stacks, input.sources, &ran);
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

/// Says of what a finding is about which construct of a CDK application it comes from: that is what its author has written.
fn name_constructs(findings: &mut [Finding], deployments: &[Deployment]) {
    let stacks = deployments.iter().flat_map(|deployment| &deployment.stacks);
    let resources = stacks.flat_map(|stack| &stack.resources);
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
