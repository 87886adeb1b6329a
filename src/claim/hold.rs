//! Who holds the keys that count: of the payload, and of the data that the ends keep.

use super::judge::{Gap, GapKind, Judgement, may_read};
use super::{Claim, PayloadKey, Promise};
use crate::model::{Custody, Doubt, HeldBy, Key, KeyId, Model, NodeId, NodeKind};
use crate::path::{Graph, Reader, ReaderKind, Witness};
use std::collections::{BTreeMap, BTreeSet};

/// A payload that only the ends can open is read by nobody else, whatever the transport does. It says nothing of the
/// transport itself: a claim about every hop is judged as if there were none.
pub(super) fn settle(claim: &Claim, model: &Model, graph: &Graph, judgement: &mut Judgement) {
    if claim.promise != Promise::EndToEnd {
        return;
    }
    if let Some(payload) = &claim.payload {
        let named: Vec<KeyId> = match payload {
            PayloadKey::HeldByEnds => Vec::new(),
            PayloadKey::Resource(key) => model.key_ids().filter(|id| key.names_key(model.key(*id))).collect(),
        };
        judgement.unfit = unfit(model, graph, judgement, &named);
        let fit: Vec<KeyId> = named.iter().copied().filter(|key| model.key(*key).unfit.is_none()).collect();
        match payload {
            PayloadKey::HeldByEnds => close(judgement),
            // Nothing is closed with a key that closes nothing: everybody on the way reads.
            PayloadKey::Resource(_) if fit.is_empty() && !named.is_empty() => {}
            PayloadKey::Resource(key) if named.is_empty() => {
                let message = format!("{} is no key of this code, so that nobody can tell who holds it", key.text);
                let settle = "name a KMS key by its address, or say key: held-by-ends if only the ends can decrypt";
                let doubt = Doubt::new(key.text.clone(), message, settle, key.span);
                judgement.readers.iter_mut().for_each(|reader| reader.certain = false);
                judgement.cases.clear();
                judgement.gaps.push(Gap { kind: GapKind::Payload, doubt });
            }
            PayloadKey::Resource(_) => {
                close(judgement);
                let others = named.iter().filter(|key| !fit.contains(key));
                judgement.gaps.extend(others.map(|key| not_closing(model.key(*key))));
                for key in fit {
                    hold(claim, (model, graph), judgement, &Use { key, gap: GapKind::Payload, sure: true });
                }
            }
        }
    }
    // What is closed for the ends before it is sent stays closed where it is stored.
    if !judgement.closed {
        settle_stored(claim, model, graph, judgement);
    }
}

/// A key that the claim names beside those that close bodies: it may be the one that is used.
fn not_closing(key: &Key) -> Gap {
    let message = format!("{} closes no bodies, and the claim names it too", key.address());
    let span = key.unfit.as_ref().map(|unfit| unfit.evidence.span);
    let doubt = Doubt::new(key.address(), message, "name only the keys that close the body", span);
    Gap { kind: GapKind::Payload, doubt }
}

/// Nobody reads on the way.
fn close(judgement: &mut Judgement) {
    judgement.readers.clear();
    judgement.witnesses.clear();
    judgement.cases.clear();
    judgement.accepted.clear();
    judgement.gaps.retain(|gap| matches!(gap.kind, GapKind::AtRest(_)));
    judgement.closed = true;
}

/// Keys that close no bodies: those that the claim names, and those that a node on the way encrypts with.
fn unfit(model: &Model, graph: &Graph, judgement: &Judgement, named: &[KeyId]) -> Vec<KeyId> {
    let passed: BTreeSet<NodeId> =
        judgement.steps.iter().map(|step| model.receiver(model.hop(graph.step(*step).hop))).collect();
    let counts = |id: &KeyId| {
        let used_on_the_way = |nodes: &[NodeId]| nodes.iter().any(|node| passed.contains(node));
        model.key(*id).unfit.as_ref().is_some_and(|unfit| named.contains(id) || used_on_the_way(&unfit.nodes))
    };
    model.key_ids().filter(counts).collect()
}

/// Of data under a key of the customer, whoever that key's own policy and grants let in reads. What the account's policies
/// give is the customer's own affair, which is what the custody says.
fn settle_stored(claim: &Claim, model: &Model, graph: &Graph, judgement: &mut Judgement) {
    if claim.at_rest != Some(Custody::CustomerManaged) {
        return;
    }
    let keys: BTreeMap<String, KeyId> = model.key_ids().map(|id| (model.key(id).name(), id)).collect();
    let mut seen = BTreeSet::new();
    for node in judgement.ends() {
        for data in model.node(node).stored.iter().filter(|data| data.custody == Ok(Custody::CustomerManaged)) {
            let Some(key) = data.key.as_ref().and_then(|name| keys.get(name)).copied() else { continue };
            if seen.insert((node, key)) {
                let gap = GapKind::StoredKey(node);
                hold(claim, (model, graph), judgement, &Use { key, gap, sure: data.when.is_none() });
            }
        }
    }
}

/// What a key is used for.
struct Use {
    key: KeyId,
    /// The kind of gap that an unknown holder is.
    gap: GapKind,
    /// Whether it is surely used.
    sure: bool,
}

/// Adds the holders of a key that are no part of an end to the readers, and what is not known of them to the gaps.
fn hold(claim: &Claim, (model, graph): (&Model, &Graph), judgement: &mut Judgement, used: &Use) {
    let key = model.key(used.key);
    let of_payload = used.gap == GapKind::Payload;
    let ends: BTreeSet<NodeId> = judgement.to.iter().chain(&judgement.from).copied().collect();
    let nameless_end = ends.iter().any(|node| is_nameless(model, *node));
    let mut found = Vec::new();
    for (number, holder) in key.holders.iter().enumerate() {
        let is_end = !holder.nodes.is_empty() && holder.nodes.iter().all(|node| ends.contains(node));
        if is_end || !(of_payload || holder.by == HeldBy::Key) {
            continue;
        }
        let certain = used.sure && holder.certain && !(holder.nameless && nameless_end);
        found.push(Reader { kind: ReaderKind::Holder(used.key, number), certain });
    }
    for reader in found {
        let known = judgement.readers.iter().position(|other| other.kind == reader.kind);
        if let Some(known) = known.and_then(|known| judgement.readers.get_mut(known)) {
            known.certain |= reader.certain;
        } else if !may_read(claim, model, graph, &reader) {
            judgement.readers.push(reader);
            judgement.witnesses.push(Witness::new());
        } else if judgement.accepted.iter().all(|other| other.kind != reader.kind) {
            judgement.accepted.push(reader);
        }
    }
    let delegated = key.delegated.iter().filter(|_| of_payload);
    let doubts = key.unread.iter().chain(delegated).cloned();
    judgement.gaps.extend(doubts.map(|doubt| Gap { kind: used.gap, doubt }));
}

/// Whether the node may act as somebody of whom nothing is known. A store acts as nobody.
fn is_nameless(model: &Model, node: NodeId) -> bool {
    let acts = !matches!(model.node(node).kind, NodeKind::Store | NodeKind::Client | NodeKind::PassThrough);
    acts && !model.identified.contains(&node)
}
