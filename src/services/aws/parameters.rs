//! Parameter groups: what a database takes, where a parameter of the group that it names decides it.

use super::store::{Takes, by_setting, under};
use crate::model::{Accepts, Doubt, Face};
use crate::services::read::{Alternative, Block, Child, Field, Link, Setting, doubt_of, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Value, When};

const PARAMETERS: Field = field("parameter", "-");
const MAP: Field = field("-", "Parameters");
const NAME: Field = field("name", "-");
const VALUE: Field = field("value", "-");

/// A parameter that decides whether a database demands TLS.
pub(super) struct Switch<'s, 'a> {
    /// Where the database names its group.
    pub group: Field,
    pub groups: Types,
    /// How groups spell their own names: Terraform knows a name before the group exists, so that a reference comes out as
    /// the name.
    pub names: &'static [&'static str],
    /// The names of the parameter, each with its key in CloudFormation's map of parameters.
    pub parameters: &'static [(&'static str, Field)],
    pub default: (&'static str, Takes),
    pub means: fn(&str) -> Takes,
    /// What holds where no group is named.
    pub without: &'s dyn Fn() -> Accepts,
    /// What holds where the group leaves the parameter alone, which would stand under the field.
    pub unset: &'s dyn Fn(&Block<'a>, Field) -> Accepts,
    /// What a group of AWS, named `default.` and a family, makes of it.
    pub by_default: &'s dyn Fn(&str, &Value) -> Accepts,
}

/// The block that sets a parameter, with the field that holds the value; or why one may.
type Said<'a> = Alternative<Result<(Block<'a>, Field), Doubt>>;

impl<'a> Switch<'_, 'a> {
    pub fn faces(&self, world: &World<'a>, database: &Block<'a>) -> Vec<Face> {
        let named = database.values(self.group);
        if named.is_empty() {
            return vec![Face::always((self.without)())];
        }
        let mut found = Vec::new();
        for (when, name) in named {
            let links = name.own_links(world);
            if links.is_empty() {
                found.push(Face { when, accepts: (self.without)() });
            }
            for link in links {
                found.extend(under(self.of_link(world, database.id, &link.value), link.when.as_ref()));
            }
        }
        found
    }

    fn of_link(&self, world: &World<'a>, database: ResourceId, link: &Link<'a>) -> Vec<Face> {
        let accepts = match link {
            Link::Resource { id, .. } if self.groups.holds(&world.resource(*id).type_name) => {
                return self.of_group(&world.block(*id));
            }
            Link::Text(name, value) => match name.strip_prefix("default.") {
                Some(family) => (self.by_default)(family, value),
                None => match world.named(database, self.groups, self.names, name).as_slice() {
                    [] => Accepts::Undeclared(undeclared(name, value)),
                    groups => return groups.iter().flat_map(|group| self.of_group(&world.block(*group))).collect(),
                },
            },
            Link::Resource { value, .. } | Link::Template(_, value) | Link::Outside(_, value) => {
                Accepts::Undeclared(doubt_of(value))
            }
            Link::Unknown(doubt) => Accepts::Undeclared(doubt.clone()),
        };
        vec![Face::always(accepts)]
    }

    fn of_group(&self, group: &Block<'a>) -> Vec<Face> {
        let said = self.said(group);
        let unread = said.iter().find_map(|said| said.value.as_ref().err().cloned());
        let rest = When::otherwise(said.iter().filter(|said| said.value.is_ok()).map(|said| said.when.as_ref()));
        let mut found = Vec::new();
        for (block, value) in said.into_iter().filter_map(|said| said.value.ok()) {
            found.extend(by_setting(&block, value, self.default, self.means));
        }
        if let Some(when) = rest {
            let field = if group.has(MAP) { MAP } else { PARAMETERS };
            let accepts = unread.map_or_else(|| (self.unset)(group, field), Accepts::Undeclared);
            found.push(Face { when, accepts });
        }
        found
    }

    /// Where the group sets the parameter, or may do so.
    fn said(&self, group: &Block<'a>) -> Vec<Said<'a>> {
        let mut found = Vec::new();
        for child in group.children(PARAMETERS) {
            match child.value {
                Child::Block(parameter) => self.listed(&parameter, &mut found),
                Child::Unknown(doubt) => found.push(Alternative { when: child.when, value: Err(doubt) }),
            }
        }
        for child in group.children(MAP) {
            match child.value {
                Child::Block(map) => {
                    let keys = self.parameters.iter().map(|(_, key)| *key).filter(|key| map.has(*key));
                    found.extend(keys.map(|key| Alternative { when: map.when.clone(), value: Ok((map.clone(), key)) }));
                }
                Child::Unknown(doubt) => found.push(Alternative { when: child.when, value: Err(doubt) }),
            }
        }
        found
    }

    /// The provider writes names of parameters in lower case. Source: `expandParameters` of the AWS provider.
    fn listed(&self, parameter: &Block<'a>, found: &mut Vec<Said<'a>>) {
        for Alternative { when, value } in parameter.setting(NAME) {
            match value {
                Setting::Text(name, _) if self.parameters.iter().any(|(own, _)| own.eq_ignore_ascii_case(&name)) => {
                    let block = Block { when: when.clone(), ..parameter.clone() };
                    found.push(Alternative { when, value: Ok((block, VALUE)) });
                }
                Setting::Unknown(doubt) => found.push(Alternative { when, value: Err(doubt) }),
                Setting::Text(..) | Setting::Absent => {}
            }
        }
    }
}

fn undeclared(name: &str, value: &Value) -> Doubt {
    let name = if value.sensitive { "(sensitive)" } else { name };
    let message = format!("the parameter group {name} is not in this code, so it is not known whether it requires TLS");
    let settle = "lint the code that declares the parameter group together with this code";
    Doubt::new(name, message, settle, Some(value.span()))
}
