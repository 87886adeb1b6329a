//! Who can decrypt, policy by policy: one infrastructure, many key policies, and the verdict on a payload closed with the key.
//!
//! Each case says in its name what a naive reading of the policy gets wrong.
#![cfg(test)]

use serde_json::Value as Json;
use std::path::Path;
use std::process::Command;

const CLAIMS: &str = r#"
version: 1
claims:
  - name: messages
    promise: end-to-end
    from: internet
    to: [aws_instance.web]
    payload: {covers: body, key: aws_kms_key.payload}
"#;

/// A balancer that reads, and a server that acts as the role `app`.
const BASE: &str = r#"
variable "somebody" {}
variable "profile" {}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

resource "aws_lb" "web" {
  load_balancer_type = "application"
  subnets            = ["subnet-0a1b2c3d"]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_target_group" "web" {
  port     = 443
  protocol = "HTTPS"
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web.id
}

resource "aws_instance" "web" {
  ami                  = "ami-0123abcd"
  instance_type        = "t3.micro"
  iam_instance_profile = aws_iam_instance_profile.app.name
}

resource "aws_iam_instance_profile" "app" {
  name = "app"
  role = aws_iam_role.app.name
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

locals {
  own_root = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"
  other    = "arn:aws:iam::210987654321:role/other"
  by_app   = { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = aws_iam_role.app.arn } }
  by_root  = { Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = local.own_root } }
}
"#;

/// A role beside the ends, with a trust policy that lets people in.
const OPS: &str = r#"
resource "aws_iam_role" "ops" {
  name               = "ops"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = local.other } }] })
}
"#;

fn verdict(code: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("main.tf"), code).unwrap();
    std::fs::write(directory.path().join("e2e-lint.yaml"), CLAIMS).unwrap();
    let report = report(directory.path());
    let problems = report["problems"].as_array().unwrap();
    assert!(problems.is_empty(), "{problems:#?}\n{code}");
    let claim = report["claims"].as_array().unwrap().iter().find(|claim| claim["name"] == "messages");
    claim.unwrap()["verdict"].as_str().unwrap().to_owned()
}

fn report(directory: &Path) -> Json {
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(["--format", "json", "."])
        .current_dir(directory)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// Cases of a name, the verdict and code; `code` makes the whole text of each.
fn check(cases: &[(&str, &str, &str)], code: impl Fn(&str) -> String) {
    let wrong = |(name, wanted, text): &(&str, &str, &str)| {
        let found = verdict(&code(text));
        (found != *wanted).then(|| format!("{name}: {found}, expected {wanted}"))
    };
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn with_statements(statements: &str) -> String {
    format!(
        "{BASE}\nresource \"aws_kms_key\" \"payload\" {{\n  policy = jsonencode({{ Statement = [{statements}] }})\n}}\n"
    )
}

#[test]
fn statements_of_the_key_policy() {
    check(
        &[
            ("the ends alone", "holds", "local.by_app"),
            ("the account's root is everybody whom its policies let", "unproven", "local.by_app, local.by_root"),
            (
                "a bare number is an account",
                "unproven",
                r#"local.by_app, { Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = "210987654321" } }"#,
            ),
            (
                "a role of elsewhere",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = local.other } }"#,
            ),
            (
                "one of several principals",
                "broken",
                r#"{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = [aws_iam_role.app.arn, local.other] } }"#,
            ),
            (
                "a principal by a variable",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = var.somebody } }"#,
            ),
            (
                "actions in another case",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = "KMS:decrypt", Resource = "*", Principal = { AWS = local.other } }"#,
            ),
            (
                "a wildcard in the action",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = ["kms:De*"], Resource = "*", Principal = { AWS = local.other } }"#,
            ),
            (
                "re-encryption reads as well",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = "kms:ReEncrypt*", Resource = "*", Principal = { AWS = local.other } }"#,
            ),
            (
                "everything but another service",
                "broken",
                r#"local.by_app, { Effect = "Allow", NotAction = "iam:*", Resource = "*", Principal = { AWS = local.other } }"#,
            ),
            (
                "whoever only closes does not read",
                "holds",
                r#"local.by_app, { Effect = "Allow", Action = ["kms:Encrypt", "kms:GenerateDataKey*", "kms:DescribeKey"], Resource = "*", Principal = { AWS = local.other } }"#,
            ),
            (
                "administrators may let themselves in",
                "unproven",
                r#"local.by_app, { Effect = "Allow", Action = ["kms:Create*", "kms:Put*"], Resource = "*", Principal = { AWS = local.other } }"#,
            ),
            (
                "everyone",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = "*" }"#,
            ),
            (
                "everybody but one",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", NotPrincipal = { AWS = local.other } }"#,
            ),
            (
                "a service of AWS",
                "unproven",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { Service = "logs.amazonaws.com" } }"#,
            ),
            (
                "a statement that e2e-lint does not know",
                "unproven",
                r#"local.by_app, { Effect = "Allow", action = "kms:Decrypt", Resource = "*", Principal = { AWS = local.other } }"#,
            ),
        ],
        with_statements,
    );
}

#[test]
fn conditions_of_the_key_policy() {
    check(
        &[
            (
                "everybody of the account, whatever its policies say",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = "*", Condition = { StringEquals = { "kms:CallerAccount" = data.aws_caller_identity.current.account_id } } }"#,
            ),
            (
                "everybody of the organisation",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = "*", Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-0a1b2c3d" } } }"#,
            ),
            (
                "everybody, narrowed to the ends",
                "holds",
                r#"{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = "*", Condition = { ArnEquals = { "aws:PrincipalArn" = aws_iam_role.app.arn } } }"#,
            ),
            (
                "the account, narrowed to the ends",
                "holds",
                r#"{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = local.own_root }, Condition = { ArnLike = { "aws:PrincipalArn" = aws_iam_role.app.arn } } }"#,
            ),
            (
                "the account, narrowed if the caller has a name",
                "unproven",
                r#"{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = local.own_root }, Condition = { ArnLikeIfExists = { "aws:PrincipalArn" = aws_iam_role.app.arn } } }"#,
            ),
            (
                "through a service",
                "unproven",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = local.other }, Condition = { StringEquals = { "kms:ViaService" = "s3.eu-west-1.amazonaws.com" } } }"#,
            ),
            (
                "for some contexts, or for none at all",
                "unproven",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = local.other }, Condition = { "ForAllValues:StringEquals" = { "kms:EncryptionContextKeys" = "tenant" } } }"#,
            ),
            (
                "by TLS only is everybody still",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = local.other }, Condition = { Bool = { "aws:SecureTransport" = "true" } } }"#,
            ),
        ],
        with_statements,
    );
}

#[test]
fn denials_of_the_key_policy() {
    check(
        &[
            (
                "everything to all but the ends",
                "holds",
                r#"local.by_root, { Effect = "Deny", Action = "kms:*", Resource = "*", Principal = "*", Condition = { ArnNotEquals = { "aws:PrincipalArn" = aws_iam_role.app.arn } } }"#,
            ),
            (
                "decryption only, and the policy can be changed",
                "unproven",
                r#"local.by_root, { Effect = "Deny", Action = "kms:Decrypt", Resource = "*", Principal = "*", Condition = { ArnNotEquals = { "aws:PrincipalArn" = aws_iam_role.app.arn } } }"#,
            ),
            (
                "to all but the ends and the account's root user",
                "unproven",
                r#"local.by_root, { Effect = "Deny", Action = "kms:*", Resource = "*", Principal = "*", Condition = { ArnNotEquals = { "aws:PrincipalArn" = [aws_iam_role.app.arn, local.own_root] } } }"#,
            ),
            (
                "to all but the ends and whom a pattern fits",
                "unproven",
                r#"local.by_root, { Effect = "Deny", Action = "kms:*", Resource = "*", Principal = "*", Condition = { ArnNotLike = { "aws:PrincipalArn" = [aws_iam_role.app.arn, "arn:aws:iam::*:role/admin-*"] } } }"#,
            ),
            (
                "by NotPrincipal, which spares more than it says",
                "unproven",
                r#"local.by_root, { Effect = "Deny", Action = "kms:*", Resource = "*", NotPrincipal = { AWS = aws_iam_role.app.arn } }"#,
            ),
            (
                "by one way only",
                "unproven",
                r#"local.by_root, { Effect = "Deny", Action = "kms:*", Resource = "*", Principal = "*", Condition = { NotIpAddress = { "aws:SourceIp" = "192.0.2.0/24" } } }"#,
            ),
            (
                "to the very one that is allowed",
                "holds",
                r#"local.by_app, { Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = local.other } }, { Effect = "Deny", Action = "kms:*", Resource = "*", Principal = { AWS = local.other } }"#,
            ),
            (
                "to the very one, of one action of two that read",
                "broken",
                r#"local.by_app, { Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = local.other } }, { Effect = "Deny", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = local.other } }"#,
            ),
            (
                "under a condition that is not understood",
                "unproven",
                r#"local.by_app, { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = local.other } }, { Effect = "Deny", Action = "kms:*", Resource = "*", Principal = "*", Condition = { StringNotEquals = { "aws:PrincipalTag/team" = "web" } } }"#,
            ),
        ],
        with_statements,
    );
}

#[test]
fn where_the_policy_stands() {
    check(
        &[
            ("nowhere: the account decides", "unproven", r#"resource "aws_kms_key" "payload" {}"#),
            (
                "in a resource of its own",
                "holds",
                r#"resource "aws_kms_key" "payload" {}
                resource "aws_kms_key_policy" "payload" {
                  key_id = aws_kms_key.payload.id
                  policy = jsonencode({ Statement = [local.by_app] })
                }"#,
            ),
            (
                "in two places, of which the last one applied wins",
                "unproven",
                r#"resource "aws_kms_key" "payload" {
                  policy = jsonencode({ Statement = [local.by_app] })
                }
                resource "aws_kms_key_policy" "payload" {
                  key_id = aws_kms_key.payload.id
                  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = local.other } }] })
                }"#,
            ),
            (
                "in a text",
                "broken",
                r#"resource "aws_kms_key" "payload" {
                  policy = <<POLICY
                  {"Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": {"AWS": ["${aws_iam_role.app.arn}", "${var.somebody}"]}}}
                  POLICY
                }"#,
            ),
            (
                "in a policy document",
                "holds",
                r#"data "aws_iam_policy_document" "payload" {
                  statement {
                    actions   = ["kms:Decrypt"]
                    resources = ["*"]
                    principals {
                      type        = "AWS"
                      identifiers = [aws_iam_role.app.arn]
                    }
                  }
                }
                resource "aws_kms_key" "payload" {
                  policy = data.aws_iam_policy_document.payload.json
                }"#,
            ),
            (
                "in a variable",
                "unproven",
                r#"resource "aws_kms_key" "payload" {
                  policy = var.somebody
                }"#,
            ),
            (
                "under a condition",
                "unproven",
                r#"resource "aws_kms_key" "payload" {
                  policy = var.somebody == "x" ? jsonencode({ Statement = [local.by_app] }) : null
                }"#,
            ),
        ],
        |key| format!("{BASE}\n{key}\n"),
    );
}

#[test]
fn beside_the_policy() {
    check(
        &[
            (
                "a grant",
                "broken",
                r#"resource "aws_kms_grant" "other" {
                  key_id            = aws_kms_key.payload.key_id
                  grantee_principal = local.other
                  operations        = ["Decrypt"]
                }"#,
            ),
            (
                "a grant for closing only",
                "holds",
                r#"resource "aws_kms_grant" "other" {
                  key_id            = aws_kms_key.payload.key_id
                  grantee_principal = local.other
                  operations        = ["Encrypt", "GenerateDataKey"]
                }"#,
            ),
            (
                "a grant for some contexts",
                "unproven",
                r#"resource "aws_kms_grant" "other" {
                  key_id            = aws_kms_key.payload.key_id
                  grantee_principal = local.other
                  operations        = ["Decrypt"]
                  constraints {
                    encryption_context_equals = { tenant = "a" }
                  }
                }"#,
            ),
            (
                "a replica under the default policy",
                "unproven",
                r#"resource "aws_kms_replica_key" "payload" {
                  primary_key_arn = aws_kms_key.payload.arn
                }"#,
            ),
            (
                "a replica for somebody else",
                "broken",
                r#"resource "aws_kms_replica_key" "payload" {
                  primary_key_arn = aws_kms_key.payload.arn
                  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = local.other } }] })
                }"#,
            ),
            (
                "another server with the same role",
                "broken",
                r#"resource "aws_instance" "more" {
                  ami                  = "ami-0123abcd"
                  instance_type        = "t3.micro"
                  iam_instance_profile = "app"
                }"#,
            ),
            (
                "something that is no node is started with the same role",
                "unproven",
                r#"resource "aws_launch_template" "spare" {
                  iam_instance_profile {
                    name = aws_iam_instance_profile.app.name
                  }
                }"#,
            ),
            (
                "a policy of the account, to which this key does not leave the choice",
                "holds",
                r#"resource "aws_iam_user" "root" {
                  name = "root"
                }
                resource "aws_iam_user_policy_attachment" "root" {
                  user       = aws_iam_user.root.name
                  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
                }"#,
            ),
        ],
        |more| with_statements("local.by_app") + more + "\n",
    );
}

/// Grants and policies that name the key otherwise than by its own reference.
#[test]
fn what_is_about_the_key_by_another_name() {
    let grant = |code: &str, key: &str| {
        format!(
            "{code}\nresource \"aws_kms_grant\" \"support\" {{\n  key_id            = {key}\n  grantee_principal = local.other\n  operations        = [\"Decrypt\"]\n}}\n"
        )
    };
    let alias = "resource \"aws_kms_alias\" \"payload\" {\n  name          = \"alias/payload\"\n  target_key_id = aws_kms_key.payload.key_id\n}\n";
    let by = |lookup: &str| format!("{alias}{lookup}");
    let key_by = |told: &str| by(&format!("data \"aws_kms_key\" \"found\" {{\n  key_id = {told}\n}}\n"));
    let alias_by = |told: &str| by(&format!("data \"aws_kms_alias\" \"found\" {{\n  name = {told}\n}}\n"));
    let arn = |end: &str| format!("\"arn:aws:kms:eu-west-1:${{data.aws_caller_identity.current.account_id}}:{end}\"");
    let found = "data.aws_kms_key.found.id";
    let cases = [
        ("by the id", "broken", grant(&key_by("aws_kms_key.payload.key_id"), found)),
        ("by the ARN", "broken", grant(&key_by("aws_kms_key.payload.arn"), found)),
        ("by the alias as text", "broken", grant(&key_by("\"alias/payload\""), found)),
        ("by the ARN of the alias", "broken", grant(&key_by(&arn("alias/payload")), found)),
        (
            "by an alias that is looked up",
            "broken",
            grant(&alias_by("\"alias/payload\""), "data.aws_kms_alias.found.target_key_id"),
        ),
        ("by what an alias leads to", "broken", grant(&by(""), "aws_kms_alias.payload.target_key_arn")),
        ("by an ARN that is put together", "broken", grant("", &arn("key/${aws_kms_key.payload.key_id}"))),
        ("by what is not known", "unproven", grant("", "var.somebody")),
        ("by a lookup of what is not known", "unproven", grant(&key_by("var.somebody"), found)),
        ("by an alias of which the end is not known", "unproven", grant(&key_by("\"alias/${var.somebody}\""), found)),
        ("by another alias", "holds", grant(&key_by("\"alias/other\""), found)),
        ("by an id that is written out", "holds", grant("", "\"1234abcd-12ab-34cd-56ef-1234567890ab\"")),
        ("another key", "holds", grant("resource \"aws_kms_key\" \"other\" {}\n", "aws_kms_key.other.key_id")),
    ];
    let cases: Vec<_> = cases.iter().map(|(name, wanted, code)| (*name, *wanted, code.as_str())).collect();
    check(&cases, |more| format!("{}{more}", with_statements("local.by_app")));
    let policy = "resource \"aws_kms_key_policy\" \"all\" {\n  key_id = data.aws_kms_key.found.id\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"kms:*\", Resource = \"*\", Principal = \"*\" }] })\n}\n";
    let key = format!("{BASE}\nresource \"aws_kms_key\" \"payload\" {{}}\n{policy}");
    assert_eq!(verdict(&format!("{key}{}", key_by("aws_kms_key.payload.key_id"))), "broken");
    assert_eq!(verdict(&format!("{key}{}", key_by("\"alias/other\""))), "unproven", "the default policy");
}

#[test]
fn policies_of_the_account() {
    let policy = |statement: &str| {
        format!(
            "resource \"aws_iam_role_policy\" \"ops\" {{\n  role = aws_iam_role.ops.id\n  policy = jsonencode({{ Statement = [{statement}] }})\n}}\n"
        )
    };
    check(
        &[
            (
                "for the key",
                "broken",
                r#"{ Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.payload.arn }"#,
            ),
            ("for every key", "broken", r#"{ Effect = "Allow", Action = "kms:*", Resource = "*" }"#),
            (
                "for every key of the account",
                "broken",
                r#"{ Effect = "Allow", Action = "kms:*", Resource = "arn:${data.aws_partition.current.partition}:kms:*:${data.aws_caller_identity.current.account_id}:key/*" }"#,
            ),
            (
                "for an alias, which is for no key",
                "unproven",
                r#"{ Effect = "Allow", Action = "kms:*", Resource = "arn:aws:kms:*:*:alias/payload" }"#,
            ),
            ("for a bucket", "unproven", r#"{ Effect = "Allow", Action = "*", Resource = "arn:aws:s3:::uploads/*" }"#),
            (
                "for all but the key",
                "unproven",
                r#"{ Effect = "Allow", Action = "kms:*", NotResource = aws_kms_key.payload.arn }"#,
            ),
            (
                "with a factor more",
                "unproven",
                r#"{ Effect = "Allow", Action = "kms:*", Resource = "*", Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } }"#,
            ),
            (
                "and against it",
                "unproven",
                r#"{ Effect = "Allow", Action = "kms:*", Resource = "*" }, { Effect = "Deny", Action = "kms:*", Resource = "*" }"#,
            ),
        ],
        |statement| with_statements("local.by_root") + OPS + &policy(statement),
    );
    check(
        &[
            (
                "an administrator",
                "broken",
                r#"resource "aws_iam_role_policy_attachment" "ops" {
                  role       = aws_iam_role.ops.name
                  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
                }"#,
            ),
            (
                "everything but the account itself",
                "broken",
                r#"resource "aws_iam_role_policy_attachment" "ops" {
                  role       = aws_iam_role.ops.name
                  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/PowerUserAccess"
                }"#,
            ),
            (
                "a managed policy that is not known",
                "unproven",
                r#"resource "aws_iam_role_policy_attachment" "ops" {
                  role       = aws_iam_role.ops.name
                  policy_arn = "arn:aws:iam::aws:policy/SecurityAudit"
                }"#,
            ),
            (
                "a managed policy of the code",
                "broken",
                r#"resource "aws_iam_policy" "decrypt" {
                  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }] })
                }
                resource "aws_iam_policy_attachment" "decrypt" {
                  name       = "decrypt"
                  roles      = [aws_iam_role.ops.name]
                  policy_arn = aws_iam_policy.decrypt.arn
                }"#,
            ),
            (
                "a user",
                "broken",
                r#"resource "aws_iam_user" "root" {
                  name = "root"
                }
                resource "aws_iam_user_policy" "root" {
                  user   = aws_iam_user.root.name
                  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*" }] })
                }"#,
            ),
            (
                "a group, which may have no members",
                "unproven",
                r#"resource "aws_iam_group" "all" {
                  name = "all"
                }
                resource "aws_iam_group_policy" "all" {
                  group  = aws_iam_group.all.name
                  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*" }] })
                }"#,
            ),
            (
                "within a boundary",
                "unproven",
                r#"resource "aws_iam_role" "bounded" {
                  name                 = "bounded"
                  assume_role_policy   = jsonencode({ Statement = [] })
                  permissions_boundary = var.somebody
                  managed_policy_arns  = ["arn:aws:iam::aws:policy/AdministratorAccess"]
                }"#,
            ),
            (
                "in the role itself",
                "broken",
                r#"resource "aws_iam_role" "inner" {
                  name                = "inner"
                  assume_role_policy  = jsonencode({ Statement = [] })
                  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
                }"#,
            ),
        ],
        |more| with_statements("local.by_root") + OPS + more + "\n",
    );
}

#[test]
fn a_key_that_may_only_sign() {
    let used = |usage: &str| {
        let key = "resource \"aws_kms_key\" \"payload\" {";
        with_statements("local.by_app").replacen(key, &format!("{key}\n  key_usage = {usage}"), 1)
    };
    assert_eq!(verdict(&used("\"ENCRYPT_DECRYPT\"")), "holds");
    assert_eq!(verdict(&used("\"SIGN_VERIFY\"")), "broken");
    let either = "var.somebody == \"x\" ? \"SIGN_VERIFY\" : \"ENCRYPT_DECRYPT\"";
    assert_eq!(verdict(&used(either)), "unproven", "it may close the body all the same");
}

/// What the role of the end says of who may act as it.
#[test]
fn who_may_act_as_the_end() {
    let trusts = |principal: &str| {
        let here = r#"Principal = { Service = "ec2.amazonaws.com" }"#;
        with_statements("local.by_app").replacen(here, principal, 1)
    };
    check(
        &[
            ("the service that starts it", "holds", r#"Principal = { Service = "ec2.amazonaws.com" }"#),
            ("a role of elsewhere", "broken", r#"Principal = { AWS = ["arn:aws:iam::210987654321:role/other"] }"#),
            (
                "whom the account's policies let",
                "unproven",
                r#"Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }"#,
            ),
            (
                "a role of elsewhere, which may tag a session only",
                "holds",
                r#"Principal = { Service = "ec2.amazonaws.com" } }, { Effect = "Allow", Action = "sts:TagSession", Principal = { AWS = "arn:aws:iam::210987654321:role/other" }"#,
            ),
            (
                "a role of elsewhere, by an action that is not known",
                "unproven",
                r#"Principal = { Service = "ec2.amazonaws.com" } }, { Effect = "Allow", Action = var.somebody, Principal = { AWS = "arn:aws:iam::210987654321:role/other" }"#,
            ),
            (
                "two services that start nodes",
                "holds",
                r#"Principal = { Service = ["ec2.amazonaws.com", "lambda.amazonaws.com"] }"#,
            ),
            (
                "a role of elsewhere, by everything but tags",
                "broken",
                r#"Principal = { Service = "ec2.amazonaws.com" } }, { Effect = "Allow", NotAction = "sts:TagSession", Principal = { AWS = "arn:aws:iam::210987654321:role/other" }"#,
            ),
            ("a service that runs other code", "unproven", r#"Principal = { Service = "codebuild.amazonaws.com" }"#),
            ("whoever signs in elsewhere", "unproven", r#"Principal = { Federated = var.somebody }"#),
            (
                "a role of elsewhere, under a condition",
                "unproven",
                r#"Principal = { AWS = "arn:aws:iam::210987654321:role/other" }, Condition = { StringEquals = { "sts:ExternalId" = "x" } }"#,
            ),
        ],
        trusts,
    );
    let profile = "iam_instance_profile = aws_iam_instance_profile.app.name";
    let unnamed = with_statements(
        r#"{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = var.somebody } }"#,
    );
    assert_eq!(verdict(&unnamed), "broken");
    let unnamed = unnamed.replace(profile, "iam_instance_profile = var.profile");
    assert_eq!(verdict(&unnamed), "unproven", "the end itself may be who is let in");
}

/// What is started beside the end, with a role or a profile of its own.
#[test]
fn what_else_may_act_as_the_end() {
    let beside = |trusted: &str, code: &str| {
        let service = "Principal = { Service = \"ec2.amazonaws.com\" }";
        let trusting =
            with_statements("local.by_app").replacen(service, &format!("Principal = {{ Service = {trusted} }}"), 1);
        verdict(&format!("{trusting}{code}"))
    };
    let server = |profile: &str| {
        let code = "resource \"aws_instance\" \"batch\" {\n  ami                  = \"ami-0123abcd\"\n  instance_type        = \"t3.micro\"";
        format!("{code}\n  iam_instance_profile = {profile}\n}}\n")
    };
    let function = |role: &str| {
        format!(
            "resource \"aws_lambda_function\" \"batch\" {{\n  function_name = \"batch\"\n  role          = {role}\n}}\n"
        )
    };
    let (servers, both) = ("\"ec2.amazonaws.com\"", "[\"ec2.amazonaws.com\", \"lambda.amazonaws.com\"]");
    assert_eq!(beside(servers, &server("\"batch\"")), "holds");
    assert_eq!(beside(servers, &server("\"app\"")), "broken");
    assert_eq!(beside(servers, &server("var.profile")), "unproven", "it may be the profile of the end");
    assert_eq!(beside(both, &function("\"arn:aws:iam::123456789012:role/batch\"")), "holds");
    assert_eq!(beside(both, &function("aws_iam_role.app.arn")), "broken");
    assert_eq!(beside(both, &function("var.profile")), "unproven", "it may be the role of the end");
    assert_eq!(beside(servers, &function("var.profile")), "holds", "the role does not trust functions");
}
