//! Claims files as a project has them: environments, and a file for each part of a monorepo.
#![cfg(test)]

use serde_json::Value as Json;
use std::path::Path;
use std::process::{Command, Output};

/// A balancer whose servers speak the protocol of a variable.
const BALANCER: &str = r#"
variable "protocol" { type = string }
resource "aws_lb" "web" {}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:123456789012:certificate/a"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_lb_target_group" "web" {
  protocol = var.protocol
  port     = 8443
}
resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web.id
}
resource "aws_instance" "web" {}
"#;

const TEMPLATE: &str = "
Parameters:
  Protocol: {Type: String}
Resources:
  Lb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Lb
      Port: 443
      Protocol: HTTPS
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Protocol: !Ref Protocol, Port: 8443, Targets: [{Id: !Ref Server}]}
  Server: {Type: AWS::EC2::Instance}
";

const CLAIM: &str = "
version: 1
claims:
  - {name: web, promise: encrypted-in-transit, from: internet, to: aws_instance.web}
";

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_e2e-lint")).args(arguments).current_dir(directory).output().unwrap()
}

fn report(directory: &Path, arguments: &[&str]) -> Json {
    let output = run(directory, &[&["--format", "json"], arguments].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Environment, name and verdict of each declared claim.
fn verdicts(report: &Json) -> Vec<String> {
    let declared = report["claims"].as_array().unwrap().iter().filter(|claim| claim["declared"] == true);
    let text = |value: &Json| value.as_str().unwrap_or("-").to_owned();
    declared.map(|claim| ["environment", "name", "verdict"].map(|key| text(&claim[key])).join(" ")).collect()
}

fn messages(report: &Json, list: &str) -> String {
    let rows = report[list].as_array().unwrap().iter();
    rows.map(|row| format!("{}\n", row["message"].as_str().unwrap())).collect()
}

const TWO_ENVIRONMENTS: &str = "
environments:
  - {name: prod, root: infra, var-files: [env/prod.tfvars], region: eu-west-1}
  - {name: dev, root: infra, var-files: [env/dev.tfvars]}
";

fn two_environments(more: &str) -> tempfile::TempDir {
    project(&[
        ("infra/main.tf", BALANCER),
        ("env/prod.tfvars", "protocol = \"HTTPS\"\n"),
        ("env/dev.tfvars", "protocol = \"HTTP\"\n"),
        ("e2e-lint.yaml", &format!("{CLAIM}{TWO_ENVIRONMENTS}{more}")),
    ])
}

#[test]
fn each_environment_is_judged_with_its_own_variable_files() {
    let directory = two_environments("");
    let report = report(directory.path(), &["."]);
    assert_eq!(verdicts(&report), ["prod web holds", "dev web broken"]);
    let findings: Vec<_> = report["findings"].as_array().unwrap().iter().collect();
    let plaintext = findings.iter().find(|finding| finding["rule"] == "plaintext-hop").unwrap();
    assert_eq!(plaintext["environments"], serde_json::json!(["dev"]));
    assert!(plaintext["related"].to_string().contains("env/dev.tfvars"), "{plaintext}");
    let without = run(directory.path(), &["--config", "none.yaml"]);
    assert_eq!(without.status.code(), Some(2));
}

#[test]
fn nodes_and_hops_of_an_environment_refer_to_each_other() {
    let report = report(two_environments("").path(), &["."]);
    let nodes = report["nodes"].as_array().unwrap();
    for (index, node) in nodes.iter().enumerate() {
        assert_eq!(node["id"], index);
    }
    let environment = |id: &Json| nodes[usize::try_from(id.as_u64().unwrap()).unwrap()]["environment"].clone();
    for hop in report["hops"].as_array().unwrap() {
        assert_eq!(environment(&hop["from"]), environment(&hop["to"]));
    }
    let hops = report["hops"].as_array().unwrap();
    for path in report["paths"].as_array().unwrap() {
        for hop in path["hops"].as_array().unwrap() {
            let hop = &hops[usize::try_from(hop.as_u64().unwrap()).unwrap()];
            assert_eq!(environment(&hop["from"]), environment(&path["from"]));
        }
    }
}

#[test]
fn one_environment_can_be_picked_in_every_command() {
    let directory = two_environments("");
    assert_eq!(verdicts(&report(directory.path(), &["--environment", "prod", "."])), ["prod web holds"]);
    let shown = |arguments: &[&str]| String::from_utf8(run(directory.path(), arguments).stdout).unwrap();
    assert!(shown(&["resources", "--environment", "dev", "infra"]).contains("HTTP"));
    assert!(shown(&["paths", "--environment", "dev", "infra"]).contains("PLAINTEXT"));
    assert!(!shown(&["paths", "--environment", "prod", "infra"]).contains("PLAINTEXT"));
    assert!(shown(&["init", "--environment", "prod", "infra"]).contains("promise"));
    let unknown = run(directory.path(), &["--environment", "stage", "."]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("prod, dev"));
}

#[test]
fn what_is_the_same_in_all_environments_is_one_finding() {
    let insecure = BALANCER.replace("var.protocol", "\"HTTP\"");
    let directory = project(&[
        ("main.tf", &insecure),
        ("e2e-lint.yaml", &format!("{CLAIM}environments: [{{name: a}}, {{name: b}}]\n")),
    ]);
    let report = report(directory.path(), &["."]);
    let hops: Vec<_> =
        report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == "plaintext-hop").collect();
    assert_eq!(hops.len(), 1);
    assert_eq!(hops[0]["environments"], serde_json::json!(["a", "b"]));
}

#[test]
fn a_claim_may_be_made_in_some_environments_only() {
    let claim = "
claims:
  - {name: web, promise: encrypted-in-transit, from: internet, to: aws_instance.web, environments: [prod]}
version: 1
";
    let text = format!("{claim}{TWO_ENVIRONMENTS}");
    let directory = two_environments("");
    std::fs::write(directory.path().join("e2e-lint.yaml"), &text).unwrap();
    assert_eq!(verdicts(&report(directory.path(), &["."])), ["prod web holds"]);
    std::fs::write(directory.path().join("e2e-lint.yaml"), text.replace("[prod]", "[live]")).unwrap();
    let output = run(directory.path(), &["--format", "json", "."]);
    assert_eq!(output.status.code(), Some(2));
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert!(messages(&report, "problems").contains("live, which is no environment"));
}

#[test]
fn a_template_gets_its_parameters_by_environment() {
    let claim = CLAIM.replace("aws_instance.web", "Server");
    let directory = project(&[
        ("cfn/stack.yaml", TEMPLATE),
        ("cfn/prod.json", r#"{"Protocol": "HTTPS"}"#),
        ("cfn/dev.json", r#"[{"ParameterKey": "Protocol", "ParameterValue": "HTTP"}]"#),
        (
            "cfn/e2e-lint.yaml",
            &format!(
                "{claim}environments:\n  - {{name: prod, root: stack.yaml, parameters: prod.json}}\n  - {{name: dev, parameters: dev.json}}\n"
            ),
        ),
    ]);
    assert_eq!(verdicts(&report(directory.path(), &["."])), ["prod web holds", "dev web broken"]);
}

#[test]
fn an_environment_speaks_of_its_root_alone() {
    let directory = project(&[
        ("a/main.tf", BALANCER),
        ("b/main.tf", BALANCER),
        ("env/a.tfvars", "protocol = \"HTTPS\"\n"),
        ("env/b.tfvars", "protocol = \"HTTP\"\n"),
        (
            "e2e-lint.yaml",
            "
version: 1
claims:
  - {name: a, promise: encrypted-in-transit, from: internet, to: a//aws_instance.web}
  - {name: b, promise: encrypted-in-transit, from: internet, to: b//aws_instance.web}
environments:
  - {name: prod, root: a, var-files: [env/a.tfvars]}
  - {name: prod, root: b, var-files: [env/b.tfvars]}
  - {name: prod, root: c}
",
        ),
    ]);
    let report = report(directory.path(), &["."]);
    assert_eq!(verdicts(&report), ["prod a holds", "prod b broken"]);
    assert!(messages(&report, "problems").contains("no root module or template lies at or below `c`"));
}

#[test]
fn a_variable_file_that_is_not_there_is_a_problem() {
    let directory = two_environments("");
    std::fs::remove_file(directory.path().join("env/prod.tfvars")).unwrap();
    let report = report(directory.path(), &["."]);
    assert_eq!(verdicts(&report), ["prod web unproven", "dev web broken"]);
    assert!(messages(&report, "problems").contains("env/prod.tfvars"));
}

#[test]
fn a_variable_file_outside_the_project_is_not_read() {
    let directory = project(&[
        ("outside.tfvars", "protocol = \"HTTPS\"\n"),
        ("project/main.tf", BALANCER),
        (
            "project/e2e-lint.yaml",
            &format!("{CLAIM}environments:\n  - {{name: prod, var-files: [../outside.tfvars]}}\n"),
        ),
    ]);
    assert_eq!(verdicts(&report(&directory.path().join("project"), &["."])), ["prod web unproven"]);
}

/// Two parts of a monorepo with claims of the same name, and a file above both.
fn monorepo() -> tempfile::TempDir {
    project(&[
        ("shop/main.tf", &BALANCER.replace("var.protocol", "\"HTTPS\"")),
        ("bank/main.tf", &BALANCER.replace("var.protocol", "\"HTTP\"")),
        ("shop/e2e-lint.yaml", CLAIM),
        (
            "bank/e2e-lint.yaml",
            &format!("{CLAIM}ignore:\n  - {{rule: plaintext-hop, address: \"*\", because: known}}\ndocs: [\"*.md\"]\n"),
        ),
        ("bank/README.md", "Traffic is encrypted in transit. <!-- e2e-lint: claim web -->\n"),
        (
            "e2e-lint.yaml",
            "version: 1\nclaims:\n  - {name: all, promise: encrypted-in-transit, from: internet, to: aws_instance.web}\n",
        ),
    ])
}

#[test]
fn a_claims_file_speaks_of_what_lies_below_it() {
    let directory = monorepo();
    let report = report(directory.path(), &["."]);
    assert_eq!(verdicts(&report), ["- all broken", "- web broken", "- shop/web holds"]);
    let accepted: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "plaintext-hop")
        .map(|finding| (finding["location"]["file"].as_str().unwrap(), finding["suppressed"].is_string()))
        .collect();
    assert_eq!(accepted, [("bank/main.tf", true)]);
    assert!(messages(&report, "findings").contains("its claim web is broken"), "{}", messages(&report, "findings"));
}

#[test]
fn linting_a_part_takes_the_nearest_file_and_those_below() {
    let directory = monorepo();
    assert_eq!(verdicts(&report(directory.path(), &["shop"])), ["- web holds"]);
    std::fs::remove_file(directory.path().join("shop/e2e-lint.yaml")).unwrap();
    assert_eq!(verdicts(&report(directory.path(), &["shop"])), ["- all holds"]);
    assert_eq!(verdicts(&report(directory.path(), &["--config", "bank/e2e-lint.yaml", "shop"])), ["- web holds"]);
}

#[test]
fn a_path_may_be_given_in_any_spelling() {
    let directory = monorepo();
    let real = directory.path().canonicalize().unwrap();
    let around = format!("../{}/shop", real.file_name().unwrap().to_str().unwrap());
    for path in [around.as_str(), real.join("shop").to_str().unwrap(), "./bank/../shop"] {
        assert_eq!(verdicts(&report(directory.path(), &[path])), ["- web holds"], "{path}");
    }
}

#[test]
fn an_ignore_reaches_the_modules_that_only_its_code_calls() {
    let module = BALANCER.replace("variable \"protocol\" { type = string }", "").replace("var.protocol", "\"HTTP\"");
    let call = "module \"lb\" {\n  source = \"../modules/lb\"\n}\n";
    let ignore = "version: 1\nignore:\n  - {rule: plaintext-hop, address: \"module.lb.*\", because: known}\n";
    let mut files = vec![("modules/lb/main.tf", module.as_str()), ("app/main.tf", call), ("app/e2e-lint.yaml", ignore)];
    let silenced = |files: &[(&str, &str)]| {
        let report = report(project(files).path(), &["."]);
        let findings = report["findings"].as_array().unwrap().clone();
        let hop = findings.iter().find(|finding| finding["rule"] == "plaintext-hop").unwrap();
        hop["suppressed"].is_string()
    };
    assert!(silenced(&files));
    files.push(("other/main.tf", call));
    assert!(!silenced(&files), "another root has the same finding");
}

#[test]
fn a_claim_in_the_code_may_stand_at_what_one_environment_leaves_out() {
    let code = BALANCER.replace("var.protocol", "\"HTTPS\"").replace("aws_instance.web.id", "one(aws_instance.web[*].id)").replace(
        "resource \"aws_instance\" \"web\" {",
        "variable \"servers\" {}\n# e2e-lint: claim encrypted-in-transit from internet\nresource \"aws_instance\" \"web\" {\n  count = var.servers\n",
    );
    let claims = "version: 1
environments:
  - {name: prod, var-files: [prod.tfvars]}
  - {name: dev, var-files: [dev.tfvars]}
";
    let files = [("main.tf", code.as_str()), ("prod.tfvars", "servers = 1\n"), ("dev.tfvars", "servers = 0\n")];
    let directory = project(&[files.as_slice(), &[("e2e-lint.yaml", claims)]].concat());
    let report = report(directory.path(), &["."]);
    assert_eq!(messages(&report, "problems"), "");
    assert_eq!(verdicts(&report).len(), 1, "{:?}", verdicts(&report));
}

#[test]
fn one_template_takes_its_nested_ones_from_the_template_directory() {
    let root = "Resources:
  Web: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://bucket.s3.amazonaws.com/web.yaml'}}
";
    let web = "Resources: {App: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1}}}\n";
    let directory = project(&[("live/root.yaml", root), ("published/web.yaml", web), ("published/other.yaml", web)]);
    let directories =
        ["published".to_owned(), directory.path().canonicalize().unwrap().join("published").display().to_string()];
    for published in &directories {
        let report = report(directory.path(), &["live/root.yaml", "--template-dir", published]);
        assert_eq!(messages(&report, "problems"), "", "{published}");
        assert_eq!(report["stacks"].as_array().unwrap().len(), 1, "what is only offered is not linted");
        assert_eq!(report["stacks"][0]["resources"], 2);
    }
}

#[test]
fn what_is_only_offered_calls_nothing() {
    let nested = |path: &str| {
        format!(
            "Resources: {{N: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: 'https://b.s3.amazonaws.com/t/{path}'}}}}}}\n"
        )
    };
    let leaf = "Resources: {App: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1}}}\n";
    let files =
        [("t/root.yaml", nested("mid.yaml")), ("t/mid.yaml", nested("leaf.yaml")), ("t/leaf.yaml", leaf.to_owned())];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let directory = project(&files);
    let report = report(directory.path(), &["t/mid.yaml", "--template-dir", "t"]);
    assert_eq!(report["stacks"].as_array().unwrap().len(), 1);
    assert_eq!(report["stacks"][0]["resources"], 2);
}

#[test]
fn a_stack_with_a_name_exports_by_that_name() {
    let network = "Resources:
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Scheme: internet-facing, Subnets: [subnet-1]}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {LoadBalancerArn: !Ref Balancer, Port: 443, Protocol: HTTPS, DefaultActions: [{Type: fixed-response}]}
Outputs: {Listener: {Value: !Ref Listener, Export: {Name: !Sub '${AWS::StackName}-listener'}}}
";
    let service = "Parameters: {Network: {Type: String}}
Resources:
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: {'Fn::ImportValue': !Sub '${Network}-listener'}
      Actions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, Targets: [{Id: !Ref App}]}}
  App: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1}}
";
    let claims = "version: 1
environments:
  - {name: known, root: network.yaml, stack-name: live-network}
  - {name: known, root: service.yaml, parameters: live.json}
  - {name: open}
claims:
  - {name: app, promise: encrypted-in-transit, from: internet, to: App}
";
    let directory = project(&[
        ("network.yaml", network),
        ("service.yaml", service),
        ("live.json", "{\"Network\": \"live-network\"}"),
        ("e2e-lint.yaml", claims),
    ]);
    assert_eq!(verdicts(&report(directory.path(), &["."])), ["known app broken", "open app unproven"]);
}

#[test]
fn a_group_stands_for_its_addresses() {
    let claims = "
version: 1
groups:
  - {name: servers, of: [aws_instance.web, \"aws_instance.w*\"]}
claims:
  - {name: web, promise: encrypted-in-transit, from: internet, to: \"group:servers\"}
";
    let directory = project(&[("main.tf", &BALANCER.replace("var.protocol", "\"HTTPS\"")), ("e2e-lint.yaml", claims)]);
    assert_eq!(verdicts(&report(directory.path(), &["."])), ["- web holds"]);
    std::fs::write(directory.path().join("e2e-lint.yaml"), claims.replace("group:servers", "group:server")).unwrap();
    let output = run(directory.path(), &["--format", "json", "."]);
    assert_eq!(output.status.code(), Some(2));
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert!(messages(&report, "problems").contains("there is no group named server"));
}

/// One half of the code runs in an account of its own.
#[test]
fn an_account_is_a_boundary() {
    let providers = "
provider \"aws\" {
  assume_role {
    role_arn = \"arn:aws:iam::111122223333:role/deploy\"
  }
}
provider \"aws\" {
  alias               = \"edge\"
  allowed_account_ids = [\"444455556666\"]
}
";
    let code = BALANCER.replace("var.protocol", "\"HTTP\"");
    let claims = |to: &str| {
        format!("version: 1\nclaims:\n  - {{name: web, promise: end-to-end, from: internet, to: \"{to}\"}}\n")
    };
    let judged = |code: &str, to: &str| {
        let directory = project(&[("main.tf", code), ("providers.tf", providers), ("e2e-lint.yaml", &claims(to))]);
        verdicts(&report(directory.path(), &["."]))
    };
    // The balancer is a part of the account, and so of the end.
    assert_eq!(judged(&code, "account:111122223333"), ["- web holds"]);
    assert_eq!(judged(&code, "aws_instance.web"), ["- web broken"]);
    let elsewhere =
        code.replace("resource \"aws_lb\" \"web\" {}", "resource \"aws_lb\" \"web\" {\n  provider = aws.edge\n}");
    assert_eq!(judged(&elsewhere, "account:111122223333"), ["- web broken"]);
    assert_eq!(judged(&code, "account:999999999999"), ["- web no-path"]);
}

/// A claim of which end B is an account, judged with these provider configurations before the code.
fn judged_within(account: &str, providers: &str, code: &str) -> Vec<String> {
    let claims = format!(
        "version: 1\nclaims:\n  - {{name: web, promise: end-to-end, from: internet, to: \"account:{account}\"}}\n"
    );
    let directory = project(&[("main.tf", code), ("providers.tf", providers), ("e2e-lint.yaml", &claims)]);
    verdicts(&report(directory.path(), &["."]))
}

#[test]
fn roles_are_assumed_one_after_another() {
    let code = BALANCER.replace("var.protocol", "\"HTTP\"");
    let role = |account: &str| format!("  assume_role {{\n    role_arn = \"arn:aws:iam::{account}:role/r\"\n  }}\n");
    let provider = |roles: &str| format!("provider \"aws\" {{\n{roles}}}\n");
    let chained = provider(&format!("{}{}", role("111111111111"), role("222222222222")));
    assert_eq!(judged_within("111111111111", &chained, &code), ["- web no-path"]);
    assert_eq!(judged_within("222222222222", &chained, &code), ["- web holds"]);
    let made = "  dynamic \"assume_role\" {
    for_each = var.spoke == null ? [] : [var.spoke]
    content {
      role_arn = assume_role.value
    }
  }
";
    let made = format!("{}variable \"spoke\" {{}}\n", provider(&format!("{}{made}", role("111111111111"))));
    assert_eq!(judged_within("111111111111", &made, &code), ["- web no-path"]);
}

#[test]
fn another_vendor_is_in_no_account() {
    let code = format!(
        "{}{}",
        BALANCER.replace("var.protocol", "\"HTTP\""),
        "
resource \"cloudflare_record\" \"site\" {
  zone_id = \"z\"
  name    = \"www.example.com\"
  type    = \"CNAME\"
  proxied = true
  value   = aws_lb.web.dns_name
}
"
    );
    let provider = "provider \"aws\" {\n  allowed_account_ids = [\"111122223333\"]\n}\n";
    assert_eq!(judged_within("111122223333", provider, &code), ["- web broken"]);
}
