//! From those who are let in to the parties that can decrypt.

use super::policy::{Entry, Reading};
use crate::model::{Doubt, Evidence, HeldBy, Holder, Key};
use crate::services::aws::iam::{self, Abilities, Able, Account, Actors, Permits, Roster, Stranger, Who};
use crate::services::read::Block;
use crate::services::world::ResourceId;
use crate::value::Value;
use std::collections::BTreeSet;

/// Keys times identities that are looked at; beyond, the account's own policies are left to the doubt that stands there anyway.
const MOST_LOOKS: usize = 1_000_000;

/// Holders of a key that are told apart.
const MOST_HOLDERS: usize = 256;

/// Doubts of a kind that are told of a key.
const MOST_DOUBTS: usize = 8;

/// Services that start what a node is, with the node's role.
const COMPUTE: [&str; 4] =
    ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "lambda.amazonaws.com", "tasks.apprunner.amazonaws.com"];

const ASSUME: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"];

/// What is known of the identities of the workspace.
pub(super) struct Room<'r, 'a> {
    pub roster: &'r Roster<'a>,
    actors: &'r Actors,
    permits: &'r Permits,
    looks: usize,
}

impl<'r, 'a> Room<'r, 'a> {
    pub fn new(roster: &'r Roster<'a>, actors: &'r Actors, permits: &'r Permits) -> Self {
        Self { roster, actors, permits, looks: 0 }
    }

    /// Writes down who holds the key, and why others may.
    pub fn fill(&mut self, block: &Block<'_>, reading: &Reading, key: &mut Key) {
        let mut holders = Vec::new();
        let mut roles = BTreeSet::new();
        for entry in reading.admitted() {
            match &entry.who {
                Who::Account(Account::Own) => key.delegated.push(delegated(block, &entry)),
                who => {
                    roles.extend(identity(who));
                    let by = if matches!(who, Who::Service(_)) { HeldBy::Service } else { HeldBy::Key };
                    holders.push(self.holder(&entry, by));
                }
            }
        }
        if let Some(abilities) = reading.left_to_account() {
            for entry in self.by_account(block.id, abilities, reading) {
                roles.extend(identity(&entry.who));
                holders.push(self.holder(&entry, HeldBy::Account));
            }
        }
        for holder in holders {
            add(key, holder);
        }
        for role in roles {
            self.add_strangers(role, key);
            self.add_trusted(role, key);
        }
        for doubts in [&mut key.unread, &mut key.delegated] {
            doubts.dedup();
            doubts.truncate(MOST_DOUBTS);
        }
    }

    /// Identities whose own policies surely let them read, where the key leaves the choice to the account.
    fn by_account(&mut self, id: ResourceId, abilities: Abilities, reading: &Reading) -> Vec<Entry> {
        let world = self.roster.world;
        let stack = &world.stack_of(id).id;
        let mut found = Vec::new();
        for (identity, permits) in self.permits.all() {
            self.looks += 1 + permits.len();
            if self.looks > MOST_LOOKS {
                break;
            }
            // Another stack may be another account.
            if world.stack_of(identity).id != *stack {
                continue;
            }
            let (own, because) = iam::on_key(permits, world, id);
            let left = reading.left(&Who::Identity(identity), own.and(abilities));
            if let Some(evidence) = because.filter(|_| left.reads() == Able::Surely) {
                let evidence = evidence.clone();
                let sure = world.resource(identity).exists.when().is_none();
                found.push(Entry { who: Who::Identity(identity), sure, abilities: left, evidence });
            }
        }
        found
    }

    fn holder(&self, entry: &Entry, by: HeldBy) -> Holder {
        let reads = entry.abilities.reads();
        let somebody = match &entry.who {
            // The account may be the key's own, a group may have no members, a pattern may fit nobody.
            Who::Account(_) | Who::Service(_) | Who::Federated(_) | Who::Pattern(_) => false,
            Who::Identity(id) => !iam::GROUP.holds(&self.roster.world.resource(*id).type_name),
            Who::Everyone | Who::Organisation | Who::Members(_) | Who::Named(_) | Who::Unknown(_) => true,
        };
        let nodes = identity(&entry.who).map_or(&[][..], |id| self.actors.of(id)).to_vec();
        Holder {
            party: self.party(&entry.who),
            address: identity(&entry.who).map(|id| self.roster.world.address(id)),
            nameless: match entry.who {
                Who::Named(_) | Who::Unknown(_) => true,
                Who::Identity(_) => nodes.is_empty(),
                _ => false,
            },
            nodes,
            evidence: entry.evidence.clone(),
            certain: reads == Able::Surely && entry.sure && somebody,
            by: match entry.abilities.escalates() {
                Able::Maybe | Able::Surely if reads == Able::No => HeldBy::Escalation,
                _ => by,
            },
        }
    }

    fn party(&self, who: &Who) -> String {
        let of = |account: &Account| match account {
            Account::Own => "the account".to_owned(),
            Account::Other(text) => format!("the account {text}"),
        };
        match who {
            Who::Everyone => "anyone with an AWS account".to_owned(),
            Who::Account(account) => of(account),
            Who::Members(account) => format!("everyone in {}", of(account)),
            Who::Identity(id) => {
                let resource = self.roster.world.resource(*id);
                let nouns = [(iam::USER, "the user"), (iam::GROUP, "the members of the group")];
                let noun = nouns.iter().find(|(types, _)| types.holds(&resource.type_name));
                format!("{} {}", noun.map_or("the role", |(_, noun)| *noun), resource.address)
            }
            Who::Named(text) => text.clone(),
            Who::Service(text) => format!("the AWS service {text}"),
            Who::Federated(text) => format!("whoever signs in by {text}"),
            Who::Unknown(text) => format!("whoever {text} names"),
            Who::Organisation => "everyone in the organisation".to_owned(),
            Who::Pattern(text) => format!("whoever {text} fits"),
        }
    }

    /// What is started with a role that the code does not tell may act as the role, if that one trusts the service.
    fn add_strangers(&self, role: ResourceId, key: &mut Key) {
        let address = self.roster.world.address(role);
        let Some(held) = key.holders.iter().find(|holder| holder.address.as_ref() == Some(&address)).cloned() else {
            return;
        };
        let is_new =
            |stranger: &&Stranger| !held.nodes.contains(&stranger.node) && self.may_start(role, stranger.service);
        for stranger in self.actors.strangers(role).iter().filter(is_new) {
            let party = format!("{}, by the role {address}", self.roster.world.address(stranger.resource));
            let (nodes, evidence) = (vec![stranger.node], stranger.evidence.clone());
            add(key, Holder { party, address: None, nodes, evidence, certain: false, nameless: false, ..held.clone() });
        }
    }

    /// Whether the service may start something with the role.
    fn may_start(&self, role: ResourceId, service: &str) -> bool {
        let block = self.roster.world.block(role);
        let Some(trust) = block.get(iam::TRUST) else { return true };
        let document = iam::read(trust);
        let named = document.statements.iter().filter(|statement| statement.allows);
        let named = named.flat_map(|statement| match statement.get("Principal") {
            Some(named) => self.roster.principals(role, named),
            None => Vec::new(),
        });
        let may_be = |who: &Who| match who {
            Who::Everyone | Who::Unknown(_) => true,
            Who::Service(named) => named == service || !named.ends_with(".amazonaws.com"),
            _ => false,
        };
        !document.unread.is_empty() || named.map(|principal| principal.who).any(|who| may_be(&who))
    }

    /// Whoever may assume a role reads what it reads. A service that starts nodes with it lets nobody else in.
    fn add_trusted(&self, role: ResourceId, key: &mut Key) {
        let block = self.roster.world.block(role);
        let Some(held) =
            key.holders.iter().find(|holder| holder.address == Some(block.owner.address.shared())).cloned()
        else {
            return;
        };
        if held.nodes.is_empty() {
            return;
        }
        if let Some(starter) = self.actors.elsewhere(role) {
            let starter = self.roster.world.block(starter);
            let what = format!("what {} starts", starter.owner.address);
            let message = format!("{what} acts as {} too, and is no node that e2e-lint knows", block.owner.address);
            let settle = "give it a role of its own";
            key.unread.push(Doubt::new(what, message, settle, Some(starter.owner.header)));
        }
        let Some(trust) = block.get(iam::TRUST) else { return };
        let document = iam::read(trust);
        key.unread.extend(document.unread);
        let denies = document.statements.iter().any(|statement| !statement.allows);
        let lets_in = |statement: &&iam::Statement| statement.allows && statement.about(&ASSUME) != Able::No;
        for statement in document.statements.iter().filter(lets_in) {
            let terms = statement.terms();
            let plain =
                terms.plain() && statement.when.is_none() && !denies && statement.about(&ASSUME) == Able::Surely;
            let Some(named) = statement.get("Principal") else { continue };
            for principal in self.roster.principals(role, named) {
                if matches!(&principal.who, Who::Service(service) if COMPUTE.contains(&service.as_str()))
                    || principal.who == Who::Identity(role)
                {
                    continue;
                }
                let meaning = format!("it may assume the role {}, which can decrypt", block.owner.address);
                let evidence = Evidence::new("assume_role_policy", meaning, principal.place.span());
                let evidence = evidence.along(&principal.place);
                if principal.who == Who::Account(Account::Own) {
                    key.delegated.push(assumable(&block, &evidence));
                    continue;
                }
                let abilities = if held.certain && plain { Abilities::all() } else { Abilities::all().weakened() };
                let sure = principal.sure && principal.when.is_none();
                let entry = Entry { who: principal.who, sure, abilities, evidence };
                let mut holder = self.holder(&entry, held.by);
                holder.party = format!("{}, by the role {}", holder.party, block.owner.address);
                add(key, holder);
            }
        }
    }
}

/// Imported key material lies where it came from, and in the state where Terraform imports it.
pub(super) fn add_material(block: &Block<'_>, material: Option<&Value>, key: &mut Key) {
    let Some(material) = material else {
        let message = format!("whoever made the key material of {} may have kept it", block.owner.address);
        let settle = "let AWS KMS make the key material";
        key.unread.push(Doubt::new(block.owner.address.as_str(), message, settle, Some(block.owner.header)));
        return;
    };
    let meaning = "the key material lies in the Terraform state";
    let evidence = Evidence::new("key_material_base64", meaning, material.span()).along(material);
    key.holders.push(Holder {
        party: "whoever reads the Terraform state".to_owned(),
        address: None,
        nodes: Vec::new(),
        evidence,
        certain: true,
        by: HeldBy::Key,
        nameless: false,
    });
}

fn identity(who: &Who) -> Option<ResourceId> {
    match who {
        Who::Identity(id) => Some(*id),
        _ => None,
    }
}

/// One row for each party: what is surer comes instead of what is less sure.
fn add(key: &mut Key, new: Holder) {
    let count = key.holders.len();
    if let Some(known) = key.holders.iter_mut().find(|known| known.party == new.party) {
        if !known.certain && (new.certain || known.by == HeldBy::Escalation) {
            *known = new;
        }
    } else if count < MOST_HOLDERS {
        key.holders.push(new);
    } else if count == MOST_HOLDERS {
        let what = format!("who else can decrypt with {}", key.address());
        let message = format!("more than {MOST_HOLDERS} are let in, and the others are not looked at");
        key.unread.push(Doubt::new(what, message, "let fewer in", Some(new.evidence.span)));
    }
}

fn delegated(block: &Block<'_>, entry: &Entry) -> Doubt {
    let address = &block.owner.address;
    let message = format!("{address} leaves it to the policies of its account who may decrypt");
    let settle = "name the ends' roles in the key policy instead of the account, \
                  or deny kms:* to every other aws:PrincipalArn";
    let mut doubt = Doubt::new(format!("who else in the account can decrypt with {address}"), message, settle, None);
    doubt.span = Some(entry.evidence.span);
    doubt.through.clone_from(&entry.evidence.through);
    doubt
}

fn assumable(block: &Block<'_>, evidence: &Evidence) -> Doubt {
    let address = &block.owner.address;
    let message = format!("{address} leaves it to the policies of its account who may assume it");
    let settle = "let only the service that starts the end assume the role";
    let mut doubt = Doubt::new(format!("who else in the account can assume {address}"), message, settle, None);
    doubt.span = Some(evidence.span);
    doubt.through.clone_from(&evidence.through);
    doubt
}
