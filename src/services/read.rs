//! Reading attributes in either language: one field, two spellings, every alternative with its condition.

use super::arn::is_arn;
use super::world::{ResourceId, Types, World};
use crate::model::{Doubt, Evidence};
use crate::resource::{Language, Resource};
use crate::value::secret::Text;
use crate::value::{Kind, Reference, Value, When, render};
use std::collections::HashSet;
use std::fmt::Display;

/// An attribute's spelling in the two languages. Older spellings stand behind a `|`;
/// an empty spelling means that the language has no level of its own here, `-` that it lacks the attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub terraform: &'static str,
    pub cloudformation: &'static str,
    /// Where a service file writes the spellings.
    #[cfg(test)]
    pub written: &'static std::panic::Location<'static>,
}

#[cfg_attr(test, track_caller)]
pub const fn field(terraform: &'static str, cloudformation: &'static str) -> Field {
    Field {
        terraform,
        cloudformation,
        #[cfg(test)]
        written: std::panic::Location::caller(),
    }
}

impl Field {
    pub fn spelling(self, language: Language) -> &'static str {
        let spellings = match language {
            Language::Terraform => self.terraform,
            Language::CloudFormation => self.cloudformation,
        };
        spellings.split('|').next().unwrap_or(spellings)
    }

    pub fn spellings(self, language: Language) -> impl Iterator<Item = &'static str> {
        match language {
            Language::Terraform => self.terraform.split('|'),
            Language::CloudFormation => self.cloudformation.split('|'),
        }
    }
}

/// One alternative of a reading.
#[derive(Clone, Debug)]
pub struct Alternative<T> {
    pub when: Option<When>,
    pub value: T,
}

impl<T> Alternative<T> {
    pub fn always(value: T) -> Self {
        Self { when: None, value }
    }
}

/// An attribute read as text.
#[derive(Clone, Debug)]
pub enum Setting<'a> {
    /// Not written, or null: the provider's default applies.
    Absent,
    Text(Text, &'a Value),
    Unknown(Doubt),
}

/// An attribute read as a pointer to something else.
#[derive(Clone, Debug)]
pub enum Link<'a> {
    /// A resource of the same stack, and the attribute of it.
    Resource {
        id: ResourceId,
        attribute: &'a str,
        value: &'a Value,
    },
    Text(Text, &'a Value),
    /// Text with references inside.
    Template(&'a [Value], &'a Value),
    /// An attribute of something that the stack does not hold: a module that is not on disk, an undeclared resource.
    Outside(Text, &'a Value),
    Unknown(Doubt),
}

impl Link<'_> {
    /// The resources that the link points to: by reference, or by the name that resources of a kind say in `names`.
    ///
    /// Terraform knows such a name before the resource exists, so that a reference to it comes out as text.
    pub fn named(&self, world: &World<'_>, from: ResourceId, types: Types, names: &[&str]) -> Vec<ResourceId> {
        match self {
            Self::Resource { id, .. } => vec![*id],
            Self::Text(name, _) => world.named(from, types, names, name),
            Self::Template(..) | Self::Outside(..) | Self::Unknown(_) => Vec::new(),
        }
    }

    /// The resource that the link refers to.
    pub fn resource(&self) -> Option<ResourceId> {
        match self {
            Self::Resource { id, .. } => Some(*id),
            Self::Text(..) | Self::Template(..) | Self::Outside(..) | Self::Unknown(_) => None,
        }
    }

    /// The resource of a kind that the link leads to, where this code sets it up. What another resource only tells, such as a
    /// lookup, a custom resource or a stack whose template is not read, is set up elsewhere.
    pub fn declared(&self, world: &World<'_>, types: Types) -> Option<ResourceId> {
        match self {
            Self::Resource { id, .. } if world.declares(*id, types) => Some(*id),
            _ => None,
        }
    }
}

/// A nested block.
#[derive(Clone, Debug)]
pub enum Child<'a> {
    Block(Block<'a>),
    Unknown(Doubt),
}

/// One alternative of a nested block of which there is one at most.
#[derive(Clone, Debug)]
pub enum Presence<'a> {
    /// Not written, null, or no element: what the service does without it applies.
    Absent,
    Block(Block<'a>),
    Unknown(Doubt),
}

/// A resource's arguments, or a nested block of them. What is read from a block is true under the block's own condition,
/// so a fact from one branch of a choice never looks certain.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    pub id: ResourceId,
    pub owner: &'a Resource,
    pub value: &'a Value,
    /// The condition under which this nested block is there; the resource's own existence is not part of it.
    pub when: Option<When>,
}

impl<'a> Block<'a> {
    /// Another value of the same resource, under the same condition.
    #[must_use]
    pub fn of(&self, value: &'a Value) -> Self {
        Self { value, ..self.clone() }
    }

    /// The same block, under one more condition.
    #[must_use]
    pub fn given(mut self, when: Option<&When>) -> Self {
        self.when = When::both(self.when.as_ref(), when);
        self
    }

    /// The same block, for what is read from it to have the conditions of its own choices only.
    #[must_use]
    pub fn always(self) -> Self {
        Self { when: None, ..self }
    }

    pub fn language(&self) -> Language {
        self.owner.language
    }

    /// The value under the field's spelling, null counted as absent.
    pub fn get(&self, field: Field) -> Option<&'a Value> {
        #[cfg(test)]
        super::tests::note(self, field);
        field.spellings(self.language()).find_map(|name| match name {
            "" => Some(self.value),
            "-" => None,
            name => self.value.get(name).filter(|value| !value.is_null()),
        })
    }

    /// Whether the attribute is written at all, whatever its value.
    pub fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    /// All alternatives of a scalar. An empty text counts as absent, as both providers take it.
    pub fn setting(&self, field: Field) -> Vec<Alternative<Setting<'a>>> {
        if let Kind::Unknown(unknown) = &self.value.kind {
            return vec![self.here(Setting::Unknown(Doubt::of(unknown, self.value)))];
        }
        let Some(value) = self.get(field) else {
            return vec![self.here(Setting::Absent)];
        };
        self.each(value, |value| read_setting(value))
    }

    fn here<T>(&self, value: T) -> Alternative<T> {
        Alternative { when: self.when.clone(), value }
    }

    /// The alternatives of a value that can be true together with the block's own condition.
    fn each<T>(&self, value: &'a Value, read: impl Fn(&'a Value) -> T) -> Vec<Alternative<T>> {
        let alternative = |(when, value): (Option<When>, &'a Value)| {
            let when = When::both(self.when.as_ref(), when.as_ref());
            when.as_ref().is_none_or(When::satisfiable).then(|| Alternative { when, value: read(value) })
        };
        value.alternatives().into_iter().filter_map(alternative).collect()
    }

    /// The text, where it is known and has no alternatives.
    pub fn text(&self, field: Field) -> Option<Text> {
        self.get(field).and_then(Text::of)
    }

    /// That the attribute is, or may be, the text: with what it means, a clause, and whether it is certain.
    pub fn switched_on(&self, field: Field, on: &str, meaning: &str) -> Option<(Evidence, bool)> {
        let mut perhaps = None;
        for Alternative { when, value } in self.setting(field) {
            match value {
                Setting::Text(text, value) if text.eq_ignore_ascii_case(on) => {
                    return Some((self.stated(field, &text, value, meaning), when.is_none()));
                }
                Setting::Unknown(doubt) => {
                    let meaning = format!("it is not known whether {meaning}");
                    let span = doubt.span.unwrap_or_else(|| self.place());
                    perhaps = Some((Evidence::new(doubt.what, meaning, span), false));
                }
                Setting::Absent | Setting::Text(..) => {}
            }
        }
        perhaps
    }

    /// When a switch is on that is on by default; `None` where it is surely off.
    pub fn unless_off(&self, field: Field) -> Option<Option<When>> {
        let (mut on, mut settled) = (Vec::new(), true);
        for Alternative { when, value } in self.setting(field) {
            match value {
                Setting::Text(text, _) if text.eq_ignore_ascii_case("false") => settled = false,
                Setting::Absent | Setting::Text(..) => on.push(when),
                Setting::Unknown(_) => {
                    let name = field.spelling(self.language());
                    let switch = When::atom(format!("{name} of {} is true", self.owner.address));
                    settled = false;
                    on.push(When::both(when.as_ref(), Some(&switch)));
                }
            }
        }
        match settled {
            true => Some(self.when.clone()),
            false => (!on.is_empty()).then(|| When::any_of(on.iter().map(Option::as_ref))),
        }
    }

    /// Nested blocks under the field: Terraform's repeated blocks, CloudFormation's object or list of objects.
    pub fn children(&self, field: Field) -> Vec<Alternative<Child<'a>>> {
        let mut found = Vec::new();
        if let Kind::Unknown(unknown) = &self.value.kind {
            found.push(self.here(Child::Unknown(Doubt::of(unknown, self.value))));
        } else if let Some(value) = self.get(field) {
            self.collect_children(value, self.when.clone(), &mut found);
        }
        found
    }

    /// All alternatives of a nested block of which there is one at most, those without it included.
    pub fn presence(&self, field: Field) -> Vec<Alternative<Presence<'a>>> {
        if let Kind::Unknown(unknown) = &self.value.kind {
            return vec![self.here(Presence::Unknown(Doubt::of(unknown, self.value)))];
        }
        let Some(value) = self.get(field) else {
            return vec![self.here(Presence::Absent)];
        };
        let mut found = self.each(value, |value| {
            let element = value.as_list().map_or(Some(value), |items| items.first());
            match element {
                None => Presence::Absent,
                Some(element) if element.is_null() => Presence::Absent,
                Some(element) if element.as_object().is_some() => Presence::Block(self.of(element)),
                Some(element) => Presence::Unknown(doubt_of(element)),
            }
        });
        for alternative in &mut found {
            if let Presence::Block(block) = &mut alternative.value {
                block.when.clone_from(&alternative.when);
            }
        }
        found
    }

    /// What stands at the end of a path of nested blocks of which there is one at most; absent where one on the way is.
    pub fn presence_along(&self, path: &[Field]) -> Vec<Alternative<Presence<'a>>> {
        let Some((first, rest)) = path.split_first() else {
            return vec![self.here(Presence::Block(self.clone()))];
        };
        let below = |found: Alternative<Presence<'a>>| match found.value {
            Presence::Block(block) => block.presence_along(rest),
            Presence::Absent | Presence::Unknown(_) => vec![found],
        };
        self.presence(*first).into_iter().flat_map(below).collect()
    }

    /// All alternatives of the value under the field as they stand; none where it is absent.
    pub fn values(&self, field: Field) -> Vec<(Option<When>, Self)> {
        let found = self.get(field).map(|value| self.each(value, |value| self.of(value))).unwrap_or_default();
        found.into_iter().map(|found| (found.when.clone(), Self { when: found.when, ..found.value })).collect()
    }

    /// What the value itself points to.
    pub fn own_links(&self, world: &World<'a>) -> Vec<Alternative<Link<'a>>> {
        self.links(world, field("", ""))
    }

    /// What stands at the end of a path of nested blocks; unknown where a block on the way is.
    pub fn children_along(&self, path: &[Field]) -> Vec<Alternative<Child<'a>>> {
        let Some((first, rest)) = path.split_first() else {
            return vec![self.here(Child::Block(self.clone()))];
        };
        let below = |child: Alternative<Child<'a>>| match child.value {
            Child::Block(block) => block.children_along(rest),
            Child::Unknown(_) => vec![child],
        };
        self.children(*first).into_iter().flat_map(below).collect()
    }

    /// The nested blocks that are known; each carries its condition on to what is read from it. Only where one that is not
    /// known can make nothing worse than it seems, or is judged elsewhere: see [`Self::unknown_along`] and `Draft::blocks`.
    pub fn known_blocks(&self, field: Field) -> Vec<Self> {
        self.known_along(&[field])
    }

    /// As [`Self::known_blocks`], at the end of a path.
    pub fn known_along(&self, path: &[Field]) -> Vec<Self> {
        let known = |alternative: Alternative<Child<'a>>| match alternative.value {
            Child::Block(block) => Some(block),
            Child::Unknown(_) => None,
        };
        self.children_along(path).into_iter().filter_map(known).collect()
    }

    /// Why a nested block at the end of a path is not known, where one is not.
    pub fn unknown_along(&self, path: &[Field]) -> Option<Doubt> {
        self.children_along(path).into_iter().find_map(|child| match child.value {
            Child::Block(_) => None,
            Child::Unknown(doubt) => Some(doubt),
        })
    }

    /// The first nested block that is known.
    pub fn known_block(&self, field: Field) -> Option<Self> {
        self.known_blocks(field).into_iter().next()
    }

    fn collect_children(&self, value: &'a Value, when: Option<When>, found: &mut Vec<Alternative<Child<'a>>>) {
        let alternatives = value.alternatives();
        let shared = in_every_list(&alternatives);
        shared.items.iter().for_each(|item| self.collect_children(item, when.clone(), found));
        for (condition, value) in alternatives {
            let when = When::both(when.as_ref(), condition.as_ref());
            match &value.kind {
                Kind::List(items) => {
                    let own = items.iter().filter(|item| !shared.holds(item));
                    own.for_each(|item| self.collect_children(item, when.clone(), found));
                }
                Kind::Object(_) => {
                    let block = Block { when: when.clone(), ..self.of(value) };
                    found.push(Alternative { when, value: Child::Block(block) });
                }
                Kind::Null => {}
                _ => found.push(Alternative { when, value: Child::Unknown(doubt_of(value)) }),
            }
        }
    }

    /// What the field points to, lists flattened.
    pub fn links(&self, world: &World<'a>, field: Field) -> Vec<Alternative<Link<'a>>> {
        let mut found = Vec::new();
        if let Some(value) = self.get(field) {
            collect_links(world, self.id, value, self.when.as_ref(), &mut found);
        }
        found
    }

    /// The resources that the field refers to.
    pub fn resources(&self, world: &World<'a>, field: Field) -> Vec<ResourceId> {
        self.links(world, field).iter().filter_map(|link| link.value.resource()).collect()
    }

    /// The attribute as the code spells it.
    pub fn spell(&self, field: Field, value: impl Display) -> String {
        let name = field.spelling(self.language());
        match self.language() {
            Language::Terraform => format!("{name} = \"{value}\""),
            Language::CloudFormation => format!("{name}: {value}"),
        }
    }

    /// Evidence for a value that the code states; of a sensitive one the text is not said.
    pub fn stated(&self, field: Field, text: &str, value: &Value, meaning: impl Into<String>) -> Evidence {
        let text = if value.sensitive { "(sensitive)" } else { text };
        let fact = match (self.language(), &value.kind) {
            (Language::Terraform, Kind::Bool(_) | Kind::Number(_)) => {
                format!("{} = {text}", field.spelling(self.language()))
            }
            _ => self.spell(field, text),
        };
        Evidence::new(fact, meaning, value.span()).along(value)
    }

    /// The condition under which anything goes to a target of weight 0: that somebody, or a deployment, gives it another.
    pub fn idle(&self, weight: Field) -> Option<When> {
        let name = weight.spelling(self.language());
        let is_idle = self.text(weight).as_deref() == Some("0");
        is_idle.then(|| When::atom(format!("{name} in {} is above 0", self.owner.address)))
    }

    /// Evidence for a default: the attribute is absent and the provider documents what then applies.
    pub fn defaulted(&self, field: Field, default: &str, meaning: impl Into<String>) -> Evidence {
        let name = field.spelling(self.language());
        let mut evidence = Evidence::new(format!("{name} is absent: {default} by default"), meaning, self.place());
        evidence.default = true;
        evidence
    }

    /// Where the block as a whole is shown: the resource's header, or the nested block itself.
    pub fn place(&self) -> crate::source::Span {
        if std::ptr::eq(self.value, &raw const self.owner.body) { self.owner.header } else { self.value.span() }
    }
}

/// The elements that are in the list whatever the conditions, where each alternative is a list. Blocks that are written out
/// stand beside those that a `dynamic` block makes under a condition.
fn in_every_list<'a>(alternatives: &[(Option<When>, &'a Value)]) -> Shared<'a> {
    let lists = alternatives.iter().map(|(_, value)| value.as_list()).collect::<Option<Vec<_>>>();
    let Some([first, others @ ..]) = lists.as_deref().filter(|lists| lists.len() > 1) else { return Shared::default() };
    let texts = |list: &[Value]| list.iter().map(|item| render(item).to_string()).collect::<HashSet<_>>();
    let others: Vec<_> = others.iter().map(|list| texts(list)).collect();
    let in_all = |text: &str| others.iter().all(|list| list.contains(text));
    let mut shared = Shared::default();
    for item in first.iter().filter(|item| !item.sensitive) {
        let text = render(item).to_string();
        if in_all(&text) {
            shared.items.push(item);
            shared.texts.insert(text);
        }
    }
    shared
}

/// Elements that several lists have in common, and what they read like.
#[derive(Default)]
struct Shared<'a> {
    items: Vec<&'a Value>,
    texts: HashSet<String>,
}

impl Shared<'_> {
    fn holds(&self, item: &Value) -> bool {
        !self.texts.is_empty() && self.texts.contains(&render(item).to_string())
    }
}

fn read_setting(value: &Value) -> Setting<'_> {
    match &value.kind {
        Kind::Null => Setting::Absent,
        Kind::String(text) if text.trim().is_empty() => Setting::Absent,
        _ => match Text::of(value) {
            Some(text) => Setting::Text(text, value),
            None => Setting::Unknown(doubt_of(value)),
        },
    }
}

/// Why a value is no constant.
pub fn doubt_of(value: &Value) -> Doubt {
    let doubt = match &value.kind {
        Kind::Unknown(unknown) => return Doubt::of(unknown, value),
        Kind::Reference(reference) => Doubt::new(
            reference.text(),
            format!("{} is known after deployment only", reference.text()),
            "write it as a literal or a variable with a value",
            Some(value.span()),
        ),
        Kind::Template(parts) => {
            if let Some(unknown) = parts.iter().find_map(|part| part.as_unknown()) {
                return Doubt::of(unknown, value);
            }
            let text = parts.iter().find_map(Value::as_reference).map_or_else(String::new, |found| found.text());
            Doubt::new(
                text.clone(),
                format!("the text holds {text}, which is known after deployment only"),
                "write it as a literal or a variable with a value",
                Some(value.span()),
            )
        }
        _ => Doubt::new("this value", "the value has an unexpected shape", "mend the code", Some(value.span())),
    };
    Doubt { through: value.origin.steps().collect(), ..doubt }
}

fn collect_links<'a>(
    world: &World<'a>,
    from: ResourceId,
    value: &'a Value,
    when: Option<&When>,
    found: &mut Vec<Alternative<Link<'a>>>,
) {
    for (condition, value) in value.alternatives() {
        let when = When::both(when, condition.as_ref());
        let link = match &value.kind {
            Kind::Null => continue,
            Kind::List(items) => {
                items.iter().for_each(|item| collect_links(world, from, item, when.as_ref(), found));
                continue;
            }
            Kind::Reference(reference) => match world.find(from, &reference.target) {
                Some(id) => Link::Resource { id, attribute: &reference.attribute, value },
                None => Link::Outside(Text::open(reference.text()), value),
            },
            Kind::String(text) if text.is_empty() => continue,
            Kind::Template(parts) => put_together(world, from, parts, value)
                .or_else(|| read_whole(world, from, value))
                .unwrap_or(Link::Template(parts, value)),
            Kind::String(_) if let Some(text) = Text::of(value) => Link::Text(text, value),
            _ => piece(world, from, value).unwrap_or_else(|| Link::Unknown(doubt_of(value))),
        };
        found.push(Alternative { when, value: link });
    }
}

/// What an ARN of a balancer or a target group ends with, and what can be had of it alone.
const FULL_NAMES: [&str; 3] = ["TargetGroupFullName", "LoadBalancerFullName", "arn_suffix"];

/// An ARN that the code puts together around a resource's full name is the resource's own.
fn put_together<'a>(world: &World<'a>, from: ResourceId, parts: &'a [Value], value: &'a Value) -> Option<Link<'a>> {
    let Kind::Reference(reference) = &parts.last()?.kind else { return None };
    let attribute: &'a str = &reference.attribute;
    let is_own = parts.first()?.as_str().is_some_and(is_arn) && FULL_NAMES.contains(&attribute);
    let id = world.find(from, &reference.target).filter(|_| is_own)?;
    Some(Link::Resource { id, attribute, value })
}

/// A text that is what another resource says in an argument, and was read there, points to that resource.
fn read_whole<'a>(world: &World<'a>, from: ResourceId, value: &'a Value) -> Option<Link<'a>> {
    let [reference] = value.origin.cut_from() else { return None };
    if value.sensitive {
        return None;
    }
    let id = world.find(from, &reference.target)?;
    let own = world.resource(id).get(&reference.attribute)?;
    (render(own) == render(value)).then(|| Link::Resource { id, attribute: &reference.attribute, value })
}

/// A piece of a text points where the text's one reference points: the host in a URL to what the URL belongs to. Of several
/// it is not known of which one it is a piece.
fn piece<'a>(world: &World<'a>, from: ResourceId, value: &'a Value) -> Option<Link<'a>> {
    let resource = |reference: &'a Reference| {
        let id = world.find(from, &reference.target)?;
        Some(Link::Resource { id, attribute: &reference.attribute, value })
    };
    match (value.origin.cut_from(), world.resource(from).language) {
        ([only], _) => resource(only),
        // Pieces are cut there out of URLs that are joined from a host and what follows it.
        (several, Language::CloudFormation) => several.iter().find_map(resource),
        _ => None,
    }
}
