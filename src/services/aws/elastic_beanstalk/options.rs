//! Option settings of an environment: its own go before those of the configuration template that it starts from.
//!
//! Configuration files in the application (`.ebextensions`) may set what the code leaves out: they are not read, so an option
//! that the code leaves out is not known to have its default. Source: "Configuration options", on precedence.

use crate::model::Doubt;
use crate::services::read::{Alternative, Block, Field, Link, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::When;
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

/// All options that the code writes for an environment.
pub(super) struct Options<'a> {
    environment: Block<'a>,
    own: Written<'a>,
    template: Written<'a>,
    /// Why there may be more settings than are known.
    pub unread: Option<Doubt>,
}

impl<'a> Options<'a> {
    pub fn of(world: &World<'a>, environment: &Block<'a>) -> Self {
        let (mut template, mut unread) = (Written::new(), environment.unknown_along(&[SETTINGS]));
        for link in environment.links(world, TEMPLATE_OF) {
            for id in templates(world, environment.id, &link.value) {
                unread = unread.or_else(|| world.block(id).unknown_along(&[SETTINGS]));
                gather(&world.block(id).given(link.when.as_ref()), &mut template);
            }
        }
        let mut own = Written::new();
        gather(environment, &mut own);
        Self { environment: environment.clone(), own, template, unread }
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
            for Alternative { when, value } in option.setting(VALUE) {
                found.push(Alternative { when, value: Said::of(option, value) });
            }
        }
        if let Some(when) = When::otherwise(chosen.iter().map(|option| option.when.as_ref())) {
            found.push(Alternative { when, value: Said::Nothing });
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

/// What cannot be read is left out, as what configuration files say is: options that nothing sets are not known.
fn gather<'a>(holder: &Block<'a>, found: &mut Written<'a>) {
    for option in holder.known_blocks(SETTINGS) {
        if let (Some(namespace), Some(name)) = (option.text(NAMESPACE), option.text(NAME)) {
            found.entry((namespace, name)).or_default().push(option);
        }
    }
}

fn templates(world: &World<'_>, from: ResourceId, link: &Link<'_>) -> Vec<ResourceId> {
    match link {
        Link::Resource { id, .. } if TEMPLATE.holds(&world.resource(*id).type_name) => vec![*id],
        Link::Text(name, _) => world.named(from, TEMPLATE, &["name", "TemplateName"], name),
        _ => Vec::new(),
    }
}
