//! Splitting texts that only deployment can tell, as far as their form is certain: ids without separators, and the host of a URL.

use super::text::concat;
use super::{Outcome, Stop};
use crate::cloudformation::scope::Scope;
use crate::cloudformation::tree::Node;
use crate::cloudformation::worlds::Worlds;
use crate::source::Span;
use crate::value::{Kind, Reason, Value};
use std::sync::Arc;

/// Types whose `Ref` is an id of letters and digits (the "Return values" of each type's page in the CloudFormation reference).
const PLAIN_IDS: [&str; 4] =
    ["AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::Serverless::Api", "AWS::Serverless::HttpApi"];

/// Attributes that are URLs of the form `https://host` or `https://host/`.
const URLS: [&str; 2] = ["FunctionUrl", "ApiEndpoint"];

impl Scope<'_> {
    /// The pieces of a template whose unknown parts surely do not hold the delimiter.
    pub(super) fn split_template(&self, parts: &[Value], between: &str, span: Span) -> Option<Vec<Value>> {
        let separates = between.contains(['/', ':']);
        if !separates || !parts.iter().all(|part| part.as_str().is_some() || self.is_plain(part)) {
            return None;
        }
        let mut pieces: Vec<Value> = Vec::new();
        let mut current: Vec<Value> = Vec::new();
        for part in parts {
            let Some(text) = part.as_str() else {
                current.push(part.clone());
                continue;
            };
            for (index, piece) in text.split(between).enumerate() {
                if index > 0 {
                    pieces.push(concat(std::mem::take(&mut current), span, &self.ledger));
                }
                current.push(Value { kind: Kind::String(piece.into()), ..part.clone() });
            }
        }
        pieces.push(concat(current, span, &self.ledger));
        Some(pieces)
    }

    /// Whether a value is a name of letters, digits and hyphens.
    fn is_plain(&self, part: &Value) -> bool {
        match &part.kind {
            Kind::Unknown(unknown) => {
                unknown.reason == Reason::AfterDeployment && matches!(&*unknown.what, "AWS::Region" | "AWS::AccountId")
            }
            Kind::Reference(reference) if reference.attribute.is_empty() => {
                let id = reference.target.strip_prefix(self.place.prefix.as_str()).unwrap_or("");
                let kind = self.sections.resources.get(id).and_then(|entry| entry.value.get("Type"));
                kind.and_then(|node| node.as_text()).is_some_and(|kind| PLAIN_IDS.contains(&kind))
                    || (id.starts_with("Serverless") && id.ends_with("Api"))
            }
            _ => false,
        }
    }

    /// The host in a URL that is an attribute: it stays a reference to that attribute, which names the same endpoint.
    /// `arg` holds the arguments of the `Split` that the item at `position` is selected from.
    pub(super) fn host(&self, arg: &Arc<Node>, position: Option<usize>, worlds: &Worlds) -> Outcome {
        let [delimiter, text] = arg.items() else { return Ok(None) };
        let cut_before = text.intrinsic().is_some_and(|call| &*call.key == "Fn::Select");
        let is_host = match (delimiter.as_text(), position) {
            (Some("/"), Some(2)) => !cut_before,
            (Some("://"), Some(1)) => true,
            (Some("/"), Some(0)) => cut_before,
            _ => false,
        };
        if !is_host {
            return Ok(None);
        }
        let value: Result<Option<Value>, Stop> = self.argument(text, worlds);
        Ok(value?.filter(|value| value.as_reference().is_some_and(|reference| URLS.contains(&&*reference.attribute))))
    }
}
