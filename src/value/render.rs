//! Values as JSON, in the shape of the resources report: `$ref`, `$template`, `$choice`, `$unknown`, `$sensitive`.

use super::{Kind, Value};
use serde_json::{Map, Number as JsonNumber, Value as Json, json};

/// Sensitive values and secrets in plain sight are masked: their text never reaches an output.
pub fn render(value: &Value) -> Json {
    if value.sensitive && !value.is_null() {
        return json!({"$sensitive": true});
    }
    match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(value) => Json::Bool(*value),
        Kind::Number(number) => json_number(number),
        Kind::String(text) if is_private_key(text) => json!({"$sensitive": true}),
        Kind::String(text) => Json::String(text.to_string()),
        Kind::List(items) => Json::Array(items.iter().map(render).collect()),
        Kind::Object(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.to_string(), render(value))).collect::<Map<_, _>>())
        }
        Kind::Reference(reference) => json!({"$ref": reference.text()}),
        Kind::Template(parts) => json!({"$template": parts.iter().map(render).collect::<Vec<_>>()}),
        Kind::Choice(branches) => {
            let branches = branches.iter().map(|branch| {
                json!({"when": branch.when.as_ref().map(|when| when.text().to_owned()), "value": render(&branch.value)})
            });
            json!({"$choice": branches.collect::<Vec<_>>()})
        }
        Kind::Unknown(unknown) => json!({"$unknown": unknown.message()}),
    }
}

fn json_number(number: &super::Number) -> Json {
    if !number.has_point() {
        if let Some(whole) = number.as_i64() {
            return Json::Number(whole.into());
        }
        if let Ok(whole) = number.to_string().parse::<u64>() {
            return Json::Number(whole.into());
        }
    }
    JsonNumber::from_f64(number.as_f64()).map_or_else(|| Json::String(number.to_string()), Json::Number)
}

/// Private keys are the one secret that code holds as a literal often enough, and whose shape is certain.
fn is_private_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::source::{Sources, Span};
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn a_private_key_is_masked_like_what_the_code_calls_sensitive() {
        let span = Span::new(Sources::new().add("main.tf", ""), 0, 0);
        let key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";
        assert_eq!(render(&Value::string(key, span)), json!({"$sensitive": true}));
        assert_eq!(render(&Value::string("open", span)), json!("open"));
        assert_eq!(render(&Value::string("open", span).into_sensitive()), json!({"$sensitive": true}));
    }
}
