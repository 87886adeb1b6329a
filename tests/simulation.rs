//! The linear algorithm against a literal simulation: random graphs, messages as layers that nodes open or pass on,
//! every way enumerated, and a note of everybody who held the open message.
#![cfg(test)]

use e2e_lint::claim::{Assumption, Claim, Pattern, PayloadKey, Promise, Serves, Verdict, assume, judge};
use e2e_lint::model::{
    Accepts, Companion, Custody, Doubt, Evidence, Face, HeldBy, Holder, Hop, Key, Leg, Listener, ListenerId, Model,
    Node, NodeId, NodeKind, Operator, Segment, StoredData, TlsFloor, Transport, Verification,
};
use e2e_lint::path::{Graph, ReaderKind, Start, Ways};
use e2e_lint::source::{Sources, Span};
use e2e_lint::value::When;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What a listener of the random graph does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plaintext,
    Tls,
    Undeclared,
    Passes,
}

/// How a node of the random graph sends on; ignored where the message is only passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sends {
    Plaintext,
    Tls,
    TlsUnverified,
    Unknown,
}

/// From node, to node (never the client), how, and the atom and polarity of its condition.
type RandomHop = (usize, usize, Sends, Option<(u8, bool)>);

/// Node 0 is the client; the others have one listener each.
#[derive(Clone, Debug)]
struct World {
    kinds: Vec<Kind>,
    hops: Vec<RandomHop>,
    ends: Vec<usize>,
}

fn world(conditions: bool) -> impl Strategy<Value = World> {
    let kind = prop_oneof![
        3 => Just(Kind::Plaintext),
        4 => Just(Kind::Tls),
        1 => Just(Kind::Undeclared),
        4 => Just(Kind::Passes),
    ];
    let sends = prop_oneof![
        3 => Just(Sends::Plaintext),
        3 => Just(Sends::Tls),
        2 => Just(Sends::TlsUnverified),
        1 => Just(Sends::Unknown),
    ];
    prop::collection::vec(kind, 2..6).prop_flat_map(move |kinds| {
        let count = kinds.len();
        let when = if conditions { prop::option::of((0..2_u8, any::<bool>())).boxed() } else { Just(None).boxed() };
        let hop = (0..=count, 1..=count, sends.clone(), when);
        let hops = prop::collection::vec(hop, 1..8);
        let ends = prop::collection::vec(1..=count, 1..3);
        (Just(kinds), hops, ends).prop_map(|(kinds, hops, mut ends)| {
            // Who only passes messages on is no end: nothing is ever said to it.
            ends.retain(|end| kinds[end - 1] != Kind::Passes);
            World { kinds, hops, ends }
        })
    })
}

fn doubt() -> Doubt {
    Doubt::new("x", "x is not known", "find out", None)
}

fn model(world: &World) -> Model {
    let mut model = Model::default();
    for number in 0..=world.kinds.len() {
        let kind = match number.checked_sub(1).and_then(|index| world.kinds.get(index)) {
            None => NodeKind::Client,
            Some(Kind::Passes) => NodeKind::PassThrough,
            Some(_) => NodeKind::Proxy,
        };
        model.nodes.push(Node {
            stack: None,
            address: format!("n{number}").into(),
            type_name: None,
            account: None,
            kind,
            operator: Operator::Unknown,
            party: format!("n{number}"),
            why: String::new(),
            span: None,
            companions: Vec::new(),
            may_pass: false,
            stored: Vec::new(),
            unread: Vec::new(),
            doubt: None,
        });
        let accepts = match number.checked_sub(1).map(|index| world.kinds[index]) {
            None | Some(Kind::Plaintext) => Accepts::Plaintext(Vec::new()),
            Some(Kind::Tls) => Accepts::Tls { floor: TlsFloor::unknown(), evidence: Vec::new() },
            Some(Kind::Undeclared) => Accepts::Undeclared(doubt()),
            Some(Kind::Passes) => Accepts::Opaque(Vec::new()),
        };
        let node = NodeId(number);
        model.listeners.push(Listener { node, port: None, faces: vec![Face::always(accepts)], via: None, when: None });
    }
    for (from, to, sends, when) in &world.hops {
        let passes = *from > 0 && world.kinds[from - 1] == Kind::Passes;
        let transport = match (from, passes, sends) {
            (0, ..) => Transport::ByListener,
            (_, true, _) => Transport::AsReceived,
            (_, _, Sends::Plaintext) => Transport::Plaintext,
            (_, _, Sends::Unknown) => Transport::Unknown(doubt()),
            (_, _, Sends::Tls) => tls(Verification::Verified),
            (_, _, Sends::TlsUnverified) => tls(Verification::Unverified),
        };
        model.hops.push(Hop {
            from: ListenerId(*from),
            to: ListenerId(*to),
            legs: vec![Leg::new(transport, Vec::new())],
            port: None,
            via: Vec::new(),
            evidence: Vec::new(),
            when: when.map(|(atom, yes)| {
                let when = When::atom(format!("c{atom}"));
                if yes { when } else { when.negated() }
            }),
            segment: Segment::Request,
            bypass: false,
            doubt: None,
        });
    }
    model
}

fn tls(verification: Verification) -> Transport {
    Transport::Tls { floor: TlsFloor::unknown(), verification }
}

/// What a message is wrapped in while it travels. A client fixes at the start which far end it speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Layer {
    Open,
    Sealed,
    Unknown,
    ClientOpen,
    ClientSealed,
    ClientUnknown,
}

/// Who held the open message, and over which hops it crossed in the clear or to an unverified peer.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    nodes: BTreeSet<usize>,
    networks: BTreeSet<usize>,
    impostors: BTreeSet<usize>,
    /// Nodes at whose network the message was in the clear: a copy of what that network carries can be read.
    copies: BTreeSet<usize>,
    /// Nodes at whose network it was in a wrapping that nobody knows.
    guesses: BTreeSet<usize>,
    unknown: bool,
}

struct Simulation<'a> {
    world: &'a World,
    /// Which hops exist.
    exists: &'a dyn Fn(usize) -> bool,
    visits: BTreeMap<(usize, Option<Layer>), usize>,
    found: BTreeSet<Seen>,
}

impl Simulation<'_> {
    fn run(world: &World, exists: &dyn Fn(usize) -> bool) -> BTreeSet<Seen> {
        let mut simulation = Simulation { world, exists, visits: BTreeMap::new(), found: BTreeSet::new() };
        simulation.at(0, None, &Seen::default());
        simulation.found
    }

    /// The message is at `node`; `layer` is what it is wrapped in where it is only passed on.
    fn at(&mut self, node: usize, layer: Option<Layer>, seen: &Seen) {
        // A state on a way is on one that visits no state more than twice: once before and once after it.
        let visits = self.visits.entry((node, layer)).or_default();
        if *visits == 2 {
            return;
        }
        *visits += 1;
        if self.world.ends.contains(&node) {
            self.found.insert(seen.clone());
        }
        for (index, (from, to, sends, _)) in self.world.hops.iter().enumerate() {
            if *from == node && (self.exists)(index) {
                self.send(index, *to, *sends, node == 0, layer, seen);
            }
        }
        if let Some(visits) = self.visits.get_mut(&(node, layer)) {
            *visits -= 1;
        }
    }

    fn send(&mut self, hop: usize, to: usize, sends: Sends, client: bool, layer: Option<Layer>, seen: &Seen) {
        let choices: Vec<(Layer, bool)> = match (client, layer) {
            (true, _) => vec![(Layer::ClientOpen, false), (Layer::ClientSealed, false), (Layer::ClientUnknown, false)],
            (false, Some(layer)) => vec![(layer, false)],
            (false, None) => match sends {
                Sends::Plaintext => vec![(Layer::Open, false)],
                Sends::Tls => vec![(Layer::Sealed, false)],
                Sends::TlsUnverified => vec![(Layer::Sealed, true)],
                Sends::Unknown => vec![(Layer::Unknown, false)],
            },
        };
        for (layer, unverified) in choices {
            self.cross(hop, to, layer, unverified, seen);
        }
    }

    fn cross(&mut self, hop: usize, to: usize, layer: Layer, unverified: bool, seen: &Seen) {
        let kind = self.world.kinds[to - 1];
        let mut seen = seen.clone();
        // A client that speaks what the far end does not serve gets no connection; a sender that does was told to.
        let connects = match (layer, kind) {
            (_, Kind::Passes) | (Layer::Open | Layer::Sealed | Layer::Unknown, _) => true,
            (Layer::ClientOpen, kind) => kind == Kind::Plaintext,
            (Layer::ClientSealed, kind) => kind == Kind::Tls,
            (Layer::ClientUnknown, kind) => kind == Kind::Undeclared,
        };
        if !connects {
            return;
        }
        let ends = [self.world.hops[hop].0, to];
        match (layer, kind) {
            (Layer::Open | Layer::ClientOpen, _) => {
                seen.networks.insert(hop);
                seen.copies.extend(ends);
            }
            (Layer::Sealed, Kind::Plaintext) | (Layer::Unknown | Layer::ClientUnknown, _) => {
                seen.unknown = true;
                seen.guesses.extend(ends);
            }
            (Layer::Sealed, _) if unverified => {
                seen.impostors.insert(hop);
            }
            (Layer::Sealed | Layer::ClientSealed, _) => {}
        }
        if kind == Kind::Passes {
            self.at(to, Some(layer), &seen);
        } else {
            if !self.world.ends.contains(&to) {
                seen.nodes.insert(to);
            }
            self.at(to, None, &seen);
        }
    }
}

fn claim(world: &World, promise: Promise) -> Claim {
    let to = world.ends.iter().map(|end| Pattern::new(format!("n{end}"), None)).collect();
    Claim { promise, from: vec![Pattern::new("n0", None)], to, declared: true, ..Claim::built_in() }
}

fn fact(text: &str) -> Evidence {
    let place = e2e_lint::source::Span::new(e2e_lint::source::Sources::new().add("a", ""), 0, 0);
    Evidence::new("mirror", text, place)
}

/// What the algorithm says: who may read and who surely does. A mirror stands at every node.
fn computed(world: &World) -> (Seen, Seen) {
    let mut model = model(world);
    for node in &mut model.nodes {
        node.companions.push(Companion::tap("a mirror", fact("a copy of the network goes there"), true));
    }
    let graph = Graph::new(&model);
    let ends: Vec<_> = world.ends.iter().flat_map(|end| graph.states_at(NodeId(*end))).copied().collect();
    let ways = Ways::new(&model, &graph, Start::States(graph.states_at(NodeId(0))), &ends);
    let is_end = |node: NodeId| world.ends.contains(&node.0);
    let (mut possible, mut certain) = (Seen::default(), Seen::default());
    for reader in ways.readers(&is_end, &|_, _| false) {
        let both: &mut [&mut Seen] =
            if reader.certain { &mut [&mut possible, &mut certain] } else { &mut [&mut possible] };
        for seen in both.iter_mut() {
            match reader.kind {
                ReaderKind::Node(node) => seen.nodes.insert(node.0),
                ReaderKind::Network(step) => seen.networks.insert(graph.step(step).hop.0),
                ReaderKind::Impostor(step) => seen.impostors.insert(graph.step(step).hop.0),
                ReaderKind::Companion(node, _) => seen.copies.insert(node.0),
                ReaderKind::Holder(..) => false,
            };
        }
    }
    (possible, certain)
}

/// Whether the message comes to every node of end B, over whatever it may pass.
fn all_ends_are_reached(world: &World) -> bool {
    let mut reached = BTreeSet::from([0]);
    while let Some((_, to, ..)) =
        world.hops.iter().find(|(from, to, ..)| reached.contains(from) && !reached.contains(to))
    {
        reached.insert(*to);
    }
    world.ends.iter().all(|end| reached.contains(end))
}

fn union(found: &BTreeSet<Seen>) -> Seen {
    let mut all = Seen::default();
    for seen in found {
        all.nodes.extend(&seen.nodes);
        all.networks.extend(&seen.networks);
        all.impostors.extend(&seen.impostors);
        all.copies.extend(&seen.copies);
        all.guesses.extend(&seen.guesses);
    }
    all
}

fn covers(larger: &Seen, smaller: &Seen) -> bool {
    larger.nodes.is_superset(&smaller.nodes)
        && larger.networks.is_superset(&smaller.networks)
        && larger.impostors.is_superset(&smaller.impostors)
        && larger.copies.is_superset(&smaller.copies)
}

/// Whether somebody whom the promise forbids has read.
fn is_read(world: &World, promise: Promise, seen: &Seen) -> bool {
    // Hops between two nodes of end B lie inside it.
    let outside = |hop: &usize| {
        let (from, to, ..) = world.hops[*hop];
        !(world.ends.contains(&from) && world.ends.contains(&to))
    };
    match promise {
        Promise::EncryptedInTransit => !seen.networks.is_empty(),
        Promise::EndToEnd => {
            !seen.nodes.is_empty() || seen.networks.iter().any(outside) || seen.impostors.iter().any(outside)
        }
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_124),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(100_000))]

    #[test]
    fn readers_are_exactly_those_who_saw_the_message(world in world(false)) {
        let seen = union(&Simulation::run(&world, &|_| true));
        let (mut possible, certain) = computed(&world);
        let may_copy: BTreeSet<usize> = seen.copies.union(&seen.guesses).copied().collect();
        prop_assert_eq!(&possible.copies, &may_copy, "a mirror may read where the wrapping is not known");
        possible.copies.clone_from(&certain.copies);
        prop_assert_eq!(&possible, &certain, "without conditions everything else is certain");
        let seen = Seen { guesses: BTreeSet::new(), ..seen };
        prop_assert_eq!(&seen, &certain);
    }
}

proptest! {
    #![proptest_config(config(20_000))]

    #[test]
    fn conditions_make_readers_possible_and_never_hide_one(world in world(true)) {
        let (possible, certain) = computed(&world);
        let mut in_every_world: Option<Seen> = None;
        for assignment in 0..4_u8 {
            let holds = |index: usize| world.hops[index].3.is_none_or(|(atom, yes)| ((assignment >> atom) & 1 == 1) == yes);
            let seen = union(&Simulation::run(&world, &holds));
            prop_assert!(covers(&possible, &seen), "a reader of one world is possible");
            in_every_world = Some(match in_every_world {
                None => seen,
                Some(known) => Seen {
                    nodes: known.nodes.intersection(&seen.nodes).copied().collect(),
                    networks: known.networks.intersection(&seen.networks).copied().collect(),
                    impostors: known.impostors.intersection(&seen.impostors).copied().collect(),
                    copies: known.copies.intersection(&seen.copies).copied().collect(),
                    guesses: BTreeSet::new(),
                    unknown: false,
                },
            });
        }
        prop_assert!(covers(&in_every_world.unwrap_or_default(), &certain), "a certain reader reads in every world");
    }

    #[test]
    fn what_is_broken_is_broken_in_every_case(world in world(true), at in any::<prop::sample::Index>(), doubted in any::<bool>()) {
        let doubtful = doubted.then(|| at.index(world.hops.len()));
        let mut model = model(&world);
        if let Some(hop) = doubtful {
            model.hops[hop].doubt = Some(doubt());
        }
        for promise in [Promise::EndToEnd, Promise::EncryptedInTransit] {
            let judgement = judge(&claim(&world, promise), &model, &Graph::new(&model));
            let read_in = |case: u8| {
                let holds = |index: usize| {
                    let when = world.hops[index].3.is_none_or(|(atom, yes)| ((case >> atom) & 1 == 1) == yes);
                    when && (doubtful != Some(index) || case >= 4)
                };
                is_read(&world, promise, &union(&Simulation::run(&world, &holds)))
            };
            if judgement.verdict == Verdict::Broken {
                prop_assert!((0..8).all(read_in), "somebody reads whatever is the case");
            }
            let certain = judgement.readers.iter().any(|reader| reader.certain);
            prop_assert!(judgement.cases.is_empty() || (judgement.verdict == Verdict::Broken && !certain));
        }
    }

    #[test]
    fn verdicts_follow_the_theorem(world in world(false)) {
        let ways = Simulation::run(&world, &|_| true);
        let seen = union(&ways);
        let unknown = ways.iter().any(|way| way.unknown);
        for promise in [Promise::EndToEnd, Promise::EncryptedInTransit] {
            let model = model(&world);
            let verdict = judge(&claim(&world, promise), &model, &Graph::new(&model)).verdict;
            let read = is_read(&world, promise, &seen);
            match (ways.is_empty(), read) {
                (true, _) => prop_assert_eq!(verdict, Verdict::NoPath),
                (false, false) if !unknown && !all_ends_are_reached(&world) => {
                    prop_assert_eq!(verdict, Verdict::NoPath, "of a part of the end the claim says nothing");
                }
                (false, true) => prop_assert_eq!(verdict, Verdict::Broken),
                (false, false) if unknown => prop_assert_ne!(verdict, Verdict::Broken),
                (false, false) => prop_assert_eq!(verdict, Verdict::Holds),
            }
            if verdict == Verdict::Holds {
                prop_assert!(!read);
            }
        }
    }

    #[test]
    fn not_knowing_never_proves(world in world(false), at in any::<prop::sample::Index>()) {
        let mut doubtful = world.clone();
        let index = at.index(doubtful.hops.len());
        doubtful.hops[index].2 = Sends::Unknown;
        for promise in [Promise::EndToEnd, Promise::EncryptedInTransit] {
            let verdict = |world: &World| {
                let model = model(world);
                judge(&claim(world, promise), &model, &Graph::new(&model)).verdict
            };
            prop_assert!(verdict(&doubtful) != Verdict::Holds || verdict(&world) == Verdict::Holds);
        }
    }

    #[test]
    fn a_further_reader_never_mends_a_claim(world in world(false), at in any::<prop::sample::Index>(), of in 0..3_usize) {
        for promise in [Promise::EndToEnd, Promise::EncryptedInTransit] {
            let claim = claim(&world, promise);
            let mut model = model(&world);
            let before = judge(&claim, &model, &Graph::new(&model)).verdict;
            let node = at.index(model.nodes.len());
            let copy = fact("a copy goes there");
            model.nodes[node].companions.push(match of {
                0 => Companion::inside("a log", copy, true),
                1 => Companion::tap("a mirror", copy, true),
                _ => Companion::inspector("a firewall", copy),
            });
            let after = judge(&claim, &model, &Graph::new(&model)).verdict;
            prop_assert!(before != Verdict::Broken || after == Verdict::Broken);
            prop_assert!(after != Verdict::Holds || before == Verdict::Holds);
        }
    }

    #[test]
    fn an_assumption_never_hides_a_certain_reader(world in world(false), at in any::<prop::sample::Index>(), tls in any::<bool>()) {
        let place = e2e_lint::source::Span::new(e2e_lint::source::Sources::new().add("a", ""), 0, 0);
        for promise in [Promise::EndToEnd, Promise::EncryptedInTransit] {
            let claim = claim(&world, promise);
            let mut model = model(&world);
            let before = judge(&claim, &model, &Graph::new(&model)).verdict;
            let node = at.index(world.kinds.len()) + 1;
            let assumption = Assumption {
                node: Pattern::new(format!("n{node}"), None),
                port: None,
                serves: if tls { Serves::Tls } else { Serves::Plaintext },
                because: "somebody says so".to_owned(),
                until: None,
                expired: false,
                span: place,
            };
            assume(&mut model, &[assumption]);
            let after = judge(&claim, &model, &Graph::new(&model)).verdict;
            prop_assert!(before != Verdict::Broken || after == Verdict::Broken);
        }
    }
}

/// Somebody who has the key of the payload, or may have it.
#[derive(Clone, Debug)]
struct KeyHolder {
    /// The nodes that act as it; none for somebody who is not on the graph.
    nodes: Vec<usize>,
    certain: bool,
    /// It may be the identity of an end of which it is not known who it acts as.
    nameless: bool,
    by: HeldBy,
}

/// The key that closes the body at the client, and everybody who may have it.
#[derive(Clone, Debug)]
struct Ring {
    holders: Vec<KeyHolder>,
    /// Whether the ends' identities are known.
    identified: bool,
    /// Somebody more may have the key, and nobody can tell.
    unread: bool,
}

fn holder() -> impl Strategy<Value = KeyHolder> {
    let by = prop_oneof![Just(HeldBy::Key), Just(HeldBy::Account), Just(HeldBy::Escalation), Just(HeldBy::Service)];
    let nodes = prop::collection::vec(1..4_usize, 0..3);
    (nodes, any::<bool>(), any::<bool>(), by).prop_map(|(nodes, certain, nameless, by)| KeyHolder {
        // A holder that acts as a known node is not nameless.
        nameless: nameless && nodes.is_empty(),
        nodes,
        certain,
        by,
    })
}

fn ring() -> impl Strategy<Value = Ring> {
    let holders = prop::collection::vec(holder(), 0..4);
    (holders, prop::bool::weighted(0.7), prop::bool::weighted(0.2)).prop_map(|(holders, identified, unread)| Ring {
        holders,
        identified,
        unread,
    })
}

fn place() -> Span {
    Span::new(Sources::new().add("a", ""), 0, 0)
}

fn key_of(ring: &Ring, world: &World) -> Key {
    let holder = |(number, holder): (usize, &KeyHolder)| Holder {
        party: format!("h{number}"),
        address: None,
        nodes: holder.nodes.iter().filter(|node| **node <= world.kinds.len()).map(|node| NodeId(*node)).collect(),
        evidence: Evidence::new("policy", "lets it decrypt", place()),
        certain: holder.certain,
        by: holder.by,
        nameless: holder.nameless,
    };
    Key {
        stack: "s".into(),
        addresses: vec!["key".into()],
        unfit: None,
        holders: ring.holders.iter().enumerate().map(holder).collect(),
        unread: if ring.unread { vec![doubt()] } else { Vec::new() },
        delegated: Vec::new(),
    }
}

fn model_with_key(world: &World, ring: &Ring) -> Model {
    let mut model = model(world);
    model.keys.push(key_of(ring, world));
    if ring.identified {
        model.identified.extend(model.node_ids());
    }
    model
}

/// Judges a body that the client closes with the ring's key.
fn closed(world: &World, ring: &Ring) -> Verdict {
    let model = model_with_key(world, ring);
    let payload = Some(PayloadKey::Resource(Pattern::new("key", None)));
    let claim = Claim { payload, ..claim(world, Promise::EndToEnd) };
    judge(&claim, &model, &Graph::new(&model)).verdict
}

/// Whether somebody outside the ends opens the body, for everything that may be the case: each doubtful holder has the
/// key or not, and each nameless one is an end of unknown identity or somebody else.
fn opened_outside(world: &World, ring: &Ring) -> Vec<bool> {
    let count = ring.holders.len();
    let cases = 0..1_usize << (2 * count);
    let opens = |case: usize, (number, holder): (usize, &KeyHolder)| {
        let has = holder.certain || case & (1 << number) != 0;
        let is_an_end = holder.nameless && !ring.identified && case & (1 << (count + number)) != 0;
        let nodes: Vec<_> = holder.nodes.iter().filter(|node| **node <= world.kinds.len()).collect();
        let acts_as_ends = !nodes.is_empty() && nodes.iter().all(|node| world.ends.contains(node));
        has && !is_an_end && !acts_as_ends
    };
    cases.map(|case| ring.holders.iter().enumerate().any(|holder| opens(case, holder))).collect()
}

proptest! {
    #![proptest_config(config(20_000))]

    #[test]
    fn a_closed_body_is_read_by_those_who_hold_the_key(world in world(false), ring in ring()) {
        let ways = Simulation::run(&world, &|_| true);
        let opened = opened_outside(&world, &ring);
        let verdict = closed(&world, &ring);
        if ways.is_empty() {
            prop_assert_eq!(verdict, Verdict::NoPath);
        } else if opened.iter().all(|opened| *opened) {
            prop_assert_eq!(verdict, Verdict::Broken, "somebody outside opens it whatever is the case");
        } else if ring.unread || opened.iter().any(|opened| *opened) {
            prop_assert_eq!(verdict, Verdict::Unproven, "somebody outside may open it");
        } else if !all_ends_are_reached(&world) {
            prop_assert_eq!(verdict, Verdict::NoPath, "of a part of the end the claim says nothing");
        } else {
            prop_assert_eq!(verdict, Verdict::Holds, "nobody outside can open it");
        }
        // Whoever the message passes with the key in hand opens it.
        let passed = union(&ways).nodes;
        let has = |node: &usize| ring.holders.iter().any(|holder| holder.certain && holder.nodes.contains(node));
        prop_assert!(!passed.iter().any(has) || verdict == Verdict::Broken);
    }

    #[test]
    fn a_closed_body_does_not_care_for_the_transport(
        world in world(false),
        ring in ring(),
        at in any::<prop::sample::Index>(),
    ) {
        let mut open = world.clone();
        let index = at.index(open.hops.len());
        open.hops[index].2 = Sends::Plaintext;
        let (before, after) = (closed(&world, &ring), closed(&open, &ring));
        prop_assert!(before == after || before == Verdict::NoPath || after == Verdict::NoPath);
    }

    #[test]
    fn a_further_holder_never_mends_a_claim(world in world(false), ring in ring(), more in holder()) {
        let before = closed(&world, &ring);
        let mut wider = ring.clone();
        wider.holders.push(more);
        let after = closed(&world, &wider);
        prop_assert!(before != Verdict::Broken || after == Verdict::Broken);
        prop_assert!(after != Verdict::Holds || before == Verdict::Holds);
    }

    #[test]
    fn not_knowing_a_holder_never_proves(world in world(false), ring in ring(), what in 0..3_u8, at in any::<prop::sample::Index>()) {
        let mut doubtful = ring.clone();
        match what {
            0 => doubtful.unread = true,
            1 => doubtful.identified = false,
            _ if doubtful.holders.is_empty() => {}
            _ => {
                let index = at.index(doubtful.holders.len());
                doubtful.holders[index].certain = false;
            }
        }
        let (before, after) = (closed(&world, &ring), closed(&world, &doubtful));
        prop_assert!(after != Verdict::Holds || before == Verdict::Holds);
        prop_assert!(after != Verdict::Broken || before == Verdict::Broken, "less knowledge refutes nothing new");
    }

    #[test]
    fn a_key_that_closes_nothing_changes_nothing(world in world(false), ring in ring()) {
        let mut model = model_with_key(&world, &ring);
        let evidence = Evidence::new("key_usage", "the key signs", place());
        model.keys[0].unfit = Some(e2e_lint::model::Unfit { evidence, nodes: Vec::new() });
        let graph = Graph::new(&model);
        let plain = claim(&world, Promise::EndToEnd);
        let payload = Some(PayloadKey::Resource(Pattern::new("key", None)));
        let closed = Claim { payload, ..plain.clone() };
        prop_assert_eq!(judge(&plain, &model, &graph).verdict, judge(&closed, &model, &graph).verdict);
    }

    #[test]
    fn stored_data_is_read_by_whom_its_key_lets_in(world in world(false), ring in ring(), sure in any::<bool>()) {
        let mut model = model_with_key(&world, &ring);
        let Some(end) = world.ends.first() else { return Ok(()) };
        model.nodes[*end].stored.push(StoredData {
            what: "the data".to_owned(),
            when: (!sure).then(|| When::atom("c")),
            custody: Ok(Custody::CustomerManaged),
            evidence: Evidence::new("kms_key_id", "a key of the customer", place()),
            key: Some("s//key".to_owned()),
        });
        let graph = Graph::new(&model);
        let claim = |at_rest| Claim { at_rest, ..claim(&world, Promise::EndToEnd) };
        let plain = judge(&claim(None), &model, &graph).verdict;
        let stored = judge(&claim(Some(Custody::CustomerManaged)), &model, &graph).verdict;
        prop_assert!(plain != Verdict::Broken || stored == Verdict::Broken);
        prop_assert!(stored != Verdict::Holds || plain == Verdict::Holds);
        let let_in = Ring {
            holders: ring.holders.iter().filter(|holder| holder.by == HeldBy::Key).cloned().collect(),
            ..ring.clone()
        };
        let opened = opened_outside(&world, &let_in);
        if plain == Verdict::Holds {
            let surely = sure && opened.iter().all(|opened| *opened);
            prop_assert_eq!(stored == Verdict::Broken, surely);
            prop_assert_eq!(stored == Verdict::Holds, !ring.unread && !opened.iter().any(|opened| *opened));
        }
    }
}
