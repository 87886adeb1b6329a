//! The model and its judgements as rows of the report, sorted and numbered.

use super::report::*;
use super::{Analysis, Input};
use crate::claim::{
    Applied, Assumption, Claim, Judgement, PathSummary, Serves, Verdict, claim_sentence, reader_name, trials, unknowns,
};
use crate::diagnostic::{Problem, Severity};
use crate::model::{Accepts, CompanionKind, Evidence, Listener, Model, NodeId, NodeKind};
use crate::path::{Graph, Reader, ReaderKind, Step, StepId, Wire};
use crate::resource::{Stack, UNREAD_CODE};
use crate::rules::Finding;
use crate::source::{Sources, Span};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// How the condition of a hop begins of which it is not sure that it exists at all.
const DOUBTFUL: &str = "not certain";

impl Report {
    /// The report on all deployments: their nodes and hops one after the other.
    pub(super) fn of<'f>(
        input: &Input<'_>,
        analyses: &[Analysis<'_>],
        findings: impl Iterator<Item = (&'f Finding, &'f Option<String>)>,
        problems: Vec<Problem>,
    ) -> Self {
        let mut report = Self {
            version: 1,
            tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            stacks: Vec::new(),
            nodes: Vec::new(),
            hops: Vec::new(),
            claims: Vec::new(),
            paths: Vec::new(),
            findings: Vec::new(),
            problems: Vec::new(),
            summary: Summary::default(),
        };
        for analysis in analyses {
            Rows::new(input, analysis, report.nodes.len(), report.hops.len()).add_to(&mut report);
        }
        let places = Places(input.sources);
        report.findings = findings.map(|(finding, reason)| places.finding(finding, reason.clone())).collect();
        report.findings.sort_by(|first, second| order(first).cmp(&order(second)));
        report.problems = problems.iter().map(|problem| places.problem(problem)).collect();
        report.problems.sort_by(|first, second| problem_order(first).cmp(&problem_order(second)));
        report.problems.dedup();
        report.summary = summary(&report);
        report
    }
}

/// The rows of one deployment. Knows the number of every node and hop.
struct Rows<'a> {
    places: Places<'a>,
    analysis: &'a Analysis<'a>,
    model: &'a Model,
    graph: &'a Graph,
    assumptions: &'a [Assumption],
    first_node: usize,
    first_hop: usize,
    hops: Vec<HopRow>,
    hop_of: BTreeMap<StepId, usize>,
    /// Nodes with a listener at which a message is opened.
    opening: BTreeSet<NodeId>,
    /// How long is looked for what would settle an unproven claim.
    trials: usize,
}

impl<'a> Rows<'a> {
    fn new(input: &Input<'a>, analysis: &'a Analysis<'a>, first_node: usize, first_hop: usize) -> Self {
        let (model, graph) = (&analysis.model, &analysis.graph);
        let opens =
            |listener: &&Listener| listener.faces.iter().any(|face| !matches!(face.accepts, Accepts::Opaque(_)));
        let is_unproven =
            |(claim, judgement): &&(Claim, Judgement)| claim.declared && judgement.verdict == Verdict::Unproven;
        let unproven = analysis.judged.iter().filter(is_unproven).count();
        let mut rows = Self {
            places: Places(input.sources),
            analysis,
            model,
            graph,
            assumptions: &input.config.assumptions,
            first_node,
            first_hop,
            hops: Vec::new(),
            hop_of: BTreeMap::new(),
            opening: model.listeners.iter().filter(opens).map(|listener| listener.node).collect(),
            trials: trials(model, unproven),
        };
        rows.number_hops();
        rows
    }

    fn add_to(self, report: &mut Report) {
        let environment = self.environment();
        report.stacks.extend(self.analysis.deployment.stacks.iter().map(|stack| stack_row(stack, environment.clone())));
        report.nodes.extend(self.model.node_ids().map(|id| self.node(id)));
        report.claims.extend(self.analysis.judged.iter().map(|(claim, judgement)| self.claim(claim, judgement)));
        report.paths.extend(self.analysis.paths.iter().map(|path| self.path(path)));
        report.hops.extend(self.hops);
    }

    fn environment(&self) -> Option<String> {
        self.analysis.deployment.environment.as_ref().map(ToString::to_string)
    }

    fn number(&self, node: NodeId) -> usize {
        self.first_node + node.0
    }

    /// Steps of the same hop that look alike are one row; a client's choice between HTTP and HTTPS is one mixed row.
    fn number_hops(&mut self) {
        let mut rows: BTreeMap<HopKey, (HopRow, Vec<StepId>)> = BTreeMap::new();
        for id in self.graph.step_ids() {
            let row = self.hop(self.graph.step(id));
            let entry = rows.entry(key(&row)).or_insert_with(|| (row, Vec::new()));
            entry.1.push(id);
        }
        let mut merged: Vec<(HopRow, Vec<StepId>)> = Vec::new();
        for (row, steps) in rows.into_values() {
            let client = self.model.node(NodeId(row.from - self.first_node)).kind == NodeKind::Client;
            match merged.last_mut() {
                Some((known, known_steps)) if client && is_choice(known, &row) => {
                    "mixed".clone_into(&mut known.transport);
                    known.tls_min = known.tls_min.take().or(row.tls_min);
                    known.verified = None;
                    known.port = None;
                    known_steps.extend(steps);
                }
                _ => merged.push((row, steps)),
            }
        }
        for (number, (row, steps)) in merged.into_iter().enumerate() {
            self.hops.push(row);
            self.hop_of.extend(steps.into_iter().map(|step| (step, self.first_hop + number)));
        }
    }

    fn hop(&self, step: &Step) -> HopRow {
        let hop = self.model.hop(step.hop);
        let (transport, tls_min, verified) = match &step.wire {
            Wire::Plaintext => ("plaintext", None, None),
            Wire::Tls { floor, verification, .. } => {
                ("tls", floor.version.map(|version| version.name().to_owned()), verification.known())
            }
            Wire::Opaque(_) => ("opaque", None, None),
            Wire::Unknown(_) => ("unknown", None, None),
        };
        let conditions = step.when.as_ref().map(|when| when.text().to_owned());
        let doubt = hop.doubt.as_ref().map(|doubt| format!("{DOUBTFUL}: {}", doubt.message));
        HopRow {
            from: self.number(self.model.sender(hop)),
            to: self.number(self.model.receiver(hop)),
            transport: transport.to_owned(),
            tls_min,
            verified,
            port: hop.port,
            segment: hop.segment.name().to_owned(),
            bypass: hop.bypass,
            when: match (conditions, doubt) {
                (Some(conditions), Some(doubt)) => Some(format!("{conditions} ({doubt})")),
                (conditions, doubt) => conditions.or(doubt),
            },
            requests: requests(&hop.evidence),
            via: hop.via.iter().map(ToString::to_string).collect(),
            evidence: step
                .evidence
                .iter()
                .chain(&hop.evidence)
                .map(|evidence| self.places.evidence(evidence))
                .collect(),
            default: step.evidence.first().is_some_and(|evidence| evidence.default),
        }
    }

    fn node(&self, id: NodeId) -> NodeRow {
        let node = self.model.node(id);
        let reads = match node.kind {
            NodeKind::Client => "end",
            NodeKind::External => "unknown",
            NodeKind::PassThrough => "no",
            NodeKind::Proxy if self.opening.contains(&id) => "yes",
            NodeKind::Proxy => "unknown",
            NodeKind::Server | NodeKind::Function | NodeKind::Store => "yes",
        };
        NodeRow {
            id: self.number(id),
            environment: self.environment(),
            stack: node.stack.as_ref().map(ToString::to_string),
            address: node.address.to_string(),
            type_name: node.type_name.as_ref().map(ToString::to_string),
            kind: node.kind.name().to_owned(),
            operator: node.operator.name().to_owned(),
            reads: reads.to_owned(),
            why: node.why.clone(),
            location: node.span.map(|span| self.places.location(span)),
        }
    }

    fn claim(&self, claim: &Claim, judgement: &Judgement) -> ClaimRow {
        let on_path = |node: &NodeId| {
            judgement.to.contains(node)
                || judgement.steps.iter().any(|step| {
                    let hop = self.model.hop(self.graph.step(*step).hop);
                    self.model.receiver(hop) == *node
                })
        };
        let used =
            self.assumptions.iter().zip(&self.analysis.applied).filter_map(|(assumption, applied)| match applied {
                Applied::Used(nodes) if nodes.iter().any(on_path) => Some(AssumptionRow {
                    node: assumption.node.text.clone(),
                    serves: if assumption.serves == Serves::Tls { "tls" } else { "plaintext" }.to_owned(),
                    because: assumption.because.clone(),
                    until: assumption.until.clone(),
                    location: self.places.location(assumption.span),
                }),
                _ => None,
            });
        ClaimRow {
            name: claim.name.clone(),
            environment: self.environment(),
            promise: claim.promise.name().to_owned(),
            declared: claim.declared,
            says: claim.says.clone(),
            location: claim.span.map(|span| self.places.location(span)),
            from: judgement.from.iter().map(|node| self.number(*node)).collect(),
            to: judgement.to.iter().map(|node| self.number(*node)).collect(),
            verdict: judgement.verdict.name().to_owned(),
            sentence: claim_sentence(claim, judgement, self.model, self.graph),
            readers: judgement
                .readers
                .iter()
                .zip(&judgement.witnesses)
                .map(|(reader, way)| self.reader(reader, way))
                .collect(),
            accepted: judgement.accepted.iter().map(|reader| self.reader(reader, &[])).collect(),
            unknowns: unknowns(claim, self.model, self.graph, judgement, self.trials)
                .iter()
                .map(|doubt| UnknownRow {
                    what: doubt.what.clone(),
                    location: doubt.span.map(|span| self.places.location(span)),
                    settle: doubt.settle.clone(),
                })
                .collect(),
            assumptions: used.collect(),
        }
    }

    fn reader(&self, reader: &Reader, way: &[StepId]) -> ReaderRow {
        let name = reader_name(self.model, self.graph, reader);
        let (node, step, rule) = match reader.kind {
            ReaderKind::Node(node) => (Some(node), None, "tls-terminating-intermediary"),
            ReaderKind::Companion(node, number) => {
                let rule = match self.model.node(node).companions.get(number).map(|companion| companion.kind) {
                    Some(CompanionKind::KeyOutside) => "key-readable-outside-ends",
                    Some(CompanionKind::Tap) => "plaintext-hop",
                    _ => "tls-terminating-intermediary",
                };
                (Some(node), None, rule)
            }
            ReaderKind::Holder(..) => (None, None, "key-readable-outside-ends"),
            ReaderKind::Network(step) => (None, Some(step), self.plaintext_rule(step)),
            ReaderKind::Impostor(step) => (None, Some(step), "unverified-upstream"),
        };
        let party = match node {
            Some(node) => format!("{name} ({})", self.model.node(node).address),
            None => name,
        };
        let evidence: Vec<Evidence> = match (reader.kind, step) {
            (ReaderKind::Companion(node, number), _) => self
                .model
                .node(node)
                .companions
                .get(number)
                .map(|companion| companion.evidence.clone())
                .into_iter()
                .collect(),
            (ReaderKind::Holder(key, number), _) => {
                let holder = self.model.key(key).holders.get(number);
                holder.map(|holder| holder.evidence.clone()).into_iter().collect()
            }
            (_, Some(step)) => self.graph.step(step).evidence.clone(),
            (_, None) => Vec::new(),
        };
        ReaderRow {
            party,
            node: node.map(|node| self.number(node)),
            hop: step.and_then(|step| self.hop_of.get(&step).copied()),
            certain: reader.certain,
            rule: rule.to_owned(),
            path: self.hop_numbers(way),
            evidence: evidence.iter().map(|evidence| self.places.evidence(evidence)).collect(),
        }
    }

    fn plaintext_rule(&self, step: StepId) -> &'static str {
        let sender = self.model.sender(self.model.hop(self.graph.step(step).hop));
        if self.model.node(sender).kind == NodeKind::Client { "plaintext-viewer" } else { "plaintext-hop" }
    }

    fn path(&self, path: &PathSummary) -> PathRow {
        PathRow {
            from: self.number(path.from),
            to: self.number(path.to),
            in_transit: path.in_transit.name().to_owned(),
            end_to_end: path.end_to_end.name().to_owned(),
            readers: path.readers.clone(),
            hops: self.hop_numbers(&path.witness),
            sentence: path.sentence.clone(),
        }
    }

    fn hop_numbers(&self, steps: &[StepId]) -> Vec<usize> {
        steps.iter().filter_map(|step| self.hop_of.get(step).copied()).collect()
    }
}

/// Turns places into locations.
#[derive(Clone, Copy)]
struct Places<'a>(&'a Sources);

impl Places<'_> {
    fn finding(&self, finding: &Finding, suppressed: Option<String>) -> FindingRow {
        let related = finding
            .related
            .iter()
            .map(|label| RelatedRow { message: label.text.clone(), location: self.location(label.span) });
        FindingRow {
            rule: finding.rule.to_owned(),
            severity: finding.severity.name().to_owned(),
            claim: finding.claims.first().cloned().unwrap_or_default(),
            environments: finding.environments.iter().map(ToString::to_string).collect(),
            message: finding.message.clone(),
            help: finding.help.clone(),
            location: finding.primary.as_ref().map(|label| self.location(label.span)),
            label: finding.primary.as_ref().map(|label| label.text.clone()).unwrap_or_default(),
            related: related.collect(),
            controls: finding.controls.iter().map(ToString::to_string).collect(),
            addresses: finding.addresses.iter().map(ToString::to_string).collect(),
            fingerprint: fingerprint(finding),
            suppressed,
        }
    }

    fn problem(&self, problem: &Problem) -> ProblemRow {
        ProblemRow {
            severity: problem.severity.name().to_owned(),
            message: problem.message.clone(),
            help: problem.help.clone(),
            location: problem.span.map(|span| self.location(span)),
        }
    }

    fn evidence(&self, evidence: &Evidence) -> EvidenceRow {
        EvidenceRow {
            text: evidence.fact.clone(),
            location: self.location(evidence.span),
            through: evidence.through.iter().map(|span| self.location(*span)).collect(),
        }
    }

    fn location(&self, span: Span) -> Location {
        let point = |offset| {
            let position = self.0.position(span.file, offset);
            Point { line: position.line, column: position.column, offset: position.offset }
        };
        Location { file: self.0.path(span.file), start: point(span.start), end: point(span.end) }
    }
}

fn requests(evidence: &[Evidence]) -> Option<String> {
    let selecting: Vec<&str> =
        evidence.iter().filter(|evidence| evidence.selects).map(|evidence| evidence.fact.as_str()).collect();
    (!selecting.is_empty()).then(|| selecting.join(", "))
}

type HopKey =
    (usize, usize, String, bool, Option<String>, Vec<String>, String, Option<i64>, Option<String>, Option<bool>);

/// Rows sort by their ends first, so that the two halves of a client's choice are neighbours.
fn key(row: &HopRow) -> HopKey {
    let (via, when) = (row.via.clone(), row.when.clone());
    let (transport, tls_min) = (row.transport.clone(), row.tls_min.clone());
    (row.from, row.to, row.segment.clone(), row.bypass, when, via, transport, row.port, tls_min, row.verified)
}

fn is_choice(known: &HopRow, row: &HopRow) -> bool {
    let same = (known.from, known.to, known.bypass, &known.when, &known.via, &known.segment)
        == (row.from, row.to, row.bypass, &row.when, &row.via, &row.segment);
    same && matches!(known.transport.as_str(), "plaintext" | "mixed") && row.transport == "tls"
}

fn stack_row(stack: &Stack, environment: Option<String>) -> StackRow {
    StackRow {
        id: stack.id.to_string(),
        environment,
        language: stack.dialect.name().to_owned(),
        root: stack.id.to_string(),
        files: stack.files,
        resources: stack.resources.iter().filter(|resource| &*resource.type_name != UNREAD_CODE).count(),
    }
}

fn summary(report: &Report) -> Summary {
    let open = report.findings.iter().filter(|finding| finding.suppressed.is_none());
    let severity = |wanted: Severity| open.clone().filter(|finding| finding.severity == wanted.name()).count();
    let verdict = |wanted: Verdict| report.claims.iter().filter(|claim| claim.verdict == wanted.name()).count();
    Summary {
        errors: severity(Severity::Error),
        warnings: severity(Severity::Warning),
        notes: severity(Severity::Note),
        holds: verdict(Verdict::Holds),
        broken: verdict(Verdict::Broken),
        unproven: verdict(Verdict::Unproven),
        no_path: verdict(Verdict::NoPath),
    }
}

fn order(row: &FindingRow) -> (String, usize, &str, &str) {
    let (file, start) = row.location.as_ref().map_or((String::new(), 0), |at| (at.file.clone(), at.start.offset));
    (file, start, &row.rule, &row.message)
}

fn problem_order(row: &ProblemRow) -> (String, usize, &str) {
    let (file, start) = row.location.as_ref().map_or((String::new(), 0), |at| (at.file.clone(), at.start.offset));
    (file, start, &row.message)
}

/// Twenty hexadecimal digits over rule, claim, addresses, the deciding attribute's name, and the environments if there are
/// any: what differs from one to another has a place of its own in each.
fn fingerprint(finding: &Finding) -> String {
    let attribute = finding.cause.get(1).and_then(|fact| fact.split([' ', ':', '=']).next()).unwrap_or_default();
    let mut hash = Sha256::new();
    let claim = finding.claims.first().map_or("", String::as_str);
    let environments = finding.environments.iter().map(|environment| &**environment);
    let addresses = finding.addresses.iter().map(|address| &**address);
    for part in [finding.rule, claim, attribute].into_iter().chain(addresses).chain(environments) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}
