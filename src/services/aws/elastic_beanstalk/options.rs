//! Option settings of an environment: its own go before those of the configuration template that it starts from.
//!
//! Configuration files in the application (`.ebextensions`) may set what the code leaves out: they are not read, so an option
//! that the code leaves out is not known to have its default. Source: "Configuration options", on precedence.

use crate::model::Doubt;
use crate::services::read::{Alternative, Block, Child, Field, Link, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::When;
use std::collections::BTreeSet;

const TEMPLATE: Types = Types {
    terraform: &["aws_elastic_beanstalk_configuration_template"],
    cloudformation: &["AWS::ElasticBeanstalk::ConfigurationTemplate"],
};

const SETTINGS: Field = field("setting", "OptionSettings");
const NAMESPACE: Field = field("namespace", "Namespace");
const NAME: Field = field("name", "OptionName");
pub(super) const VALUE: Field = field("value", "Value");
const TEMPLATE_OF: Field = field("template_name", "TemplateName");

/// One written option.
struct Written<'a> {
    namespace: String,
    name: String,
    block: Block<'a>,
}

/// All options that the code writes for an environment.
pub(super) struct Options<'a> {
    environment: Block<'a>,
    own: Vec<Written<'a>>,
    template: Vec<Written<'a>>,
}

impl<'a> Options<'a> {
    pub fn of(world: &World<'a>, environment: &Block<'a>) -> Self {
        let mut template = Vec::new();
        for link in environment.links(world, TEMPLATE_OF) {
            for id in templates(world, environment.id, &link.value) {
                template.extend(written(&world.block(id).given(link.when.as_ref())));
            }
        }
        Self { environment: environment.clone(), own: written(environment), template }
    }

    /// The settings of one option.
    pub fn written(&self, namespace: &str, name: &str) -> Vec<Block<'a>> {
        let here = |written: &&Written<'a>| written.namespace == namespace && written.name == name;
        let own: Vec<_> = self.own.iter().filter(here).map(|written| written.block.clone()).collect();
        let inherited = || self.template.iter().filter(here).map(|written| written.block.clone()).collect();
        if own.is_empty() { inherited() } else { own }
    }

    /// What the code says of an option, with the block that says it, and whether it may say nothing.
    pub fn read(&self, namespace: &str, name: &str) -> Vec<Alternative<Said<'a>>> {
        let chosen = self.written(namespace, name);
        let mut found = Vec::new();
        for option in &chosen {
            for Alternative { when, value } in option.setting(VALUE) {
                found.push(Alternative { when, value: Said::of(option, value) });
            }
        }
        let conditions: Vec<&When> = chosen.iter().filter_map(|option| option.when.as_ref()).collect();
        if conditions.len() == chosen.len() {
            let none = |known: Option<When>, when: &&When| When::both(known.as_ref(), Some(&when.negated()));
            let when = conditions.iter().fold(None, none);
            if when.as_ref().is_none_or(When::satisfiable) {
                found.push(Alternative { when, value: Said::Nothing });
            }
        }
        found
    }

    /// The option's one text, where it is written and has no alternatives.
    pub fn text(&self, namespace: &str, name: &str) -> Option<String> {
        match self.read(namespace, name).as_slice() {
            [Alternative { value: Said::Text(text, ..), .. }] => Some(text.clone()),
            _ => None,
        }
    }

    /// The settings of all options of a namespace.
    pub fn in_namespace(&self, namespace: &str) -> Vec<Block<'a>> {
        self.all().filter(|written| written.namespace == namespace).map(|written| written.block.clone()).collect()
    }

    /// What follows the prefix in the namespaces that the code writes: ports of listeners, names of rules.
    pub fn suffixes(&self, prefix: &str) -> BTreeSet<String> {
        self.all().filter_map(|written| written.namespace.strip_prefix(prefix)).map(str::to_owned).collect()
    }

    fn all(&self) -> impl Iterator<Item = &Written<'a>> {
        self.own.iter().chain(&self.template)
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
    Text(String, Block<'a>),
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

fn written<'a>(holder: &Block<'a>) -> Vec<Written<'a>> {
    let option = |child: Alternative<Child<'a>>| match child.value {
        Child::Block(block) => Some(Written { namespace: block.text(NAMESPACE)?, name: block.text(NAME)?, block }),
        // What cannot be read is left out, as it is in configuration files: options that nothing sets are not known.
        Child::Unknown(_) => None,
    };
    holder.children(SETTINGS).into_iter().filter_map(option).collect()
}

fn templates(world: &World<'_>, from: ResourceId, link: &Link<'_>) -> Vec<ResourceId> {
    match link {
        Link::Resource { id, .. } if TEMPLATE.holds(&world.resource(*id).type_name) => vec![*id],
        Link::Text(name, _) => world.named(from, TEMPLATE, &["name", "TemplateName"], name),
        _ => Vec::new(),
    }
}
