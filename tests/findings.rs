//! What a finding says and where: the place is one that the reader can change, and the advice one that can be followed.
#![cfg(test)]

use serde_json::Value as Json;
use std::process::Command;

fn run(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let output =
        Command::new(env!("CARGO_BIN_EXE_e2e-lint")).args(arguments).current_dir(directory.path()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn findings(files: &[(&str, &str)], rule: &str) -> Vec<Json> {
    let report: Json = serde_json::from_str(&run(files, &["--format", "json", "."])).unwrap();
    report["findings"].as_array().unwrap().iter().filter(|row| row["rule"] == rule).cloned().collect()
}

fn place(finding: &Json) -> String {
    let location = &finding["location"];
    format!("{}:{}", location["file"].as_str().unwrap(), location["start"]["line"])
}

const MODULES: &str = r#"{"Modules": [{"Key": "", "Dir": "."}, {"Key": "web", "Dir": ".terraform/modules/web"}]}"#;

/// What a public module looks like: the caller gives some values, and others have defaults.
const MODULE: &str = r#"
variable "viewer" {}
variable "origin" { default = "http-only" }
resource "aws_cloudfront_distribution" "this" {
  enabled = true
  origin {
    origin_id   = "app"
    domain_name = "app.example.com"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = var.origin
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "app"
    viewer_protocol_policy = var.viewer
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}
"#;

#[test]
fn a_finding_in_an_installed_module_is_shown_where_the_value_was_given_or_at_the_call() {
    let files = [
        ("main.tf", "module \"web\" {\n  source = \"org/web/aws\"\n  viewer = \"allow-all\"\n}\n"),
        (".terraform/modules/modules.json", MODULES),
        (".terraform/modules/web/main.tf", MODULE),
    ];
    let given = findings(&files, "plaintext-viewer");
    assert_eq!(given.iter().map(place).collect::<Vec<_>>(), ["main.tf:3"]);
    assert_eq!(given[0]["related"][0]["location"]["file"], ".terraform/modules/web/main.tf");
    let by_default = findings(&files, "plaintext-hop");
    assert_eq!(by_default.iter().map(place).collect::<Vec<_>>(), ["main.tf:1"]);
}

#[test]
fn what_is_not_known_of_a_zone_is_one_finding_at_the_zone() {
    let code = r#"
data "cloudflare_zone" "main" {
  name = "example.com"
}
resource "cloudflare_record" "www" {
  zone_id = data.cloudflare_zone.main.id
  name    = "www"
  type    = "CNAME"
  content = aws_lb.web.dns_name
  proxied = true
}
resource "cloudflare_record" "api" {
  zone_id = data.cloudflare_zone.main.id
  name    = "api"
  type    = "CNAME"
  content = aws_lb.web.dns_name
  proxied = true
}
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"#;
    let found = findings(&[("main.tf", code), ("balancer.tf", BALANCER)], "unknown-hop");
    let mut settings: Vec<_> = found.iter().map(|row| row["help"].as_str().unwrap()).collect();
    settings.sort_unstable();
    let all = ["set always_use_https for the zone in this code", "set ssl for the zone in this code"];
    assert_eq!(settings, all, "{found:#?}");
    assert!(found.iter().all(|row| place(row) == "main.tf:2"), "{found:#?}");
}

const BALANCER: &str = r#"
resource "aws_lb" "web" {}
resource "aws_lb_target_group" "app" {
  port     = 8443
  protocol = "HTTPS"
}
resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.app.id
}
resource "aws_instance" "app" {}
"#;

#[test]
fn a_rule_beside_a_redirect_is_named() {
    let code = r#"
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
resource "aws_lb_listener_rule" "health" {
  listener_arn = aws_lb_listener.http.arn
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"#;
    let found = findings(&[("main.tf", code), ("balancer.tf", BALANCER)], "plaintext-viewer");
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    let named = "the listener speaks HTTP, and aws_lb_listener_rule.health forwards what comes in by it";
    assert_eq!(finding["label"], named);
    assert!(finding["help"].as_str().unwrap().contains("aws_lb_listener_rule.health"), "{finding:#?}");
}

#[test]
fn many_instances_of_a_rule_lack_one_listener() {
    let code = r#"
variable "listener" {}
resource "aws_lb_listener_rule" "app" {
  for_each     = toset(["a", "b", "c"])
  listener_arn = var.listener
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"#;
    let found = findings(&[("main.tf", code), ("balancer.tf", BALANCER)], "unknown-hop");
    let about_the_listener = found.iter().filter(|row| row["label"].as_str().unwrap().contains("the listener of"));
    assert_eq!(about_the_listener.count(), 1, "{found:#?}");
}

#[test]
fn nobody_is_told_to_turn_on_tls_at_a_website_endpoint() {
    let code = r#"
resource "aws_s3_bucket" "site" {
  bucket = "example-site"
}
resource "aws_s3_bucket_website_configuration" "site" {
  bucket = aws_s3_bucket.site.id
  index_document {
    suffix = "index.html"
  }
}
resource "aws_s3_bucket_public_access_block" "site" {
  bucket = aws_s3_bucket.site.id
}
resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.site.arn}/*"
    }]
  })
}
resource "aws_cloudfront_distribution" "site" {
  enabled = true
  origin {
    origin_id   = "site"
    domain_name = aws_s3_bucket_website_configuration.site.website_endpoint
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "site"
    viewer_protocol_policy = "redirect-to-https"
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}
"#;
    for rule in ["plaintext-hop", "plaintext-viewer"] {
        let found = findings(&[("main.tf", code)], rule);
        let [finding] = found.as_slice() else { panic!("{rule}: {found:#?}") };
        assert!(finding["help"].as_str().unwrap().contains("origin access control"), "{finding:#?}");
    }
}

/// A website that only redirects has nothing that another endpoint could serve.
#[test]
fn the_advice_for_a_redirecting_website_is_no_other_endpoint() {
    let code = r#"
resource "aws_s3_bucket" "old" { bucket = "old" }
resource "aws_s3_bucket_website_configuration" "old" {
  bucket = aws_s3_bucket.old.id
  redirect_all_requests_to {
    host_name = "www.example.com"
    protocol  = "https"
  }
}
resource "aws_cloudfront_distribution" "old" {
  enabled = true
  origin {
    origin_id   = "old"
    domain_name = aws_s3_bucket_website_configuration.old.website_endpoint
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "old"
    viewer_protocol_policy = "redirect-to-https"
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}
"#;
    let found = findings(&[("main.tf", code)], "plaintext-hop");
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    assert!(finding["help"].as_str().unwrap().contains("redirect in CloudFront"), "{finding:#?}");
}

/// What passes bytes on, or has no action for it, cannot redirect.
#[test]
fn the_advice_on_plaintext_names_what_can_be_changed() {
    let accelerator = r#"
resource "aws_globalaccelerator_accelerator" "shop" { name = "shop" }
resource "aws_globalaccelerator_listener" "http" {
  accelerator_arn = aws_globalaccelerator_accelerator.shop.id
  protocol        = "TCP"
  port_range {
    from_port = 80
    to_port   = 80
  }
}
resource "aws_globalaccelerator_endpoint_group" "http" {
  listener_arn = aws_globalaccelerator_listener.http.id
  endpoint_configuration {
    endpoint_id = aws_lb.shop.arn
  }
}
resource "aws_lb" "shop" { internal = true }
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }
}
resource "aws_lb_target_group" "shop" {
  port     = 443
  protocol = "HTTPS"
}
resource "aws_autoscaling_group" "shop" {
  target_group_arns = [aws_lb_target_group.shop.arn]
}
"#;
    let lattice = r#"
resource "aws_vpclattice_service" "shop" { name = "shop" }
resource "aws_vpclattice_listener" "shop" {
  name               = "shop"
  protocol           = "HTTP"
  service_identifier = aws_vpclattice_service.shop.id
  default_action {
    forward {
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.shop.id
      }
    }
  }
}
resource "aws_vpclattice_target_group" "shop" {
  name = "shop"
  type = "LAMBDA"
}
resource "aws_vpclattice_target_group_attachment" "shop" {
  target_group_identifier = aws_vpclattice_target_group.shop.id
  target {
    id = aws_lambda_function.shop.arn
  }
}
resource "aws_lambda_function" "shop" { function_name = "shop" }
"#;
    let files = r#"
resource "aws_s3_bucket" "files" { bucket = "files" }
resource "aws_cloudfront_distribution" "files" {
  enabled = true
  origin {
    origin_id                = "files"
    domain_name              = aws_s3_bucket.files.bucket_regional_domain_name
    origin_access_control_id = "E2EXAMPLE"
  }
  default_cache_behavior {
    target_origin_id       = "files"
    viewer_protocol_policy = "allow-all"
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}
"#;
    for (code, rule, expected) in [
        (accelerator, "plaintext-viewer", "let aws_lb.shop take TLS only"),
        (accelerator, "plaintext-hop", "let aws_lb.shop take TLS only"),
        (lattice, "plaintext-viewer", "give aws_vpclattice_listener.shop the protocol HTTPS"),
        (files, "plaintext-hop", "let the viewer protocol policy redirect"),
    ] {
        let found = findings(&[("main.tf", code)], rule);
        let [finding] = found.as_slice() else { panic!("{rule}: {found:#?}") };
        assert!(finding["help"].as_str().unwrap().contains(expected), "{finding:#?}");
    }
}

#[test]
fn modules_that_are_not_installed_are_one_message() {
    let call = |name: &str| format!("module \"{name}\" {{\n  source = \"org/{name}/aws\"\n}}\n");
    let code = ["a", "b", "c"].map(call).concat();
    let text = run(&[("main.tf", code.as_str())], &["."]);
    assert_eq!(text.matches("terraform init").count(), 1, "{text}");
    for line in ["also main.tf:5: the code of module.b", "also main.tf:8: the code of module.c"] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn branches_are_told_from_a_chain() {
    let code = r#"
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
resource "aws_lb_target_group_attachment" "more" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.more.id
}
resource "aws_instance" "more" {}
"#;
    let text = run(&[("main.tf", code), ("balancer.tf", BALANCER)], &["paths", "."]);
    assert_eq!(text.matches("├─").count() + text.matches("+-").count(), 1, "{text}");
    assert_eq!(text.matches("└─").count() + text.matches("`-").count(), 1, "{text}");
}

/// A default certificate has no policy to choose, and what an origin is offered is a list.
#[test]
fn the_advice_on_an_old_version_is_about_what_sets_it() {
    let code = r#"
resource "aws_instance" "app" { ami = "ami-1" }
resource "aws_cloudfront_distribution" "site" {
  enabled = true
  origin {
    origin_id   = "app"
    domain_name = aws_instance.app.public_dns
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "app"
    viewer_protocol_policy = "https-only"
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
"#;
    let claims = "version: 1
claims:
  - {name: site, promise: encrypted-in-transit, from: internet, to: aws_instance.app, min-tls: \"1.2\"}
assume:
  - {node: aws_instance.app, serves: tls, because: nginx takes TLS only}
";
    let found = findings(&[("main.tf", code), ("e2e-lint.yaml", claims)], "weak-tls");
    let help: Vec<&str> = found.iter().map(|finding| finding["help"].as_str().unwrap()).collect();
    assert_eq!(help.len(), 2, "{found:?}");
    assert!(help[0].contains("TLSv1.2 alone") && help[1].contains("aliases"), "{help:?}");
}

#[test]
fn the_route_of_a_worker_is_not_told_where_it_is_secret() {
    let code = r#"
variable "path" {
  sensitive = true
  default   = "hunter2"
}
resource "cloudflare_workers_route" "shop" {
  zone_id = "0123"
  pattern = "shop.example.com/${var.path}/*"
  script  = "shop"
}
resource "cloudflare_dns_record" "shop" {
  zone_id = "0123"
  name    = "shop.example.com"
  type    = "CNAME"
  content = aws_instance.shop.public_dns
  proxied = true
}
resource "aws_instance" "shop" {}
"#;
    let claims =
        "version: 1\nclaims:\n  - {name: c, says: s, promise: end-to-end, from: internet, to: [aws_instance.shop]}\n";
    let files = [("main.tf", code), ("e2e-lint.yaml", claims)];
    let told = run(&files, &["--format", "json", "."]);
    assert!(told.contains("the Worker sees the requests"), "{told}");
    for arguments in [&["--format", "json", "."][..], &["."], &["resources", "."]] {
        let told = run(&files, arguments);
        assert!(!told.contains("hunter2"), "{told}");
    }
}
