//! What the SAM transform, its globals and its configuration file say.

use super::*;

#[test]
fn globals_and_options_count() {
    let text = "Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Timeout: 3, Environment: {Variables: {A: x}}}}
Parameters: {P: {Type: String}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Timeout: 9, Environment: {Variables: {B: !Ref P, C: !Ref 'AWS::Region'}}, Url: !Ref ServerlessRestApi}
";
    let options = Options {
        parameters: vec![("P".to_owned(), "y".to_owned())],
        region: Some("eu-west-1".to_owned()),
        ..Options::default()
    };
    let (_, stacks) = run(&[("t.yaml", text)], &options);
    let stack = &stacks[0];
    assert_eq!(shown(stack, "F", "Timeout"), json!(9));
    assert_eq!(shown(stack, "F", "Environment"), json!({"Variables": {"A": "x", "B": "y", "C": "eu-west-1"}}));
    assert_eq!(shown(stack, "F", "Url"), json!({"$ref": "ServerlessRestApi"}));
    assert!(stack.problems.is_empty());
}

#[test]
fn globals_reach_the_api_of_events_that_name_none() {
    let event = "Events: {E: {Type: Api, Properties: {Path: /, Method: get}}}";
    let text = format!(
        "Transform: AWS::Serverless-2016-10-31
Globals: {{Api: {{EndpointConfiguration: PRIVATE}}}}
Parameters: {{P: {{Type: String}}}}
Conditions: {{A: !Equals [!Ref P, a], B: !Equals [!Ref P, b]}}
Resources:
  F: {{Type: AWS::Serverless::Function, Condition: A, Properties: {{{event}}}}}
  G: {{Type: AWS::Serverless::Function, Condition: B, Properties: {{{event}}}}}
  H: {{Type: AWS::Serverless::Function, Properties: {{Events: {{E: {{Type: SQS}}}}}}}}
"
    );
    let stack = only(&text);
    assert_eq!(shown(&stack, "ServerlessRestApi", "EndpointConfiguration"), json!("PRIVATE"));
    let api = resource(&stack, "ServerlessRestApi");
    assert!(matches!(&api.exists, Existence::Conditional(when) if when.text() == "A || B"));
    assert!(stack.problems.is_empty());
    let stack = only(&text.replace("Transform: AWS::Serverless-2016-10-31\n", ""));
    assert!(stack.resources.iter().all(|resource| resource.address.as_str() != "ServerlessRestApi"));
    assert_eq!(stack.problems.len(), 1);
}

#[test]
fn a_local_document_is_the_body_of_its_api() {
    let template = "Transform: AWS::Serverless-2016-10-31
Resources:
  Front: {Type: AWS::Serverless::Api, Properties: {StageName: live, DefinitionUri: docs/api.yaml}}
  Far: {Type: AWS::Serverless::Api, Properties: {StageName: live, DefinitionUri: 's3://bucket/api.yaml'}}
  Gone: {Type: AWS::Serverless::Api, Properties: {StageName: live, DefinitionUri: nowhere.yaml}}
";
    let (sources, stacks) = run(&[("t.yaml", template), ("docs/api.yaml", "openapi: 3.0.1\n")], &Options::default());
    assert_eq!(shown(&stacks[0], "Front", "DefinitionBody"), json!({"openapi": "3.0.1"}));
    let version = resource(&stacks[0], "Front").get("DefinitionBody").and_then(|body| body.get("openapi")).unwrap();
    assert_eq!(sources.place(version.span()), "docs/api.yaml:1");
    assert_eq!(shown(&stacks[0], "Far", "DefinitionUri"), json!("s3://bucket/api.yaml"));
    assert_eq!(shown(&stacks[0], "Gone", "DefinitionUri"), json!("nowhere.yaml"));
    assert_eq!(stacks[0].problems.len(), 1);
}

#[test]
fn the_region_of_samconfig_counts_where_all_environments_have_it() {
    let template = "Transform: AWS::Serverless-2016-10-31
Parameters: {P: {Type: String, Default: d}}
Resources: {R: {Type: AWS::SSM::Parameter, Properties: {P: !Ref P, Q: !Sub 'a.${AWS::Region}'}}}
";
    let first =
        "default:\n  global: {parameters: {region: eu-west-1}}\n  deploy: {parameters: {parameter_overrides: P=x}}\n";
    let same = "test: {deploy: {parameters: {region: eu-west-1, parameter_overrides: [P=x]}}}\n";
    let other = "test: {deploy: {parameters: {region: eu-west-2, parameter_overrides: [P=x]}}}\n";
    let with = |name: &str, config: &str, options: &Options| {
        let (sources, stacks) = run(&[("template.yaml", template), (name, config)], options);
        let place = sources.place(resource(&stacks[0], "R").get("P").unwrap().span());
        (shown(&stacks[0], "R", "P"), shown(&stacks[0], "R", "Q"), place)
    };
    let none = Options::default();
    let found = with("samconfig.yaml", first, &none);
    assert_eq!(found, (json!("x"), json!("a.eu-west-1"), "samconfig.yaml:3".to_owned()));
    assert_eq!(with("samconfig.yml", &format!("{first}{same}"), &none).1, json!("a.eu-west-1"));
    let apart = with("samconfig.yaml", &format!("{first}{other}"), &none);
    assert_eq!(apart.0, json!("x"));
    assert!(apart.1.get("$template").is_some());
    let toml = "[default.deploy.parameters]\nregion = \"eu-west-1\"\n";
    assert_eq!(with("samconfig.toml", toml, &none).1, json!("a.eu-west-1"));
    let given = Options { parameters: Vec::new(), region: Some("us-east-1".to_owned()), ..Options::default() };
    assert_eq!(with("samconfig.toml", toml, &given).1, json!("a.us-east-1"));
}

#[test]
fn parameters_of_samconfig_count_in_every_shape() {
    let template = "Transform: AWS::Serverless-2016-10-31
Parameters: {P: {Type: String, Default: d}, Q: {Type: String, Default: d}}
Resources: {R: {Type: AWS::SSM::Parameter, Properties: {P: !Ref P, Q: !Ref Q}}}
";
    let with = |overrides: &str| {
        let config = format!("default: {{deploy: {{parameters: {{parameter_overrides: {overrides}}}}}}}\n");
        let files = [
            ("template.yaml", template),
            ("samconfig.yaml", config.as_str()),
            ("live.yaml", "P: x\nQ: 1\n"),
            ("live.json", "[{\"ParameterKey\": \"P\", \"ParameterValue\": \"x\"}]"),
        ];
        let (_, stacks) = run(&files, &Options::default());
        (shown(&stacks[0], "R", "P"), shown(&stacks[0], "R", "Q"))
    };
    let both = (json!("x"), json!("1"));
    for overrides in ["P=x Q=1", "[P=x, Q=1]", "{P: x, Q: 1}", "[{P: x}, {Q: 1}]", "'file://live.yaml'"] {
        assert_eq!(with(overrides), both, "{overrides}");
    }
    assert_eq!(with("['file://live.json', Q=2]"), (json!("x"), json!("2")));
}

#[test]
fn connectors_in_a_resource_are_resources() {
    let stack = only(
        "Transform: AWS::Serverless-2016-10-31
Conditions: {Wanted: !Equals [!Ref 'AWS::AccountId', '1']}
Resources:
  Work:
    Type: AWS::Serverless::Function
    Condition: Wanted
    Connectors: {ToOrders: {Properties: {Destination: {Id: Orders}, Permissions: [Read]}}}
  Orders: {Type: AWS::DynamoDB::Table}
",
    );
    let connector = resource(&stack, "WorkToOrders");
    assert_eq!(&*connector.type_name, "AWS::Serverless::Connector");
    assert!(matches!(connector.exists, Existence::Conditional(_)));
    assert_eq!(shown(&stack, "WorkToOrders", "Source"), json!({"Id": "Work"}));
    assert_eq!(shown(&stack, "WorkToOrders", "Destination"), json!({"Id": "Orders"}));
}

#[test]
fn environments_of_samconfig_are_a_choice() {
    let template = "Transform: AWS::Serverless-2016-10-31
Parameters: {P: {Type: String, Default: d}, Q: {Type: String}, S: {Type: String}}
Resources: {R: {Type: AWS::SSM::Parameter, Properties: {P: !Ref P, Q: !Ref Q, S: !Ref S}}}
";
    let one = "[default.deploy.parameters]\nparameter_overrides = \"Q=\\\"live\\\" S=x\"\n";
    let two = "[test.deploy.parameters]\nparameter_overrides = [\"P=t\", \"S=x\"]\n";
    let config = format!("version = 0.1\n{one}");
    let (sources, stacks) =
        run(&[("template.yaml", template), ("samconfig.toml", config.as_str())], &Options::default());
    assert_eq!(shown(&stacks[0], "R", "P"), json!("d"));
    assert_eq!(shown(&stacks[0], "R", "Q"), json!("live"));
    let value = resource(&stacks[0], "R").get("Q").unwrap();
    assert_eq!(sources.place(value.span()), "samconfig.toml:3");
    let config = format!("version = 0.1\n{one}{two}");
    let (_, stacks) = run(&[("template.yaml", template), ("samconfig.toml", config.as_str())], &Options::default());
    let when = |environment: &str| format!("samconfig environment == \"{environment}\"");
    assert_eq!(
        shown(&stacks[0], "R", "P"),
        json!({"$choice": [{"when": when("default"), "value": "d"}, {"when": when("test"), "value": "t"}]})
    );
    assert_eq!(shown(&stacks[0], "R", "S"), json!("x"));
    assert!(shown(&stacks[0], "R", "Q").get("$choice").is_some());
    let options = Options { parameters: vec![("S".to_owned(), "y".to_owned())], ..Options::default() };
    let (_, stacks) = run(&[("template.yaml", template), ("samconfig.toml", config.as_str())], &options);
    assert_eq!(shown(&stacks[0], "R", "S"), json!("y"));
}
