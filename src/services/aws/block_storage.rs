//! EBS volumes: of instances, of launch templates, and volumes of their own.

use super::keys::{AtRest, at_rest};
use crate::model::{Accepts, Custody, Doubt, Face, NodeId, NodeKind, Operator, StoredData};
use crate::services::Service;
use crate::services::draft::{Draft, NodeFacts};
use crate::services::read::{Block, Child, Field, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] = &[Service { types: VOLUME, describe: describe_volume }];

const VOLUME: Types = Types { terraform: &["aws_ebs_volume"], cloudformation: &["AWS::EC2::Volume"] };

const ENCRYPTED: Field = field("encrypted", "Encrypted");
const KMS_KEY: Field = field("kms_key_id", "KmsKeyId");
const ROOT_DEVICE: Field = field("root_block_device", "-");
const MORE_DEVICES: Field = field("ebs_block_device", "-");
const MAPPINGS: Field = field("block_device_mappings", "BlockDeviceMappings");
const EBS: Field = field("ebs", "Ebs");

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
