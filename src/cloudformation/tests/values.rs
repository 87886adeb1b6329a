//! Values through intrinsic functions, parameters, mappings and conditions.

use super::*;

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
fn numbers_keep_their_point() {
    assert_eq!(value_of("2.0").to_string(), "2.0");
    assert_eq!(value_of("1.50").to_string(), "1.5");
    assert_eq!(value_of("!Join ['-', [2.0, 3]]"), json!("2.0-3"));
    assert_eq!(value_of("!ToJsonString {v: 2.0}"), json!("{\"v\":2.0}"));
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
fn hidden_values_are_told_apart_and_not_said() {
    let template = r#"
Parameters:
  Open: {Type: String}
  First: {Type: String, NoEcho: true, Default: hunter2}
  Second: {Type: String, NoEcho: true, Default: rosebud}
Conditions:
  IsFirst: !Equals [!Ref Open, !Ref First]
  IsSecond: !Equals [!Ref Open, !Ref Second]
  IsPart: !Equals [!Sub "${Open}-${First}", !Sub "${Open}-${Second}"]
Resources:
  A: {Type: "A::B::C", Condition: IsFirst}
  B: {Type: "A::B::C", Condition: IsSecond}
  C: {Type: "A::B::C", Condition: IsPart}
"#;
    let stack = only(template);
    let when = |address: &str| resource(&stack, address).exists.when().unwrap().clone();
    assert!(when("A").compatible(&when("B").negated()), "secrets of one length are no one secret");
    let text = format!("{:?} {:?} {:?}", when("A"), when("B"), when("C"));
    assert!(!text.contains("hunter2") && !text.contains("rosebud"), "{text}");
}

#[test]
fn an_empty_list_of_identifiers_has_to_be_given() {
    let text = "Parameters: {Subnets: {Type: 'List<AWS::EC2::Subnet::Id>', Default: ''}}
Resources:
  R: {Type: AWS::SSM::Parameter, Properties: {Value: !Select [1, !Ref Subnets]}}
";
    let stack = only(text);
    assert!(stack.problems.is_empty(), "{:?}", stack.problems);
    assert_eq!(
        shown(&stack, "R", "Value"),
        json!({"$unknown": "Subnets in Fn::Select of 1, Subnets has no value here"})
    );
}
