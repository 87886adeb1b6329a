//! Lambda authorizers of AppSync APIs. That of a GraphQL API is shown whole requests, the query with its variables and the
//! headers; that of an event API is shown headers and channels, and no event.
//!
//! Source: "AWS_LAMBDA authorization" of the AppSync guide and "Configuring authorization and authentication to secure Event
//! APIs".

use crate::model::{Companion, NodeId};
use crate::services::aws::lambda;
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, field};

/// Where SAM keeps what else stands in the API itself.
const SAM_AUTH: Field = field("-", "Auth");
const TYPE: Field = field("authentication_type", "AuthenticationType|Type");
const ADDITIONAL: Field = field("additional_authentication_provider", "AdditionalAuthenticationProviders|Additional");
const CONFIG: Field = field("lambda_authorizer_config", "LambdaAuthorizerConfig|LambdaAuthorizer");
const CODE: Field = field("authorizer_uri", "AuthorizerUri");
const EVENTS: Field = field("event_config", "EventConfig");
const PROVIDERS: Field = field("auth_provider", "AuthProviders");
const PROVIDER_TYPE: Field = field("auth_type", "AuthType");

const BY_LAMBDA: &str = "AWS_LAMBDA";
const PARTY: &str = "the Lambda authorizer";

/// Clients choose among the ways to prove who they are, so that a request is surely shown to an authorizer only where it is the
/// one way.
pub(super) fn describe<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>) {
    const REQUESTS: &str = "the authorizer's code is shown the query and the variables of every request";
    const HEADERS: &str = "the authorizer's code is shown headers of the requests and channels, and no events";
    let by_sam = draft.readers(node, block, &[SAM_AUTH], PARTY);
    for api in std::iter::once(block.clone()).chain(by_sam) {
        let others = draft.readers(node, &api, &[ADDITIONAL], PARTY);
        add(draft, node, &api, (TYPE, REQUESTS), !api.has(ADDITIONAL));
        for other in others {
            add(draft, node, &other, (TYPE, REQUESTS), false);
        }
    }
    for provider in draft.readers(node, block, &[EVENTS, PROVIDERS], PARTY) {
        add(draft, node, &provider, (PROVIDER_TYPE, HEADERS), false);
    }
}

/// The authorizer of a way to prove who one is, as far as it is or may be one.
fn add<'a>(draft: &mut Draft<'a>, node: NodeId, provider: &Block<'a>, (kind, meaning): (Field, &str), is_only: bool) {
    let Some((evidence, certain)) = provider.switched_on(kind, BY_LAMBDA, meaning) else { return };
    let config = provider.known_block(CONFIG);
    let code = config.as_ref().and_then(|config| config.get(CODE));
    let address = code.and_then(|code| lambda::called(draft.world, provider.id, code));
    let certain = certain && is_only && provider.when.is_none();
    draft.companion(node, Companion { address, ..Companion::inside(PARTY, evidence, certain) });
}
