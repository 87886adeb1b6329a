//! Templates that are broken, hostile, or none.

use super::*;

#[test]
fn what_is_not_echoed_is_not_shown() {
    let stack = only(
        "Parameters: {Secret: {Type: String, NoEcho: true, Default: hunter2}}
Mappings: {M: {k: {a: b}}}
Resources:
  R:
    Type: AWS::SSM::Parameter
    Properties:
      A: !Ref Secret
      B: !Sub 'x-${Secret}'
      C: !Join [!Ref Secret, [a, b]]
      D: !FindInMap [M, !Ref Secret, a]
",
    );
    for property in ["A", "B", "C", "D"] {
        assert!(!shown(&stack, "R", property).to_string().contains("hunter2"), "{property}");
    }
    assert!(!format!("{:?}", stack.problems).contains("hunter2"));
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
    let of_a_module =
        "{Type: AWS::SNS::Topic, Properties: {TopicName: !Ref MTopic}}\n  M: {Type: My::Own::Kind::MODULE}";
    let others = refused(of_a_module);
    assert!(others.iter().all(|(message, _)| !message.contains("not declared")), "{others:?}");
    let twice = "{Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Absent, DisplayName: !Ref Absent}}";
    assert_eq!(refused(twice), at("Absent is not declared in this template"));
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
