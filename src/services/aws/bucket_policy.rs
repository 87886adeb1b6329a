//! Bucket policies: whether everybody may read the objects, and whether plain HTTP is refused.

use crate::resource::Language;
use crate::services::document;
use crate::services::draft::pointing;
use crate::services::read::{Block, Field, doubt_of, field};
use crate::services::world::{Types, World};
use crate::value::{Kind, Value, When};
use std::borrow::Cow;

const POLICY: Types = Types { terraform: &["aws_s3_bucket_policy"], cloudformation: &["AWS::S3::BucketPolicy"] };

const BUCKET_OF: Field = field("bucket", "Bucket");
const BUCKET_NAME: Field = field("bucket", "BucketName");
const DOCUMENT: Field = field("policy", "PolicyDocument");

/// What a policy does for readers who have no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Whoever asks over HTTP is refused.
    RefusesHttp,
    Everybody,
    Nobody,
    /// Why it can't be told.
    Unsure(String),
}

/// Resources of a kind that set a bucket up, each with its condition. They name it by reference or by its name.
pub(super) fn set_up_by<'a>(world: &World<'a>, bucket: &Block<'a>, types: Types) -> Vec<(Block<'a>, Option<When>)> {
    let mut found = pointing(world, bucket.id, types, |block| block.links(world, BUCKET_OF));
    if let Some(name) = bucket.text(BUCKET_NAME) {
        let named = world.named(bucket.id, types, &["bucket", "Bucket"], &name).into_iter();
        found.extend(named.map(|id| (world.block(id), world.resource(id).exists.when().cloned())));
    }
    found
}

/// The documents of a bucket's policies, each with its condition. Terraform before version 4 of the provider wrote one into the
/// bucket.
pub(super) fn documents<'a>(world: &World<'a>, bucket: &Block<'a>) -> Vec<(Option<When>, Block<'a>)> {
    let mut policies = set_up_by(world, bucket, POLICY);
    if bucket.language() == Language::Terraform {
        policies.push((bucket.clone(), None));
    }
    let mut found = Vec::new();
    for (policy, exists) in policies {
        let documents = policy.values(DOCUMENT).into_iter();
        found.extend(documents.map(|(when, document)| (When::both(exists.as_ref(), when.as_ref()), document)));
    }
    found
}

/// Judges a policy document: an object, or JSON text.
pub(super) fn judge(policy: &Value) -> Verdict {
    let document = match &policy.kind {
        Kind::Object(_) => Some(Cow::Borrowed(policy)),
        _ => document::read(policy).map(Cow::Owned),
    };
    let Some(document) = document else { return Verdict::Unsure(doubt_of(policy).message) };
    let statements = match document.get("Statement") {
        Some(Value { kind: Kind::List(items), .. }) => items.as_slice(),
        Some(only) => std::slice::from_ref(only),
        None => &[],
    };
    let found: Vec<Verdict> = statements.iter().map(of_statement).collect();
    let unsure = |verdict: &&Verdict| matches!(verdict, Verdict::Unsure(_));
    if found.contains(&Verdict::RefusesHttp) {
        return Verdict::RefusesHttp;
    }
    match found.iter().find(unsure) {
        Some(unsure) => unsure.clone(),
        None if found.contains(&Verdict::Everybody) => Verdict::Everybody,
        None => Verdict::Nobody,
    }
}

fn of_statement(statement: &Value) -> Verdict {
    let unsure = |what: &str| Verdict::Unsure(format!("the bucket policy has {what}"));
    let effect = statement.get("Effect").and_then(Value::as_str);
    let everyone = statement.get("Principal").and_then(is_everyone);
    let reads = statement.get("Action").and_then(covers_reading);
    let condition = statement.get("Condition").filter(|condition| !condition.is_null());
    match (effect, everyone, reads) {
        (Some("Allow" | "Deny"), Some(false), _) | (Some("Allow" | "Deny"), _, Some(false)) => Verdict::Nobody,
        (Some("Allow"), Some(true), Some(true)) => match condition {
            None => Verdict::Everybody,
            Some(_) => unsure("a statement for everybody under a condition"),
        },
        (Some("Deny"), Some(true), Some(true)) => match condition {
            Some(condition) if is_without_tls(condition) && covers_all(statement) => Verdict::RefusesHttp,
            _ => unsure("a statement that denies"),
        },
        _ => unsure("a statement that is not understood"),
    }
}

/// `"*"`, or `{"AWS": "*"}` alone or in a list.
fn is_everyone(principal: &Value) -> Option<bool> {
    match &principal.kind {
        Kind::String(text) => Some(**text == *"*"),
        Kind::List(items) => any(items.iter().map(is_everyone)),
        Kind::Object(entries) => any(entries.iter().map(|(kind, who)| match &**kind {
            "AWS" | "*" => is_everyone(who),
            _ => Some(false),
        })),
        // An account or a role that deployment fills in.
        Kind::Reference(_) | Kind::Template(_) => Some(false),
        _ => None,
    }
}

fn covers_reading(action: &Value) -> Option<bool> {
    match &action.kind {
        Kind::String(text) => {
            let action = text.to_ascii_lowercase();
            Some(matches!(action.as_str(), "*" | "s3:*" | "s3:get*" | "s3:getobject" | "s3:getobject*"))
        }
        Kind::List(items) => any(items.iter().map(covers_reading)),
        _ => None,
    }
}

/// One that is true decides; else one that is not known leaves it open.
fn any(found: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut sum = Some(false);
    for answer in found {
        match answer {
            Some(true) => return Some(true),
            Some(false) => {}
            None => sum = None,
        }
    }
    sum
}

/// Exactly `{"Bool": {"aws:SecureTransport": "false"}}`: a further condition would let some of HTTP through.
fn is_without_tls(condition: &Value) -> bool {
    let only = |value: &Value, name: &str| {
        let entries = value.as_object().filter(|entries| entries.len() == 1)?;
        entries.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, inner)| inner.clone())
    };
    let value = only(condition, "Bool").and_then(|operator| only(&operator, "aws:SecureTransport"));
    value.is_some_and(|value| match value.as_list() {
        Some([one]) => one.as_bool() == Some(false),
        _ => value.as_bool() == Some(false),
    })
}

/// Whether the statement is about every action on every object: its resource's text ends in `/*`, or is `*`.
fn covers_all(statement: &Value) -> bool {
    let every_object = |resource: &Value| match &resource.kind {
        Kind::String(text) => **text == *"*" || text.ends_with("/*"),
        Kind::Template(parts) => parts.last().and_then(Value::as_str) == Some("/*"),
        _ => false,
    };
    let every_action = |action: &Value| action.as_str().is_some_and(|text| matches!(text, "*" | "s3:*"));
    has(statement.get("Resource"), &every_object) && has(statement.get("Action"), &every_action)
}

/// Whether a value, or an element of it where it is a list, is of a kind.
fn has(value: Option<&Value>, is: &dyn Fn(&Value) -> bool) -> bool {
    value.is_some_and(|value| match value.as_list() {
        Some(items) => items.iter().any(is),
        None => is(value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};

    fn judged(text: &str) -> Verdict {
        judge(&Value::string(text, Span::new(Sources::new().add("policy.json", text), 0, 0)))
    }

    #[test]
    fn only_an_unconditional_statement_for_everybody_opens_a_bucket() {
        let statement = |rest: &str| {
            judged(&format!(
                r#"{{"Statement": [{{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::a/*", {rest}}}]}}"#
            ))
        };
        assert_eq!(statement(r#""Principal": "*""#), Verdict::Everybody);
        assert_eq!(statement(r#""Principal": {"AWS": ["*"]}"#), Verdict::Everybody);
        assert_eq!(statement(r#""Principal": {"Service": "cloudfront.amazonaws.com"}"#), Verdict::Nobody);
        assert_eq!(statement(r#""Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}"#), Verdict::Nobody);
        let conditional = r#""Principal": "*", "Condition": {"StringEquals": {"aws:Referer": "x"}}"#;
        assert!(matches!(statement(conditional), Verdict::Unsure(_)));
        assert!(matches!(statement(r#""NotPrincipal": {"AWS": "a"}"#), Verdict::Unsure(_)));
    }

    #[test]
    fn a_denial_without_tls_refuses_http() {
        let denied = |condition: &str| {
            judged(&format!(
                r#"{{"Statement": {{"Effect": "Deny", "Action": "s3:*", "Resource": ["arn:aws:s3:::a", "arn:aws:s3:::a/*"], "Principal": "*", "Condition": {condition}}}}}"#
            ))
        };
        assert_eq!(denied(r#"{"Bool": {"aws:SecureTransport": "false"}}"#), Verdict::RefusesHttp);
        assert_eq!(denied(r#"{"Bool": {"aws:SecureTransport": [false]}}"#), Verdict::RefusesHttp);
        let reading = judged(
            r#"{"Statement": {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}}"#,
        );
        assert!(matches!(reading, Verdict::Unsure(_)), "writing by HTTP is still allowed");
        let narrower = r#"{"Bool": {"aws:SecureTransport": "false"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#;
        assert!(matches!(denied(narrower), Verdict::Unsure(_)));
    }

    #[test]
    fn other_text_is_not_understood() {
        assert!(matches!(judged("not JSON"), Verdict::Unsure(_)));
        assert_eq!(judged(r#"{"Statement": []}"#), Verdict::Nobody);
    }
}
