//! Which resources of the code a pointer leads to: surely, or only if what the code does not tell is theirs.

use super::arn::{UNKNOWN, is_arn};
use super::read::{Block, Field, Link, doubt_of};
use super::world::{ResourceId, Types, World};
use crate::glob::fits;
use crate::resource::Mode;
use crate::value::{Kind, Value, When, render};
use std::collections::{BTreeMap, VecDeque};

/// Of one resource that is led to on more ways than this, the conditions are not told apart any more.
const MOST_WAYS: usize = 4;

/// A kind of resource, and how others point to one.
pub struct Sought {
    pub types: Types,
    /// What stands for one, and the field in which it says for which.
    pub aliases: Option<(Types, Field)>,
    /// What a data source that finds one is told.
    pub told: Field,
    /// Which resources say the name by which one is found, and where.
    pub named: Option<(Types, Field)>,
    /// Whether it is the same one in every Region.
    pub global: bool,
}

/// Whether what a resource says is its name; `None` where that cannot be told.
type Fits<'f> = dyn Fn(ResourceId, &Value) -> Option<bool> + 'f;

/// A resource that is pointed to.
pub struct Aim {
    pub id: ResourceId,
    /// `None` where it surely is. Else what would have to be so, such as `var.key is aws_kms_key.shop`.
    pub when: Option<When>,
}

impl Sought {
    /// The resources of this kind that a link leads to, or may lead to. What is looked up is what the lookup is told. What
    /// is not known may be any that the account and the Region do not speak against.
    pub fn aims<'a>(&self, world: &World<'a>, from: ResourceId, link: &Link<'a>) -> Vec<Aim> {
        Search { world, sought: self, only: None, most_open: usize::MAX }.follow(from, link)
    }

    /// The one resource of this kind that a link surely leads to. Of those that it may be two are as good as all.
    pub fn sure_aim<'a>(&self, world: &World<'a>, from: ResourceId, link: &Link<'a>) -> Option<ResourceId> {
        let search = Search { world, sought: self, only: None, most_open: 2 };
        match search.follow(from, link).as_slice() {
            [Aim { id, when: None }] => Some(*id),
            _ => None,
        }
    }

    /// The managed resources of `types` that point to the one by the field.
    pub fn pointing<'a>(&self, world: &World<'a>, to: ResourceId, types: Types, field: Field) -> Vec<Pointer<'a>> {
        let search = Search { world, sought: self, only: Some(to), most_open: usize::MAX };
        let own = self.named.and_then(|(_, name)| world.block(to).get(name)).and_then(Value::as_str);
        // Most say plainly that they are about another one, of many.
        let is_plain = |block: &Block<'a>| match block.get(field).map(|value| &value.kind) {
            Some(Kind::String(text)) => !is_arn(text) && own.is_some_and(|own| own != &**text),
            Some(Kind::Reference(reference)) => {
                world.find(block.id, &reference.target).is_some_and(|id| id != to && world.declares(id, self.types))
            }
            _ => false,
        };
        let pointer = |block: Block<'a>| {
            let when = search.ways(&block, field).remove(&to)?;
            Some((block, when))
        };
        managed(world, types).into_iter().filter(|block| !is_plain(block)).filter_map(pointer).collect()
    }

    /// The managed resources of `types` that point to others by the field, by those that they point to.
    pub fn pointers<'a>(
        &self,
        world: &World<'a>,
        types: Types,
        field: Field,
    ) -> BTreeMap<ResourceId, Vec<Pointer<'a>>> {
        let search = Search { world, sought: self, only: None, most_open: usize::MAX };
        let mut found: BTreeMap<ResourceId, Vec<Pointer<'a>>> = BTreeMap::new();
        for block in managed(world, types) {
            for (id, when) in search.ways(&block, field) {
                found.entry(id).or_default().push((block.clone(), when));
            }
        }
        found
    }
}

fn managed<'a>(world: &World<'a>, types: Types) -> Vec<Block<'a>> {
    world.declared(types).into_iter().map(|id| world.block(id)).collect()
}

/// A search for the resources of a kind, or for one of them.
struct Search<'s, 'a> {
    world: &'s World<'a>,
    sought: &'s Sought,
    only: Option<ResourceId>,
    /// So many are told of those that it may be because nothing is known.
    most_open: usize,
}

impl<'a> Search<'_, 'a> {
    /// To what a block points by a field, and when. Whatever else it points to, it points where any of its links does.
    fn ways(&self, block: &Block<'a>, field: Field) -> BTreeMap<ResourceId, Option<When>> {
        let mut ways: BTreeMap<ResourceId, Vec<Option<When>>> = BTreeMap::new();
        for link in block.links(self.world, field) {
            for aim in self.follow(block.id, &link.value).into_iter().filter(|aim| self.wants(aim.id)) {
                ways.entry(aim.id).or_default().push(When::both(link.when.as_ref(), aim.when.as_ref()));
            }
        }
        let exists = block.owner.exists.when();
        let together = |(id, ways): (ResourceId, Vec<Option<When>>)| {
            (id, When::both(exists, When::any_of(ways.iter().map(Option::as_ref)).as_ref()))
        };
        ways.into_iter().map(together).collect()
    }

    fn wants(&self, id: ResourceId) -> bool {
        self.only.is_none_or(|only| only == id)
    }

    /// The resources of the kind that a link leads to. Each one on the way is passed a few times at most, because aliases may
    /// lead to one another in any number of ways.
    fn follow(&self, from: ResourceId, link: &Link<'a>) -> Vec<Aim> {
        let mut met: BTreeMap<Station, Vec<Option<When>>> = BTreeMap::new();
        let mut order = Vec::new();
        let mut open = VecDeque::from(self.step(from, link));
        while let Some(lead) = open.pop_front() {
            let ways = met.entry((lead.id, lead.by.map(|field| field.terraform))).or_insert_with(|| {
                order.push((lead.id, lead.by));
                Vec::new()
            });
            if ways.contains(&None) || ways.contains(&lead.when) || ways.len() > MOST_WAYS {
                continue;
            }
            let when = match lead.when {
                Some(_) if ways.len() == MOST_WAYS => {
                    Some(condition(self.world, from, &self.told(link), &self.world.address(lead.id)))
                }
                when => when,
            };
            ways.push(when.clone());
            let Some(field) = lead.by else { continue };
            for onward in self.world.block(lead.id).links(self.world, field) {
                let when = When::both(when.as_ref(), onward.when.as_ref());
                let leads = self.step(lead.id, &onward.value).into_iter();
                open.extend(leads.map(|lead| lead.given(when.as_ref())));
            }
        }
        let ends = order.into_iter().filter(|(_, by)| by.is_none());
        let aims = ends.filter_map(|(id, _)| Some((id, met.remove(&(id, None))?)));
        aims.flat_map(|(id, ways)| ways.into_iter().map(move |when| Aim { id, when })).collect()
    }

    /// What a link leads to at once.
    fn step(&self, from: ResourceId, link: &Link<'a>) -> Vec<Lead> {
        match link {
            Link::Resource { id, value, .. } => self.of_resource(from, (*id, value)),
            Link::Text(text, _) => self.of_name(from, (&self.told(link), &|_, own| is_name(text, own))),
            Link::Template(parts, value) => self.of_template(from, parts, value),
            Link::Unknown(doubt) => self.of_unknown(from, &doubt.what),
            // A module that is not on disk makes resources of its own.
            Link::Outside(..) => Vec::new(),
        }
    }

    /// What a link is called in a condition.
    fn told(&self, link: &Link<'a>) -> String {
        match link {
            Link::Resource { id, .. } => self.world.address(*id).to_string(),
            Link::Text(text, _) | Link::Outside(text, _) => text.to_string(),
            Link::Template(_, value) => doubt_of(value).what,
            Link::Unknown(doubt) => doubt.what.clone(),
        }
    }

    fn of_resource(&self, from: ResourceId, (id, value): (ResourceId, &Value)) -> Vec<Lead> {
        let resource = self.world.resource(id);
        let of = |types: &Types| types.holds(&resource.type_name);
        let alias = self.sought.aliases.as_ref().filter(|(types, _)| of(types));
        match resource.mode {
            _ if self.only == Some(id) => vec![Lead::end(id)],
            Mode::Managed if of(&self.sought.types) => vec![Lead::end(id)],
            Mode::Managed => alias.map_or_else(Vec::new, |(_, target)| vec![Lead::on(id, *target)]),
            Mode::Data if of(&self.sought.types) && self.world.block(id).has(self.sought.told) => {
                vec![Lead::on(id, self.sought.told)]
            }
            Mode::Data => match (alias, self.sought.named) {
                (Some(_), Some((_, name))) if self.world.block(id).has(name) => vec![Lead::on(id, name)],
                _ => self.perhaps(from, &doubt_of(value).what),
            },
        }
    }

    /// Those of a name that fits, or that may.
    fn of_name(&self, from: ResourceId, (told, fits): (&str, &Fits<'_>)) -> Vec<Lead> {
        let Some((types, field)) = self.sought.named else { return Vec::new() };
        let mut found = Vec::new();
        for id in self.in_reach(from, types) {
            let named = self.world.block(id);
            for (when, name) in named.values(field) {
                let is_it = match fits(id, name.value) {
                    Some(false) => continue,
                    Some(true) => None,
                    None => Some(condition(self.world, from, told, &self.world.address(id))),
                };
                let when = When::both(when.as_ref(), is_it.as_ref());
                let lead = match self.only == Some(id) || self.sought.types.holds(&named.owner.type_name) {
                    true => Some(Lead::end(id)),
                    false => self.sought.aliases.map(|(_, target)| Lead::on(id, target)),
                };
                found.extend(lead.map(|lead| lead.given(when.as_ref())));
            }
        }
        // Of several that are called so, the account and the Region tell which.
        if found.iter().filter(|lead| lead.when.is_none()).count() > 1 {
            for lead in &mut found {
                let is_it = condition(self.world, from, told, &self.world.address(lead.id));
                lead.when = When::both(lead.when.as_ref(), Some(&is_it));
            }
        }
        found
    }

    fn of_template(&self, from: ResourceId, parts: &[Value], value: &Value) -> Vec<Lead> {
        match end_of_arn(parts).map(|end| (end, &end.kind)) {
            Some((_, Kind::Reference(reference))) => {
                let found = self.world.find(from, &reference.target);
                return found.map_or_else(Vec::new, |id| self.of_resource(from, (id, value)));
            }
            Some((end, Kind::Unknown(_))) => return self.of_unknown(from, &doubt_of(end).what),
            _ => {}
        }
        let end = pattern(parts);
        let stack = &self.world.stack_of(from).id;
        // What is not known is something else in another stack.
        let beside = |id: ResourceId| self.world.stack_of(id).id == *stack;
        let whole = |id: ResourceId, own: &Value| match &own.kind {
            Kind::String(name) if **name == *end => Some(true),
            Kind::String(name) => (!fits(&end, name)).then_some(false),
            Kind::Template(own) if beside(id) && same(own, parts) => Some(true),
            Kind::Template(own) if beside(id) && !may_agree(own, parts) => Some(false),
            _ => None,
        };
        self.of_name(from, (&doubt_of(value).what, &whole))
    }

    /// What has no value may be any, and is the one that is called by the same value.
    fn of_unknown(&self, from: ResourceId, what: &str) -> Vec<Lead> {
        let stack = &self.world.stack_of(from).id;
        let same = |id: ResourceId, own: &Value| {
            let beside = self.world.stack_of(id).id == *stack;
            Some(beside && own.as_unknown().is_some() && doubt_of(own).what == what)
        };
        let found = self.of_name(from, (what, &same));
        if found.is_empty() { self.perhaps(from, what) } else { found }
    }

    fn perhaps(&self, from: ResourceId, what: &str) -> Vec<Lead> {
        let is_it = |id| condition(self.world, from, what, &self.world.address(id));
        let ids = self.in_reach(from, self.sought.types).into_iter().take(self.most_open);
        ids.map(|id| Lead::end(id).given(Some(&is_it(id)))).collect()
    }

    /// One that is sought alone may be made elsewhere: then what the code says of it stands for it.
    fn in_reach(&self, from: ResourceId, types: Types) -> Vec<ResourceId> {
        let mut found = match self.only.filter(|_| types == self.sought.types) {
            Some(only) => vec![only],
            None => self.world.declared(types),
        };
        found.retain(|id| self.world.may_share_place(from, *id, self.sought.global));
        found
    }
}

/// A resource on the way, and the field by which it leads on; `None` at the end.
type Station = (ResourceId, Option<&'static str>);

/// A resource that something leads to.
struct Lead {
    id: ResourceId,
    /// The field by which it leads on, if it is not itself what is sought.
    by: Option<Field>,
    when: Option<When>,
}

impl Lead {
    fn end(id: ResourceId) -> Self {
        Self { id, by: None, when: None }
    }

    fn on(id: ResourceId, by: Field) -> Self {
        Self { id, by: Some(by), when: None }
    }

    fn given(self, when: Option<&When>) -> Self {
        Self { when: When::both(when, self.when.as_ref()), ..self }
    }
}

/// The condition that something is a resource, as the stack means it that says the something.
fn condition(world: &World<'_>, from: ResourceId, what: &str, address: &str) -> When {
    When::atom(format!("{what} is {address}")).within(&world.stack_of(from).id)
}

/// Whether a text names what calls itself so. An ARN names by its end, in which IAM has a path before the name.
fn is_name(text: &str, own: &Value) -> Option<bool> {
    let after = if text.starts_with("arn:aws:iam:") { '/' } else { ':' };
    let name = if is_arn(text) { text.rsplit(after).next().unwrap_or(text) } else { text };
    match &own.kind {
        Kind::String(own) => Some(&**own == name),
        Kind::Template(parts) if fits(&pattern(parts), name) => None,
        Kind::Unknown(_) => None,
        _ => Some(false),
    }
}

/// What stands in an ARN for all that follows the resource's type.
fn end_of_arn(parts: &[Value]) -> Option<&Value> {
    let (end, before) = parts.split_last()?;
    let is_end = before.first()?.as_str().is_some_and(is_arn) && before.last()?.as_str()?.ends_with([':', '/']);
    is_end.then_some(end)
}

/// A text with parts that are not known, as a pattern; of an ARN, its end.
fn pattern(parts: &[Value]) -> String {
    let whole: String = parts.iter().map(|part| part.as_text().unwrap_or_else(|| UNKNOWN.to_string())).collect();
    if is_arn(&whole) { whole.rsplit(':').next().unwrap_or(&whole).to_owned() } else { whole }
}

fn same(one: &[Value], other: &[Value]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| render(one) == render(other))
}

/// Whether two texts of one stack may come out alike: without what they begin and end with alike, neither has a literal
/// that the other cannot have there.
fn may_agree(one: &[Value], other: &[Value]) -> bool {
    let alike = |(one, other): &(&Value, &Value)| render(one) == render(other);
    let start = one.iter().zip(other).take_while(alike).count();
    let (one, other) = (one.get(start..).unwrap_or(&[]), other.get(start..).unwrap_or(&[]));
    let end = one.iter().rev().zip(other.iter().rev()).take_while(alike).count();
    let (one, other) = (one.get(..one.len() - end).unwrap_or(&[]), other.get(..other.len() - end).unwrap_or(&[]));
    let literal = |parts: &[Value]| parts.iter().map(Value::as_text).collect::<Option<String>>();
    match (literal(one), literal(other)) {
        (Some(text), _) => fits(&pattern(other), &text),
        (_, Some(text)) => fits(&pattern(one), &text),
        (None, None) => true,
    }
}

/// A block that points to a resource, and when it does.
pub type Pointer<'a> = (Block<'a>, Option<When>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};
    use crate::value::Reason;

    #[test]
    fn texts_with_unknown_parts_are_told_apart_by_their_literals() {
        let span = Span::new(Sources::new().add("main.tf", "x"), 0, 1);
        let text = |text: &str| Value::string(text, span);
        let unknown = |what: &str| Value::unknown(Reason::NotEvaluated, what, span);
        let logs = [unknown("var.stage"), text("-logs")];
        assert!(same(&logs, &logs.clone()));
        assert!(!may_agree(&logs, &[unknown("var.stage"), text("-docs")]));
        assert!(!may_agree(&[text("a-"), unknown("var.stage")], &[text("b-"), unknown("var.stage")]));
        assert!(may_agree(&logs, &[unknown("var.name")]));
        assert!(may_agree(&logs, &[unknown("var.stage"), text("-"), unknown("var.name")]));
    }

    #[test]
    fn an_arn_names_by_its_end() {
        let span = Span::new(Sources::new().add("main.tf", "x"), 0, 1);
        let name = |text: &str, own: &str| is_name(text, &Value::string(own, span));
        assert_eq!(name("arn:aws:kms:eu-west-1:111122223333:alias/shop", "alias/shop"), Some(true));
        assert_eq!(name("arn:aws:iam::111122223333:instance-profile/web/shop", "shop"), Some(true));
        assert_eq!(name("arn:aws:s3:::shop", "other"), Some(false));
        assert_eq!(name("shop", "shop"), Some(true));
    }
}
