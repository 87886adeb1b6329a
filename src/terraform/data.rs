//! Attributes that nobody writes and that follow from the code all the same.

use super::configuration::Declared;
use super::datum::{Datum, Entries, Kind, Sequence};
use super::evaluator::{Env, Evaluator};
use super::{equality, policy};
use crate::resource::Mode;
use crate::value::Reference;
use std::sync::Arc;

/// The value of a computed attribute, where it follows from the arguments or the command line.
pub(crate) fn computed(
    evaluator: &Evaluator<'_>,
    declared: &Declared,
    address: &str,
    name: &str,
    env: Env<'_>,
) -> Option<Datum> {
    match (declared.mode, &*declared.type_name, name) {
        (Mode::Data, "aws_region", "name" | "id" | "region") => {
            let region = evaluator.options.region.as_ref()?;
            Some(Datum::string(region.as_str(), declared.block.header))
        }
        (Mode::Data, "aws_iam_policy_document", "json" | "minified_json") => {
            Some(evaluator.settle(policy::document(evaluator, &declared.block, name == "minified_json", env)))
        }
        (Mode::Managed, "aws_acm_certificate", "domain_validation_options") => {
            validation_options(evaluator, declared, address, env)
        }
        _ => None,
    }
}

/// One object a name of the certificate, which the provider plans with the names known: they are keys of `for_each`.
fn validation_options(evaluator: &Evaluator<'_>, declared: &Declared, address: &str, env: Env<'_>) -> Option<Datum> {
    let argument = |name: &str| {
        let attribute = declared.block.body.attribute(name)?;
        Some(evaluator.settle(evaluator.evaluate(&attribute.expr, env))).filter(|value| !value.is_null())
    };
    let mut names = vec![argument("domain_name")?];
    if let Some(more) = argument("subject_alternative_names") {
        names.extend(more.items()?.iter().cloned());
    }
    let span = declared.block.header;
    let options: Option<Vec<Datum>> = names
        .iter()
        .map(|domain| {
            let text = domain.as_str()?;
            let record = |field: &str| {
                let attribute = format!("domain_validation_options[\"{text}\"].{field}");
                (Arc::from(field), Datum::new(Kind::Reference(Reference::new(address, attribute)), span))
            };
            let mut entries: Entries =
                ["resource_record_name", "resource_record_type", "resource_record_value"].map(record).into();
            entries.insert("domain_name".into(), domain.clone());
            Some(Datum::object(entries, span))
        })
        .collect();
    Some(Datum::sequence(Sequence::Set, equality::set_items(options?), span))
}
