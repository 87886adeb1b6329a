//! Zones: which resources belong to one, what it is called, and its settings.

use crate::model::Doubt;
use crate::resource::UNREAD_CODE;
use crate::services::draft::normal_host;
use crate::services::read::{Alternative, Block, Field, Link, Presence, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use crate::source::Span;
use crate::value::secret::Text;
use crate::value::{Kind, Reference, Value, When, render};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

const ZONE: Types = Types { terraform: &["cloudflare_zone"], cloudformation: &[] };
/// Version 4: all settings in one resource. Version 5: one resource a setting.
const ALL_SETTINGS: Types = Types { terraform: &["cloudflare_zone_settings_override"], cloudformation: &[] };
const ONE_SETTING: Types = Types { terraform: &["cloudflare_zone_setting"], cloudformation: &[] };

/// At most this many resources that may set something of a zone are told apart.
const MOST_POSSIBLE: usize = 4;

const ZONE_ID: Field = field("zone_id", "-");
const ZONE_NAME: Field = field("name|zone", "-");
const FILTER: Field = field("filter", "-");
const SETTINGS: Field = field("settings", "-");
const SETTING_ID: Field = field("setting_id", "-");
const VALUE: Field = field("value", "-");

/// A host name of a zone.
#[derive(Clone, Debug)]
pub(super) struct Zone {
    id: Option<ZoneId>,
    /// The full name, where the code tells it.
    pub host: Option<Text>,
    /// Where the code names the zone: its resource or data source, else the resource's own `zone_id`, with the uses that
    /// led there.
    place: Span,
    through: Vec<Span>,
}

/// A zone by its name, where the code tells it, else as the code writes its id. Resources are in one zone if they have it
/// alike.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ZoneId {
    /// `None` for a name and a literal id, which mean the same zone in every stack.
    stack: Option<Arc<str>>,
    is_name: bool,
    text: Text,
}

/// The zones that resources name: each resource is asked about by every name of a zone.
#[derive(Default)]
struct ZoneIds(RefCell<HashMap<ResourceId, Option<ZoneId>>>);

impl ZoneId {
    /// A name is that of one zone at most.
    fn named(name: &Text) -> Self {
        Self { stack: None, is_name: true, text: name.to_ascii_lowercase() }
    }
}

impl Zone {
    /// The zone of a resource whose host name is written in `name`.
    pub(super) fn of<'a>(world: &World<'a>, block: &Block<'a>, name: Option<Text>) -> Self {
        let zone_name = zone_name(world, block).map(|name| name.map(normal_host));
        let host = name.and_then(|name| full_name(name.map(normal_host), zone_name));
        let own = zone(world, block).map(|zone| (zone.place(), Vec::new()));
        let written = || Some((block.get(ZONE_ID)?.span(), block.get(ZONE_ID)?.origin.steps().collect()));
        let (place, through) = own.or_else(written).unwrap_or_else(|| (block.place(), Vec::new()));
        let id = zone_id(world, block).or_else(|| zone_of_host(world, block, host.as_deref()?));
        Self { id, host, place, through }
    }

    /// What is not known of the zone, at the place where it is named: all its host names share the doubt.
    pub(super) fn doubt(&self, what: &str, message: impl Into<String>, settle: &str) -> Doubt {
        Doubt { through: self.through.clone(), ..Doubt::new(what, message, settle, Some(self.place)) }
    }

    /// Whether the resource belongs to this zone.
    pub(super) fn holds<'a>(&self, world: &World<'a>, block: &Block<'a>) -> bool {
        self.id.is_some() && {
            let known = world.once::<ZoneIds>();
            let mut known = known.0.borrow_mut();
            *known.entry(block.id).or_insert_with(|| zone_id(world, block)) == self.id
        }
    }

    /// Resources of a kind that may belong to this zone, each with what that hangs on: the code does not tell which zone is
    /// theirs. Those that name the same unknown hang on the same.
    pub(super) fn perhaps<'a>(&self, world: &World<'a>, types: Types) -> Vec<(Block<'a>, When)> {
        let open = |id: ResourceId| {
            let block = world.block(id);
            let written = block.get(ZONE_ID)?;
            let is_elsewhere =
                |reference: &Reference| world.find(id, &reference.target).is_none_or(|id| is_unread(world, id));
            let is_open = match &written.kind {
                Kind::Unknown(_) | Kind::Choice(_) => true,
                Kind::Reference(reference) => is_elsewhere(reference),
                _ => false,
            };
            (is_open && !self.holds(world, &block)).then(|| {
                let named = match &written.kind {
                    Kind::Unknown(unknown) => unknown.what.to_string(),
                    Kind::Reference(reference) => reference.text(),
                    _ => format!("{} of {}", ZONE_ID.spelling(block.language()), block.owner.address),
                };
                let own = self.id.as_ref().map_or_else(|| "of another resource".to_owned(), |id| id.text.to_string());
                let when = When::atom(format!("{named} is the zone {own}"));
                (block.clone(), when.within(&world.stack_of(id).id))
            })
        };
        world.of_types(types).into_iter().filter_map(open).collect()
    }

    /// Resources of a kind that belong to this zone or may do so.
    pub(super) fn all_possible<'a>(&self, world: &World<'a>, types: Types) -> Vec<(Block<'a>, Option<When>)> {
        let members = self.members(world, types).into_iter().map(|block| (block, None));
        members.chain(self.perhaps(world, types).into_iter().map(|(block, when)| (block, Some(when)))).collect()
    }

    /// Resources of a kind that belong to this zone.
    pub(super) fn members<'a>(&self, world: &World<'a>, types: Types) -> Vec<Block<'a>> {
        let blocks = world.of_types(types).into_iter().map(|id| world.block(id));
        blocks.filter(|block| self.holds(world, block)).collect()
    }
}

/// What something means that may be for another zone.
pub(super) fn meaning(meaning: &str, perhaps: Option<&When>) -> String {
    perhaps.map_or_else(|| meaning.to_owned(), |when| format!("{meaning} if {}", when.text()))
}

fn is_unread(world: &World<'_>, id: ResourceId) -> bool {
    &*world.resource(id).type_name == UNREAD_CODE
}

fn zone_id<'a>(world: &World<'a>, block: &Block<'a>) -> Option<ZoneId> {
    let value = block.get(ZONE_ID)?;
    let named = zone(world, block).and_then(|zone| own_name(&zone));
    if let Some(name) = named {
        return Some(ZoneId::named(&name));
    }
    let stack = || Some(Arc::clone(&world.stack_of(block.id).id));
    let id = match &value.kind {
        Kind::String(_) => ZoneId { stack: None, is_name: false, text: Text::of(value)? },
        Kind::Reference(reference) if matches!(&*reference.attribute, "id" | "zone_id") => {
            ZoneId { stack: stack(), is_name: false, text: Text::open(&*reference.target) }
        }
        _ => ZoneId { stack: stack(), is_name: false, text: Text::open(render(value).to_string()) },
    };
    Some(id)
}

/// Of a resource that names no zone, the zone of the code in which its host name lies.
fn zone_of_host(world: &World<'_>, block: &Block<'_>, host: &str) -> Option<ZoneId> {
    let own = |id: &ResourceId| world.block(*id).text(ZONE_NAME).map(|name| name.map(normal_host));
    let name = |id: &ResourceId| own(id).filter(|name| is_in(host, name));
    let zones = world.beside(block.id, ZONE).into_iter();
    zones.filter_map(|id| name(&id)).max_by_key(|name| name.len()).map(|name| ZoneId::named(&name))
}

fn is_in(host: &str, zone: &str) -> bool {
    host.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The zone's own resource or data source.
fn zone<'a>(world: &World<'a>, block: &Block<'a>) -> Option<Block<'a>> {
    block.links(world, ZONE_ID).into_iter().find_map(|link| match link.value {
        Link::Resource { id, .. } if ZONE.holds(&world.resource(id).type_name) => Some(world.block(id)),
        _ => None,
    })
}

/// The zone's own name, by its resource or data source.
fn zone_name<'a>(world: &World<'a>, block: &Block<'a>) -> Option<Text> {
    let zone = zone(world, block)?;
    own_name(&zone)
}

fn own_name(zone: &Block<'_>) -> Option<Text> {
    zone.text(ZONE_NAME).or_else(|| zone.known_block(FILTER).and_then(|filter| filter.text(ZONE_NAME)))
}

/// `@` is the zone itself; names may be written with or without the zone's.
fn full_name(name: Text, zone: Option<Text>) -> Option<Text> {
    match zone {
        Some(zone) if name == "@" || name == zone => Some(zone),
        Some(zone) if !is_in(&name, &zone) => Some(name.with(".", &zone)),
        _ if name.contains('.') => Some(name),
        _ => None,
    }
}

/// A setting of a zone.
#[derive(Clone, Debug)]
pub(super) enum State<'a> {
    /// The code does not set it.
    Absent,
    Stated(Stated<'a>),
    Unknown(Doubt),
}

/// A value that the code sets, with the place.
#[derive(Clone, Debug)]
pub(super) struct Stated<'a> {
    pub text: Text,
    pub value: &'a Value,
    pub block: Block<'a>,
    pub field: Field,
}

/// A setting in both spellings: an attribute's name, and the id of a setting.
#[derive(Clone, Copy)]
pub(super) struct SettingName(pub &'static str);

/// All alternatives of a setting, never empty.
pub(super) fn read<'a>(world: &World<'a>, zone: &Zone, name: SettingName) -> Vec<Alternative<State<'a>>> {
    let mut found = Vec::new();
    for block in zone.members(world, ONE_SETTING) {
        if block.text(SETTING_ID).as_deref() == Some(name.0) {
            found.extend(alternatives(&block, VALUE, block.owner.exists.when()));
        }
    }
    for block in zone.members(world, ALL_SETTINGS) {
        found.extend(among_all(&block, name));
    }
    if found.is_empty() {
        found.push(Alternative::always(State::Absent));
    }
    let possible = possible_settings(world, zone, name);
    if possible.len() > MOST_POSSIBLE {
        return vec![Alternative::always(State::Unknown(too_many(zone, name)))];
    }
    for (block, when) in possible {
        let exists = When::both(block.owner.exists.when(), Some(&when));
        let set = match ALL_SETTINGS.holds(&block.owner.type_name) {
            true => among_all(&block, name),
            false => alternatives(&block, VALUE, block.owner.exists.when()),
        };
        let set: Vec<_> = set.into_iter().filter(|state| !matches!(state.value, State::Absent)).collect();
        if set.is_empty() || set.iter().all(|state| found.iter().all(|own| says_the_same(&own.value, &state.value))) {
            continue;
        }
        let Some(without) = exists.map(|exists| exists.negated()) else { continue };
        found = given(found, &without);
        found.extend(given(set, &when));
    }
    found
}

fn too_many(zone: &Zone, name: SettingName) -> Doubt {
    let message = format!("more than {MOST_POSSIBLE} resources of this code may set {} of the zone", name.0);
    zone.doubt(name.0, message, "give the zones of these resources a value")
}

/// Settings that may be this one of this zone: which zone it is for, or which setting it is, is not known.
fn possible_settings<'a>(world: &World<'a>, zone: &Zone, name: SettingName) -> Vec<(Block<'a>, When)> {
    let mut found = zone.perhaps(world, ALL_SETTINGS);
    for (block, zone) in zone.all_possible(world, ONE_SETTING) {
        for Alternative { when, value } in block.setting(SETTING_ID) {
            let setting = match value {
                Setting::Text(text, _) if text == name.0 => when,
                Setting::Unknown(doubt) => Some(When::atom(format!("{} is {}", doubt.what, name.0))),
                Setting::Text(..) | Setting::Absent => continue,
            };
            found.extend(When::both(zone.as_ref(), setting.as_ref()).map(|when| (block.clone(), when)));
        }
    }
    found
}

fn given<'a>(states: Vec<Alternative<State<'a>>>, when: &When) -> Vec<Alternative<State<'a>>> {
    let under = |state: Alternative<State<'a>>| {
        let when = When::both(state.when.as_ref(), Some(when));
        when.as_ref().is_none_or(When::satisfiable).then_some(Alternative { when, value: state.value })
    };
    states.into_iter().filter_map(under).collect()
}

fn says_the_same(first: &State<'_>, second: &State<'_>) -> bool {
    matches!((first, second), (State::Stated(first), State::Stated(second)) if first.text == second.text)
}

/// The setting in the one block that holds all settings; none where that surely leaves it out.
fn among_all<'a>(block: &Block<'a>, name: SettingName) -> Vec<Alternative<State<'a>>> {
    let exists = block.owner.exists.when();
    let mut found = Vec::new();
    for Alternative { when, value } in block.presence(SETTINGS) {
        match value {
            Presence::Block(settings) => found.extend(alternatives(&settings, field(name.0, "-"), exists)),
            Presence::Absent => {
                found.push(Alternative { when: When::both(exists, when.as_ref()), value: State::Absent })
            }
            Presence::Unknown(doubt) => {
                found.push(Alternative { when: When::both(exists, when.as_ref()), value: State::Unknown(doubt) });
            }
        }
    }
    let is_left_out = found.iter().all(|state| matches!(state.value, State::Absent));
    if is_left_out { Vec::new() } else { found }
}

/// Where the resource itself exists under a condition, the setting is absent without it.
pub(super) fn alternatives<'a>(block: &Block<'a>, field: Field, exists: Option<&When>) -> Vec<Alternative<State<'a>>> {
    let mut found = Vec::new();
    for Alternative { when, value } in block.setting(field) {
        let value = match value {
            Setting::Absent => State::Absent,
            Setting::Text(text, value) => State::Stated(Stated { text, value, block: block.clone(), field }),
            Setting::Unknown(doubt) => State::Unknown(doubt),
        };
        found.push(Alternative { when: When::both(exists, when.as_ref()), value });
    }
    if let Some(exists) = exists {
        found.push(Alternative { when: Some(exists.negated()), value: State::Absent });
    }
    found
}

/// Whether the code writes settings of the zone.
pub(super) enum Settings<'a> {
    /// None: nothing is known of the zone.
    Missing,
    /// Some, and all of them can be read.
    Written(Block<'a>),
    /// Some, and one of them is not known.
    Unread(Block<'a>),
}

pub(super) fn settings<'a>(world: &World<'a>, zone: &Zone) -> Settings<'a> {
    let single = zone.members(world, ONE_SETTING);
    if let Some(block) = single.iter().find(|block| block.text(SETTING_ID).is_none()) {
        return Settings::Unread(block.clone());
    }
    let all = zone.members(world, ALL_SETTINGS);
    match single.first().or_else(|| all.first()) {
        Some(block) => Settings::Written(block.clone()),
        None => Settings::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_by_the_zone() {
        let full = |name: &str, zone: Option<&str>| full_name(Text::open(name), zone.map(Text::open));
        assert_eq!(full("www", Some("example.com")).as_deref(), Some("www.example.com"));
        assert_eq!(full("@", Some("example.com")).as_deref(), Some("example.com"));
        assert_eq!(full("www.example.com", Some("example.com")).as_deref(), Some("www.example.com"));
        assert_eq!(full("a.example.org", None).as_deref(), Some("a.example.org"));
        assert_eq!(full("www", None), None);
    }
}
