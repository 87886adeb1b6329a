//! Input from strangers: bounded time, no panic, nothing read outside, and the rest of the workspace still judged.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const INNOCENT: &str = "resource \"aws_lb\" \"ok\" {}\nresource \"aws_lb_listener\" \"ok\" {\n  load_balancer_arn = aws_lb.ok.arn\n  \
                        protocol = \"HTTP\"\n  default_action {\n    type = \"forward\"\n    target_group_arn = aws_lb_target_group.ok.arn\n  }\n}\n\
                        resource \"aws_lb_target_group\" \"ok\" {\n  protocol = \"HTTP\"\n}\n\
                        resource \"aws_lb_target_group_attachment\" \"ok\" {\n  target_group_arn = aws_lb_target_group.ok.arn\n  target_id = aws_instance.ok.id\n}\n\
                        resource \"aws_instance\" \"ok\" {}\n";

fn project(files: &[(&str, String)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

fn lint(directory: &Path) -> (Output, Duration) {
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(["--format", "json", "."])
        .current_dir(directory)
        .output()
        .unwrap();
    (output, start.elapsed())
}

/// Lints the files beside an innocent root, which must be judged all the same.
fn survives(name: &str, files: &[(&str, String)]) -> Json {
    let mut all: Vec<(&str, String)> = files.to_vec();
    all.push(("innocent/main.tf", INNOCENT.to_owned()));
    let directory = project(&all);
    let (output, took) = lint(directory.path());
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{name}: {:?}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(took < Duration::from_secs(60), "{name}: took {took:?}");
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    let nodes = report["nodes"].to_string();
    assert!(nodes.contains("aws_instance.ok"), "{name}: the innocent root is judged");
    report
}

fn has_problem(report: &Json, name: &str) {
    let problems = report["problems"].as_array().unwrap();
    assert!(
        problems.iter().any(|problem| !problem["location"].is_null()),
        "{name}: a problem with a place: {problems:?}"
    );
}

#[test]
fn terraform_bombs_are_bounded() {
    let bombs = [
        ("count", "resource \"aws_instance\" \"a\" {\n  count = 1000000000\n}\n".to_owned()),
        ("range", "locals {\n  x = range(0, 1000000000000)\n}\nresource \"aws_instance\" \"a\" {\n  tags = { n = length(local.x) }\n}\n".to_owned()),
        (
            "product",
            "locals {\n  n = range(1000)\n  x = [for a in local.n : [for b in local.n : [for c in local.n : \"${a}${b}${c}\"]]]\n}\n\
             resource \"aws_instance\" \"a\" {\n  tags = local.x\n}\n"
                .to_owned(),
        ),
        (
            "doubling",
            format!(
                "locals {{\n  s0 = \"aaaaaaaaaaaaaaaa\"\n{}}}\nresource \"aws_instance\" \"a\" {{\n  user_data = local.s40\n}}\n",
                (1..=40).map(|n| format!("  s{n} = \"${{local.s{0}}}${{local.s{0}}}\"\n", n - 1)).collect::<String>()
            ),
        ),
        ("indent", "resource \"aws_instance\" \"a\" {\n  ami = indent(9007199254740993, \"a\")\n}\n".to_owned()),
        ("widths", format!("resource \"aws_instance\" \"a\" {{\n  ami = format(\"{}\")\n}}\n", "%1000000s".repeat(1000))),
        (
            "names",
            format!(
                "locals {{\n  l0 = [\"x\"]\n{}}}\nresource \"aws_instance\" \"a\" {{\n  ami  = length(jsonencode(local.l9))\n  tags = local.l9\n}}\n",
                (1..=9).map(|n| format!("  l{n} = [{}]\n", vec![format!("local.l{}", n - 1); 10].join(", "))).collect::<String>()
            ),
        ),
        (
            "aliases",
            format!(
                "resource \"aws_instance\" \"a\" {{\n  tags = yamldecode(\"a: &a [x]\\n{}\")\n}}\n",
                ('b'..='j').zip('a'..).map(|(n, inner)| format!("{n}: &{n} [{}]\\n", vec![format!("*{inner}"); 10].join(","))).collect::<String>()
            ),
        ),
        ("cycle", "locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_instance\" \"a\" {\n  ami = local.a\n}\n".to_owned()),
    ];
    for (name, text) in bombs {
        let report = survives(name, &[("bomb/main.tf", text)]);
        has_problem(&report, name);
    }
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{a=", "}"), ("\"${", "}\""), ("!", ""), ("f(", ")")] {
        let text = format!("locals {{\n  x = {}1{}\n}}\n", open.repeat(10_000), close.repeat(10_000));
        survives(open, &[("deep/main.tf", text)]);
    }
    let yaml = format!(
        "Resources:\n  A:\n    Type: AWS::EC2::Instance\n    Properties:\n      X: {}{}\n",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    survives("yaml", &[("deep.yaml", yaml)]);
    let json = format!(
        "{{\"Resources\": {{\"A\": {{\"Type\": \"AWS::EC2::Instance\", \"Properties\": {}1{}}}}}}}",
        "{\"a\":".repeat(10_000),
        "}".repeat(10_000)
    );
    survives("json", &[("deep.json", json)]);
    let join = "{\"Fn::Join\": [\"\", [\"a\", ".repeat(150) + "\"b\"" + &"]]}".repeat(150);
    survives(
        "join",
        &[(
            "join.json",
            format!(
                "{{\"Resources\": {{\"A\": {{\"Type\": \"AWS::EC2::Instance\", \"Properties\": {{\"X\": {join}}}}}}}}}"
            ),
        )],
    );
}

#[test]
fn modules_that_call_themselves_end() {
    let module = "module \"again\" {\n  source = \"./\"\n}\nmodule \"twice\" {\n  source = \"./\"\n}\nresource \"aws_instance\" \"a\" {}\n";
    survives("self", &[("self/main.tf", module.to_owned())]);
    let left = "module \"b\" {\n  source = \"../b\"\n}\n".to_owned();
    let right = "module \"a\" {\n  source = \"../a\"\n}\n".to_owned();
    survives("mutual", &[("a/main.tf", left), ("b/main.tf", right)]);
    let stack = |other: &str| {
        format!(
            "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ./{other}.yaml\n"
        )
    };
    survives("stacks", &[("one.yaml", stack("two")), ("two.yaml", stack("one"))]);
}

#[test]
fn alias_bombs_and_loops_are_bounded() {
    let mut bomb =
        String::from("Resources:\n  A:\n    Type: AWS::EC2::Instance\n    Properties:\n      x0: &x0 [a, b]\n");
    for n in 1..40 {
        let items = vec![format!("*x{}", n - 1); 9].join(", ");
        bomb.push_str(&format!("      x{n}: &x{n} [{items}]\n"));
    }
    survives("aliases", &[("bomb.yaml", bomb)]);
    let items: Vec<String> = (0..1000).map(|n| format!("\"{n}\"")).collect();
    let each = format!("[{}]", items.join(","));
    let loops = format!(
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A:\n    - A\n    - {each}\n    - Fn::ForEach::B:\n        - B\n        - {each}\n        \
         - Fn::ForEach::C:\n            - C\n            - {each}\n            - R${{A}}x${{B}}x${{C}}: {{Type: AWS::EC2::Instance}}\n"
    );
    survives("loops", &[("loops.yaml", loops)]);
}

#[test]
fn nothing_outside_is_read() {
    let outer = project(&[
        ("secret.tf", "resource \"aws_instance\" \"stolen\" {}\n".to_owned()),
        ("secret.yaml", "Resources:\n  Stolen:\n    Type: AWS::EC2::Instance\n".to_owned()),
        ("work/main.tf", "module \"x\" {\n  source = \"../\"\n}\nlocals {\n  p = file(\"/etc/passwd\")\n  q = templatefile(\"../../../../../../etc/passwd\", {})\n  r = fileset(\"..\", \"*\")\n}\nresource \"aws_instance\" \"a\" {\n  user_data = \"${local.p}${local.q}\"\n  tags = { f = join(\",\", local.r) }\n}\n".to_owned()),
        ("work/t.yaml", "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ../secret.yaml\n  P:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ../../../../../../etc/passwd\n".to_owned()),
    ]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(outer.path().join("secret.tf"), outer.path().join("work/link.tf")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(["resources", "--format", "json", "."])
        .current_dir(outer.path().join("work"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).to_lowercase();
    assert!(!text.contains("stolen") && !text.contains("root:") && !text.contains("secret.tf"), "{text}");
}

fn files_below(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Every file of the test data, cut off at several places: errors, and never a panic.
#[test]
fn truncated_files_never_panic() {
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for part in ["twins", "scenarios", "shop"] {
        files_below(&root.join(part), &mut files);
    }
    let mut cut = Vec::new();
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for part in 1..6 {
            let at = (0..=text.len() * part / 6).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            cut.push((format!("d{}/{name}", cut.len()), text[..at].to_owned()));
        }
    }
    // A claims file with an error stops the run, so they get a run of their own.
    let (claims, code): (Vec<_>, Vec<_>) = cut.into_iter().partition(|(name, _)| name.ends_with("/e2e-lint.yaml"));
    for (files, codes) in [(code, 0..=1), (claims, 2..=2)] {
        let borrowed: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        let (output, _) = lint(project(&borrowed).path());
        let code = output.status.code();
        assert!(
            code.is_some_and(|code| codes.contains(&code)),
            "{code:?}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Policies are read for every key, and every key looks at every role.
#[test]
fn policies_in_masses_are_bounded() {
    let statement =
        r#"{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = "arn:aws:iam::1:role/x" } }"#;
    let masses = [
        (
            "statements",
            format!(
                "resource \"aws_kms_key\" \"a\" {{\n  policy = jsonencode({{ Statement = [for n in range(1000) : [for m in range(100) : {statement}]] }})\n}}\n"
            ),
        ),
        (
            "roles of one name",
            "resource \"aws_iam_role\" \"a\" {\n  count = 2000\n  name = \"x\"\n  assume_role_policy = \"{}\"\n}\n\
             resource \"aws_iam_role_policy\" \"a\" {\n  count = 2000\n  role = \"x\"\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }] })\n}\n\
             resource \"aws_kms_key\" \"a\" {\n  count = 2000\n}\n"
                .to_owned(),
        ),
        (
            "replicas",
            "resource \"aws_kms_key\" \"a\" {}\n\
             resource \"aws_kms_replica_key\" \"a\" {\n  count = 2000\n  primary_key_arn = aws_kms_key.a.arn\n}\n"
                .to_owned(),
        ),
    ];
    for (name, text) in masses {
        survives(name, &[("root/main.tf", text)]);
    }
}

/// Blocks that are there whatever the condition of another one are found without comparing each with each.
#[test]
fn masses_of_blocks_beside_a_conditional_one_are_bounded() {
    let rule = |port: usize| {
        format!(
            "  ingress {{\n    from_port = {port}\n    to_port = {port}\n    protocol = \"tcp\"\n    cidr_blocks = [\"10.0.0.0/8\"]\n  }}\n"
        )
    };
    let rules: String = (0..25_000).map(rule).collect();
    let text = format!(
        "variable \"x\" {{}}\nresource \"aws_security_group\" \"g\" {{\n{rules}  dynamic \"ingress\" {{\n    for_each = var.x ? [1] : []\n    content {{\n      from_port = 9\n      to_port = 9\n      protocol = \"tcp\"\n      cidr_blocks = [\"0.0.0.0/0\"]\n    }}\n  }}\n}}\n\
         resource \"aws_instance\" \"i\" {{\n  ami = \"a\"\n  associate_public_ip_address = true\n  vpc_security_group_ids = [aws_security_group.g.id]\n}}\n"
    );
    survives("blocks", &[("root/main.tf", text)]);
}

#[test]
fn resources_that_all_lead_to_one_another_are_bounded() {
    let names: Vec<String> = (0..40).map(|number| format!("/p/{number}")).collect();
    let told = format!("aws ssm get-parameter {}", names.join(" "));
    let parameter = |(number, name): (usize, &String)| {
        format!("resource \"aws_ssm_parameter\" \"p{number}\" {{\n  name = \"{name}\"\n  value = \"{told}\"\n}}\n")
    };
    let mut parameters: String = names.iter().enumerate().map(parameter).collect();
    parameters.push_str("resource \"aws_instance\" \"a\" {\n  user_data = \"aws ssm get-parameter /p/0\"\n}\n");
    survives("parameters that name one another", &[("bomb/main.tf", parameters)]);

    let alias = |number: usize| {
        format!(
            "resource \"aws_kms_alias\" \"n{number}\" {{\n  name = var.name\n  target_key_id = \"alias/a\"\n}}\n\
             resource \"aws_kms_alias\" \"t{number}\" {{\n  name = \"alias/a\"\n  target_key_id = var.name\n}}\n"
        )
    };
    let mut aliases: String = (0..40).map(alias).collect();
    aliases.push_str(
        "variable \"name\" {}\nresource \"aws_kms_key\" \"k\" {}\n\
         resource \"aws_db_instance\" \"d\" {\n  storage_encrypted = true\n  kms_key_id = \"alias/a\"\n}\n",
    );
    survives("aliases that may be one another's", &[("bomb/main.tf", aliases)]);
}

#[test]
fn values_that_share_their_parts_are_bounded() {
    let doubled = |name: &str, first: &str, twice: &str| {
        let steps = (1..60)
            .map(|step| format!("  {name}{step} = {}\n", twice.replace('@', &format!("local.{name}{}", step - 1))));
        format!("locals {{\n  {name}0 = {first}\n{}}}\n", steps.collect::<String>())
    };
    let used = |what: &str| format!("resource \"terraform_data\" \"x\" {{\n  input = {what}\n}}\n");
    for what in
        ["local.a59", "local.a59 == local.a58", "jsonencode(local.a59)", "flatten(local.a59)", "toset(local.a59)"]
    {
        let code = doubled("a", "[1]", "[@, @]") + &used(what);
        has_problem(&survives(what, &[("bomb/main.tf", code)]), what);
    }
    let code = doubled("a", "terraform_data.y.id", "\"${@}${@}\"") + &used("local.a59");
    has_problem(&survives("templates", &[("bomb/main.tf", code)]), "templates");

    let call = |within: &str| format!("module \"m\" {{\n  source = \"./{within}\"\n  count  = 60\n}}\n");
    let many = used("1").replace("{\n", "{\n  count = 1000\n");
    let files = [("bomb/main.tf", call("a")), ("bomb/a/main.tf", call("b")), ("bomb/a/b/main.tf", many)];
    has_problem(&survives("modules in modules", &files), "modules in modules");
}

/// Characters that a terminal or a log viewer obeys, or that hide: escapes, a lone carriage return, turns of direction,
/// separators of lines, characters without a width.
#[test]
fn no_output_holds_what_a_terminal_obeys() {
    let odd = "\u{1b}[31m\u{7f}\u{9b}\u{200b}\u{202e}\u{2066}\u{2028}\u{feff}";
    let key = "\\u001b[31m\\r\\n::error::a\\u202e\\u2066\\u2028\\u200b\\u007f";
    let keyed = INNOCENT.replace(
        "\"aws_lb\" \"ok\" {}",
        &format!(
            "\"aws_lb\" \"ok\" {{\n  for_each = {{ \"{key}\" = 1 }}\n  name = nofn(\"x\\u202e\r::error::{odd}\")\n}}"
        ),
    );
    let keyed = keyed.replace("aws_lb.ok.arn", &format!("aws_lb.ok[\"{key}\"].arn"));
    let template = format!(
        "Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: !Nope \"{key}\"\n      Tags: !GetAtt '{odd}.B'\n"
    );
    let name = "a\u{202e}\n::error::\u{1b}[31m\u{200b}";
    let directory = project(&[
        (&format!("{name}/main.tf"), keyed),
        (&format!("{name}.yaml"), template),
        ("broken/main.tf", format!("resource \"aws_lb\" \"{odd}\" {{\n  name = \"{odd}\n}}\n")),
    ]);
    let commands: [&[&str]; 9] = [
        &["--format", "human"],
        &["--format", "json"],
        &["paths"],
        &["paths", "--format", "dot"],
        &["paths", "--format", "svg"],
        &["paths", "--format", "mermaid"],
        &["resources"],
        &["resources", "--format", "json"],
        &["init"],
    ];
    for arguments in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
            .args(arguments)
            .arg(".")
            .current_dir(directory.path())
            .output();
        let output = output.unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        let is_obeyed = |character: &char| {
            let is_odd = character.is_control() || odd.contains(*character) && !character.is_ascii_graphic();
            *character != '\n' && is_odd
        };
        assert!(said.contains("aws_lb"), "{arguments:?}: {said}");
        assert_eq!(said.chars().find(is_obeyed), None, "{arguments:?}: {said:?}");
        assert!(!said.lines().any(|line| line.starts_with("::")), "{arguments:?}: {said}");
    }
}

#[test]
fn faults_in_masses_are_bounded() {
    let broken = "a {\n  = }\n".repeat(100_000);
    let report = survives("faults", &[("bomb/main.tf", broken)]);
    let problems = report["problems"].as_array().unwrap();
    assert!((2..200).contains(&problems.len()), "{} problems", problems.len());
    assert!(report["problems"].to_string().contains("more blocks of this file could not be read"));
}

#[test]
fn strings_and_heredocs_without_an_end_are_bounded() {
    let heredocs: String = (0..60_000).map(|number| format!("b <<X{number}\n")).collect();
    let files =
        [("heredocs", heredocs), ("strings", "a = \"${\n".repeat(60_000)), ("nested", "a = \"${\"${\n".repeat(60_000))];
    for (name, text) in files {
        has_problem(&survives(name, &[("bomb/main.tf", format!("a = = 1\n{text}"))]), name);
    }
}
