//! App Runner: the service is the node. Its front ends TLS and hands the request to the container inside the service.

use crate::model::{Accepts, Companion, Evidence, Face, NodeKind, Operator, TlsFloor};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts};
use crate::services::read::{Alternative, Block, Field, Link, Presence, Setting, field};
use crate::services::world::Types;
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[
    Service { types: APP, describe: describe_app },
    Service { types: DOMAIN, describe: describe_domain },
    Service { types: INGRESS_CONNECTION, describe: describe_ingress_connection },
];

pub(super) const APP: Types =
    Types { terraform: &["aws_apprunner_service"], cloudformation: &["AWS::AppRunner::Service"] };
const DOMAIN: Types = Types { terraform: &["aws_apprunner_custom_domain_association"], cloudformation: &[] };
const INGRESS_CONNECTION: Types = Types {
    terraform: &["aws_apprunner_vpc_ingress_connection"],
    cloudformation: &["AWS::AppRunner::VpcIngressConnection"],
};

pub(super) const INSTANCE: Field = field("instance_configuration", "InstanceConfiguration");
pub(super) const INSTANCE_ROLE: Field = field("instance_role_arn", "InstanceRoleArn");
const NETWORK: Field = field("network_configuration", "NetworkConfiguration");
const INGRESS: Field = field("ingress_configuration", "IngressConfiguration");
const PUBLIC: Field = field("is_publicly_accessible", "IsPubliclyAccessible");
const DOMAIN_NAME: Field = field("domain_name", "-");
const SERVICE_ARN: Field = field("service_arn", "ServiceArn");

/// "App Runner requires incoming HTTPS traffic and terminates HTTPS before passing requests to your container."
/// Source: "Developing application code for App Runner". The container gets HTTP inside the service, which no code
/// decides.
fn describe_app<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let facts = NodeFacts {
        kind: NodeKind::Server,
        operator: Operator::Customer,
        party: "the App Runner service",
        why: "runs the application behind App Runner's own front, which ends TLS",
    };
    let node = draft.node(block, facts);
    let meaning = "App Runner ends TLS before it passes the request to the container";
    let evidence = Evidence::new("App Runner service", meaning, block.owner.header);
    let party = "App Runner's front".to_owned();
    draft.companion(node, Companion::front(party, evidence.clone()));
    let accepts = Accepts::Tls { floor: TlsFloor::unknown(), evidence: vec![evidence] };
    let listener = draft.listen(node, Some(443), vec![Face::always(accepts)]);
    for Alternative { when, value } in exposures(block) {
        let when = When::both(block.owner.exists.when(), when.as_ref());
        draft.admit(Entry { listener, exposure: value, when, evidence: Vec::new() });
    }
}

/// Public by default, also where one of the blocks around the switch is absent.
fn exposures(block: &Block<'_>) -> Vec<Alternative<Exposure>> {
    let mut found = Vec::new();
    for Alternative { when, value } in block.presence_along(&[NETWORK, INGRESS]) {
        match value {
            Presence::Block(ingress) => found.extend(by_switch(&ingress)),
            Presence::Absent => found.push(Alternative { when, value: Exposure::Internet }),
            Presence::Unknown(doubt) => found.push(Alternative { when, value: Exposure::Unknown(doubt) }),
        }
    }
    found
}

fn by_switch(ingress: &Block<'_>) -> Vec<Alternative<Exposure>> {
    let read = |Alternative { when, value }: Alternative<Setting<'_>>| {
        let value = match value {
            Setting::Text(text, _) if text == "false" => Exposure::Private,
            Setting::Absent | Setting::Text(..) => Exposure::Internet,
            Setting::Unknown(doubt) => Exposure::Unknown(doubt),
        };
        Alternative { when, value }
    };
    ingress.setting(PUBLIC).into_iter().map(read).collect()
}

fn describe_domain<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(name) = block.text(DOMAIN_NAME) else { return };
    for link in block.links(draft.world, SERVICE_ARN) {
        if let Link::Resource { id, .. } = link.value {
            draft.stand_for(block.id, Destination::resource(id));
            let via = vec![block.owner.address.shared()];
            let when = When::both(block.owner.exists.when(), link.when.as_ref());
            draft.host(&name, Lead { to: Destination::resource(id), via, when, evidence: Vec::new() });
        }
    }
}

fn describe_ingress_connection<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, SERVICE_ARN) {
        let to = Destination::of_link(draft.world, block.id, &link.value);
        draft.stand_for(block.id, to);
    }
}
