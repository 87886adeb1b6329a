//! Lambda: the function is the node; its URL, versions and aliases are ways to it.

use crate::model::{Accepts, Face, NodeKind, Operator, TlsFloor};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, NodeFacts};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] = &[
    Service { types: FUNCTION, describe: describe_function },
    Service { types: URL, describe: describe_url },
    Service { types: QUALIFIED, describe: describe_qualified },
];

const FUNCTION: Types = Types {
    terraform: &["aws_lambda_function"],
    cloudformation: &["AWS::Lambda::Function", "AWS::Serverless::Function"],
};
const URL: Types = Types { terraform: &["aws_lambda_function_url"], cloudformation: &["AWS::Lambda::Url"] };
const QUALIFIED: Types =
    Types { terraform: &["aws_lambda_alias"], cloudformation: &["AWS::Lambda::Alias", "AWS::Lambda::Version"] };

const TARGET: Field = field("function_name", "TargetFunctionArn|FunctionName");
const SAM_URL: Field = field("-", "FunctionUrlConfig");

fn describe_function<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = draft.node(
        block,
        NodeFacts {
            kind: NodeKind::Function,
            operator: Operator::Customer,
            party: "the function",
            why: "runs the application; the Lambda service hands it the request",
        },
    );
    let face = Face::always(Accepts::Tls { floor: TlsFloor::unknown(), evidence: Vec::new() });
    draft.listen(node, None, vec![face]);
    if block.owner.language == crate::resource::Language::CloudFormation && block.has(SAM_URL) {
        expose_url(draft, block, block);
    }
}

/// A function URL is `https://` only, and its TLS ends in the Lambda service. Source: "Lambda function URLs".
fn describe_url<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, TARGET) {
        if let Link::Resource { id, .. } = link.value {
            draft.stand_for(block.id, Destination::resource(id));
            let function = draft.world.block(id);
            expose_url(draft, &function, block);
        }
    }
}

fn expose_url<'a>(draft: &mut Draft<'a>, function: &Block<'a>, url: &Block<'a>) {
    if let Some(node) = draft.home(function.id) {
        let face = Face::always(Accepts::Tls { floor: TlsFloor::unknown(), evidence: Vec::new() });
        let listener = draft.listen_via(node, Some(443), vec![face], url);
        draft.admit(Entry { listener, exposure: Exposure::Internet, when: None, evidence: Vec::new() });
    }
}

fn describe_qualified<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, TARGET) {
        draft.stand_for(block.id, Destination::of_link(draft.world, block.id, &link.value));
    }
}
