//! Option settings of an environment: its own go before those of the configuration template that it starts from.
//!
//! Configuration files in the application (`.ebextensions`) may set what the code leaves out: they are not read, so an option
//! that the code leaves out is not known to have its default. Source: "Configuration options", on precedence.

use super::{classic, listener};
use crate::model::Doubt;
use crate::services::read::{Alternative, Block, Field, Link, Setting, doubt_of, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::secret::Text;
use crate::value::{Kind, Value, When, render};
use std::collections::{BTreeMap, BTreeSet};

const TEMPLATE: Types = Types {
    terraform: &["aws_elastic_beanstalk_configuration_template"],
    cloudformation: &["AWS::ElasticBeanstalk::ConfigurationTemplate"],
};

const SETTINGS: Field = field("setting", "OptionSettings");
const NAMESPACE: Field = field("namespace", "Namespace");
const NAME: Field = field("name", "OptionName");
pub(super) const VALUE: Field = field("value", "Value");
const TEMPLATE_OF: Field = field("template_name", "TemplateName");

/// Settings by namespace and name.
type Written<'a> = BTreeMap<(String, String), Vec<Block<'a>>>;

/// A setting of which it is not known which option it is of.
struct Open {
    /// How the namespace begins; the whole of it, where that is known.
    namespace: String,
    is_whole: bool,
    /// `None` for any name.
    name: Option<String>,
    doubt: Doubt,
}

impl Open {
    fn may_be(&self, namespace: &str, name: &str) -> bool {
        let here = if self.is_whole { self.namespace == namespace } else { namespace.starts_with(&self.namespace) };
        here && self.name.as_ref().is_none_or(|own| own == name)
    }

    /// Whether it may be of a namespace with the prefix that nothing else names.
    fn may_add(&self, prefix: &str) -> bool {
        !self.is_whole && (prefix.starts_with(&self.namespace) || self.namespace.starts_with(prefix))
    }
}

/// Settings by the option that they are of, as far as that is known.
#[derive(Default)]
struct Settings<'a> {
    written: Written<'a>,
    open: Vec<Open>,
}

/// Namespaces of which each makes something more: a listener.
const MAKING_LISTENERS: [&str; 2] = [listener::LISTENER, classic::LISTENER];
/// The name under which settings stand whose own is not known: options have no such name.
const UNNAMED: &str = "";

/// All options that the code writes for an environment.
pub(super) struct Options<'a> {
    environment: Block<'a>,
    own: Written<'a>,
    template: Written<'a>,
    open: Vec<Open>,
    /// Why there may be more settings than are known.
    pub unread: Option<Doubt>,
    /// Why there may be more listeners than are known.
    pub more: Option<Doubt>,
    /// The template that the environment starts from, where it is not in this code.
    pub elsewhere: Option<Doubt>,
}

impl<'a> Options<'a> {
    pub fn of(world: &World<'a>, environment: &Block<'a>) -> Self {
        let (mut template, mut elsewhere) = (Settings::default(), None);
        let mut unread = environment.unknown_along(&[SETTINGS]);
        for link in environment.links(world, TEMPLATE_OF) {
            let templates = templates(world, environment.id, &link.value);
            if templates.is_empty() {
                elsewhere = Some(template_elsewhere(environment));
            }
            for id in templates {
                unread = unread.or_else(|| world.block(id).unknown_along(&[SETTINGS]));
                gather(&world.block(id).given(link.when.as_ref()), &mut template);
            }
        }
        let mut own = Settings::default();
        gather(environment, &mut own);
        let open: Vec<_> = own.open.into_iter().chain(template.open).collect();
        let makes_more = |open: &&Open| MAKING_LISTENERS.iter().any(|prefix| open.may_add(prefix));
        let more = elsewhere.clone().or_else(|| open.iter().find(makes_more).map(|open| open.doubt.clone()));
        let (own, template) = (own.written, template.written);
        Self { environment: environment.clone(), own, template, open, unread, more, elsewhere }
    }

    /// The settings of one option.
    pub fn written(&self, namespace: &str, name: &str) -> Vec<Block<'a>> {
        let key = (namespace.to_owned(), name.to_owned());
        self.own.get(&key).or_else(|| self.template.get(&key)).cloned().unwrap_or_default()
    }

    /// What the code says of an option, with the block that says it, and whether it may say nothing.
    pub fn read(&self, namespace: &str, name: &str) -> Vec<Alternative<Said<'a>>> {
        let chosen = self.written(namespace, name);
        let mut found = Vec::new();
        for option in &chosen {
            let Some(undisputed) = When::otherwise(disputes(option, &chosen)) else {
                found.push(Alternative {
                    when: option.when.clone(),
                    value: Said::Unknown(self.set_twice(option, name)),
                });
                continue;
            };
            for Alternative { when, value } in option.clone().given(undisputed.as_ref()).setting(VALUE) {
                found.push(Alternative { when, value: Said::of(option, value) });
            }
            if let Some(undisputed) = undisputed {
                let when = When::both(option.when.as_ref(), Some(&undisputed.negated()));
                found.push(Alternative { when, value: Said::Unknown(self.set_twice(option, name)) });
            }
        }
        if let Some(when) = When::otherwise(chosen.iter().map(|option| option.when.as_ref())) {
            let open = self.open.iter().find(|open| open.may_be(namespace, name));
            let value = open.map_or(Said::Nothing, |open| Said::Unknown(open.doubt.clone()));
            found.push(Alternative { when, value });
        }
        found
    }

    /// The option's one text, where it is written and has no alternatives.
    pub fn text(&self, namespace: &str, name: &str) -> Option<Text> {
        match self.read(namespace, name).as_slice() {
            [Alternative { value: Said::Text(text, ..), .. }] => Some(text.clone()),
            _ => None,
        }
    }

    /// The settings of all options of a namespace.
    pub fn in_namespace(&self, namespace: &str) -> Vec<Block<'a>> {
        let from = (namespace.to_owned(), String::new());
        let of = |written: &Written<'a>| -> Vec<Block<'a>> {
            let here = written.range(from.clone()..).take_while(|((own, _), _)| own == namespace);
            here.flat_map(|(_, blocks)| blocks.iter().cloned()).collect()
        };
        [of(&self.own), of(&self.template)].concat()
    }

    /// What follows the prefix in the namespaces that the code writes: ports of listeners, names of rules.
    pub fn suffixes(&self, prefix: &str) -> BTreeSet<String> {
        let all = self.own.keys().chain(self.template.keys());
        all.filter_map(|(namespace, _)| namespace.strip_prefix(prefix)).map(str::to_owned).collect()
    }

    fn set_twice(&self, option: &Block<'_>, name: &str) -> Doubt {
        let what = format!("{name} of {}", self.environment.owner.address);
        let message = format!("{what} is set to different values, and which of them counts is not known");
        Doubt::new(what, message, "set it once", Some(option.get(VALUE).map_or(option.place(), Value::span)))
    }

    /// Why an option that the code leaves out may have another value than its default.
    pub fn doubt(&self, namespace: &str, name: &str, default: &str) -> Doubt {
        let address = &self.environment.owner.address;
        Doubt::new(
            format!("{name} of {namespace} in {address}"),
            format!("{name} is not set: {default} unless the application's .ebextensions say otherwise"),
            format!("set {name} in the namespace {namespace}"),
            Some(self.environment.owner.header),
        )
    }
}

/// What the code says of an option.
pub(super) enum Said<'a> {
    Nothing,
    Text(Text, Block<'a>),
    Unknown(Doubt),
}

impl<'a> Said<'a> {
    fn of(block: &Block<'a>, setting: Setting<'a>) -> Self {
        match setting {
            Setting::Absent => Self::Nothing,
            Setting::Text(text, _) => Self::Text(text, block.clone()),
            Setting::Unknown(doubt) => Self::Unknown(doubt),
        }
    }
}

/// The conditions under which another setting of the same option says something else.
fn disputes<'s>(option: &'s Block<'_>, settings: &'s [Block<'_>]) -> Vec<Option<&'s When>> {
    let differs = |other: &&'s Block<'_>| other.get(VALUE).map(render) != option.get(VALUE).map(render);
    let together = |other: &&'s Block<'_>| {
        When::both(option.when.as_ref(), other.when.as_ref()).is_none_or(|when| when.satisfiable())
    };
    settings.iter().filter(differs).filter(together).map(|other| other.when.as_ref()).collect()
}

/// A template that the environment starts from, and that is not in this code.
fn template_elsewhere(environment: &Block<'_>) -> Doubt {
    let what = format!("the configuration template of {}", environment.owner.address);
    let message = format!("{what} is not in this code, and may set what the code leaves out");
    let settle = "lint the code that declares the template together with this code";
    let place = environment.get(TEMPLATE_OF).map_or(environment.place(), Value::span);
    Doubt::new(what, message, settle, Some(place))
}

/// Each setting under the option that it is of, with the condition where that is one of several.
fn gather<'a>(holder: &Block<'a>, found: &mut Settings<'a>) {
    for option in holder.known_blocks(SETTINGS) {
        let (Some(namespace), Some(name)) = (option.get(NAMESPACE), option.get(NAME)) else { continue };
        for (when, namespace) in namespace.alternatives() {
            for (name_when, name) in name.alternatives() {
                let when = When::both(when.as_ref(), name_when.as_ref());
                let option = option.clone().given(when.as_ref());
                if option.when.as_ref().is_none_or(When::satisfiable) {
                    gather_one(option, namespace, name, found);
                }
            }
        }
    }
}

fn gather_one<'a>(option: Block<'a>, namespace: &Value, name: &Value, found: &mut Settings<'a>) {
    let (whole, named) = (namespace.as_text(), name.as_text());
    if whole.is_none() || named.is_none() {
        let unknown = doubt_of(if whole.is_none() { namespace } else { name });
        let message =
            format!("which option a setting of {} is of is not known: {}", option.owner.address, unknown.message);
        let doubt = Doubt { message, ..unknown };
        let is_whole = whole.is_some();
        let namespace = whole.clone().unwrap_or_else(|| beginning(namespace));
        found.open.push(Open { namespace, is_whole, name: named.clone(), doubt });
    }
    if let Some(namespace) = whole {
        found.written.entry((namespace, named.unwrap_or_else(|| UNNAMED.to_owned()))).or_default().push(option);
    }
}

/// The text with which a value begins.
fn beginning(value: &Value) -> String {
    match &value.kind {
        Kind::Template(parts) => parts.first().and_then(Value::as_str).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn templates(world: &World<'_>, from: ResourceId, link: &Link<'_>) -> Vec<ResourceId> {
    match link {
        Link::Resource { id, .. } if TEMPLATE.holds(&world.resource(*id).type_name) => vec![*id],
        Link::Text(name, _) => world.named(from, TEMPLATE, &["name", "TemplateName"], name),
        _ => Vec::new(),
    }
}
