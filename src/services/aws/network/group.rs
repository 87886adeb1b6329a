//! Security groups: which rules let the internet in, in all the forms in which the two languages write them.

use super::cidr::{Clients, clients};
use crate::model::{Doubt, Evidence};
use crate::resource::Mode;
use crate::services::draft::{Opening, pointing};
use crate::services::read::{Alternative, Block, Child, Field, Link, Setting, doubt_of, field};
use crate::services::strangers;
use crate::services::world::{ResourceId, Types, World};
use crate::value::secret::Text;
use crate::value::{Value, When};
use std::ops::RangeInclusive;

pub(in crate::services::aws) const GROUP: Types = Types {
    terraform: &["aws_security_group", "aws_default_security_group"],
    cloudformation: &["AWS::EC2::SecurityGroup"],
};
pub(in crate::services::aws) const RULE: Types = Types {
    terraform: &["aws_security_group_rule", "aws_vpc_security_group_ingress_rule"],
    cloudformation: &["AWS::EC2::SecurityGroupIngress"],
};
const PREFIX_LIST: Types =
    Types { terraform: &["aws_ec2_managed_prefix_list", "aws_prefix_list"], cloudformation: &["AWS::EC2::PrefixList"] };
const PREFIX_LIST_ENTRY: Types = Types { terraform: &["aws_ec2_managed_prefix_list_entry"], cloudformation: &[] };
const OWN_NETWORK: Types =
    Types { terraform: &["aws_vpc", "aws_subnet"], cloudformation: &["AWS::EC2::VPC", "AWS::EC2::Subnet"] };

const ITSELF: Field = field("", "");
const INGRESS: Field = field("ingress", "SecurityGroupIngress");
const RULE_OF: Field = field("security_group_id", "GroupId|GroupName");
const DIRECTION: Field = field("type", "-");
const PROTOCOL: Field = field("protocol|ip_protocol", "IpProtocol");
const FROM_PORT: Field = field("from_port", "FromPort");
const TO_PORT: Field = field("to_port", "ToPort");
/// Every spelling of address ranges, one field each, so that evidence shows the one that is written.
const RANGES: [Field; 4] = [
    field("cidr_blocks", "CidrIp"),
    field("ipv6_cidr_blocks", "CidrIpv6"),
    field("cidr_ipv4", "-"),
    field("cidr_ipv6", "-"),
];
const PREFIX_LISTS: Field = field("prefix_list_ids|prefix_list_id", "SourcePrefixListId");
const ENTRIES: Field = field("entry", "Entries");
const ENTRY_RANGE: Field = field("cidr", "Cidr");
const ENTRY_OF: Field = field("prefix_list_id", "-");
const LIST_NAME: Field = field("name", "-");
const FILTER: Field = field("filter", "-");
const FILTER_NAME: Field = field("name", "-");
const FILTER_VALUES: Field = field("values", "-");

/// The addresses from which CloudFront calls origins. Source: "Locations and IP address ranges of CloudFront edge
/// servers".
const CLOUDFRONT_LIST: &str = "com.amazonaws.global.cloudfront.origin-facing";

/// Whom a rule lets in: everyone, or clients of whom it is not known whether they are on the internet.
type Source = Alternative<Result<Evidence, Doubt>>;

/// The openings of the groups that the field names. A group that the code does not show leaves a doubt.
pub(in crate::services::aws) fn openings<'a>(world: &World<'a>, block: &Block<'a>, groups: Field) -> Vec<Opening> {
    let Some(value) = block.get(groups) else {
        return vec![Opening::doubtful(None, unnamed(block))];
    };
    let mut found = Vec::new();
    for (when, value) in value.alternatives() {
        let links = block.of(value).links(world, ITSELF);
        if links.is_empty() {
            found.push(Opening::doubtful(when.clone(), unnamed(block)));
        }
        for link in links {
            let when = When::both(when.as_ref(), link.when.as_ref());
            found.extend(of_link(world, block.id, &link.value, when.as_ref()));
        }
    }
    found
}

/// Without a group of its own a resource is in the VPC's default group, which anybody may have changed.
fn unnamed(block: &Block<'_>) -> Doubt {
    let what = format!("the security groups of {}", block.owner.address);
    let message = format!("{what} are not named in this code, so it is not known whether they let the internet in");
    Doubt::new(what, message, "name its security groups", Some(block.place()))
}

fn of_link<'a>(world: &World<'a>, from: ResourceId, link: &Link<'a>, when: Option<&When>) -> Vec<Opening> {
    let groups = match link {
        Link::Resource { id, .. } => vec![*id],
        Link::Text(name, _) => world.named(from, GROUP, &["name", "GroupName"], name),
        _ => Vec::new(),
    };
    let groups: Vec<_> = groups.into_iter().filter(|id| world.declares(*id, GROUP)).collect();
    if groups.is_empty() {
        return vec![Opening::doubtful(when.cloned(), undeclared(link))];
    }
    let openings = groups.into_iter().flat_map(|id| of_group(world, &world.block(id)));
    openings.map(|opening| opening.under(when)).collect()
}

fn undeclared(link: &Link<'_>) -> Doubt {
    let (text, span) = match link {
        Link::Text(text, value) | Link::Outside(text, value) => (text.to_string(), Some(value.span())),
        Link::Resource { value, .. } | Link::Template(_, value) => {
            let text = value.as_reference().map_or_else(|| "this security group".to_owned(), |found| found.text());
            (text, Some(value.span()))
        }
        Link::Unknown(doubt) => return doubt.clone(),
    };
    let message =
        format!("the rules of {text} are not in this code, so it is not known whether they let the internet in");
    Doubt::new(text, message, "lint the code that declares the security group together with this code", span)
}

fn of_group<'a>(world: &World<'a>, group: &Block<'a>) -> Vec<Opening> {
    let mut found = Vec::new();
    for rule in group.children(INGRESS) {
        match rule.value {
            Child::Block(block) => {
                found.extend(of_rule(world, &block).into_iter().map(|opening| opening.under(rule.when.as_ref())));
            }
            Child::Unknown(doubt) => found.push(Opening::doubtful(rule.when, doubt)),
        }
    }
    for (rule, when) in pointing(world, group.id, RULE, |rule| rule.links(world, RULE_OF)) {
        for direction in rule.setting(DIRECTION) {
            let when = When::both(when.as_ref(), direction.when.as_ref());
            let doubt = match direction.value {
                Setting::Text(text, _) if text == "egress" => continue,
                Setting::Unknown(doubt) => Some(doubt),
                Setting::Absent | Setting::Text(..) => None,
            };
            for mut opening in of_rule(world, &rule) {
                opening.doubt = opening.doubt.or_else(|| doubt.clone());
                found.push(opening.under(when.as_ref()));
            }
        }
    }
    // Code that is handed the group may add rules to it.
    found.extend(strangers::handed(world, group.id).into_iter().map(|doubt| Opening::doubtful(None, doubt)));
    found
}

fn of_rule<'a>(world: &World<'a>, rule: &Block<'a>) -> Vec<Opening> {
    let Some((ports, port_doubt)) = ports(rule) else { return Vec::new() };
    let opening = |source: Source| {
        let (evidence, doubt) = match source.value {
            Ok(evidence) => (vec![evidence], None),
            Err(doubt) => (Vec::new(), Some(doubt)),
        };
        Opening { ports: ports.clone(), when: source.when, evidence, doubt: doubt.or_else(|| port_doubt.clone()) }
    };
    sources(world, rule).into_iter().map(opening).collect()
}

/// The ports of a rule, with a doubt where they are not surely open to TCP; `None` for protocols without such ports.
fn ports(rule: &Block<'_>) -> Option<(RangeInclusive<i64>, Option<Doubt>)> {
    let protocol = match rule.setting(PROTOCOL).as_slice() {
        [Alternative { value: Setting::Text(text, _), .. }] => text.to_ascii_lowercase(),
        [Alternative { value: Setting::Unknown(doubt), .. }, ..] => {
            return Some((Opening::ALL_PORTS, Some(doubt.clone())));
        }
        _ => return Some((Opening::ALL_PORTS, Some(unread(rule, PROTOCOL)))),
    };
    match protocol.as_str() {
        "-1" | "all" => Some((Opening::ALL_PORTS, None)),
        "tcp" | "6" => Some(port_range(rule)),
        "udp" | "17" => {
            let (range, doubt) = port_range(rule);
            Some((range, doubt.or_else(|| Some(udp(rule)))))
        }
        "icmp" | "icmpv6" => None,
        other if other.bytes().all(|byte| byte.is_ascii_digit()) => None,
        _ => Some((Opening::ALL_PORTS, Some(unread(rule, PROTOCOL)))),
    }
}

fn port_range(rule: &Block<'_>) -> (RangeInclusive<i64>, Option<Doubt>) {
    let port = |field| rule.get(field).and_then(Value::as_integer);
    match (port(FROM_PORT), port(TO_PORT)) {
        (Some(-1), _) => (Opening::ALL_PORTS, None),
        (Some(from), Some(to)) => (from..=to, None),
        (Some(from), None) if !rule.has(TO_PORT) => (from..=from, None),
        (None, _) => (Opening::ALL_PORTS, Some(unread(rule, FROM_PORT))),
        (Some(_), None) => (Opening::ALL_PORTS, Some(unread(rule, TO_PORT))),
    }
}

fn unread(rule: &Block<'_>, field: Field) -> Doubt {
    let what = format!("{} of a rule of {}", field.spelling(rule.language()), rule.owner.address);
    let message = format!("{what} is not known, so it is not known which ports it opens");
    Doubt::new(what, message, "give it a value", Some(rule.place()))
}

fn udp(rule: &Block<'_>) -> Doubt {
    let what = format!("a rule of {} for UDP", rule.owner.address);
    Doubt::new(what, "the rule lets UDP in, and not TCP", "remove the rule if nothing uses it", Some(rule.place()))
}

/// Other groups, the group itself and the VPC's own ranges are not the internet.
fn sources<'a>(world: &World<'a>, rule: &Block<'a>) -> Vec<Source> {
    let mut found = Vec::new();
    for field in RANGES {
        found.extend(of_ranges(world, rule, field));
    }
    for link in rule.links(world, PREFIX_LISTS) {
        found.extend(of_prefix_list(world, &link.value).into_iter().map(|source| Alternative {
            when: When::both(link.when.as_ref(), source.when.as_ref()),
            value: source.value,
        }));
    }
    found
}

fn of_ranges<'a>(world: &World<'a>, block: &Block<'a>, field: Field) -> Vec<Source> {
    let mut found = Vec::new();
    for link in block.links(world, field) {
        let value = match &link.value {
            Link::Text(text, value) => match clients(text) {
                Some(Clients::Everyone) => {
                    let remedy = "close this port to the internet, or serve TLS only on it";
                    Ok(block.stated(field, text, value, "this lets the internet in").mended_by(remedy))
                }
                Some(Clients::Private) => continue,
                Some(Clients::Some) => Err(part_of_the_internet(text, value)),
                None => Err(doubt_of_text(text, value)),
            },
            Link::Resource { id, attribute, .. } if is_own_network(world, *id, attribute) => continue,
            Link::Unknown(doubt) => Err(doubt.clone()),
            Link::Resource { value, .. } | Link::Template(_, value) | Link::Outside(_, value) => Err(doubt_of(value)),
        };
        found.push(Alternative { when: link.when, value });
    }
    found
}

fn part_of_the_internet(text: &Text, value: &Value) -> Doubt {
    let message = format!("{text} is a part of the internet, and it is not known whether clients call from there");
    Doubt::new(text, message, "let in only what stands in front", Some(value.span()))
}

fn doubt_of_text(text: &Text, value: &Value) -> Doubt {
    Doubt::new(text, format!("{text} is no address range"), "write a range such as 10.0.0.0/16", Some(value.span()))
}

fn is_own_network(world: &World<'_>, id: ResourceId, attribute: &str) -> bool {
    let names_a_range = attribute.contains("cidr_block") || attribute.contains("CidrBlock");
    names_a_range && OWN_NETWORK.holds(&world.resource(id).type_name)
}

fn of_prefix_list<'a>(world: &World<'a>, link: &Link<'a>) -> Vec<Source> {
    let list = match link {
        Link::Resource { id, .. } if PREFIX_LIST.holds(&world.resource(*id).type_name) => world.block(*id),
        _ => return vec![Alternative::always(Err(undeclared_list(link)))],
    };
    if list.owner.mode == Mode::Data {
        let is_cloudfront = list_names(&list).iter().any(|name| name == CLOUDFRONT_LIST);
        return if is_cloudfront { Vec::new() } else { vec![Alternative::always(Err(undeclared_list(link)))] };
    }
    let mut found = Vec::new();
    for entry in list.children(ENTRIES) {
        match entry.value {
            Child::Block(block) => found.extend(of_ranges(world, &block, ENTRY_RANGE)),
            Child::Unknown(doubt) => found.push(Alternative { when: entry.when, value: Err(doubt) }),
        }
    }
    for (entry, when) in pointing(world, list.id, PREFIX_LIST_ENTRY, |entry| entry.links(world, ENTRY_OF)) {
        found.extend(of_ranges(world, &entry.given(when.as_ref()), ENTRY_RANGE));
    }
    let handed = strangers::handed(world, list.id).into_iter();
    found.extend(handed.map(|doubt| Alternative::always(Err(doubt))));
    found
}

/// The names by which a data source looks a prefix list up.
fn list_names(list: &Block<'_>) -> Vec<Text> {
    let filters = list.known_blocks(FILTER).into_iter();
    let by_name = filters.filter(|filter| filter.text(FILTER_NAME).as_deref() == Some("prefix-list-name"));
    let values = by_name.flat_map(|filter| filter.get(FILTER_VALUES).and_then(Value::as_list).unwrap_or_default());
    list.text(LIST_NAME).into_iter().chain(values.filter_map(Text::of)).collect()
}

fn undeclared_list(link: &Link<'_>) -> Doubt {
    let (text, span) = match link {
        Link::Text(text, value) | Link::Outside(text, value) => (text.to_string(), value.span()),
        Link::Resource { value, .. } | Link::Template(_, value) => {
            (value.as_reference().map_or_else(|| "this prefix list".to_owned(), |found| found.text()), value.span())
        }
        Link::Unknown(doubt) => return doubt.clone(),
    };
    let message = format!("the addresses of {text} are not in this code, so they may be anybody's");
    let settle = format!("look up {CLOUDFRONT_LIST} by its name if CloudFront is meant");
    Doubt::new(text, message, settle, Some(span))
}
