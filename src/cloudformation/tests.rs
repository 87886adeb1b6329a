use super::{Options, stacks};
use crate::resource::{Existence, Resource, Stack};
use crate::source::{Files, ReadError, Sources, normalize};
use crate::value::render;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Files in memory; what leads out of the working directory is refused.
struct Memory(BTreeMap<String, String>);

impl Files for Memory {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = normalize(path);
        if path.starts_with("..") || path.starts_with('/') {
            return Err(ReadError::OutsideRoots);
        }
        self.0.get(&path).map(|text| text.clone().into_bytes()).ok_or(ReadError::NotFound)
    }

    fn list(&self, _: &str) -> Result<Vec<String>, ReadError> {
        Ok(Vec::new())
    }

    fn walk(&self, _: &str) -> Result<Vec<String>, ReadError> {
        Ok(Vec::new())
    }
}

fn run(files: &[(&str, &str)], options: &Options) -> (Sources, Vec<Stack>) {
    let memory = Memory(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect());
    let paths: Vec<String> = memory.0.keys().cloned().collect();
    let sources = Sources::new();
    let stacks = stacks(&paths, &memory, &sources, std::slice::from_ref(options)).concat();
    (sources, stacks)
}

fn only(text: &str) -> Stack {
    let (_, mut stacks) = run(&[("t.yaml", text)], &Options::default());
    assert_eq!(stacks.len(), 1);
    stacks.remove(0)
}

fn resource<'a>(stack: &'a Stack, address: &str) -> &'a Resource {
    stack.resources.iter().find(|resource| resource.address.as_str() == address).unwrap()
}

fn shown(stack: &Stack, address: &str, property: &str) -> Json {
    resource(stack, address).get(property).map_or(Json::Null, render)
}

/// What `Value` of the resource `R` comes to, in a template with some parameters, conditions and mappings.
fn value_of(expression: &str) -> Json {
    let text = format!(
        "Parameters:
  Name: {{Type: String, Default: web}}
  Port: {{Type: Number, Default: 8443}}
  Zones: {{Type: CommaDelimitedList, Default: 'a, b'}}
  Open: {{Type: String}}
  Stage: {{Type: String, AllowedValues: [dev, prod]}}
Mappings:
  Ports: {{web: {{Http: 8080, Https: 8443}}, db: {{Http: 1, Https: 2}}}}
  Same: {{a: {{P: HTTPS}}, b: {{P: HTTPS}}}}
Conditions:
  Wanted: !Equals [!Ref Open, 'yes']
  Unwanted: !Not [!Condition Wanted]
  Prod: !Equals [!Ref Stage, prod]
  Dev: !Equals [!Ref Stage, dev]
  Web: !Equals [!Ref Name, web]
Resources:
  Lb: {{Type: AWS::ElasticLoadBalancingV2::LoadBalancer}}
  R:
    Type: AWS::SSM::Parameter
    Properties:
      Value: {expression}
"
    );
    shown(&only(&text), "R", "Value")
}

#[test]
fn names_and_texts() {
    assert_eq!(value_of("!Ref Name"), json!("web"));
    assert_eq!(value_of("!Ref Port"), json!("8443"));
    assert_eq!(value_of("!Ref Zones"), json!(["a", "b"]));
    assert_eq!(value_of("!Ref Lb"), json!({"$ref": "Lb"}));
    assert_eq!(value_of("!GetAtt Lb.DNSName"), json!({"$ref": "Lb.DNSName"}));
    assert_eq!(value_of("{'Fn::GetAtt': [Lb, DNSName]}"), json!({"$ref": "Lb.DNSName"}));
    assert_eq!(value_of("!Ref Open"), json!({"$unknown": "Open has no value here"}));
    assert_eq!(value_of("!Sub 'http://${Name}:${Port}/${!x}'"), json!("http://web:8443/${x}"));
    assert_eq!(
        value_of("!Sub ['${N}.${Lb.DNSName}', {N: !Ref Name}]"),
        json!({"$template": ["web.", {"$ref": "Lb.DNSName"}]})
    );
    assert_eq!(value_of("!Join ['-', [x, !Ref 'AWS::NoValue', 1, true]]"), json!("x-1-true"));
    assert_eq!(value_of("!Join [',', !Ref Zones]"), json!("a,b"));
    assert_eq!(value_of("!Select [2, !Split ['/', 'https://host/path']]"), json!("host"));
    assert_eq!(value_of("!Split ['.', 'a.b']"), json!(["a", "b"]));
    assert_eq!(value_of("!Base64 plain"), json!("plain"));
    assert_eq!(value_of("{'Fn::Length': !Ref Zones}"), json!(2));
    assert_eq!(
        value_of("!ToJsonString {a: [1, !GetAtt Lb.DNSName], b: 'x\"y'}"),
        json!({"$template": ["{\"a\":[1,\"", {"$ref": "Lb.DNSName"}, "\"],\"b\":\"x\\\"y\"}"]})
    );
    assert_eq!(value_of("!Cidr [10.0.0.0/16, 2, 8]"), json!(["10.0.0.0/24", "10.0.1.0/24"]));
    assert!(value_of("'{{resolve:secretsmanager:db}}'").get("$unknown").is_some());
    assert_eq!(value_of("'{{not a reference}}'"), json!("{{not a reference}}"));
}

#[test]
fn hosts_of_endpoints_stay_visible() {
    let of_api = "!Select [0, !Split ['/', !Select [1, !Split ['://', \
                  !Sub 'https://${Api}.execute-api.${AWS::Region}.amazonaws.com/v1']]]]";
    let text = |expression: &str| {
        format!(
            "Resources:
  Api: {{Type: AWS::ApiGatewayV2::Api}}
  R: {{Type: AWS::SSM::Parameter, Properties: {{Value: {expression}}}}}
"
        )
    };
    let region = json!({"$unknown": "AWS::Region is known after deployment only"});
    assert_eq!(
        shown(&only(&text(of_api)), "R", "Value"),
        json!({"$template": [{"$ref": "Api"}, ".execute-api.", region, ".amazonaws.com"]})
    );
    let of_attribute = "!Select [2, !Split ['/', !GetAtt Api.ApiEndpoint]]";
    assert_eq!(shown(&only(&text(of_attribute)), "R", "Value"), json!({"$ref": "Api.ApiEndpoint"}));
    let scheme = "!Select [0, !Split ['/', !GetAtt Api.ApiEndpoint]]";
    assert!(shown(&only(&text(scheme)), "R", "Value").get("$unknown").is_some());
}

#[test]
fn what_is_not_echoed_is_not_shown() {
    let stack = only(
        "Parameters: {Secret: {Type: String, NoEcho: true, Default: hunter2}}
Resources: {R: {Type: AWS::SSM::Parameter, Properties: {A: !Ref Secret, B: !Sub 'x-${Secret}'}}}",
    );
    assert!(!format!("{}{}", shown(&stack, "R", "A"), shown(&stack, "R", "B")).contains("hunter2"));
}

#[test]
fn a_piece_of_a_url_is_about_what_the_url_belongs_to() {
    let stack = only(
        "Resources:
  Url: {Type: AWS::Lambda::Url}
  R:
    Type: AWS::CloudFront::Distribution
    Properties:
      Value: !Select [0, !Split ['/', !Join ['', !Split ['https://', !GetAtt Url.FunctionUrl]]]]
",
    );
    let value = resource(&stack, "R").get("Value").unwrap();
    assert!(value.as_unknown().is_some());
    let about: Vec<String> = value.references().iter().map(|reference| reference.text()).collect();
    assert_eq!(about, ["Url.FunctionUrl"]);
}

#[test]
fn maps_are_looked_up() {
    assert_eq!(value_of("!FindInMap [Ports, !Ref Name, Https]"), json!(8443));
    assert_eq!(value_of("!FindInMap [Same, !Ref 'AWS::Region', P]"), json!("HTTPS"));
    assert!(value_of("!FindInMap [Ports, !Ref Open, Http]").get("$unknown").is_some());
    assert_eq!(value_of("!FindInMap [Ports, nope, Http, {DefaultValue: 7}]"), json!(7));
    assert!(value_of("!FindInMap [Nope, a, b]").get("$unknown").is_some());
}

#[test]
fn undecided_conditions_are_choices_without_contradictions() {
    let two = |when: &str, yes: Json, no: Json| json!({"$choice": [{"when": when, "value": yes}, {"when": format!("!{when}"), "value": no}]});
    assert_eq!(value_of("!If [Web, a, b]"), json!("a"));
    assert_eq!(value_of("!If [Wanted, a, b]"), two("Wanted", json!("a"), json!("b")));
    assert_eq!(value_of("!If [Wanted, a, !Ref 'AWS::NoValue']"), two("Wanted", json!("a"), Json::Null));
    assert_eq!(value_of("!If [Wanted, !If [Unwanted, x, y], z]"), two("Wanted", json!("y"), json!("z")));
    assert_eq!(value_of("!If [Prod, !If [Dev, x, y], z]"), two("Prod", json!("y"), json!("z")));
    assert_eq!(value_of("!If [Prod, x, !If [Dev, y, z]]"), two("Prod", json!("x"), json!("y")));
    assert_eq!(value_of("!If [Prod, !Ref Stage, none]"), two("Prod", json!("prod"), json!("none")));
    assert_eq!(
        value_of("!Join ['', [!If [Wanted, a, b], '-', !If [Wanted, c, d]]]"),
        two("Wanted", json!("a-c"), json!("b-d"))
    );
    assert_eq!(value_of("[a, !If [Web, !Ref 'AWS::NoValue', b]]"), json!(["a"]));
    assert_eq!(
        value_of("!Sub '${Stage}.example.com'"),
        json!({"$choice": [{"when": "Stage == \"dev\"", "value": "dev.example.com"},
                           {"when": "Stage == \"prod\"", "value": "prod.example.com"}]})
    );
}

#[test]
fn a_resource_exists_under_its_condition() {
    let stack = only(
        "Parameters: {P: {Type: String}}
Conditions:
  A: !Equals [!Ref P, a]
  B: !Equals [!Ref P, b]
  Both: !And [!Condition A, !Condition B]
Resources:
  Never: {Type: AWS::SNS::Topic, Condition: Both}
  Maybe: {Type: AWS::SNS::Topic, Condition: A, Properties: {TopicName: !If [B, x, y]}}
",
    );
    assert_eq!(stack.resources.len(), 1);
    let maybe = resource(&stack, "Maybe");
    assert!(matches!(&maybe.exists, Existence::Conditional(when) if when.text() == "A"));
    assert_eq!(shown(&stack, "Maybe", "TopicName"), json!("y"));
    assert!(stack.problems.is_empty());
}

#[test]
fn wrong_names_are_problems_and_unknown() {
    let stack = only("Resources: {R: {Type: AWS::SNS::Topic, Properties: {A: !Ref Nope, B: !If [Nope, 1, 2]}}}");
    assert!(shown(&stack, "R", "A").get("$unknown").is_some());
    assert!(shown(&stack, "R", "B").get("$unknown").is_some());
    assert!(stack.problems.len() >= 2);
    assert!(stack.problems.iter().all(|problem| problem.span.is_some()));
}

#[test]
fn loops_are_unrolled_and_bounded() {
    let stack = only(
        "Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Outer:
    - X
    - [A, B]
    - Fn::ForEach::Inner:
        - Y
        - ['1', 2.3]
        - Topic${X}&{Y}:
            Type: AWS::SNS::Topic
            Properties: {TopicName: !Sub '${X}-${Y}', Other: !Ref X}
",
    );
    let addresses: Vec<&str> = stack.resources.iter().map(|resource| resource.address.as_str()).collect();
    assert_eq!(addresses, ["TopicA1", "TopicA23", "TopicB1", "TopicB23"]);
    assert_eq!(shown(&stack, "TopicB23", "TopicName"), json!("B-2.3"));
    assert_eq!(shown(&stack, "TopicB23", "Other"), json!("B"));
}

#[test]
fn nested_stacks_take_parameters_and_give_outputs() {
    let parent = "Parameters: {Scheme: {Type: String, Default: https}}
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./net/lb.yaml, Parameters: {Proto: !Ref Scheme}}
  App:
    Type: AWS::SSM::Parameter
    Properties: {Value: !GetAtt Network.Outputs.Url}
";
    let child = "Parameters: {Proto: {Type: String}}
Resources:
  Lb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: !Ref Proto}}
Outputs:
  Url: {Value: !Sub '${Proto}://${Lb.DNSName}'}
";
    let (sources, stacks) = run(&[("main.yaml", parent), ("net/lb.yaml", child)], &Options::default());
    assert_eq!(stacks.len(), 1);
    let stack = &stacks[0];
    assert_eq!(stack.files, 2);
    assert_eq!(shown(stack, "App", "Value"), json!({"$template": ["https://", {"$ref": "Network/Lb.DNSName"}]}));
    let name = resource(stack, "Network/Lb").get("Name").unwrap();
    assert_eq!(sources.snippet(name.span()), "https");
    assert_eq!(sources.place(name.span()), "main.yaml:1");
    assert!(name.origin.steps().count() >= 2);
    assert_eq!(resource(stack, "Network/Lb").calls.len(), 1);
}

#[test]
fn a_parameter_left_out_takes_its_default() {
    let parent = "Parameters: {Open: {Type: String}}
Conditions: {Given: !Not [!Equals [!Ref Open, '']]}
Resources:
  N:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yaml, Parameters: {Port: !If [Given, 80, !Ref 'AWS::NoValue']}}
";
    let child = "Parameters: {Port: {Type: Number, Default: 443}}
Conditions: {Plain: !Equals [!Ref Port, 80]}
Resources:
  R: {Type: AWS::SSM::Parameter, Properties: {A: !Ref Port, B: !If [Plain, x, y], C: !If [Plain, !Ref Port, z]}}
";
    let (_, stacks) = run(&[("main.yaml", parent), ("child.yaml", child)], &Options::default());
    let two = |when: &str, yes: &str, no: &str| json!({"$choice": [{"when": when, "value": yes}, {"when": format!("!{when}"), "value": no}]});
    assert_eq!(shown(&stacks[0], "N/R", "A"), two("Given", "80", "443"));
    assert_eq!(shown(&stacks[0], "N/R", "B"), two("Plain", "x", "y"));
    assert_eq!(shown(&stacks[0], "N/R", "C"), two("Plain", "80", "z"));
}

#[test]
fn nesting_ends_in_a_problem() {
    let calls = |path: &str| {
        format!("Resources: {{N: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {path}}}}}}}")
    };
    let (_, stacks) =
        run(&[("a.yaml", calls("b.yaml").as_str()), ("b.yaml", calls("a.yaml").as_str())], &Options::default());
    assert_eq!(stacks.len(), 1);
    assert_eq!(stacks[0].problems.len(), 1);
    let (_, stacks) = run(&[("a.yaml", calls("../../../../etc/passwd").as_str())], &Options::default());
    assert_eq!(stacks[0].unresolved.len(), 1);
    assert_eq!(stacks[0].problems.len(), 1);
}

#[test]
fn exports_reach_other_templates() {
    let exporting = "Resources: {T: {Type: AWS::SNS::Topic}}
Outputs: {P: {Value: HTTPS, Export: {Name: shared-protocol}}, T: {Value: !Ref T, Export: {Name: topic}}}";
    let importing = "Resources:
  R: {Type: AWS::SSM::Parameter, Properties: {A: !ImportValue shared-protocol, B: !ImportValue topic, C: !ImportValue no}}";
    let (_, stacks) = run(&[("a.yaml", exporting), ("b.yaml", importing)], &Options::default());
    assert_eq!(shown(&stacks[1], "R", "A"), json!("HTTPS"));
    assert!(shown(&stacks[1], "R", "B").get("$unknown").is_some());
    assert!(shown(&stacks[1], "R", "C").get("$unknown").is_some());
}

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
fn numbers_keep_their_point() {
    assert_eq!(value_of("2.0").to_string(), "2.0");
    assert_eq!(value_of("1.50").to_string(), "1.5");
    assert_eq!(value_of("!Join ['-', [2.0, 3]]"), json!("2.0-3"));
    assert_eq!(value_of("!ToJsonString {v: 2.0}"), json!("{\"v\":2.0}"));
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
fn a_packaged_template_of_a_nested_stack_is_offered_by_its_name() {
    let offered = |location: &str| {
        let root = format!(
            "Parameters: {{Bucket: {{Type: String}}, Gov: {{Type: String}}}}
Conditions: {{Gov: !Equals [!Ref Gov, 'yes']}}
Resources: {{A: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {location}}}}}}}
"
        );
        let topic = "Resources: {T: {Type: AWS::SNS::Topic}}\n";
        let files =
            [("a/main.yaml", root.as_str()), ("a/net.yaml", topic), ("b/vpc/net.yaml", topic), ("c.yaml", topic)];
        let (_, stacks) = run(&files, &Options::default());
        let stack = stacks.into_iter().find(|stack| &*stack.id == "a/main.yaml").unwrap();
        assert_eq!(stack.problems[0].message, "the template of A is not on disk");
        stack.problems[0].help.clone().unwrap_or_default()
    };
    let is = |path: &str, directory: &str| format!("is it {path}? then say so with --template-dir {directory}");
    assert_eq!(offered("'https://s3.amazonaws.com/shop/vpc/net.yaml?versionId=1'"), is("b/vpc/net.yaml", "b/vpc"));
    assert_eq!(offered("!Sub 'https://${Bucket}.s3.amazonaws.com/net.yaml'"), is("a/net.yaml", "a"));
    assert_eq!(offered("!If [Gov, 's3://gov/c.yaml', !Sub 's3://${Bucket}/c.yaml']"), is("c.yaml", "."));
    assert_eq!(offered("!Sub 'https://x/${Bucket}vpc/net.yaml'"), is("b/vpc/net.yaml", "b/vpc"));
    assert_eq!(offered("!Sub 'https://x/${Bucket}submodules/other/vpc/net.yaml'"), "");
    assert_eq!(offered("!If [Gov, 's3://gov/c.yaml', 's3://shop/net.yaml']"), "");
    assert_eq!(offered("'s3://shop/0123456789abcdef.template'"), "");
    assert_eq!(offered("'https://s3.amazonaws.com/shop/main.yaml'"), "");
}

#[test]
fn a_nested_stack_that_is_not_there_is_said_how_to_get() {
    let of = |kind: &str, property: &str, location: &str| {
        let resource = format!("A: {{Type: {kind}, Properties: {{{property}: {location}}}}}");
        let text = format!("Transform: AWS::Serverless-2016-10-31\nResources: {{{resource}}}\n");
        let topic = "Resources: {T: {Type: AWS::SNS::Topic}}\n";
        let files = [("app/main.yaml", text.as_str()), ("shared/queue.yaml", topic)];
        let (_, stacks) = run(&files, &Options::default());
        (stacks[0].problems[0].message.clone(), stacks[0].problems[0].help.clone().unwrap_or_default())
    };
    let (message, help) = of("AWS::CloudFormation::Stack", "TemplateURL", "./node_modules/vpc/module.yml");
    assert_eq!(message, "the template app/node_modules/vpc/module.yml does not exist");
    assert_eq!(help, "`npm install` brings it onto disk");
    let (message, help) = of("AWS::CloudFormation::Stack", "TemplateURL", "../../shared/queue.yaml");
    assert!(message.starts_with("the template ../shared/queue.yaml "), "{message}");
    assert_eq!(help, "is it shared/queue.yaml? then say so with --template-dir shared");
    let application = "{ApplicationId: 'arn:aws:serverlessrepo:us-east-1:111122223333:applications/topic'}";
    let (message, help) = of("AWS::Serverless::Application", "Location", application);
    assert_eq!(message, "A is taken from the Serverless Application Repository, which is not on disk");
    assert_eq!(help, "");
}

#[test]
fn published_templates_are_nested_stacks_where_it_is_said_so() {
    let main = "Parameters: {Bucket: {Type: String}}
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: !Sub
        - 'https://${Name}.s3.amazonaws.com/${Prefix}parts/network.yaml'
        - {Name: !Ref Bucket, Prefix: shop/}
      Parameters: {Scheme: internal}
  Read: {Type: T, Properties: {Value: !GetAtt Network.Outputs.Scheme}}
";
    let network = "Parameters: {Scheme: {Type: String}}
Resources: {Alb: {Type: A::B::C, Properties: {Scheme: !Ref Scheme}}}
Outputs: {Scheme: {Value: !Ref Scheme}}
";
    let files = [("aws/main.yaml", main), ("aws/parts/network.yaml", network), ("old/network.yaml", network)];
    let (_, apart) = run(&files, &Options::default());
    let ids = |stacks: &[Stack]| stacks.iter().map(|stack| stack.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&apart), ["aws/main.yaml", "aws/parts/network.yaml", "old/network.yaml"]);
    let given = Options { template_dirs: vec!["aws".to_owned()], ..Options::default() };
    let (_, joined) = run(&files, &given);
    assert_eq!(ids(&joined), ["aws/main.yaml", "old/network.yaml"]);
    assert_eq!(shown(&joined[0], "Network/Alb", "Scheme"), json!("internal"));
    assert_eq!(shown(&joined[0], "Read", "Value"), json!("internal"));
    assert!(joined[0].problems.is_empty());
    let elsewhere = Options { template_dirs: vec!["old".to_owned()], ..Options::default() };
    assert_eq!(run(&files, &elsewhere).1.len(), 3);
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
fn what_cloudformation_accepts_is_no_problem() {
    let stack = only(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  A:
    Type: AWS::SSM::Parameter
    Properties:
      Value: {'Fn::GetStackOutput': {StackName: network, OutputName: Host, Region: eu-west-1}}
      Other: !GetStackOutput {StackName: network, OutputName: Port}
      Written: {'Fn::Sub': {'Fn::Transform': {Name: Writer}}}
      Queue: !GetAtt Failed.Arn
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Nightly: {Type: Schedule, Properties: {DeadLetterConfig: {Type: SQS, QueueLogicalId: Failed}}}
",
    );
    assert!(stack.problems.is_empty(), "{:?}", stack.problems);
    let looked_up = |what: &str| json!({"$unknown": format!("{what} is looked up when it is deployed")});
    assert_eq!(shown(&stack, "A", "Value"), looked_up("Fn::GetStackOutput network Host eu-west-1"));
    assert_eq!(shown(&stack, "A", "Other"), looked_up("Fn::GetStackOutput network Port"));
    assert!(shown(&stack, "A", "Written").get("$unknown").is_some());
    assert_eq!(shown(&stack, "A", "Queue"), json!({"$ref": "Failed.Arn"}));
}

#[test]
fn what_cloudformation_refuses_is_a_problem_with_a_place() {
    let refused = |resource: &str| {
        let text = format!("Resources:\n  A: {{Type: AWS::SNS::Topic}}\n  B: {resource}\n");
        let (sources, stacks) = run(&[("t.yaml", text.as_str())], &Options::default());
        let problem =
            |problem: &crate::diagnostic::Problem| (problem.message.clone(), sources.place(problem.span.unwrap()));
        stacks[0].problems.iter().map(problem).collect::<Vec<_>>()
    };
    let at = |message: &str| vec![(message.to_owned(), "t.yaml:3".to_owned())];
    assert_eq!(refused("{Type: AWS::SNS::Topic, Properties: none}"), at("the properties of B are no map"));
    let without = "{Type: AWS::SNS::Topic, Properties: {TopicName: {'Fn::GetStackOutput': {StackName: a}}}}";
    assert_eq!(refused(without), at("Fn::GetStackOutput: takes a text as OutputName"));
    let of_list = "{Type: AWS::SNS::Topic, Properties: {TopicName: {'Fn::ImportValue': [a]}}}";
    assert_eq!(refused(of_list), at("Fn::ImportValue: takes the name of an export"));
    let extension = "{Type: AWS::SNS::Topic, Properties: {TopicName: {'Fn::ToJsonString': {a: 1}}}}";
    assert_eq!(refused(extension), at("Fn::ToJsonString needs the transform AWS::LanguageExtensions"));
    let looped = "{Type: AWS::SNS::Topic}\n  'Fn::ForEach::T': [N, [C], {'${N}': {Type: AWS::SNS::Topic}}]";
    let needs = "Fn::ForEach::T needs the transform AWS::LanguageExtensions".to_owned();
    assert_eq!(refused(looped), [(needs, "t.yaml:4".to_owned())]);
    let named = "{Type: AWS::SNS::Topic}\n  C_1: {Type: AWS::SNS::Topic}";
    let letters = "the logical id C_1 holds more than letters and digits".to_owned();
    assert_eq!(refused(named), [(letters, "t.yaml:4".to_owned())]);
    let unknown = "{Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Absent}}";
    assert_eq!(refused(unknown), at("Absent is not declared in this template"));
    let twice = "{Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Absent, DisplayName: !Ref Absent}}";
    assert_eq!(refused(twice), at("Absent is not declared in this template"));
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

#[test]
fn resources_of_cdk_applications_name_their_construct() {
    let template = r#"{"Resources": {
  "Lb1": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Metadata": {"aws:cdk:path": "Shop/Lb/Resource"}},
  "Topic2": {"Type": "AWS::SNS::Topic"},
  "CDKMetadata": {"Type": "AWS::CDK::Metadata"}
}}"#;
    let manifest = r#"{"artifacts": {"Shop": {"environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "Shop.template.json"}, "metadata": {
  "/Shop/Lb/Resource": [{"type": "aws:cdk:logicalId", "data": "Lb1", "trace": [
    "new Lb (/app/node_modules/aws-cdk-lib/lb.js:1:2)", "new Shop (/app/lib/shop.ts:12:5)"]}],
  "/Shop/Topic/Resource": [{"type": "aws:cdk:logicalId", "data": "Topic2"}]}}}}"#;
    let files = [("cdk.out/Shop.template.json", template), ("cdk.out/manifest.json", manifest)];
    let (_, stacks) = run(&files, &Options::default());
    let lb = resource(&stacks[0], "Lb1").construct.clone().unwrap();
    assert_eq!((&*lb.path, lb.made_at.as_deref()), ("Shop/Lb/Resource", Some("/app/lib/shop.ts:12:5")));
    let topic = resource(&stacks[0], "Topic2").construct.clone().unwrap();
    assert_eq!((&*topic.path, topic.made_at), ("Shop/Topic/Resource", None));
    assert_eq!(resource(&stacks[0], "Topic2").account.as_deref(), Some("111122223333"));
}

#[test]
fn pieces_have_their_own_spans() {
    let text = "Parameters: {P: {Type: String}}
Resources: {R: {Type: AWS::SSM::Parameter, Properties: {Value: !Sub 'http://${P}/x'}}}";
    let (sources, stacks) = run(&[("t.yaml", text)], &Options::default());
    let value = resource(&stacks[0], "R").get("Value").unwrap();
    let crate::value::Kind::Template(parts) = &value.kind else { panic!("{value:?}") };
    assert_eq!(sources.snippet(parts[0].span()), "http://");
    assert_eq!(sources.snippet(parts[1].origin.used_at()), "${P}");
    assert_eq!(sources.snippet(parts[2].span()), "/x");
}

#[test]
fn depth_does_not_overflow_the_stack() {
    let deep = format!("{}1{}", "{\"Fn::Join\": [\"\", [".repeat(10_000), "]]}".repeat(10_000));
    let text = format!(
        "{{\"Resources\": {{\"R\": {{\"Type\": \"AWS::SNS::Topic\", \"Properties\": {{\"A\": {deep}, \"B\": 2}}}}}}}}"
    );
    let stack = only(&text);
    assert_eq!(shown(&stack, "R", "B"), json!(2));
    assert!(!stack.problems.is_empty());
}

#[test]
fn other_files_are_silent() {
    let (_, stacks) = run(
        &[
            ("a.yaml", "kind: Deployment\nspec: {Resources: 'x::y'}"),
            ("b.json", "{\"Resources\": {\"a\": {\"Type\": \"object\"}}, \"note\": \"a::b\"}"),
            ("c.yaml", "a: [\n  Resources ::"),
        ],
        &Options::default(),
    );
    assert!(stacks.is_empty());
}
