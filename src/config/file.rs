//! The claims file's own shape: what serde reads and what the published JSON Schema says.

use crate::diagnostic::Problem;
use crate::source::{FileId, Span};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

/// A text with its place.
pub(super) type Text = Spanned<String>;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimsFile {
    /// Version of the file's format: 1.
    #[schemars(with = "u32")]
    pub version: Spanned<u32>,
    #[serde(default)]
    pub claims: Vec<ClaimEntry>,
    /// Names for several addresses, which claims write as `group:NAME`.
    #[serde(default)]
    pub groups: Vec<GroupEntry>,
    /// Deployments of the same code with other inputs, each judged on its own.
    #[serde(default)]
    pub environments: Vec<EnvironmentEntry>,
    /// Facts that the code cannot show.
    #[serde(default)]
    pub assume: Vec<AssumeEntry>,
    /// Findings that are accepted, each with a reason.
    #[serde(default)]
    pub ignore: Vec<IgnoreEntry>,
    /// Markdown files whose sentences must be backed by claims: globs relative to this file.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub docs: Vec<Text>,
    /// Phrases that claim encryption, besides the built-in ones.
    #[serde(default)]
    pub words: WordsEntry,
}

/// A name for several addresses.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupEntry {
    #[schemars(with = "String")]
    pub name: Text,
    /// Address patterns.
    pub of: OneOrMore,
}

/// What an environment gives to some root modules and templates. Entries of one name make one environment.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct EnvironmentEntry {
    #[schemars(with = "String")]
    pub name: Text,
    /// The directory or template that gets what follows, relative to this file; without it all below this file's directory.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub root: Option<Text>,
    /// Terraform variable files, relative to this file; later ones win.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub var_files: Vec<Text>,
    /// Name of the Terraform workspace.
    #[serde(default)]
    pub workspace: Option<String>,
    /// A JSON file with CloudFormation parameter values, relative to this file.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub parameters: Option<Text>,
    /// The AWS Region.
    #[serde(default)]
    pub region: Option<String>,
    /// The name of the CloudFormation stack that the template at the root is deployed as.
    #[serde(default)]
    pub stack_name: Option<String>,
    /// Directories, relative to this file, whose CloudFormation templates nested stacks take from a bucket.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub template_dirs: Vec<Text>,
}

/// Phrases by what they promise.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WordsEntry {
    #[serde(default)]
    pub end_to_end: Vec<String>,
    #[serde(default)]
    pub encrypted_in_transit: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ClaimEntry {
    #[schemars(with = "String")]
    pub name: Text,
    /// The sentence that customers or auditors are told.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub says: Option<Text>,
    /// `end-to-end` or `encrypted-in-transit`.
    #[schemars(with = "String")]
    pub promise: Text,
    /// End A: address patterns, usually `internet`.
    pub from: OneOrMore,
    /// End B: address patterns; together they are one end.
    pub to: OneOrMore,
    /// Parties accepted as readers; every report names them.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub may_read: Vec<Text>,
    /// The least TLS version that any hop may accept: `1.0` to `1.3`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub min_tls: Option<Text>,
    /// Whether parties count that can read only by standing in for a node that its sender does not verify.
    /// Default: true for `end-to-end`, false for `encrypted-in-transit`.
    #[serde(default)]
    pub verify_peers: Option<bool>,
    /// The least custody of stored data among the ends: `encrypted`, `provider-managed` or `customer-managed`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub at_rest: Option<Text>,
    /// Encryption of the message itself, above the transport.
    #[serde(default)]
    pub payload: Option<PayloadEntry>,
    /// The environments in which it is claimed; all without it.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub environments: Vec<Text>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PayloadEntry {
    /// What is encrypted: `body`.
    #[schemars(with = "String")]
    pub covers: Text,
    /// `held-by-ends`, or the address of a key.
    #[schemars(with = "String")]
    pub key: Text,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssumeEntry {
    /// Address pattern of the node.
    #[schemars(with = "String")]
    pub node: Text,
    #[serde(default)]
    pub port: Option<i64>,
    /// `tls` or `plaintext`.
    #[schemars(with = "String")]
    pub serves: Text,
    /// Why it is true.
    #[schemars(with = "String")]
    pub because: Text,
    /// Last day on which it counts, `YYYY-MM-DD`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub until: Option<Text>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IgnoreEntry {
    #[schemars(with = "String")]
    pub rule: Text,
    /// Address pattern of what the finding is about.
    #[schemars(with = "String")]
    pub address: Text,
    /// Why it is accepted.
    #[schemars(with = "String")]
    pub because: Text,
    /// Last day on which it counts, `YYYY-MM-DD`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub until: Option<Text>,
}

/// One text or a list of texts.
pub(super) struct OneOrMore(pub Vec<Text>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned: Spanned<Shape> = Spanned::deserialize(deserializer)?;
        Ok(match spanned.value {
            Shape::One(text) => Self(vec![Spanned::new(text, spanned.referenced, spanned.defined)]),
            Shape::Many(texts) => Self(texts),
        })
    }
}

/// What `OneOrMore` is written as. An untagged enum would lose the places of the list's items.
enum Shape {
    One(String),
    Many(Vec<Text>),
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> serde::de::Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Shape, E> {
        Ok(Shape::One(text.to_owned()))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Shape, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(Shape::Many(texts))
    }
}

impl JsonSchema for OneOrMore {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OneOrMore".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
        })
    }
}

/// Parses the text; the one error has the place that the parser names.
pub(super) fn parse(text: &str, file: FileId) -> Result<ClaimsFile, Problem> {
    serde_saphyr::from_str(text).map_err(|error| {
        let error = error.without_snippet();
        let span = error.location().map(|location| located(&location, file, text));
        let message = error.to_string();
        let message = message.lines().next().unwrap_or("the claims file cannot be read").to_owned();
        Problem::error(message, span).with_help("see `e2e-lint schema config` for the keys and their values")
    })
}

fn located(location: &serde_saphyr::Location, file: FileId, text: &str) -> Span {
    let start = location.span().byte_offset().and_then(|at| usize::try_from(at).ok()).unwrap_or(0).min(text.len());
    let length = location.span().byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or(0).max(1);
    Span::new(file, start, (start + length).min(text.len().max(start)))
}

/// The place of a value, quotes left out of a quoted text as the parser gives it.
pub(super) fn span<T>(value: &Spanned<T>, file: FileId) -> Span {
    let start = value.referenced.span().byte_offset().and_then(|at| usize::try_from(at).ok()).unwrap_or(0);
    let length = value.referenced.span().byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    Span::new(file, start, start + length.max(1))
}

/// The JSON Schema of the claims file.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(ClaimsFile).to_value()
}
