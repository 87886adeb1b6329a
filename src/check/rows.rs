//! The model and its judgements as rows of the report, sorted and numbered.

use super::report::*;
use crate::claim::{Applied, Claim, Judgement, PathSummary, Serves, Verdict, claim_sentence, reader_name};
use crate::config::Config;
use crate::diagnostic::{Problem, Severity};
use crate::model::{Accepts, CompanionKind, Evidence, Listener, Model, NodeId, NodeKind};
use crate::path::{Graph, Reader, ReaderKind, Step, StepId, Wire};
use crate::resource::Stack;
use crate::rules::Finding;
use crate::source::{Sources, Span};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// How the condition of a hop begins of which it is not sure that it exists at all.
const DOUBTFUL: &str = "not certain";

/// Knows the number of every hop.
pub(super) struct Rows<'a> {
    sources: &'a Sources,
    model: &'a Model,
    graph: &'a Graph,
    applied: &'a [Applied],
    config: &'a Config,
    hops: Vec<HopRow>,
    hop_of: BTreeMap<StepId, usize>,
    /// Nodes with a listener at which a message is opened.
    opening: BTreeSet<NodeId>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        sources: &'a Sources,
        model: &'a Model,
        graph: &'a Graph,
        applied: &'a [Applied],
        config: &'a Config,
    ) -> Self {
        let opens =
            |listener: &&Listener| listener.faces.iter().any(|face| !matches!(face.accepts, Accepts::Opaque(_)));
        let opening = model.listeners.iter().filter(opens).map(|listener| listener.node).collect();
        let (hops, hop_of) = (Vec::new(), BTreeMap::new());
        let mut rows = Self { sources, model, graph, applied, config, hops, hop_of, opening };
        rows.number_hops();
        rows
    }

    pub(super) fn report(
        self,
        stacks: &[Stack],
        judged: &[(Claim, Judgement)],
        paths: &[PathSummary],
        findings: &[Finding],
        suppressed: &[Option<String>],
        problems: Vec<Problem>,
    ) -> Report {
        let claims: Vec<_> = judged.iter().map(|(claim, judgement)| self.claim(claim, judgement)).collect();
        let mut findings: Vec<_> =
            findings.iter().zip(suppressed).map(|(finding, reason)| self.finding(finding, reason.clone())).collect();
        findings.sort_by(|first, second| order(first).cmp(&order(second)));
        let mut problems: Vec<_> = problems.iter().map(|problem| self.problem(problem)).collect();
        problems.sort_by(|first, second| problem_order(first).cmp(&problem_order(second)));
        problems.dedup();
        Report {
            version: 1,
            tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            stacks: stacks.iter().map(stack_row).collect(),
            nodes: self.model.node_ids().map(|id| self.node(id)).collect(),
            paths: paths.iter().map(|path| self.path(path)).collect(),
            summary: summary(judged, &findings),
            claims,
            findings,
            problems,
            hops: self.hops,
        }
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
            let client = self.model.node(NodeId(row.from)).kind == NodeKind::Client;
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
            self.hop_of.extend(steps.into_iter().map(|step| (step, number)));
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
            from: self.model.sender(hop).0,
            to: self.model.receiver(hop).0,
            transport: transport.to_owned(),
            tls_min,
            verified,
            port: hop.port,
            segment: hop.segment.name().to_owned(),
            bypass: hop.bypass,
            when: conditions.or(doubt),
            via: hop.via.iter().map(ToString::to_string).collect(),
            evidence: step.evidence.iter().chain(&hop.evidence).map(|evidence| self.evidence(evidence)).collect(),
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
            id: id.0,
            stack: node.stack.as_ref().map(ToString::to_string),
            address: node.address.to_string(),
            type_name: node.type_name.as_ref().map(ToString::to_string),
            kind: node.kind.name().to_owned(),
            operator: node.operator.name().to_owned(),
            reads: reads.to_owned(),
            why: node.why.clone(),
            location: node.span.map(|span| self.location(span)),
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
        let used = self.config.assumptions.iter().zip(self.applied).filter_map(|(assumption, applied)| match applied {
            Applied::Used(nodes) if nodes.iter().any(on_path) => Some(AssumptionRow {
                node: assumption.node.text.clone(),
                serves: if assumption.serves == Serves::Tls { "tls" } else { "plaintext" }.to_owned(),
                because: assumption.because.clone(),
                until: assumption.until.clone(),
                location: self.location(assumption.span),
            }),
            _ => None,
        });
        ClaimRow {
            name: claim.name.clone(),
            promise: claim.promise.name().to_owned(),
            declared: claim.declared,
            says: claim.says.clone(),
            location: claim.span.map(|span| self.location(span)),
            from: judgement.from.iter().map(|node| node.0).collect(),
            to: judgement.to.iter().map(|node| node.0).collect(),
            verdict: judgement.verdict.name().to_owned(),
            sentence: claim_sentence(claim, judgement, self.model, self.graph),
            readers: judgement
                .readers
                .iter()
                .zip(&judgement.witnesses)
                .map(|(reader, way)| self.reader(reader, way))
                .collect(),
            accepted: judgement.accepted.iter().map(|reader| self.reader(reader, &[])).collect(),
            unknowns: judgement
                .gaps
                .iter()
                .map(|gap| UnknownRow {
                    what: gap.doubt.what.clone(),
                    location: gap.doubt.span.map(|span| self.location(span)),
                    settle: gap.doubt.settle.clone(),
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
                let companion = self.model.node(node).companions.get(number);
                let outside = companion.is_some_and(|companion| companion.kind == CompanionKind::KeyOutside);
                (Some(node), None, if outside { "key-readable-outside-ends" } else { "tls-terminating-intermediary" })
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
            node: node.map(|node| node.0),
            hop: step.and_then(|step| self.hop_of.get(&step).copied()),
            certain: reader.certain,
            rule: rule.to_owned(),
            path: self.hop_numbers(way),
            evidence: evidence.iter().map(|evidence| self.evidence(evidence)).collect(),
        }
    }

    fn plaintext_rule(&self, step: StepId) -> &'static str {
        let sender = self.model.sender(self.model.hop(self.graph.step(step).hop));
        if self.model.node(sender).kind == NodeKind::Client { "plaintext-viewer" } else { "plaintext-hop" }
    }

    fn path(&self, path: &PathSummary) -> PathRow {
        PathRow {
            from: path.from.0,
            to: path.to.0,
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

    fn finding(&self, finding: &Finding, suppressed: Option<String>) -> FindingRow {
        let related = finding
            .related
            .iter()
            .map(|label| RelatedRow { message: label.text.clone(), location: self.location(label.span) });
        FindingRow {
            rule: finding.rule.to_owned(),
            severity: finding.severity.name().to_owned(),
            claim: finding.claims.first().cloned().unwrap_or_default(),
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
            let position = self.sources.position(span.file, offset);
            Point { line: position.line, column: position.column, offset: position.offset }
        };
        Location { file: self.sources.path(span.file), start: point(span.start), end: point(span.end) }
    }
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

fn stack_row(stack: &Stack) -> StackRow {
    StackRow {
        id: stack.id.to_string(),
        language: stack.dialect.name().to_owned(),
        root: stack.id.to_string(),
        files: stack.files,
        resources: stack.resources.len(),
    }
}

fn summary(judged: &[(Claim, Judgement)], findings: &[FindingRow]) -> Summary {
    let severity = |wanted: Severity| {
        findings.iter().filter(|finding| finding.suppressed.is_none() && finding.severity == wanted.name()).count()
    };
    let verdict = |wanted: Verdict| judged.iter().filter(|(_, judgement)| judgement.verdict == wanted).count();
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

/// Twenty hexadecimal digits over rule, claim, addresses and the deciding attribute's name.
fn fingerprint(finding: &Finding) -> String {
    let attribute = finding.cause.get(1).and_then(|fact| fact.split([' ', ':', '=']).next()).unwrap_or_default();
    let mut hash = Sha256::new();
    let claim = finding.claims.first().map_or("", String::as_str);
    for part in [finding.rule, claim, attribute].into_iter().chain(finding.addresses.iter().map(|address| &**address)) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}
