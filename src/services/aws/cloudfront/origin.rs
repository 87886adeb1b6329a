//! The origin's side: where a request goes and how CloudFront speaks to what stands there.

use super::tenant;
use super::viewer::Scheme;
use crate::model::{Doubt, Evidence, Leg, TlsFloor, TlsVersion, Transport, Verification};
use crate::resource::Language;
use crate::services::aws::s3_website;
use crate::services::aws::tls_policy::protocol;
use crate::services::draft::Destination;
use crate::services::read::{Alternative, Block, Field, Link, Presence, Setting, field};
use crate::services::world::{Types, World};
use crate::value::secret::Text;
use crate::value::{Value, When};

const VPC_ORIGIN: Types =
    Types { terraform: &["aws_cloudfront_vpc_origin"], cloudformation: &["AWS::CloudFront::VpcOrigin"] };

const DOMAIN: Field = field("domain_name", "DomainName");
const CUSTOM: Field = field("custom_origin_config", "CustomOriginConfig");
const S3: Field = field("s3_origin_config", "S3OriginConfig");
const VPC: Field = field("vpc_origin_config", "VpcOriginConfig");
const VPC_ID: Field = field("vpc_origin_id", "VpcOriginId");
const VPC_ENDPOINT: Field = field("vpc_origin_endpoint_config", "VpcOriginEndpointConfig");
const VPC_ARN: Field = field("arn", "Arn");
const POLICY: Field = field("origin_protocol_policy", "OriginProtocolPolicy");
const HTTP_PORT: Field = field("http_port", "HTTPPort");
const HTTPS_PORT: Field = field("https_port", "HTTPSPort");
const PROTOCOLS: Field = field("origin_ssl_protocols", "OriginSSLProtocols");
/// Of multi-tenant distributions, whose protocols are in a block of their own.
const PROTOCOL_ITEMS: Field = field("items", "-");

/// How an origin is configured.
enum Config<'a> {
    Custom(Block<'a>),
    /// The S3 REST endpoint: always as the viewer came, and that cannot be changed.
    S3,
    /// A VPC origin, whose settings are in a resource of their own.
    Vpc(Option<Block<'a>>),
    Unknown(Doubt),
}

/// Each way in which the origin may be configured, with its condition. Without any of the three blocks an origin is an
/// S3 origin (Terraform: origin access control stands alone).
fn configs<'a>(world: &World<'a>, origin: &Block<'a>) -> Vec<Alternative<Config<'a>>> {
    let mut found = Vec::new();
    for custom in origin.presence(CUSTOM) {
        let when = custom.when;
        match custom.value {
            Presence::Block(block) => found.push(Alternative { when, value: Config::Custom(block) }),
            Presence::Unknown(doubt) => found.push(Alternative { when, value: Config::Unknown(doubt) }),
            Presence::Absent => found.extend(other_configs(world, &origin.clone().given(when.as_ref()))),
        }
    }
    found
}

fn other_configs<'a>(world: &World<'a>, origin: &Block<'a>) -> Vec<Alternative<Config<'a>>> {
    let config = |vpc: Alternative<Presence<'a>>| {
        let value = match vpc.value {
            Presence::Absent => Config::S3,
            Presence::Unknown(doubt) => Config::Unknown(doubt),
            Presence::Block(vpc) => Config::Vpc(vpc_settings(world, &vpc)),
        };
        Alternative { when: vpc.when, value }
    };
    origin.presence(VPC).into_iter().map(config).collect()
}

/// The settings of the one VPC origin that is named; `None` where a condition decides which one it is, or how it is set.
fn vpc_settings<'a>(world: &World<'a>, vpc: &Block<'a>) -> Option<Block<'a>> {
    let links = vpc.links(world, VPC_ID);
    let [Alternative { when, value: Link::Resource { id, .. } }] = links.as_slice() else { return None };
    let own = *when == vpc.when && VPC_ORIGIN.holds(&world.resource(*id).type_name);
    let resource = own.then(|| world.block(*id))?;
    resource.known_block(VPC_ENDPOINT).filter(|settings| settings.when.is_none())
}

/// How CloudFront speaks to the origin for a request that came in by `scheme`.
pub(super) fn legs(world: &World<'_>, origin: &Block<'_>, scheme: Scheme) -> Vec<Leg> {
    let legs = configs(world, origin).into_iter().flat_map(|config| config_legs(origin, scheme, config));
    if !is_website(world, origin) {
        return legs.collect();
    }
    let remedy = if only_redirects(world, origin) { REDIRECT } else { REST };
    legs.map(|leg| match leg.transport {
        Transport::Tls { .. } => Leg { transport: Transport::Unknown(website_speaks_http(origin, remedy)), ..leg },
        _ => Leg { evidence: leg.evidence.into_iter().map(|evidence| evidence.mended_by(remedy)).collect(), ..leg },
    })
    .collect()
}

/// An S3 website endpoint, which speaks HTTP only. Source: "Website endpoints" of the Amazon S3 user guide.
fn is_website(world: &World<'_>, origin: &Block<'_>) -> bool {
    origin.links(world, DOMAIN).iter().any(|link| match &link.value {
        Link::Resource { id, attribute, .. } => {
            let type_name = &world.resource(*id).type_name;
            attribute.contains("website")
                || *attribute == "WebsiteURL"
                || &**type_name == "aws_s3_bucket_website_configuration"
        }
        Link::Text(host, _) => host.contains(".s3-website"),
        Link::Template(parts, _) => {
            parts.iter().any(|part| part.as_str().is_some_and(|text| text.contains(".s3-website")))
        }
        Link::Outside(..) | Link::Unknown(_) => false,
    })
}

/// Whether the origin is a website that hands nothing out.
fn only_redirects(world: &World<'_>, origin: &Block<'_>) -> bool {
    origin.links(world, DOMAIN).iter().all(|link| match link.value {
        Link::Resource { id, .. } => s3_website::only_redirects(world, id),
        _ => false,
    })
}

/// What mends it: a website endpoint has no TLS to turn on.
const REST: &str = "use the bucket's REST endpoint with origin access control";

/// What mends it where there are no objects to serve: the REST endpoint redirects nothing.
const REDIRECT: &str = "redirect in CloudFront, by a function on viewer-request, and take the website origin away";

fn website_speaks_http(origin: &Block<'_>, remedy: &str) -> Doubt {
    let message = "the origin is an S3 website endpoint, which speaks HTTP only: a TLS connection to it cannot succeed";
    let span = origin.get(DOMAIN).map_or(origin.place(), Value::span);
    Doubt::new("TLS to an S3 website endpoint", message, remedy, Some(span))
}

fn config_legs(origin: &Block<'_>, scheme: Scheme, config: Alternative<Config<'_>>) -> Vec<Leg> {
    let legs = match config.value {
        Config::Custom(custom) => return policy_legs(&custom, scheme, Err(MISSING)),
        // CloudFormation: "Default: match-viewer" for VPC origins; Terraform requires the policy.
        Config::Vpc(Some(vpc)) => match vpc.language() {
            Language::CloudFormation => policy_legs(&vpc, scheme, Ok("match-viewer")),
            Language::Terraform => policy_legs(&vpc, scheme, Err(MISSING)),
        },
        Config::Vpc(None) => {
            let what = format!("the VPC origin of {}", origin.owner.address);
            let message = format!("how {what} is set is not in this code, or a condition decides it");
            let settle = "lint the code that declares it together with this code, and give the condition a value";
            vec![Leg::new(Transport::Unknown(Doubt::new(what, message, settle, Some(origin.place()))), Vec::new())]
        }
        Config::Unknown(doubt) => vec![Leg::new(Transport::Unknown(doubt), Vec::new())],
        Config::S3 => {
            let meaning = "CloudFront speaks to an S3 origin with the viewer's protocol";
            let evidence = Evidence::new("S3 origin", meaning, origin.place()).mended_by(VIEWER);
            let evidence = match origin.get(S3).or_else(|| origin.get(DOMAIN)) {
                Some(written) => evidence.along(written),
                None => evidence,
            };
            vec![Leg::new(as_viewer(scheme, TlsFloor::fixed(TlsVersion::V1_2), origin), vec![evidence])]
        }
    };
    legs.into_iter().map(|leg| Leg { when: When::both(config.when.as_ref(), leg.when.as_ref()), ..leg }).collect()
}

/// What mends a hop that has the viewer's protocol, where nothing at the origin can be set.
const VIEWER: &str = "let the viewer protocol policy redirect HTTP to HTTPS or refuse it: CloudFront follows it to S3";

const MISSING: &str = "is required and missing";

fn policy_legs(config: &Block<'_>, scheme: Scheme, absent: Result<&'static str, &'static str>) -> Vec<Leg> {
    let leg = |alternative: Alternative<Setting<'_>>| {
        let (transport, evidence) = match &alternative.value {
            Setting::Unknown(doubt) => (Transport::Unknown(doubt.clone()), Vec::new()),
            Setting::Text(policy, value) => {
                let evidence = config.stated(POLICY, policy, value, meaning(policy));
                (by_policy(config, policy, scheme, value.span()), vec![evidence])
            }
            Setting::Absent => match absent {
                Ok(policy) => {
                    let evidence = config.defaulted(POLICY, policy, meaning(policy));
                    (by_policy(config, &Text::open(policy), scheme, config.place()), vec![evidence])
                }
                Err(why) => {
                    let name = POLICY.spelling(config.language());
                    let doubt = Doubt::new(name, format!("{name} {why}"), format!("set {name}"), Some(config.place()));
                    (Transport::Unknown(doubt), Vec::new())
                }
            },
        };
        Leg { when: alternative.when, transport, evidence }
    };
    config.setting(POLICY).into_iter().map(leg).collect()
}

fn meaning(policy: &str) -> &'static str {
    match policy {
        "http-only" => "CloudFront sends the request to the origin in the clear",
        "https-only" => "CloudFront opens a new TLS connection to the origin and verifies its certificate",
        _ => "CloudFront speaks to the origin with the viewer's protocol",
    }
}

fn by_policy(config: &Block<'_>, policy: &Text, scheme: Scheme, span: crate::source::Span) -> Transport {
    match policy.as_str() {
        "http-only" => Transport::Plaintext,
        "https-only" => verified(floor(config)),
        "match-viewer" => as_viewer(scheme, floor(config), config),
        _ => Transport::Unknown(Doubt::new(
            policy,
            format!("{policy} is no origin protocol policy"),
            "use http-only, https-only or match-viewer",
            Some(span),
        )),
    }
}

/// CloudFront requires a certificate of a public CA that names the origin. Source: "Requiring HTTPS for communication
/// between CloudFront and your custom origin".
fn verified(floor: TlsFloor) -> Transport {
    Transport::Tls { floor, verification: Verification::Verified }
}

fn as_viewer(scheme: Scheme, floor: TlsFloor, block: &Block<'_>) -> Transport {
    match scheme {
        Scheme::Http => Transport::Plaintext,
        Scheme::Https => verified(floor),
        Scheme::Unknown => Transport::Unknown(Doubt::new(
            "the viewer's protocol",
            "it is not known whether viewers may use HTTP, and the origin gets the viewer's protocol",
            "give the viewer protocol policy a value",
            Some(block.place()),
        )),
    }
}

const ONE_VERSION: &str = "allow TLSv1.2 alone to the origin";

/// The list is what is allowed, not a minimum. CloudFormation's default is `["TLSv1", "SSLv3"]`; Terraform requires it.
fn floor(config: &Block<'_>) -> TlsFloor {
    let lists = config.get(PROTOCOLS).map(|value| match value.as_list() {
        Some([only]) if only.as_object().is_some() => config.of(only).get(PROTOCOL_ITEMS).unwrap_or(value),
        _ => value,
    });
    match lists {
        None if config.language() == Language::CloudFormation => {
            let meaning = "CloudFront may use SSLv3 to the origin";
            TlsFloor::known(
                TlsVersion::Ssl3,
                config.defaulted(PROTOCOLS, "TLSv1 and SSLv3", meaning).mended_by(ONE_VERSION),
            )
        }
        None => TlsFloor::unknown(),
        Some(value) => {
            let versions: Option<Vec<_>> =
                value.as_list().unwrap_or_default().iter().map(|item| item.as_str().and_then(protocol)).collect();
            match versions.and_then(|versions| versions.into_iter().min()) {
                Some(version) => {
                    let names: Vec<_> = value.as_list().unwrap_or_default().iter().filter_map(Value::as_str).collect();
                    let meaning = format!("CloudFront may use {version} to the origin");
                    TlsFloor::known(
                        version,
                        config.stated(PROTOCOLS, &names.join(", "), value, meaning).mended_by(ONE_VERSION),
                    )
                }
                None => TlsFloor::unknown(),
            }
        }
    }
}

/// Where the origin's requests go, with the port that the transport uses. Where the configuration depends on a
/// condition no port is asked for.
pub(super) fn destinations(world: &World<'_>, origin: &Block<'_>, scheme: Scheme) -> Vec<(Destination, Option<When>)> {
    let found = configs(world, origin);
    let only = match found.as_slice() {
        [only] => Some(&only.value),
        _ => None,
    };
    let (port, links) = match only {
        Some(Config::Vpc(Some(vpc))) => (port(vpc, scheme), vpc.links(world, VPC_ARN)),
        Some(Config::Custom(custom)) => (port(custom, scheme), origin.links(world, DOMAIN)),
        _ => (None, origin.links(world, DOMAIN)),
    };
    let mut found = Vec::new();
    for link in links {
        if let Link::Text(text, _) = &link.value
            && text.contains("{{")
        {
            let filled = tenant::destinations(world, origin, text).into_iter();
            found.extend(filled.map(|(to, when)| (to.at_port(port), When::both(link.when.as_ref(), when.as_ref()))));
        } else {
            found.push((Destination::of_link(world, origin.id, &link.value).at_port(port), link.when));
        }
    }
    found
}

/// The port follows the protocol; where the protocol is not certain, no port is asked for.
fn port(config: &Block<'_>, scheme: Scheme) -> Option<i64> {
    let secure = match (config.text(POLICY).as_deref(), scheme) {
        (Some("http-only"), _) => false,
        (Some("https-only"), _) => true,
        (Some("match-viewer"), Scheme::Http) => false,
        (Some("match-viewer"), Scheme::Https) => true,
        _ => return None,
    };
    let (field, default) = if secure { (HTTPS_PORT, 443) } else { (HTTP_PORT, 80) };
    match config.get(field) {
        None => Some(default),
        Some(value) => value.as_integer(),
    }
}

/// What makes the hop exist: the origin's address, and the path pattern that selects it.
pub(super) fn evidence(origin: &Block<'_>, path: Option<Evidence>) -> Vec<Evidence> {
    let Some(domain) = origin.get(DOMAIN) else { return Vec::new() };
    let mut found = vec![Evidence::new("origin", "CloudFront sends the request here", domain.span()).along(domain)];
    found.extend(path);
    found
}
