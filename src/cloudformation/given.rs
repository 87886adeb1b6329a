//! Parameters from a file, in the shapes that the usual tools write.

use serde_json::{Map, Value as Json};

/// Reads name -> text from a parameters file: the command line's list of `ParameterKey` and `ParameterValue`,
/// a list of `Name=text`, CodePipeline's `{"Parameters": {...}}`, or a plain map. Lists of values are joined with commas.
pub fn read_parameters(text: &str) -> Result<Vec<(String, String)>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let document: Json = serde_json::from_str(text).map_err(|error| format!("it is no valid JSON: {error}"))?;
    match &document {
        Json::Array(items) => items.iter().map(from_item).collect(),
        Json::Object(entries) => match entries.get("Parameters") {
            Some(Json::Object(inner)) => from_map(inner),
            Some(Json::Array(items)) => items.iter().map(from_item).collect(),
            _ => from_map(entries),
        },
        _ => Err("it holds neither a list nor a map of parameters".to_owned()),
    }
}

fn from_map(entries: &Map<String, Json>) -> Result<Vec<(String, String)>, String> {
    entries.iter().map(|(name, value)| Ok((name.clone(), text_of(name, value)?))).collect()
}

fn from_item(item: &Json) -> Result<(String, String), String> {
    match item {
        Json::String(pair) => match pair.split_once('=') {
            Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
            None => Err(format!("`{pair}` is not of the form Name=value")),
        },
        _ => {
            let name = item.get("ParameterKey").and_then(Json::as_str);
            let name = name.ok_or_else(|| "an item has no ParameterKey".to_owned())?;
            let value = match item.get("ParameterValue") {
                Some(value) => text_of(name, value)?,
                None => String::new(),
            };
            Ok((name.to_owned(), value))
        }
    }
}

fn text_of(name: &str, value: &Json) -> Result<String, String> {
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        Json::Bool(value) => Ok(value.to_string()),
        Json::Array(items) => {
            let texts: Result<Vec<String>, String> = items.iter().map(|item| text_of(name, item)).collect();
            Ok(texts?.join(","))
        }
        Json::Null | Json::Object(_) => Err(format!("the value of {name} is neither text nor a list")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        read_parameters(text).unwrap()
    }

    #[test]
    fn the_usual_shapes_are_read() {
        let expected = vec![("Stage".to_owned(), "prod".to_owned()), ("Ports".to_owned(), "80,443".to_owned())];
        let list = r#"[{"ParameterKey": "Stage", "ParameterValue": "prod"}, {"ParameterKey": "Ports", "ParameterValue": "80,443"}]"#;
        assert_eq!(read(list), expected);
        assert_eq!(read(r#"["Stage=prod", "Ports=80,443"]"#), expected);
        assert_eq!(read(r#"{"Parameters": {"Stage": "prod", "Ports": [80, 443]}}"#), expected);
        assert_eq!(read(r#"{"Stage": "prod", "Ports": "80,443"}"#), expected);
        assert!(read_parameters("3").is_err());
        assert!(read_parameters("[{}]").is_err());
    }
}
