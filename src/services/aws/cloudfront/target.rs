//! Which origins a behaviour's target means.
//!
//! Origins and origin groups share one space of ids, in which each is unique. Source: `OriginGroup` and `Origin` of the
//! CloudFront API.

use crate::model::Doubt;
use crate::services::read::{Block, Child, Field, doubt_of, field};
use crate::value::secret::Text;
use crate::value::{Kind, Value, When, render};

const TARGET_ORIGIN: Field = field("target_origin_id", "TargetOriginId");
const ORIGINS: Field = field("origin", "Origins");
/// "Legacy": one origin of either kind.
const OLD_ORIGINS: Field = field("-", "CustomOrigin|S3Origin");
const ORIGIN_ID: Field = field("origin_id|id", "Id");
const GROUPS: Field = field("origin_group", "OriginGroups");
const GROUP_ITEMS: Field = field("", "Items");
const GROUP_ID: Field = field("origin_id", "Id");
const MEMBERS: Field = field("member", "Members");
const MEMBER_ITEMS: Field = field("", "Items");
const MEMBER_ID: Field = field("origin_id", "OriginId");

/// An origin that a behaviour may use.
pub(super) struct Origin<'a> {
    pub block: Block<'a>,
    pub when: Option<When>,
}

/// Origins of which nothing is known, with why and when.
type Unknown = Vec<(Option<When>, Doubt)>;

/// The origins of a distribution, and those that a behaviour uses.
struct Search<'a> {
    declared: Vec<Origin<'a>>,
    undeclared: Unknown,
    found: Vec<Origin<'a>>,
    unknown: Unknown,
}

/// The origins behind a behaviour's target: one, or the members of an origin group; and those that are not known.
pub(super) fn origins<'a>(config: &Block<'a>, behaviour: &Block<'a>) -> (Vec<Origin<'a>>, Unknown) {
    let (declared, undeclared) = all_origins(config);
    let mut search = Search { declared, undeclared, found: Vec::new(), unknown: Unknown::new() };
    let targets = behaviour.get(TARGET_ORIGIN).map(Value::alternatives).unwrap_or_default();
    if targets.is_empty() {
        search.any_of(|_| true, None);
    }
    for (when, target) in targets {
        for (own, id) in members(config, target, &mut search.unknown) {
            search.meant(id, When::both(when.as_ref(), own.as_ref()).as_ref());
        }
    }
    (search.found, search.unknown)
}

impl<'a> Search<'a> {
    /// The origins with the id. Where none has it, it can only be that of one whose id is not known, or of one that is not read
    /// at all; an id that is not known itself may be that of any.
    fn meant(&mut self, id: &Value, when: Option<&When>) {
        let mut having = Vec::new();
        for origin in &self.declared {
            for own in with_id(&origin.block, ORIGIN_ID, id) {
                having.push((origin.block.clone(), When::both(origin.when.as_ref(), own.as_ref())));
            }
        }
        let otherwise = When::otherwise(having.iter().map(|(_, own)| own.as_ref()));
        let is_declared = !having.is_empty();
        for (block, own) in having {
            self.found.push(Origin { block, when: When::both(when, own.as_ref()) });
        }
        let Some(rest) = otherwise else { return };
        let rest = When::both(when, rest.as_ref());
        if rest.as_ref().is_some_and(|rest| !rest.satisfiable()) {
            return;
        }
        let may_be = |origin: &Origin<'a>| may_have_id(&origin.block, id);
        if is_declared || !self.undeclared.is_empty() || self.declared.iter().any(may_be) {
            self.any_of(may_be, rest.as_ref());
        } else {
            self.any_of(|_| true, rest.as_ref());
        }
    }

    /// One of the origins that are not read, or of the declared ones that fit.
    fn any_of(&mut self, fits: impl Fn(&Origin<'a>) -> bool, when: Option<&When>) {
        let unread = self.undeclared.iter();
        self.unknown.extend(unread.map(|(own, doubt)| (When::both(own.as_ref(), when), doubt.clone())));
        let fitting: Vec<_> = self.declared.iter().filter(|origin| fits(origin)).collect();
        let is_only = fitting.len() == 1 && self.undeclared.is_empty();
        for origin in fitting {
            let id = origin.block.get(ORIGIN_ID).map(identity).unwrap_or_default();
            let choice = (!is_only).then(|| When::atom(format!("the target origin is {id}")));
            let when = When::both(When::both(origin.when.as_ref(), when).as_ref(), choice.as_ref());
            self.found.push(Origin { block: origin.block.clone(), when });
        }
    }
}

/// The conditions under which the block's id is this one.
fn with_id(block: &Block<'_>, field: Field, id: &Value) -> Vec<Option<When>> {
    let own = block.get(field).map(Value::alternatives).unwrap_or_default().into_iter();
    own.filter(|(_, own)| identity(own) == identity(id)).map(|(when, _)| when).collect()
}

/// Whether the block's id may turn out to be this one: two texts that differ never do.
fn may_have_id(block: &Block<'_>, id: &Value) -> bool {
    let own = block.get(ORIGIN_ID).map(Value::alternatives).unwrap_or_default();
    own.iter().any(|(_, own)| own.as_str().is_none() || id.as_str().is_none())
}

/// The origins of a distribution, and those of which nothing is known.
fn all_origins<'a>(config: &Block<'a>) -> (Vec<Origin<'a>>, Unknown) {
    let (mut declared, mut unknown) = (Vec::new(), Unknown::new());
    for origin in config.children(ORIGINS) {
        match origin.value {
            Child::Block(block) => declared.push(Origin { block, when: origin.when }),
            Child::Unknown(doubt) => unknown.push((origin.when, doubt)),
        }
    }
    if let Some(origin) = config.get(OLD_ORIGINS).filter(|_| !config.has(ORIGINS)) {
        let message = "an origin in the legacy form is not read";
        unknown.push((None, Doubt::new("the origin", message, "write it under Origins", Some(origin.span()))));
    }
    unknown.extend(config.unknown_along(&[GROUPS, GROUP_ITEMS]).map(|doubt| (None, doubt)));
    (declared, unknown)
}

/// The ids behind a target: those of the members where it is the id of an origin group, its own where it is not.
fn members<'a>(config: &Block<'a>, target: &'a Value, unknown: &mut Unknown) -> Vec<(Option<When>, &'a Value)> {
    let mut groups = Vec::new();
    for group in config.known_along(&[GROUPS, GROUP_ITEMS]) {
        for own in with_id(&group, GROUP_ID, target) {
            groups.push(group.clone().given(own.as_ref()));
        }
    }
    let mut ids = Vec::new();
    if let Some(otherwise) = When::otherwise(groups.iter().map(|group| group.when.as_ref())) {
        ids.push((otherwise, target));
    }
    let path = [MEMBERS, MEMBER_ITEMS];
    for group in &groups {
        unknown.extend(group.unknown_along(&path).map(|doubt| (group.when.clone(), doubt)));
        for member in group.known_along(&path) {
            for (when, id) in member.get(MEMBER_ID).map(Value::alternatives).unwrap_or_default() {
                let when = When::both(member.when.as_ref(), when.as_ref());
                if id.as_unknown().is_some() {
                    unknown.push((when.clone(), doubt_of(id)));
                }
                ids.push((when, id));
            }
        }
    }
    ids
}

/// Two ids are the same if they are written the same way, known or not.
fn identity(value: &Value) -> String {
    match &value.kind {
        Kind::String(_) => Text::of(value).map(String::from).unwrap_or_default(),
        _ => render(value).to_string(),
    }
}
