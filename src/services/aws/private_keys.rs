//! TLS private keys that also lie outside the node that uses them, and authorities that could make another.
//!
//! Source: the documentation of `tls_private_key` ("stored unencrypted in your Terraform state file"), `aws_acm_certificate`
//! and `aws_iam_server_certificate`, whose `private_key` is in the state as every argument that is not write-only.

use crate::model::{Companion, CompanionKind, Evidence, NodeId};
use crate::resource::{Language, Mode};
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Kind, Value, When};
use std::sync::Arc;

/// Where code keeps a text that a server fetches at its start.
const SECRET: Types =
    Types { terraform: &["aws_secretsmanager_secret"], cloudformation: &["AWS::SecretsManager::Secret"] };
const HELD: Types = Types {
    terraform: &["aws_secretsmanager_secret_version", "aws_ssm_parameter"],
    cloudformation: &["AWS::SSM::Parameter"],
};
const VERSION: Types = Types { terraform: &["aws_secretsmanager_secret_version"], cloudformation: &[] };
const CERTIFICATE: Types = Types {
    terraform: &["aws_acm_certificate", "aws_iam_server_certificate"],
    cloudformation: &["AWS::CertificateManager::Certificate", "AWS::IAM::ServerCertificate"],
};
const AUTHORITY: Types =
    Types { terraform: &["aws_acmpca_certificate_authority"], cloudformation: &["AWS::ACMPCA::CertificateAuthority"] };
const SHARE: Types =
    Types { terraform: &["aws_ram_resource_association"], cloudformation: &["AWS::RAM::ResourceShare"] };

const CONTENT: Field = field("secret_string|value|insecure_value", "SecretString|Value");
const PRIVATE_KEY: Field = field("private_key", "PrivateKey");
const ISSUER: Field = field("certificate_authority_arn", "CertificateAuthorityArn");
const SHARED: Field = field("resource_arn", "ResourceArns");

/// A private key in what a server is started with.
struct Found<'a> {
    fact: String,
    address: Option<Arc<str>>,
    place: &'a Value,
    when: Option<When>,
}

/// Keys that user data or container definitions hand over, by themselves or by a secret of the code.
pub(super) fn describe_handed<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>, text: Field) {
    for (when, value) in block.values(text) {
        let mut found = Vec::new();
        collect(draft.world, block.id, value.value, when.as_ref(), false, &mut found);
        for key in found {
            let meaning = "the server's private key comes from here, so it also lies outside the server";
            let evidence = Evidence::new(key.fact, meaning, key.place.span()).along(key.place);
            let certain = key.when.is_none();
            let party = match block.language() {
                Language::Terraform => "whoever reads the Terraform state or the user data",
                Language::CloudFormation => "whoever reads the template or the user data",
            };
            add(draft, node, outside(party, key.address, evidence, certain));
        }
    }
}

fn collect<'a>(
    world: &World<'a>,
    from: ResourceId,
    value: &'a Value,
    when: Option<&When>,
    in_secret: bool,
    found: &mut Vec<Found<'a>>,
) {
    for (condition, value) in value.alternatives() {
        let when = When::both(when, condition.as_ref());
        value.visit(&mut |value| match &value.kind {
            Kind::Reference(reference) if is_tls_key(&reference.attribute) => found.push(Found {
                fact: reference.text(),
                address: Some(Arc::clone(&reference.target)),
                place: value,
                when: when.clone(),
            }),
            Kind::Reference(reference) if !in_secret => {
                let Some(id) = world.find(from, &reference.target) else { return };
                for holder in contents(world, id) {
                    if let Some(content) = holder.get(CONTENT) {
                        collect(world, holder.id, content, when.as_ref(), true, found);
                    }
                }
            }
            Kind::String(text) if is_tls_pem(text) => found.push(Found {
                fact: "a private key in the code".to_owned(),
                address: None,
                place: value,
                when: when.clone(),
            }),
            _ => {}
        });
    }
}

/// What a secret or a parameter of the code holds.
fn contents<'a>(world: &World<'a>, id: ResourceId) -> Vec<Block<'a>> {
    let resource = world.resource(id);
    let mut found = Vec::new();
    if resource.mode == Mode::Managed && (SECRET.holds(&resource.type_name) || HELD.holds(&resource.type_name)) {
        found.push(world.block(id));
        found.extend(world.referrers(id, VERSION).into_iter().map(|version| world.block(version)));
    }
    found
}

/// The attributes of `tls_private_key` and `acme_certificate` that hold a key; that in OpenSSH's form is no TLS key.
fn is_tls_key(attribute: &str) -> bool {
    (attribute.starts_with("private_key") && attribute != "private_key_openssh") || attribute == "certificate_p12"
}

/// PEM text of a key; SSH's own and PGP's have other headers.
fn is_tls_pem(text: &str) -> bool {
    ["-----BEGIN PRIVATE KEY", "-----BEGIN RSA PRIVATE KEY", "-----BEGIN EC PRIVATE KEY"]
        .iter()
        .any(|header| text.contains(header))
}

/// Whether the template itself holds the text, and no reference that is filled in at deployment.
fn is_written_out(key: &Value) -> bool {
    key.as_str().is_some_and(|text| !text.contains("{{resolve:"))
}

/// The key of a certificate that the code imports, and the private authority that has issued one.
pub(super) fn describe_certificate<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>, certificate: Field) {
    for link in block.links(draft.world, certificate) {
        let Link::Resource { id, .. } = link.value else { continue };
        let certificate = draft.world.block(id);
        if !CERTIFICATE.holds(&certificate.owner.type_name) || certificate.owner.mode == Mode::Data {
            continue;
        }
        if let Some(key) = certificate.get(PRIVATE_KEY) {
            let (party, meaning, certain) = match block.language() {
                Language::Terraform => {
                    ("whoever reads the Terraform state", "the imported key lies in the state", true)
                }
                Language::CloudFormation if is_written_out(key) => {
                    ("whoever reads the template", "the imported key lies in the template", true)
                }
                Language::CloudFormation => {
                    let meaning = "the imported key comes from elsewhere, and who else has it is not in this code";
                    ("whoever hands the key to the deployment", meaning, false)
                }
            };
            let name = PRIVATE_KEY.spelling(block.language());
            let evidence = Evidence::new(name, meaning, key.span()).along(key);
            let address = Some(certificate.owner.address.shared());
            add(draft, node, outside(party, address, evidence, certain && link.when.is_none()));
        }
        describe_issuer(draft, node, &certificate);
    }
}

/// Whoever runs a private authority can issue a second certificate of the same name. The code shows who that is only where
/// the authority is in it and shared with nobody.
fn describe_issuer<'a>(draft: &mut Draft<'a>, node: NodeId, certificate: &Block<'a>) {
    let world = draft.world;
    for link in certificate.links(world, ISSUER) {
        let (party, address) = match &link.value {
            Link::Resource { id, .. } if is_authority(world, *id) => {
                let of_authority = |link: &Link<'_>| matches!(link, Link::Resource { id: shared, .. } if shared == id);
                let shared = world
                    .referrers(*id, SHARE)
                    .into_iter()
                    .any(|share| world.block(share).links(world, SHARED).iter().any(|link| of_authority(&link.value)));
                if !shared {
                    continue;
                }
                let address = world.address(*id);
                (format!("the accounts that {address} is shared with"), Some(address))
            }
            _ => ("whoever runs the private certificate authority".to_owned(), None),
        };
        let Some(issuer) = certificate.get(ISSUER) else { continue };
        let meaning = "who issues for this authority can make another certificate of the same name";
        let evidence = Evidence::new(ISSUER.spelling(certificate.language()), meaning, issuer.span()).along(issuer);
        add(draft, node, outside(&party, address, evidence, false));
    }
}

fn is_authority(world: &World<'_>, id: ResourceId) -> bool {
    let resource = world.resource(id);
    resource.mode == Mode::Managed && AUTHORITY.holds(&resource.type_name)
}

fn outside(party: &str, address: Option<Arc<str>>, evidence: Evidence, certain: bool) -> Companion {
    Companion { party: party.to_owned(), address, evidence, certain, kind: CompanionKind::KeyOutside }
}

/// One row for each party and key: several listeners may use one certificate.
fn add(draft: &mut Draft<'_>, node: NodeId, companion: Companion) {
    let known = |other: &Companion| {
        other.kind == companion.kind && other.party == companion.party && other.evidence == companion.evidence
    };
    if !draft.model.node(node).companions.iter().any(known) {
        draft.companion(node, companion);
    }
}
