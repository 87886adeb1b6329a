//! Report version 1: the contract of `--format json`. Additive changes only.

use schemars::JsonSchema;
use serde::Serialize;

/// Everything that one run found out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Version of this format: 1.
    pub version: u32,
    pub tool: Tool,
    pub stacks: Vec<StackRow>,
    pub nodes: Vec<NodeRow>,
    pub hops: Vec<HopRow>,
    pub claims: Vec<ClaimRow>,
    pub paths: Vec<PathRow>,
    pub findings: Vec<FindingRow>,
    pub problems: Vec<ProblemRow>,
    pub summary: Summary,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

/// One root module directory, plan file or template.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StackRow {
    pub id: String,
    /// The environment of the claims file that it belongs to, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// `terraform`, `terraform-plan`, `cloudformation`, `sam` or `cdk`.
    pub language: String,
    pub root: String,
    pub files: usize,
    pub resources: usize,
}

/// Something that handles a message.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NodeRow {
    /// Index in this list.
    pub id: usize,
    /// The environment of the claims file that it belongs to, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    pub stack: Option<String>,
    pub address: String,
    #[serde(rename = "type")]
    pub type_name: Option<String>,
    /// `client`, `proxy`, `pass-through`, `server`, `function`, `store` or `external`.
    pub kind: String,
    pub operator: String,
    /// `yes`: ends TLS or handles plaintext; `no`: passes bytes; `end`: a client; `unknown`.
    pub reads: String,
    pub why: String,
    pub location: Option<Location>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Location {
    /// Relative to the working directory, with forward slashes.
    pub file: String,
    pub start: Point,
    pub end: Point,
}

/// Lines and columns count from 1, columns in Unicode scalar values; offsets are bytes from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Point {
    pub line: usize,
    pub column: usize,
    pub offset: usize,
}

/// From a node to the next.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HopRow {
    pub from: usize,
    pub to: usize,
    /// `plaintext`, `tls`, `opaque`, `mixed` or `unknown`.
    pub transport: String,
    /// `1.0` to `1.3`, or `SSLv3`, where the transport is TLS.
    pub tls_min: Option<String>,
    /// Whether the sender verifies who answers.
    pub verified: Option<bool>,
    pub port: Option<i64>,
    /// `request` or `store`.
    pub segment: String,
    /// A way in that walks around a node that fronts the same target.
    pub bypass: bool,
    /// The condition under which the hop exists, as text.
    pub when: Option<String>,
    /// Which requests go this way, where not all do: by host, path and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<String>,
    pub via: Vec<String>,
    pub evidence: Vec<EvidenceRow>,
    /// Decided by the provider's default for an absent attribute.
    pub default: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EvidenceRow {
    pub text: String,
    pub location: Location,
    /// The uses that the value came through, latest first.
    pub through: Vec<Location>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ClaimRow {
    pub name: String,
    /// The environment of the claims file that it belongs to, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// `end-to-end` or `encrypted-in-transit`.
    pub promise: String,
    /// False for the built-in claim.
    pub declared: bool,
    pub says: Option<String>,
    pub location: Option<Location>,
    pub from: Vec<usize>,
    pub to: Vec<usize>,
    /// `holds`, `broken`, `unproven` or `no-path`.
    pub verdict: String,
    pub sentence: String,
    pub readers: Vec<ReaderRow>,
    /// Readers that the claim accepts.
    pub accepted: Vec<ReaderRow>,
    pub unknowns: Vec<UnknownRow>,
    pub assumptions: Vec<AssumptionRow>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReaderRow {
    pub party: String,
    pub node: Option<usize>,
    pub hop: Option<usize>,
    pub certain: bool,
    /// The rule that reports it.
    pub rule: String,
    /// Hop indexes of a witness path.
    pub path: Vec<usize>,
    pub evidence: Vec<EvidenceRow>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UnknownRow {
    pub what: String,
    pub location: Option<Location>,
    pub settle: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AssumptionRow {
    pub node: String,
    pub serves: String,
    pub because: String,
    pub until: Option<String>,
    pub location: Location,
}

/// The strongest true statement for one way in and one end.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PathRow {
    pub from: usize,
    pub to: usize,
    pub in_transit: String,
    pub end_to_end: String,
    pub readers: Vec<String>,
    /// Hop indexes of a way that shows the worst of it.
    pub hops: Vec<usize>,
    pub sentence: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FindingRow {
    pub rule: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    pub claim: String,
    /// The environments in which it was found, where there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<String>,
    pub message: String,
    pub help: String,
    pub location: Option<Location>,
    /// What is to be said of the location.
    pub label: String,
    pub related: Vec<RelatedRow>,
    pub controls: Vec<String>,
    pub addresses: Vec<String>,
    /// Built from rule, claim, addresses and attribute names; never from lines.
    pub fingerprint: String,
    /// Why it is accepted, where it is.
    pub suppressed: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RelatedRow {
    pub message: String,
    pub location: Location,
}

/// What could not be read, parsed or evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ProblemRow {
    pub severity: String,
    pub message: String,
    pub help: Option<String>,
    pub location: Option<Location>,
}

#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Summary {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    pub holds: usize,
    pub broken: usize,
    pub unproven: usize,
    pub no_path: usize,
}

/// The JSON Schema of the report.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}
