//! The linear algorithm against a literal simulation: random graphs, messages as layers that nodes open or pass on,
//! every way enumerated, and a note of everybody who held the open message.
#![cfg(test)]

use e2e_lint::claim::{Assumption, Claim, Pattern, Promise, Serves, Verdict, assume, judge};
use e2e_lint::model::{
    Accepts, Companion, Doubt, Evidence, Face, Hop, Leg, Listener, ListenerId, Model, Node, NodeId, NodeKind, Operator,
    Segment, TlsFloor, Transport, Verification,
};
use e2e_lint::path::{Graph, ReaderKind, Start, Ways};
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
            kind,
            operator: Operator::Unknown,
            party: format!("n{number}"),
            why: String::new(),
            span: None,
            companions: Vec::new(),
            stored: Vec::new(),
            strangers: Vec::new(),
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
            };
        }
    }
    (possible, certain)
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
    fn verdicts_follow_the_theorem(world in world(false)) {
        let ways = Simulation::run(&world, &|_| true);
        let seen = union(&ways);
        let unknown = ways.iter().any(|way| way.unknown);
        for promise in [Promise::EndToEnd, Promise::EncryptedInTransit] {
            let model = model(&world);
            let verdict = judge(&claim(&world, promise), &model, &Graph::new(&model)).verdict;
            let read = match promise {
                Promise::EncryptedInTransit => !seen.networks.is_empty(),
                Promise::EndToEnd => {
                    // Hops between two nodes of end B lie inside it.
                    let outside = |hop: &usize| {
                        let (from, to, ..) = world.hops[*hop];
                        !(world.ends.contains(&from) && world.ends.contains(&to))
                    };
                    !seen.nodes.is_empty() || seen.networks.iter().any(outside) || seen.impostors.iter().any(outside)
                }
            };
            match (ways.is_empty(), read) {
                (true, _) => prop_assert_eq!(verdict, Verdict::NoPath),
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
