//! Data sources whose result follows from the code.

use super::configuration::Declared;
use super::datum::Datum;
use super::evaluator::{Env, Evaluator};
use super::policy;
use crate::resource::Mode;

/// The value of a data source's computed attribute, where it follows from its arguments or the command line.
pub(crate) fn computed(evaluator: &Evaluator<'_>, declared: &Declared, name: &str, env: Env<'_>) -> Option<Datum> {
    if declared.mode != Mode::Data {
        return None;
    }
    match (&*declared.type_name, name) {
        ("aws_region", "name" | "id" | "region") => {
            let region = evaluator.options.region.as_ref()?;
            Some(Datum::string(region.as_str(), declared.block.header))
        }
        ("aws_iam_policy_document", "json" | "minified_json") => {
            Some(evaluator.settle(policy::document(evaluator, &declared.block, name == "minified_json", env)))
        }
        _ => None,
    }
}
