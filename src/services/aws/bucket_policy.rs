//! Bucket policies: whether everybody may read the objects, and whether plain HTTP is refused.

use super::iam::{self, Statement};
use super::s3::BUCKET;
use crate::resource::Language;
use crate::services::aim::{Pointer, Sought};
use crate::services::read::{Block, Field, field};
use crate::services::world::{Types, World};
use crate::value::{Kind, Value, When};

const POLICY: Types = Types { terraform: &["aws_s3_bucket_policy"], cloudformation: &["AWS::S3::BucketPolicy"] };

const BUCKET_OF: Field = field("bucket", "Bucket");
const BUCKET_NAME: Field = field("bucket", "BucketName");
/// The data source `aws_s3_bucket` finds a bucket by its name. Source: its page in the documentation of the AWS provider.
const ANY_BUCKET: Sought =
    Sought { types: BUCKET, aliases: None, told: BUCKET_NAME, named: Some((BUCKET, BUCKET_NAME)), global: false };
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

/// Resources of a kind that set a bucket up, each with its condition. They name it by reference, by its name, or by what may
/// be its name.
pub(super) fn set_up_by<'a>(world: &World<'a>, bucket: &Block<'a>, types: Types) -> Vec<Pointer<'a>> {
    ANY_BUCKET.pointing(world, bucket.id, types, BUCKET_OF)
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
    let document = iam::read(policy);
    let opens_all =
        document.statements.iter().any(|statement| statement.allows && every_object(statement) == Some(true));
    let mut found: Vec<Verdict> =
        document.statements.iter().map(|statement| of_statement(statement, opens_all)).collect();
    found.extend(document.unread.into_iter().map(|doubt| Verdict::Unsure(doubt.message)));
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

/// Where the policy opens all objects, a denial of some of them leaves the others open.
fn of_statement(statement: &Statement, opens_all: bool) -> Verdict {
    let unsure = |what: &str| Verdict::Unsure(format!("the bucket policy has {what}"));
    let condition = statement.get("Condition").filter(|condition| !condition.is_null());
    let everyone = statement.get("Principal").and_then(is_everyone);
    match (everyone, reads(statement)) {
        (Some(false), _) | (_, Some(false)) => Verdict::Nobody,
        (Some(true), Some(true)) if statement.when.is_some() => unsure("a statement for everybody under a condition"),
        (Some(true), Some(true)) if statement.allows => match condition {
            None => Verdict::Everybody,
            Some(_) => unsure("a statement for everybody under a condition"),
        },
        (Some(true), Some(true)) => match (condition.is_some_and(is_without_tls), every_object(statement)) {
            (true, Some(true)) if every_action(statement) => Verdict::RefusesHttp,
            (_, Some(false)) if opens_all => Verdict::Nobody,
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
        // An account or a role that deployment fills in. What is read from elsewhere may say anything.
        Kind::Reference(reference) => {
            let attribute = reference.attribute.to_ascii_lowercase();
            (attribute.is_empty() || attribute.ends_with("arn") || attribute.ends_with("id")).then_some(false)
        }
        Kind::Template(parts) => {
            let says_more = |part: &Value| part.as_str().is_some_and(|text| !matches!(text, "" | "*"));
            parts.iter().any(says_more).then_some(false)
        }
        _ => None,
    }
}

/// Whether the statement is about reading objects.
fn reads(statement: &Statement) -> Option<bool> {
    let mut found = Vec::new();
    iam::each(statement.get("Action")?, None, &mut |_, action| {
        found.push(action.as_str().map(|pattern| iam::fits(pattern, "s3:GetObject")));
    });
    any(found.into_iter())
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

/// Whether the statement is about all objects of the bucket: `*`, or a bucket's ARN with `/*` behind it. `None` where that
/// cannot be told.
fn every_object(statement: &Statement) -> Option<bool> {
    let mut found = Vec::new();
    iam::each(statement.get("Resource")?, None, &mut |_, resource| {
        found.push(match &resource.kind {
            Kind::String(text) => Some(&**text == "*" || is_whole(text)),
            Kind::Template(parts) => match parts.split_last() {
                Some((last, start)) if start.iter().all(names_a_bucket) => last.as_str().map(|key| key == "/*"),
                _ => None,
            },
            // A bucket as such holds no objects.
            Kind::Reference(_) => Some(false),
            _ => None,
        });
    });
    any(found.into_iter())
}

/// Whether a part of an ARN ends before the key: a resource, or text without a slash.
fn names_a_bucket(part: &Value) -> bool {
    match &part.kind {
        Kind::Reference(_) => true,
        _ => part.as_str().is_some_and(|text| !text.contains('/')),
    }
}

fn is_whole(arn: &str) -> bool {
    arn.rsplit(':').next().and_then(|path| path.split_once('/')).is_some_and(|(_, key)| key == "*")
}

fn every_action(statement: &Statement) -> bool {
    let mut every = false;
    if let Some(actions) = statement.get("Action") {
        iam::each(actions, None, &mut |_, action| every |= matches!(action.as_str(), Some("*" | "s3:*")));
    }
    every
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
