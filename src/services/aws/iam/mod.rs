//! IAM: who a policy names, what it lets them do, and which nodes act as whom.

mod action;
mod actors;
mod condition;
mod document;
mod identity;
mod managed;
mod principal;

pub(super) use action::{Abilities, Able, fits};
pub(super) use actors::{Actors, Stranger};
pub(super) use condition::Terms;
pub(super) use document::{Statement, each, read};
pub(super) use identity::{Permits, on_key};
pub(super) use principal::{Account, Principal, Roster, Who};

use crate::services::read::{Field, field};
use crate::services::world::Types;

const ROLE: Types = Types { terraform: &["aws_iam_role"], cloudformation: &["AWS::IAM::Role"] };
pub(super) const USER: Types = Types { terraform: &["aws_iam_user"], cloudformation: &["AWS::IAM::User"] };
pub(super) const GROUP: Types = Types { terraform: &["aws_iam_group"], cloudformation: &["AWS::IAM::Group"] };
const PROFILE: Types =
    Types { terraform: &["aws_iam_instance_profile"], cloudformation: &["AWS::IAM::InstanceProfile"] };

const NAME: Field = field("name", "RoleName|UserName|GroupName|InstanceProfileName");
pub(super) const TRUST: Field = field("assume_role_policy", "AssumeRolePolicyDocument");
