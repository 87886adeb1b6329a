//! Amazon Resource Names as texts: `arn:partition:service:region:account:resource`.

use super::world::{ResourceId, World};
use crate::value::Value;

/// Stands in a name for what is known after deployment only.
pub const UNKNOWN: char = '*';

pub fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
}

/// The ARN that a text spells out, unless it refers to a resource itself.
pub fn spelled(world: &World<'_>, from: ResourceId, parts: &[Value]) -> Option<String> {
    let refers = |part: &Value| part.references().iter().any(|found| world.find(from, &found.target).is_some());
    if !parts.first()?.as_str().is_some_and(is_arn) || parts.iter().any(refers) {
        return None;
    }
    Some(parts.iter().map(|part| part.as_text().unwrap_or_else(|| UNKNOWN.to_string())).collect())
}

/// The ARN that a text is about: one around another, as API Gateway writes the function that it calls, is the inner one.
fn inner(arn: &str) -> Option<&str> {
    arn.rfind("/arn:").map_or(Some(arn), |start| arn.get(start + 1..)).filter(|inner| is_arn(inner))
}

/// Region and account of an ARN; `None` for one that it leaves out or that is not known.
pub fn place(arn: &str) -> (Option<&str>, Option<&str>) {
    let known = |field: &&str| !field.is_empty() && !field.contains(UNKNOWN);
    let mut fields = inner(arn).unwrap_or_default().splitn(6, ':').skip(3);
    let region = fields.next().filter(known);
    (region, fields.next().filter(known))
}

/// Service and resource of an ARN, without the parts that differ between accounts and Regions and without what a service adds
/// to the name: a version, an index, the random end of a balancer's ARN. `None` where the resource is not known as a whole.
pub fn plain(arn: &str) -> Option<String> {
    let mut fields = inner(arn)?.splitn(6, ':');
    let service = fields.nth(2)?;
    let resource = fields.nth(2)?;
    let resource = match service {
        "lambda" => resource.split(['/', ':']).take(2).collect::<Vec<_>>().join(":"),
        "dynamodb" => resource.split('/').take(2).collect::<Vec<_>>().join("/"),
        "elasticloadbalancing" => {
            let named = if resource.starts_with("targetgroup/") { 2 } else { 3 };
            resource.split('/').take(named).collect::<Vec<_>>().join("/")
        }
        _ => resource.to_owned(),
    };
    (!resource.is_empty() && !resource.contains(UNKNOWN)).then(|| format!("{service}:{resource}"))
}

/// The ARN of the bucket that a host name of Amazon S3 begins with. Sources: "Virtual hosting of general purpose buckets" and
/// "Website endpoints" of the Amazon S3 user guide.
pub fn of_host(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.');
    let start = host.strip_suffix(".cn").unwrap_or(host).strip_suffix(".amazonaws.com")?;
    let start = format!("{start}.");
    let at = [".s3.", ".s3-"].iter().filter_map(|service| start.rfind(service)).max()?;
    (at > 0).then(|| format!("arn:aws:s3:::{}", &start[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_the_start_of_its_host_names() {
        let bucket = |host: &str| of_host(host).and_then(|arn| Some(arn.strip_prefix("arn:aws:s3:::")?.to_owned()));
        for host in [
            "files.example.com.s3.amazonaws.com",
            "files.example.com.s3.eu-west-1.amazonaws.com",
            "files.example.com.s3-eu-west-1.amazonaws.com",
            "files.example.com.s3.dualstack.eu-west-1.amazonaws.com",
            "files.example.com.s3-website-eu-west-1.amazonaws.com",
            "files.example.com.s3-website.cn-north-1.amazonaws.com.cn",
        ] {
            assert_eq!(bucket(host).as_deref(), Some("files.example.com"), "{host}");
        }
        for host in ["s3.eu-west-1.amazonaws.com", "files.s3.example.com", "sqs.eu-west-1.amazonaws.com"] {
            assert_eq!(bucket(host), None, "{host}");
        }
    }

    #[test]
    fn accounts_regions_and_additions_do_not_count() {
        let same = |one: &str, other: &str| assert_eq!(plain(one), plain(other), "{one}");
        same("arn:aws:lambda:eu-west-1:1:function:orders:prod", "arn:*:lambda:*:*:function:orders");
        let around = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:*:1:function:orders/invocations";
        same(around, "arn:aws:lambda:eu-west-1:2:function:orders");
    }

    #[test]
    fn the_place_is_that_of_the_inner_name() {
        let around = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:orders/invocations";
        assert_eq!(place(around), (Some("us-east-1"), Some("1")));
        assert_eq!(place("arn:*:lambda:*:*:function:orders"), (None, None));
        assert_eq!(place("arn:aws:s3:::files"), (None, None));
    }

    #[test]
    fn what_is_not_known_has_no_name() {
        assert_eq!(plain("arn:aws:lambda:eu-west-1:1:function:*"), None);
        assert_eq!(plain("arn:aws:s3:::files").as_deref(), Some("s3:files"));
        assert_eq!(
            plain("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/50dc6c495c0c9188").as_deref(),
            Some("elasticloadbalancing:loadbalancer/app/web")
        );
    }
}
