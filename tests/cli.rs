//! The command as a user meets it: messages, exit codes, formats, hostile input.
#![cfg(test)]

use serde_json::Value as Json;
use std::path::Path;
use std::process::{Command, Output};

const INSTANCE_BEHIND_BALANCER: &str = r#"
resource "aws_lb" "web" {}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_lb_target_group" "web" {
  protocol = "HTTP"
  port     = 80
}
resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web.id
}
resource "aws_instance" "web" {}
"#;

fn project(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    directory
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_e2e-lint")).args(arguments).current_dir(directory).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn report(output: &Output) -> Json {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

#[test]
fn a_directory_without_code_is_nothing_to_check() {
    let directory = project(&[("README.md", b"hello")]);
    let output = run(directory.path(), &[]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("nothing to check"));
    assert_eq!(code(&run(directory.path(), &["--allow-empty"])), 0);
}

#[test]
fn a_path_that_does_not_exist_is_said_so() {
    let directory = project(&[]);
    let output = run(directory.path(), &["infra"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("infra"));
}

#[test]
fn an_unknown_flag_and_an_unknown_rule_are_refused() {
    let directory = project(&[("main.tf", b"")]);
    assert_eq!(code(&run(directory.path(), &["--nonsense"])), 2);
    let output = run(directory.path(), &["--only", "plaintext"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("plaintext-hop"), "the rules are named");
    assert_eq!(code(&run(directory.path(), &["explain", "plaintext"])), 2);
    let output = run(directory.path(), &["--region", "eu-west-1", "paths", "."]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("the command paths has to stand before its options"), "{}", stderr(&output));
}

#[test]
fn findings_give_exit_code_1_and_fail_on_moves_the_bar() {
    let directory = project(&[("main.tf", INSTANCE_BEHIND_BALANCER.as_bytes())]);
    let output = run(directory.path(), &[]);
    assert_eq!(code(&output), 1);
    let text = stdout(&output);
    assert!(text.contains("error[plaintext-hop]"), "{text}");
    assert!(text.contains("main.tf:13"), "{text}");
    let encrypted = INSTANCE_BEHIND_BALANCER.replace("protocol = \"HTTP\"", "protocol = \"HTTPS\"");
    let directory = project(&[("main.tf", encrypted.as_bytes())]);
    assert_eq!(code(&run(directory.path(), &[])), 0);
    assert_eq!(code(&run(directory.path(), &["--fail-on", "warning"])), 1, "the default policy accepts TLS 1.0");
}

#[test]
fn a_broken_file_loses_only_what_is_broken() {
    let broken = format!("{INSTANCE_BEHIND_BALANCER}\nresource \"aws_vpc\" \"x\" {{\n  cidr_block = = \n}}\n");
    let directory = project(&[("main.tf", broken.as_bytes())]);
    let output = run(directory.path(), &["--format", "json"]);
    let report = report(&output);
    assert_eq!(code(&output), 1);
    assert_eq!(report["problems"][0]["severity"], "error");
    assert!(report["problems"][0]["location"]["start"]["line"].as_u64().unwrap() >= 21);
    assert!(report["findings"].to_string().contains("plaintext-hop"));
}

#[test]
fn a_file_that_is_not_utf_8_is_a_problem_and_the_rest_is_checked() {
    let directory = project(&[
        ("main.tf", INSTANCE_BEHIND_BALANCER.as_bytes()),
        ("latin.tf", b"# caf\xe9\nlocals {\n  a = \"caf\xe9\"\n}\n"),
    ]);
    let output = run(directory.path(), &["--format", "json"]);
    let report = report(&output);
    assert!(report["problems"].to_string().contains("UTF-8"), "{}", report["problems"]);
    assert_eq!(code(&output), 1);
}

#[test]
fn an_unknown_key_of_the_claims_file_is_shown_in_place() {
    let claims = "version: 1\nclaims:\n  - name: a\n    promise: end-to-end\n    from: internet\n    to: [x]\n    mayread: [y]\n";
    let directory = project(&[("main.tf", INSTANCE_BEHIND_BALANCER.as_bytes()), ("e2e-lint.yaml", claims.as_bytes())]);
    let output = run(directory.path(), &[]);
    assert_eq!(code(&output), 2);
    assert!(stdout(&output).contains("mayread"), "{}", stdout(&output));
    assert!(stdout(&output).contains("e2e-lint.yaml:7"), "{}", stdout(&output));
}

#[test]
fn a_claim_on_an_address_that_does_not_exist_is_an_error_with_a_suggestion() {
    let claims = "version: 1\nclaims:\n  - {name: a, promise: end-to-end, from: internet, to: [aws_instance.wep]}\n";
    let directory = project(&[("main.tf", INSTANCE_BEHIND_BALANCER.as_bytes()), ("e2e-lint.yaml", claims.as_bytes())]);
    let output = run(directory.path(), &["--format", "json", "--only", "claim-without-path"]);
    let report = report(&output);
    assert_eq!(code(&output), 1);
    assert_eq!(report["claims"][1]["verdict"], "no-path");
    assert!(report["findings"][0]["help"].as_str().unwrap().contains("aws_instance.web"));
}

#[test]
fn the_report_is_valid_against_its_own_schema() {
    let directory = project(&[("main.tf", INSTANCE_BEHIND_BALANCER.as_bytes())]);
    let schema = report(&run(directory.path(), &["schema", "report"]));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for (place, path) in
        [(directory.path(), "."), (root.as_path(), "twins"), (root.as_path(), "scenarios"), (root.as_path(), "shop")]
    {
        let report = report(&run(place, &["--format", "json", path]));
        let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
}

#[test]
fn the_claims_files_in_testdata_fit_the_published_schema() {
    let directory = project(&[]);
    let schema = report(&run(directory.path(), &["schema", "config"]));
    assert!(schema.to_string().contains("may-read"));
    assert!(jsonschema::validator_for(&schema).is_ok());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for format in ["json", "human"] {
        let first = run(&root, &["--format", format, "twins", "scenarios"]);
        let second = run(&root, &["--format", format, "twins", "scenarios"]);
        assert!(first.stdout == second.stdout, "{format}");
    }
}

#[test]
fn every_rule_is_explained_by_its_page() {
    let directory = project(&[]);
    for rule in e2e_lint::rules::RULES {
        let output = run(directory.path(), &["explain", rule.name]);
        assert_eq!(code(&output), 0);
        assert_eq!(stdout(&output), rule.page);
    }
    assert!(stdout(&run(directory.path(), &["explain"])).contains("unverified-upstream"));
}

#[test]
fn nothing_outside_the_working_directory_is_read() {
    let outer = project(&[
        ("secret.txt", b"hunter2" as &[u8]),
        ("modules/m/main.tf", b"resource \"aws_instance\" \"beyond\" {}\n"),
        ("work/main.tf", b"locals { s = file(\"../secret.txt\") }\nresource \"aws_instance\" \"a\" { user_data = local.s }\nmodule \"m\" { source = \"../modules/m\" }\n"),
    ]);
    let output = run(&outer.path().join("work"), &["resources", "--format", "json"]);
    assert!(!stdout(&output).contains("hunter2"));
    assert!(!stdout(&output).contains("beyond"));
    assert!(!stderr(&output).contains("hunter2"));
}

#[test]
fn secrets_and_control_characters_do_not_reach_the_output() {
    let text = INSTANCE_BEHIND_BALANCER.replace(
        "  protocol = \"HTTP\"\n",
        "  name = \"a\u{1b}[31m\"\n  db_password = \"hunter2\"\n  protocol = \"HTTP\"\n",
    );
    let directory = project(&[("main.tf", text.as_bytes())]);
    let text = stdout(&run(directory.path(), &[]));
    assert!(!text.contains('\u{1b}'));
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn resources_show_values_references_and_unknowns() {
    let text = "variable \"p\" {}\nresource \"aws_lb\" \"a\" { name = \"x\" }\nresource \"aws_lb_listener\" \"l\" {\n  load_balancer_arn = aws_lb.a.arn\n  protocol = var.p\n}\n";
    let directory = project(&[("main.tf", text.as_bytes())]);
    let output = run(directory.path(), &["resources", "--format", "json"]);
    let json = report(&output);
    let listener =
        json["resources"].as_array().unwrap().iter().find(|row| row["address"] == "aws_lb_listener.l").unwrap();
    assert_eq!(listener["values"]["load_balancer_arn"]["$ref"], "aws_lb.a.arn");
    assert!(listener["values"]["protocol"]["$unknown"].as_str().unwrap().contains("var.p"));
}

#[test]
fn resources_of_a_root_module_leaves_its_subdirectories_out() {
    let code = b"resource \"aws_lb\" \"web\" {}";
    let directory = project(&[("infra/main.tf", code), ("infra/other/main.tf", code), ("apps/a/main.tf", code)]);
    let count = |path: &str| {
        let output = run(directory.path(), &["resources", "--format", "json", path]);
        report(&output)["resources"].as_array().unwrap().len()
    };
    assert_eq!((count("infra"), count("infra/"), count("infra/other"), count("apps"), count(".")), (1, 1, 1, 1, 3));
}

#[test]
fn a_way_leads_from_one_root_into_another() {
    let network = br#"
resource "aws_lb" "web" {}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_lb_target_group" "web" {
  protocol = "HTTP"
  port     = 80
}
output "group" {
  value = aws_lb_target_group.web.arn
}
"#;
    let app = br#"
data "terraform_remote_state" "network" {
  backend = "local"
  config  = { path = "../network/terraform.tfstate" }
}
resource "aws_instance" "app" {}
resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = data.terraform_remote_state.network.outputs.group
  target_id        = aws_instance.app.id
}
"#;
    let directory = project(&[("network/main.tf", network), ("app/main.tf", app)]);
    let report = report(&run(directory.path(), &["--format", "json"]));
    let findings = report["findings"].to_string();
    assert!(findings.contains("traffic from aws_lb.web to aws_instance.app is not encrypted"), "{findings}");
}

/// An API that calls a balancer over HTTP for two methods; the balancer passes the bytes on.
const CLEAR_BEHIND_AN_API: &str = "
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: api}}
  Link: {Type: AWS::ApiGateway::VpcLink, Properties: {Name: link, TargetArns: [!Ref Balancer]}}
  Read:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: HTTP_PROXY
        IntegrationHttpMethod: GET
        ConnectionType: VPC_LINK
        ConnectionId: !Ref Link
        Uri: !Sub http://${Balancer.DNSName}/orders
  Write:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: HTTP_PROXY
        IntegrationHttpMethod: POST
        ConnectionType: VPC_LINK
        ConnectionId: !Ref Link
        Uri: !Sub http://${Balancer.DNSName}/orders
  Deployment: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: prod}}
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: network, Scheme: internal, Subnets: [subnet-0a1b2c3d]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: TCP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Port: 8080, Protocol: TCP, VpcId: vpc-0a1b2c3d, Targets: [{Id: !Ref Server}]}
  Server: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a1b2c3d, SubnetId: subnet-0a1b2c3d}}
";

#[test]
fn what_one_sender_sends_in_the_clear_is_one_finding() {
    let directory = project(&[("template.yaml", CLEAR_BEHIND_AN_API.as_bytes())]);
    let report = report(&run(directory.path(), &["--format", "json"]));
    let findings = report["findings"].as_array().unwrap().iter();
    let plaintext: Vec<_> = findings.filter(|finding| finding["rule"] == "plaintext-hop").collect();
    assert_eq!(plaintext.len(), 1, "{plaintext:?}");
    assert_eq!(plaintext[0]["message"], "traffic from Api to Balancer is not encrypted");
    let related = plaintext[0]["related"].to_string();
    assert!(related.contains("API Gateway sends the request in the clear"), "{related}");
    assert!(related.contains("passed on to Server as it came"), "{related}");
}

#[test]
fn many_notes_on_reading_are_listed_and_few_are_shown() {
    let template = |number: usize| {
        let nested = |number| {
            let url = format!("https://s3.amazonaws.com/shop/{number}.yaml");
            format!("  N{number}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{url}'}}}}\n")
        };
        format!("Resources:\n{}", (0..number).map(nested).collect::<String>())
    };
    let output = |number: usize| {
        let directory = project(&[("main.yaml", template(number).as_bytes())]);
        stdout(&run(directory.path(), &["."]))
    };
    let few = output(2);
    assert!(few.contains("note: the template of N1 is not on disk") && few.contains("main.yaml:3:"), "{few}");
    let many = output(25);
    assert!(many.contains("  note: the template of N0 is not on disk  (main.yaml:2)\n"), "{many}");
    assert!(many.contains("... and 5 more notes") && !many.contains("TemplateURL"), "{many}");
}

#[test]
fn a_place_of_many_lines_is_shown_by_its_first() {
    let behaviours: String = (0..12).map(|number| format!("          Comment{number}: text\n")).collect();
    let template = format!(
        "Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{{Id: o, DomainName: example.com, CustomOriginConfig: {{OriginProtocolPolicy: https-only, \
         OriginSSLProtocols: [TLSv1.2]}}}}]
        DefaultCacheBehavior: {{TargetOriginId: o, ViewerProtocolPolicy: https-only}}
        Notes:
{behaviours}"
    );
    let directory = project(&[("site.yaml", template.as_bytes())]);
    let shown = stdout(&run(directory.path(), &["."]));
    assert!(shown.contains("ViewerCertificate is absent"), "{shown}");
    assert!(shown.contains("Enabled: true") && !shown.contains("Comment5"), "{shown}");
}

#[test]
fn what_exists_under_a_condition_is_called_under_it() {
    let template = "
Parameters: {Wanted: {Type: String}}
Conditions: {IsWanted: !Equals [!Ref Wanted, 'yes']}
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Condition: IsWanted
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: o, DomainName: www.example.com, CustomOriginConfig: {OriginProtocolPolicy: http-only}}]
        DefaultCacheBehavior: {TargetOriginId: o, ViewerProtocolPolicy: allow-all}
  Classic:
    Type: AWS::ElasticLoadBalancing::LoadBalancer
    Condition: IsWanted
    Properties:
      Scheme: internet-facing
      Listeners: [{LoadBalancerPort: '80', InstancePort: '80', Protocol: HTTP}]
      Instances: [!Ref Server]
  Server: {Type: AWS::EC2::Instance, Condition: IsWanted}
  Open:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: everybody
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}]
  Public:
    Type: AWS::EC2::Instance
    Condition: IsWanted
    Properties:
      NetworkInterfaces: [{DeviceIndex: '0', AssociatePublicIpAddress: true, GroupSet: [!Ref Open]}]
";
    let directory = project(&[("template.yaml", template.as_bytes())]);
    let report = report(&run(directory.path(), &["--format", "json"]));
    let hops = report["hops"].as_array().unwrap();
    assert!(hops.len() >= 5 && hops.iter().all(|hop| hop["when"] == "IsWanted"), "{hops:?}");
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["severity"] != "error"), "{findings:?}");
}
