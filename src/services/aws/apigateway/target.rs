//! Where integrations lead: through a VPC link, to a function, or to the API of another service.

use super::integration::Spelling;
use super::stage;
use crate::model::Doubt;
use crate::services::aws::lambda;
use crate::services::draft::{Destination, Place};
use crate::services::read::{Alternative, Block, Field, Link, doubt_of, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Kind, Value, When};
use std::collections::BTreeSet;
use std::sync::Arc;

const REST_LINK: Types =
    Types { terraform: &["aws_api_gateway_vpc_link"], cloudformation: &["AWS::ApiGateway::VpcLink"] };
const LINK_TARGETS: Field = field("target_arns", "TargetArns");

/// One place that a request may go to.
pub(super) struct Target {
    pub to: Destination,
    pub via: Vec<Arc<str>>,
    pub when: Option<When>,
}

impl Target {
    pub(super) fn at(to: Destination) -> Self {
        Self { to, via: Vec::new(), when: None }
    }

    /// The target on `port`, where it names none itself.
    pub(super) fn or_port(mut self, port: Option<i64>) -> Self {
        self.to.port = self.to.port.or(port);
        self
    }
}

/// Where a URI points to, with stage variables put in.
pub(super) fn links<'a>(world: &World<'a>, api: ResourceId, uri: &Block<'a>) -> Vec<Target> {
    let target = |link: Alternative<Link<'a>>| Target {
        to: Destination::of_link(world, uri.id, &link.value),
        via: Vec::new(),
        when: link.when,
    };
    stage::links(world, api, uri).into_iter().map(target).collect()
}

/// The addresses of the VPC links of an integration.
pub(super) fn link_addresses<'a>(
    world: &World<'a>,
    api: ResourceId,
    block: &Block<'a>,
    spelling: &Spelling,
) -> Vec<Arc<str>> {
    let ids = block.values(spelling.vpc_link).into_iter().flat_map(|(_, value)| stage::links(world, api, &value));
    let address = |link: Link<'a>| match link {
        Link::Resource { id, .. } => Some(world.address(id)),
        _ => None,
    };
    ids.filter_map(|link| address(link.value)).collect()
}

/// The balancers behind a REST API's VPC link: those that the integration names, or those of a link of the first generation.
pub(super) fn behind_link<'a>(
    world: &World<'a>,
    api: ResourceId,
    block: &Block<'a>,
    spelling: &Spelling,
) -> Vec<Target> {
    let mut found = Vec::new();
    for (when, balancer) in block.values(spelling.balancer) {
        for target in links(world, api, &balancer) {
            let when = When::both(when.as_ref(), target.when.as_ref());
            found.push(Target { via: link_addresses(world, api, block, spelling), when, ..target });
        }
    }
    if !found.is_empty() {
        return found;
    }
    for (when, value) in block.values(spelling.vpc_link) {
        for link in stage::links(world, api, &value) {
            let when = When::both(when.as_ref(), link.when.as_ref());
            found.extend(through(world, block, &link.value, when));
        }
    }
    if found.is_empty() {
        let doubt = Doubt::new(
            format!("the VPC link of {}", block.owner.address),
            format!("{} names no VPC link", block.owner.address),
            "set the connection's id",
            Some(block.place()),
        );
        found.push(Target::at(outside(doubt)));
    }
    found
}

/// The targets of one VPC link.
fn through<'a>(world: &World<'a>, block: &Block<'a>, link: &Link<'a>, when: Option<When>) -> Vec<Target> {
    let Link::Resource { id, .. } = link else {
        return vec![Target { to: Destination::of_link(world, block.id, link), via: Vec::new(), when }];
    };
    let via = vec![world.address(*id)];
    let resource = world.block(*id);
    let mut found = Vec::new();
    if REST_LINK.holds(&resource.owner.type_name) {
        for target in resource.links(world, LINK_TARGETS) {
            let to = Destination::of_link(world, *id, &target.value);
            found.push(Target { to, via: via.clone(), when: When::both(when.as_ref(), target.when.as_ref()) });
        }
    }
    if found.is_empty() {
        let what = format!("what {} leads to", resource.owner.address);
        let message = format!("{what} is not in this code");
        let settle = "name the balancer: its ARN in the VPC link or in the integration's target";
        let to = outside(Doubt::new(what, message, settle, Some(resource.owner.header)));
        found.push(Target { to, via, when });
    }
    found
}

fn outside(doubt: Doubt) -> Destination {
    Destination { place: Place::Outside(doubt.what.clone(), Some(doubt)), port: None }
}

/// What an integration of type `AWS` or `AWS_PROXY` calls: a function, or another service.
pub(super) fn called<'a>(
    world: &World<'a>,
    api: ResourceId,
    block: &Block<'a>,
    spelling: &Spelling,
    uri: &Block<'a>,
) -> Vec<Target> {
    if let Some(id) = function(world, uri) {
        return vec![Target::at(Destination::resource(id))];
    }
    let text = flat(uri.value);
    if let Some(service) = service(&text).filter(|service| service != "lambda") {
        return of_service(world, block, spelling, &service);
    }
    if text.contains("${stageVariables.") {
        return by_stage_variable(world, api, uri, &text);
    }
    match &uri.value.kind {
        Kind::Template(_) if !uri.value.sensitive && text.contains(":function:") => {
            vec![Target::at(Destination { place: Place::Name(text, Some(doubt_of(uri.value))), port: None })]
        }
        Kind::Template(_) => vec![Target::at(outside(doubt_of(uri.value)))],
        _ => links(world, api, uri),
    }
}

/// The function that a URI refers to, or names at the end of an ARN.
fn function(world: &World<'_>, uri: &Block<'_>) -> Option<ResourceId> {
    let references = uri.value.references();
    let mut targets = references.iter().filter_map(|reference| world.find(uri.id, &reference.target));
    let invocable = |id: &ResourceId| lambda::is_invocable(&world.resource(*id).type_name);
    let named = || {
        let text = flat(uri.value);
        let arn = text.contains(":function:").then_some(&text)?;
        lambda::named(world, uri.id, arn).first().copied()
    };
    targets.find(invocable).or_else(named)
}

/// Stages choose the function: `.../functions/arn:...:function:${stageVariables.name}/invocations`.
fn by_stage_variable<'a>(world: &World<'a>, api: ResourceId, uri: &Block<'a>, text: &str) -> Vec<Target> {
    let mut found = Vec::new();
    for link in stage::variable(world, api, text, uri.value) {
        let functions = match &link.value {
            Link::Text(name, _) => lambda::named(world, uri.id, name),
            _ => Vec::new(),
        };
        if functions.is_empty() {
            let to = match &link.value {
                Link::Text(name, _) => Destination { place: Place::Outside(name.to_string(), None), port: None },
                other => Destination::of_link(world, uri.id, other),
            };
            found.push(Target { to, via: Vec::new(), when: link.when });
        } else {
            let target = |id: ResourceId| Target { when: link.when.clone(), ..Target::at(Destination::resource(id)) };
            found.extend(functions.into_iter().map(target));
        }
    }
    found
}

/// The constant text of a value, with a star for each part that is not known.
fn flat(value: &Value) -> String {
    match &value.kind {
        Kind::Template(parts) => parts.iter().map(|part| part.as_str().unwrap_or("*")).collect(),
        _ => value.as_text().unwrap_or_default(),
    }
}

/// `arn:aws:apigateway:REGION:dynamodb:action/Query` names DynamoDB; a subdomain may stand before the service.
fn service(arn: &str) -> Option<String> {
    let mut fields = arn.split(':').skip(2);
    if fields.next() != Some("apigateway") {
        return None;
    }
    let service = fields.nth(1)?;
    let service = service.rsplit('.').next().unwrap_or(service);
    (!service.is_empty() && service != "*").then(|| service.to_ascii_lowercase())
}

/// The resources that a service's API works on.
fn resources_of(service: &str) -> Option<Types> {
    let types = match service {
        "dynamodb" => crate::services::aws::dynamodb::TABLE,
        "s3" => crate::services::aws::s3::BUCKET,
        "sqs" => Types { terraform: &["aws_sqs_queue"], cloudformation: &["AWS::SQS::Queue"] },
        "sns" => Types { terraform: &["aws_sns_topic"], cloudformation: &["AWS::SNS::Topic"] },
        "kinesis" => Types { terraform: &["aws_kinesis_stream"], cloudformation: &["AWS::Kinesis::Stream"] },
        "firehose" => Types {
            terraform: &["aws_kinesis_firehose_delivery_stream"],
            cloudformation: &["AWS::KinesisFirehose::DeliveryStream"],
        },
        "states" | "stepfunctions" => Types {
            terraform: &["aws_sfn_state_machine"],
            cloudformation: &["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"],
        },
        "events" | "eventbridge" => {
            Types { terraform: &["aws_cloudwatch_event_bus"], cloudformation: &["AWS::Events::EventBus"] }
        }
        _ => return None,
    };
    Some(types)
}

/// The resource of the service that the integration speaks of. Where it does not tell which, it may be any of this stack, or one
/// elsewhere.
pub(super) fn of_service(world: &World<'_>, block: &Block<'_>, spelling: &Spelling, service: &str) -> Vec<Target> {
    let said: Vec<&Value> = [spelling.uri, spelling.templates, spelling.parameters]
        .into_iter()
        .filter_map(|field| block.get(field))
        .collect();
    let types = resources_of(service);
    let spoken_of = types.map_or_else(BTreeSet::new, |types| resources(world, block.id, types, &said));
    let mut possible: Vec<ResourceId> = spoken_of.into_iter().collect();
    if let [only] = possible.as_slice() {
        return vec![Target::at(Destination::resource(*only))];
    }
    let mut others = 0;
    if possible.is_empty() && said.iter().any(|value| is_open(value)) {
        possible = types.map_or_else(Vec::new, |types| world.beside(block.id, types));
        others = types.map_or(0, |types| world.of_types(types).len()) - possible.len();
    }
    let is_it = |id: ResourceId| {
        let when = When::atom(format!("{} calls {}", block.owner.address, world.address(id)));
        Target { when: Some(when), ..Target::at(Destination::resource(id)) }
    };
    possible.into_iter().map(is_it).chain(std::iter::once(Target::at(elsewhere(block, service, others > 0)))).collect()
}

/// Whether a part is not known, or comes with the request: `s3:path/{bucket}/{key}`.
fn is_open(said: &Value) -> bool {
    let mut open = false;
    said.visit(&mut |part| {
        let by_request = || part.as_str().is_some_and(|text| text.starts_with("arn:") && text.contains('{'));
        open |= matches!(part.kind, Kind::Unknown(_) | Kind::Reference(_)) || by_request();
    });
    open
}

/// What the service has elsewhere. Stores keep what they are sent, unless it may be one of another stack of the code; other
/// services hand it on.
fn elsewhere(block: &Block<'_>, service: &str, is_of_code: bool) -> Destination {
    let kept = match service {
        "dynamodb" => Some("DynamoDB"),
        "firehose" => Some("Amazon Data Firehose"),
        "kinesis" => Some("Amazon Kinesis"),
        "s3" => Some("Amazon S3"),
        "secretsmanager" => Some("AWS Secrets Manager"),
        "sqs" => Some("Amazon SQS"),
        "ssm" => Some("AWS Systems Manager"),
        _ => None,
    };
    if let Some(party) = kept.filter(|_| !is_of_code) {
        return Destination { place: Place::Kept(party), port: None };
    }
    let what = format!("{service} service");
    let address = &block.owner.address;
    let message =
        format!("what {address} calls of the {what} is not known, and neither is where that sends the message");
    let settle = "refer to the resource in the integration, or lint the code that declares it together with this code";
    outside(Doubt::new(what, message, settle, Some(block.place())))
}

/// Resources of a kind that the values refer to; where they refer to none, those whose name stands quoted in them or is a
/// step of a path.
fn resources(world: &World<'_>, from: ResourceId, types: Types, said: &[&Value]) -> BTreeSet<ResourceId> {
    let references = said.iter().flat_map(|value| value.references());
    let referred: BTreeSet<ResourceId> = references
        .filter_map(|reference| world.find(from, &reference.target))
        .filter(|id| types.holds(&world.resource(*id).type_name))
        .collect();
    if !referred.is_empty() {
        return referred;
    }
    let mut words: BTreeSet<&str> = BTreeSet::new();
    for value in said {
        value.visit(&mut |part| words.extend(part.as_str().unwrap_or_default().split(['"', '\'', '/', ':', '?'])));
    }
    words.remove("");
    let names = [
        "name",
        "bucket",
        "TableName",
        "BucketName",
        "QueueName",
        "TopicName",
        "DeliveryStreamName",
        "StateMachineName",
        "Name",
    ];
    let own = |id: ResourceId| names.into_iter().filter_map(move |name| world.resource(id).get(name)?.as_str());
    let is_named =
        |id: &ResourceId| world.may_share_place(from, *id, false) && own(*id).any(|name| words.contains(name));
    world.of_types(types).into_iter().filter(|id| world.declares(*id, types)).filter(is_named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integration_uri_names_its_service() {
        assert_eq!(service("arn:*:apigateway:*:dynamodb:action/Query").as_deref(), Some("dynamodb"));
        assert_eq!(service("arn:aws:apigateway:eu-west-1:bucket.s3:path/{key}").as_deref(), Some("s3"));
        assert_eq!(service("arn:aws:lambda:eu-west-1:1:function:orders"), None);
        assert_eq!(service("arn:aws:apigateway:eu-west-1:*"), None);
    }
}
