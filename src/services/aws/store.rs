//! What stores have in common: a node that keeps data behind one listener, and which protocol that listener takes.

use crate::model::{Accepts, Doubt, Evidence, Face, NodeId, NodeKind, Operator, TlsFloor};
use crate::services::draft::{Draft, NodeFacts};
use crate::services::read::{Alternative, Block, Field, Setting};
use crate::value::When;

/// What a store takes from its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Tls,
    Plaintext,
    /// The client decides.
    Both,
}

impl Takes {
    fn meaning(self) -> &'static str {
        match self {
            Self::Tls => "it takes TLS only",
            Self::Plaintext => "it takes plaintext only",
            Self::Both => "it takes TLS and plaintext: the client decides",
        }
    }
}

/// Adds the node that a store is. Without any face the client decides.
pub(super) fn describe<'a>(
    draft: &mut Draft<'a>,
    block: &Block<'a>,
    party: &'static str,
    why: &'static str,
    mut faces: Vec<Face>,
) -> NodeId {
    if faces.is_empty() {
        faces.push(Face::always(Accepts::Undeclared(by_client(block))));
    }
    let node = draft.node(block, NodeFacts { kind: NodeKind::Store, operator: Operator::Aws, party, why });
    draft.listen(node, None, faces);
    node
}

/// What the store takes, by an attribute whose absence has a documented meaning.
pub(super) fn by_setting(
    block: &Block<'_>,
    field: Field,
    default: (&str, Takes),
    means: impl Fn(&str) -> Takes,
) -> Vec<Face> {
    let read = |Alternative { when, value }: Alternative<Setting<'_>>| {
        let accepts = match value {
            Setting::Absent => {
                let (text, takes) = default;
                accepts(block, takes, block.defaulted(field, text, takes.meaning()))
            }
            Setting::Text(text, value) => {
                let takes = means(&text.to_ascii_lowercase());
                accepts(block, takes, block.stated(field, &text, value, takes.meaning()))
            }
            Setting::Unknown(doubt) => Accepts::Undeclared(doubt),
        };
        Face { when, accepts }
    };
    block.setting(field).into_iter().map(read).collect()
}

/// What the store takes, with the evidence for it.
pub(super) fn accepts(block: &Block<'_>, takes: Takes, evidence: Evidence) -> Accepts {
    match takes {
        Takes::Tls => Accepts::Tls { floor: TlsFloor::unknown(), evidence: vec![evidence] },
        Takes::Plaintext => Accepts::Plaintext(vec![evidence]),
        Takes::Both => Accepts::Undeclared(by_client(block)),
    }
}

/// The store takes TLS and does not require it.
pub(super) fn by_client(block: &Block<'_>) -> Doubt {
    Doubt::new(
        format!("whether clients of {} use TLS", block.owner.address),
        "the store accepts TLS and does not require it: the client decides",
        "require TLS at the store, and give the client a URL that says so",
        Some(block.owner.header),
    )
}

/// The same faces under a further condition.
pub(super) fn under(faces: Vec<Face>, when: Option<&When>) -> Vec<Face> {
    let under = |face: Face| Face { when: When::both(when, face.when.as_ref()), ..face };
    let possible = |face: &Face| face.when.as_ref().is_none_or(When::satisfiable);
    faces.into_iter().map(under).filter(possible).collect()
}
