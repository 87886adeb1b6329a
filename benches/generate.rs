//! Writes projects to measure with: each root carries CloudFront -> ALB -> Auto Scaling group -> RDS with seeded defects.

use std::path::Path;
use std::{fs, io};

/// Marsaglia's xorshift64: the same seed gives the same project on every machine.
struct Xorshift(u64);

impl Xorshift {
    fn new(seed: u64) -> Self {
        // Zero would stay zero.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.draw().is_multiple_of(n)
    }

    fn pick<'a>(&mut self, choices: [&'a str; 4]) -> &'a str {
        choices[(self.draw() % 4) as usize]
    }
}

/// What is wrong with one root, and what varies so that no two roots have the same text.
struct Root {
    name: String,
    port: &'static str,
    environment: &'static str,
    plaintext_origin: bool,
    unknown_origin: bool,
    plaintext_viewer: bool,
    forwarding_http_listener: bool,
    plaintext_targets: bool,
    unencrypted_store: bool,
    optional_database_tls: bool,
    open_key: bool,
}

impl Root {
    fn new(index: usize) -> Self {
        let mut random = Xorshift::new(index as u64 + 1);
        let plaintext_origin = random.one_in(5);
        Self {
            name: format!("shop{index:05}"),
            port: random.pick(["8080", "8443", "3000", "5000"]),
            environment: random.pick(["dev", "test", "stage", "prod"]),
            plaintext_origin,
            unknown_origin: !plaintext_origin && random.one_in(5),
            plaintext_viewer: random.one_in(5),
            forwarding_http_listener: random.one_in(5),
            plaintext_targets: random.one_in(5),
            unencrypted_store: random.one_in(5),
            optional_database_tls: random.one_in(5),
            open_key: random.one_in(5),
        }
    }

    fn viewer_policy(&self) -> &'static str {
        if self.plaintext_viewer { "allow-all" } else { "redirect-to-https" }
    }

    fn target_protocol(&self) -> &'static str {
        if self.plaintext_targets { "HTTP" } else { "HTTPS" }
    }

    fn origin_policy(&self) -> &'static str {
        if self.plaintext_origin { "http-only" } else { "https-only" }
    }
}

/// Writes `count` roots below `directory`: Terraform modules of ten files and CloudFormation templates in turn.
pub(crate) fn project(directory: &Path, count: usize) -> io::Result<()> {
    for index in 0..count {
        let root = Root::new(index);
        if index.is_multiple_of(2) {
            write_module(directory, &root)?;
        } else {
            let home = directory.join(&root.name);
            fs::create_dir_all(&home)?;
            fs::write(home.join("template.yaml"), template(&root))?;
        }
    }
    Ok(())
}

/// Writes one Terraform root module of ten files.
pub(crate) fn module(directory: &Path) -> io::Result<()> {
    write_module(directory, &Root::new(0))
}

fn write_module(directory: &Path, root: &Root) -> io::Result<()> {
    let home = directory.join(&root.name);
    fs::create_dir_all(&home)?;
    let files = [
        ("versions.tf", VERSIONS.to_owned()),
        ("variables.tf", variables(root)),
        ("locals.tf", locals(root)),
        ("cdn.tf", cdn(root)),
        ("dns.tf", dns(root)),
        ("balancer.tf", BALANCER.to_owned()),
        ("listeners.tf", listeners(root)),
        ("compute.tf", compute(root)),
        ("database.tf", database(root)),
        ("keys.tf", keys(root)),
    ];
    files.iter().try_for_each(|(name, text)| fs::write(home.join(name), text))
}

const VERSIONS: &str = r#"terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.0" }
  }
}
"#;

fn variables(root: &Root) -> String {
    let mut text =
        format!("variable \"environment\" {{\n  type    = string\n  default = \"{}\"\n}}\n", root.environment);
    text += "\nvariable \"vpc_id\" { type = string }\nvariable \"subnet_ids\" { type = list(string) }\n";
    text += "variable \"certificate_arn\" { type = string }\n";
    if root.unknown_origin {
        text += "variable \"origin_policy\" { type = string }\n";
    }
    text
}

fn locals(root: &Root) -> String {
    format!(
        r#"locals {{
  name = "{}-${{var.environment}}"
  port = {}
  tags = {{ Service = local.name, ManagedBy = "terraform" }}
}}
"#,
        root.name, root.port
    )
}

fn cdn(root: &Root) -> String {
    let literal = format!("\"{}\"", root.origin_policy());
    let origin_policy = if root.unknown_origin { "var.origin_policy" } else { literal.as_str() };
    format!(
        r#"resource "aws_cloudfront_distribution" "shop" {{
  enabled = true
  aliases = ["{name}.example.com"]

  origin {{
    domain_name = aws_lb.shop.dns_name
    origin_id   = "balancer"

    custom_origin_config {{
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = {origin_policy}
      origin_ssl_protocols   = ["TLSv1.2"]
    }}
  }}

  default_cache_behavior {{
    target_origin_id       = "balancer"
    viewer_protocol_policy = "{viewer_policy}"
    allowed_methods        = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods         = ["GET", "HEAD"]
  }}

  restrictions {{
    geo_restriction {{ restriction_type = "none" }}
  }}

  viewer_certificate {{
    acm_certificate_arn      = var.certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }}

  tags = local.tags
}}
"#,
        name = root.name,
        viewer_policy = root.viewer_policy(),
    )
}

fn dns(root: &Root) -> String {
    format!(
        r#"resource "aws_route53_zone" "shop" {{
  name = "{name}.example.com"
}}

resource "aws_route53_record" "shop" {{
  zone_id = aws_route53_zone.shop.zone_id
  name    = "{name}.example.com"
  type    = "A"

  alias {{
    name                   = aws_cloudfront_distribution.shop.domain_name
    zone_id                = aws_cloudfront_distribution.shop.hosted_zone_id
    evaluate_target_health = false
  }}
}}
"#,
        name = root.name
    )
}

const BALANCER: &str = r#"resource "aws_security_group" "balancer" {
  name   = "${local.name}-balancer"
  vpc_id = var.vpc_id

  dynamic "ingress" {
    for_each = toset(["80", "443"])
    content {
      from_port   = tonumber(ingress.value)
      to_port     = tonumber(ingress.value)
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "aws_lb" "shop" {
  name               = local.name
  load_balancer_type = "application"
  subnets            = var.subnet_ids
  security_groups    = [aws_security_group.balancer.id]
  tags               = merge(local.tags, { Tier = "edge" })
}
"#;

fn listeners(root: &Root) -> String {
    let http_action = if root.forwarding_http_listener {
        "type             = \"forward\"\n    target_group_arn = aws_lb_target_group.shop.arn"
    } else {
        "type = \"redirect\"\n    redirect {\n      port        = \"443\"\n      protocol    = \"HTTPS\"\n      \
         status_code = \"HTTP_301\"\n    }"
    };
    format!(
        r#"resource "aws_lb_listener" "https" {{
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }}
}}

resource "aws_lb_listener" "http" {{
  load_balancer_arn = aws_lb.shop.arn
  port              = 80
  protocol          = "HTTP"

  default_action {{
    {http_action}
  }}
}}

resource "aws_lb_target_group" "shop" {{
  name     = local.name
  port     = local.port
  protocol = "{target_protocol}"
  vpc_id   = var.vpc_id
}}
"#,
        target_protocol = root.target_protocol()
    )
}

fn compute(root: &Root) -> String {
    format!(
        r#"resource "aws_launch_template" "shop" {{
  name_prefix   = local.name
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"

  user_data = base64encode(<<-EOT
    #!/bin/bash
    exec /opt/{name}/server --port ${{local.port}} --database ${{aws_db_instance.shop.address}}
  EOT
  )
}}

resource "aws_autoscaling_group" "shop" {{
  name                = local.name
  min_size            = 1
  max_size            = 4
  vpc_zone_identifier = var.subnet_ids
  target_group_arns   = [aws_lb_target_group.shop.arn]

  launch_template {{
    id      = aws_launch_template.shop.id
    version = "$Latest"
  }}
}}
"#,
        name = root.name
    )
}

fn database(root: &Root) -> String {
    let parameter = if root.optional_database_tls {
        ""
    } else {
        "\n  parameter {\n    name  = \"require_secure_transport\"\n    value = \"1\"\n  }\n"
    };
    let encryption = if root.unencrypted_store {
        "storage_encrypted    = false"
    } else {
        "storage_encrypted    = true\n  kms_key_id           = aws_kms_key.shop.arn"
    };
    format!(
        r#"resource "aws_db_parameter_group" "shop" {{
  name   = local.name
  family = "mysql8.0"
{parameter}}}

resource "aws_db_instance" "shop" {{
  identifier           = local.name
  engine               = "mysql"
  engine_version       = "8.0"
  instance_class       = "db.t3.micro"
  allocated_storage    = 20
  parameter_group_name = aws_db_parameter_group.shop.name
  {encryption}
  skip_final_snapshot  = true
}}
"#
    )
}

fn keys(root: &Root) -> String {
    let principal = if root.open_key { "*" } else { "arn:aws:iam::111122223333:root" };
    format!(
        r#"resource "aws_kms_key" "shop" {{
  description         = "${{local.name}} data"
  enable_key_rotation = true

  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{ Effect = "Allow", Principal = {{ AWS = "{principal}" }}, Action = "kms:*", Resource = "*" }}
    ]
  }})
}}
"#
    )
}

fn template(root: &Root) -> String {
    let mut text = format!("AWSTemplateFormatVersion: \"2010-09-09\"\nDescription: {}\n", root.name);
    text += &template_parameters(root);
    text += "\nResources:\n";
    text += &template_edge(root);
    text += &template_balancer(root);
    text += &template_compute(root);
    text += &template_store(root);
    text
}

fn template_parameters(root: &Root) -> String {
    let mut text = String::from(
        "
Parameters:
  Vpc: {Type: AWS::EC2::VPC::Id}
  Subnets: {Type: List<AWS::EC2::Subnet::Id>}
  Certificate: {Type: String}
",
    );
    text += &format!("  Environment: {{Type: String, Default: {}}}\n", root.environment);
    if root.unknown_origin {
        text += "  OriginPolicy: {Type: String}\n";
    }
    text
}

fn template_edge(root: &Root) -> String {
    let origin_policy = if root.unknown_origin { "!Ref OriginPolicy" } else { root.origin_policy() };
    format!(
        r#"  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Aliases: ["{name}.example.com"]
        Origins:
          - Id: balancer
            DomainName: !GetAtt Balancer.DNSName
            CustomOriginConfig:
              OriginProtocolPolicy: {origin_policy}
              OriginSSLProtocols: [TLSv1.2]
        DefaultCacheBehavior:
          TargetOriginId: balancer
          ViewerProtocolPolicy: {viewer_policy}
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
        ViewerCertificate:
          AcmCertificateArn: !Ref Certificate
          SslSupportMethod: sni-only
          MinimumProtocolVersion: TLSv1.2_2021
"#,
        name = root.name,
        viewer_policy = root.viewer_policy(),
    )
}

fn template_balancer(root: &Root) -> String {
    let http_action = if root.forwarding_http_listener {
        "{Type: forward, TargetGroupArn: !Ref Targets}"
    } else {
        "{Type: redirect, RedirectConfig: {Protocol: HTTPS, Port: \"443\", StatusCode: HTTP_301}}"
    };
    format!(
        r"  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: application
      Subnets: !Ref Subnets
  Https:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: HTTPS
      SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06
      Certificates: [{{CertificateArn: !Ref Certificate}}]
      DefaultActions:
        - {{Type: forward, TargetGroupArn: !Ref Targets}}
  Http:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: HTTP
      DefaultActions:
        - {http_action}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Port: {port}
      Protocol: {target_protocol}
      VpcId: !Ref Vpc
",
        port = root.port,
        target_protocol = root.target_protocol(),
    )
}

fn template_compute(root: &Root) -> String {
    format!(
        r#"  LaunchTemplate:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        ImageId: ami-0123456789abcdef0
        InstanceType: t3.micro
        UserData:
          Fn::Base64: !Sub |
            #!/bin/bash
            exec /opt/{name}/server --port {port} --database ${{Database.Endpoint.Address}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: "1"
      MaxSize: "4"
      VPCZoneIdentifier: !Ref Subnets
      TargetGroupARNs: [!Ref Targets]
      LaunchTemplate:
        LaunchTemplateId: !Ref LaunchTemplate
        Version: !GetAtt LaunchTemplate.LatestVersionNumber
"#,
        name = root.name,
        port = root.port,
    )
}

fn template_store(root: &Root) -> String {
    let principal = if root.open_key { "\"*\"" } else { "!Sub \"arn:${AWS::Partition}:iam::${AWS::AccountId}:root\"" };
    let parameters = if root.optional_database_tls { "{}" } else { "{require_secure_transport: \"1\"}" };
    let encryption = if root.unencrypted_store {
        "StorageEncrypted: false"
    } else {
        "StorageEncrypted: true\n      KmsKeyId: !Ref Key"
    };
    format!(
        r#"  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {{AWS: {principal}}}
            Action: kms:*
            Resource: "*"
  Parameters:
    Type: AWS::RDS::DBParameterGroup
    Properties:
      Family: mysql8.0
      Description: {name}
      Parameters: {parameters}
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: mysql
      DBInstanceClass: db.t3.micro
      AllocatedStorage: "20"
      DBParameterGroupName: !Ref Parameters
      {encryption}
      MasterUsername: shop
      ManageMasterUserPassword: true
"#,
        name = root.name
    )
}
