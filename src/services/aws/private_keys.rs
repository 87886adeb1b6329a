//! Keys of certificates that also lie outside the node that uses them, and authorities that could make another.
//!
//! Source: the documentation of `tls_private_key` ("stored unencrypted in your Terraform state file"), `aws_acm_certificate`
//! and `aws_iam_server_certificate`, whose `private_key` is in the state as every argument that is not write-only.

use crate::model::{Companion, CompanionKind, Evidence, NodeId};
use crate::resource::{Language, Mode};
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::Types;
use crate::value::Value;
use std::sync::Arc;

const CERTIFICATE: Types = Types {
    terraform: &["aws_acm_certificate", "aws_iam_server_certificate"],
    cloudformation: &["AWS::CertificateManager::Certificate", "AWS::IAM::ServerCertificate"],
};
const AUTHORITY: Types =
    Types { terraform: &["aws_acmpca_certificate_authority"], cloudformation: &["AWS::ACMPCA::CertificateAuthority"] };
const SHARE: Types =
    Types { terraform: &["aws_ram_resource_association"], cloudformation: &["AWS::RAM::ResourceShare"] };

const PRIVATE_KEY: Field = field("private_key", "PrivateKey");
const ISSUER: Field = field("certificate_authority_arn", "CertificateAuthorityArn");
const SHARED: Field = field("resource_arn", "ResourceArns");

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
            Link::Resource { id, .. } if world.declares(*id, AUTHORITY) => {
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

pub(super) fn outside(party: &str, address: Option<Arc<str>>, evidence: Evidence, certain: bool) -> Companion {
    Companion { party: party.to_owned(), address, evidence, certain, kind: CompanionKind::KeyOutside }
}

/// One row for each party and key: several listeners may use one certificate.
pub(super) fn add(draft: &mut Draft<'_>, node: NodeId, companion: Companion) {
    let known = |other: &Companion| {
        other.kind == companion.kind && other.party == companion.party && other.evidence == companion.evidence
    };
    if !draft.model.node(node).companions.iter().any(known) {
        draft.companion(node, companion);
    }
}
