//! Nested stacks, exports, and templates that others have published.

use super::*;

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
    assert_eq!(shown(&stacks[1], "R", "B"), json!({"$ref": "a.yaml//T"}));
    assert!(shown(&stacks[1], "R", "C").get("$unknown").is_some());
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
    assert_eq!(offered("!If [Gov, !Ref Bucket, 's3://shop/net.yaml']"), "");
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
    let (message, help) = of("AWS::CloudFormation::Stack", "TemplateURL", "../../outside/queue.yaml");
    assert!(message.starts_with("the template ../outside/queue.yaml "), "{message}");
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
fn resources_in_a_circle_are_a_problem() {
    let template = |c: &str| {
        format!(
            "Conditions: {{Open: !Equals [!Ref 'AWS::Region', x]}}
Resources:
  A: {{Type: AWS::SSM::Parameter, Properties: {{Value: !GetAtt B.Arn}}}}
  B: {{Type: AWS::SSM::Parameter, Properties: {{Value: !Sub 'x-${{C}}'}}}}
  C: {{Type: AWS::SSM::Parameter{c}}}
  D: {{Type: AWS::SSM::Parameter, DependsOn: [A, B]}}
"
        )
    };
    let problems = |c: &str| {
        let (_, stacks) = run(&[("t.yaml", &template(c))], &Options::default());
        stacks[0].problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    let circle = ["A, which needs B, which needs C, which needs A: CloudFormation refuses such a circle"];
    assert_eq!(problems(", DependsOn: A"), circle);
    assert_eq!(problems(", Properties: {Value: !Ref A}"), circle);
    assert_eq!(problems(", Properties: {Value: !Ref C}"), ["C, which needs C: CloudFormation refuses such a circle"]);
    assert!(problems(", Properties: {Value: !If [Open, !Ref A, x]}").is_empty(), "one branch makes no circle");
    assert!(problems(", Properties: {Value: !Ref 'AWS::StackName'}").is_empty());
}

#[test]
fn what_is_included_takes_the_place_of_what_stands_beside_it() {
    let template = "Resources:
  R:
    Type: AWS::SSM::Parameter
    Properties:
      Value: own
      Tags: own
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}
";
    let files = [("t.yaml", template), ("part.yaml", "Value: included\n")];
    let (_, stacks) = run(&files, &Options::default());
    assert!(stacks[0].problems.is_empty(), "{:?}", stacks[0].problems);
    assert_eq!(shown(&stacks[0], "R", "Value"), json!("included"));
    assert_eq!(shown(&stacks[0], "R", "Tags"), json!("own"));
}
