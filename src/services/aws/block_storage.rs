//! EBS volumes: of instances, of launch templates, and volumes of their own.

use super::ec2::INSTANCE;
use super::keys::{AtRest, at_rest};
use crate::model::{Accepts, Custody, Doubt, Face, NodeId, NodeKind, Operator, StoredData};
use crate::services::Service;
use crate::services::aim::Sought;
use crate::services::draft::{Draft, NodeFacts};
use crate::services::read::{Block, Child, Field, Link, doubt_of, field};
use crate::services::world::Types;
use crate::source::Span;
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[
    Service { types: VOLUME, describe: describe_volume },
    Service { types: ATTACHMENT, describe: describe_attachment },
];

const VOLUME: Types = Types { terraform: &["aws_ebs_volume"], cloudformation: &["AWS::EC2::Volume"] };
const ATTACHMENT: Types =
    Types { terraform: &["aws_volume_attachment"], cloudformation: &["AWS::EC2::VolumeAttachment"] };
/// The data source `aws_instance` finds an instance by its id, or by filters. Source: its page in the documentation of the
/// AWS provider.
const SERVER: Sought =
    Sought { types: INSTANCE, aliases: None, told: field("instance_id", "-"), named: None, global: false };

const ENCRYPTED: Field = field("encrypted", "Encrypted");
const KMS_KEY: Field = field("kms_key_id", "KmsKeyId");
const ROOT_DEVICE: Field = field("root_block_device", "-");
const MORE_DEVICES: Field = field("ebs_block_device", "-");
const MAPPINGS: Field = field("block_device_mappings", "BlockDeviceMappings");
const EBS: Field = field("ebs", "Ebs");
const DEVICE_NAME: Field = field("device_name", "DeviceName");
/// What images call their root device. Source: "Device names for volumes on Amazon EC2 instances".
const ROOTS: [&str; 4] = ["/dev/xvda", "/dev/sda1", "/dev/sda", "xvda"];
const INSTANCE_ID: Field = field("instance_id", "InstanceId");
const VOLUME_ID: Field = field("volume_id", "VolumeId");
const VOLUMES: Field = field("-", "Volumes");
const ATTACHED: &str = "an attached volume";

/// Without the switch the account's and Region's setting decides, which the code does not show.
const BY_ACCOUNT: &str = "without this switch the account's default decides, which is off unless somebody turned it on";

fn describe_volume<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = draft.node(
        block,
        NodeFacts { kind: NodeKind::Store, operator: Operator::Aws, party: "the volume", why: "keeps the data" },
    );
    let settle = "assume it in e2e-lint.yaml";
    let doubt = Doubt::new("the volume's connection", "block storage is attached, not called", settle, None);
    draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt))]);
    keep(draft, node, block, "the volume");
}

/// Volumes that stand inside an instance, a launch configuration or a launch template.
pub(super) fn describe_devices<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>) {
    let before = draft.model.node(node).stored.len();
    let devices: [(&[Field], &str); 3] =
        [(&[ROOT_DEVICE], "the root volume"), (&[MORE_DEVICES], "a volume"), (&[MAPPINGS, EBS], "a volume")];
    for (path, what) in devices {
        for device in block.children_along(path) {
            match device.value {
                Child::Block(device) => keep(draft, node, &device, what),
                Child::Unknown(doubt) => {
                    draft.store(node, StoredData::unknown(what, device.when, doubt, block.place()));
                }
            }
        }
    }
    if draft.model.node(node).stored.len() > before && !may_say_root(block) {
        draft.store(node, silent_root(block));
    }
}

/// Whether one of the devices may be the root volume: which one is, the image says.
fn may_say_root(block: &Block<'_>) -> bool {
    let may_be_root = |device: &Block<'_>| device.text(DEVICE_NAME).is_none_or(|name| ROOTS.contains(&name.as_str()));
    let more = [MORE_DEVICES, MAPPINGS];
    block.has(ROOT_DEVICE)
        || more.iter().any(|field| block.unknown_along(&[*field]).is_some())
        || more.iter().flat_map(|field| block.known_blocks(*field)).any(|device| may_be_root(&device))
}

/// The root volume of which the code says nothing: the account's default decides.
fn silent_root(block: &Block<'_>) -> StoredData {
    let what = format!("the root volume of {}", block.owner.address);
    let message = format!("the code does not show how {what} is stored");
    let doubt = Doubt::new(what, message, "declare the root volume with its encryption", Some(block.place()));
    StoredData::unknown("the root volume", None, doubt, block.place())
}

/// A volume of its own that is attached to an instance is one of the instance's, as long as the attachment is there.
fn describe_attachment<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, INSTANCE_ID) {
        for aim in SERVER.aims(draft.world, block.id, &link.value) {
            let Some(node) = draft.home(aim.id) else { continue };
            let when = When::both(block.owner.exists.when(), link.when.as_ref());
            let when = When::both(when.as_ref(), aim.when.as_ref());
            let server = draft.world.block(aim.id);
            attach(draft, node, &server, &block.clone().given(when.as_ref()));
        }
    }
}

/// Volumes of their own that an instance of CloudFormation lists.
pub(super) fn describe_attached<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>) {
    for listed in block.children(VOLUMES) {
        match listed.value {
            Child::Block(listed) => attach(draft, node, block, &listed),
            Child::Unknown(doubt) => {
                draft.store(node, StoredData::unknown(ATTACHED, listed.when, doubt, block.place()));
            }
        }
    }
}

fn attach<'a>(draft: &mut Draft<'a>, node: NodeId, server: &Block<'a>, attachment: &Block<'a>) {
    // A volume beside the root one does not show how that one is stored.
    if draft.model.node(node).stored.is_empty() {
        draft.store(node, silent_root(server));
    }
    for link in attachment.links(draft.world, VOLUME_ID) {
        let doubt = match link.value {
            Link::Resource { id, value, .. } => {
                let volume = draft.world.block(id);
                if draft.world.declares(id, VOLUME) {
                    keep(draft, node, &volume.given(link.when.as_ref()), ATTACHED);
                    continue;
                }
                elsewhere(&volume.owner.address.to_string(), value.span())
            }
            Link::Text(text, value) | Link::Outside(text, value) => elsewhere(&text.to_string(), value.span()),
            Link::Template(_, value) => doubt_of(value),
            Link::Unknown(doubt) => doubt,
        };
        draft.store(node, StoredData::unknown(ATTACHED, link.when, doubt, attachment.place()));
    }
}

fn elsewhere(volume: &str, place: Span) -> Doubt {
    let message = format!("whether the volume {volume} is encrypted is not in this code");
    Doubt::new(volume, message, "lint the code that declares the volume together with this code", Some(place))
}

fn keep<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>, what: &'static str) {
    let store = AtRest {
        what,
        encrypted: ENCRYPTED,
        key: KMS_KEY,
        default: Err(BY_ACCOUNT),
        unkeyed: Custody::ProviderManaged,
    };
    for data in at_rest(draft.world, block, &store) {
        draft.store(node, data);
    }
}
