//! Parameter groups of RDS and Aurora: whether the database refuses connections without TLS.

use super::store::{Takes, accepts, by_client, by_setting, or_by_client, under};
use crate::model::{Accepts, Doubt, Evidence, Face};
use crate::services::read::{Alternative, Block, Field, Link, doubt_of, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Value, When};

const GROUP: Types = Types {
    terraform: &["aws_db_parameter_group", "aws_rds_cluster_parameter_group"],
    cloudformation: &["AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup"],
};

const ENGINE: Field = field("engine", "Engine");
const VERSION: Field = field("engine_version", "EngineVersion");
const FAMILY: Field = field("family", "Family");
const PARAMETERS: Field = field("parameter", "-");
const MAP: Field = field("-", "Parameters");
const NAME: Field = field("name", "-");
const VALUE: Field = field("value", "-");
/// PostgreSQL and SQL Server have the first, MySQL and MariaDB the second.
const SWITCHES: [&str; 2] = ["rds.force_ssl", "require_secure_transport"];
const FORCE_SSL: Field = field("-", "rds.force_ssl");
const SECURE_TRANSPORT: Field = field("-", "require_secure_transport");

/// What a database takes, by the parameter group that the field names. Without one, or with a default one, the engine's
/// version decides.
pub(super) fn faces<'a>(world: &World<'a>, database: &Block<'a>, group: Field) -> Vec<Face> {
    let named = database.values(group);
    if named.is_empty() {
        return vec![Face::always(by_engine(database, group))];
    }
    let mut found = Vec::new();
    for (when, name) in named {
        let links = name.own_links(world);
        if links.is_empty() {
            found.push(Face { when, accepts: by_engine(database, group) });
        }
        for Alternative { when, value } in links {
            found.extend(of_link(world, database, group, &value, when.as_ref()));
        }
    }
    found
}

/// Terraform knows a group's name before it exists, so that a reference to it comes out as the name.
const GROUP_NAMES: &[&str] = &["name", "DBParameterGroupName", "DBClusterParameterGroupName"];

fn of_link<'a>(
    world: &World<'a>,
    database: &Block<'a>,
    group: Field,
    link: &Link<'a>,
    when: Option<&When>,
) -> Vec<Face> {
    let here = |accepts| vec![Face { when: when.cloned(), accepts }];
    match link {
        Link::Resource { id, .. } if GROUP.holds(&world.resource(*id).type_name) => {
            of_group(world, database, *id, when)
        }
        Link::Text(name, value) => match name.strip_prefix("default.") {
            Some(family) if forces(family) => {
                let meaning = "this version of the engine requires TLS unless a parameter group says otherwise";
                here(accepts(database, Takes::Tls, database.stated(group, name, value, meaning)))
            }
            Some(_) => here(Accepts::Undeclared(by_client(database))),
            None => match world.named(database.id, GROUP, GROUP_NAMES, name).as_slice() {
                [] => here(Accepts::Undeclared(undeclared(name, value))),
                groups => groups.iter().flat_map(|group| of_group(world, database, *group, when)).collect(),
            },
        },
        Link::Resource { value, .. } | Link::Template(_, value) | Link::Outside(_, value) => {
            here(Accepts::Undeclared(doubt_of(value)))
        }
        Link::Unknown(doubt) => here(Accepts::Undeclared(doubt.clone())),
    }
}

fn undeclared(name: &str, value: &Value) -> Doubt {
    let message = format!("the parameter group {name} is not in this code, so it is not known whether it requires TLS");
    let settle = "lint the code that declares the parameter group together with this code";
    Doubt::new(name, message, settle, Some(value.span()))
}

fn of_group<'a>(world: &World<'a>, database: &Block<'a>, id: ResourceId, when: Option<&When>) -> Vec<Face> {
    let group = world.block(id);
    let on = |text: &str| if matches!(text, "1" | "on" | "true") { Takes::Tls } else { Takes::Both };
    for parameter in group.known_blocks(PARAMETERS) {
        if parameter.text(NAME).is_some_and(|name| SWITCHES.contains(&name.as_str())) {
            let faces = by_setting(&parameter, VALUE, ("off", Takes::Both), on);
            return under(or_by_client(faces, &parameter), when);
        }
    }
    for map in group.known_blocks(MAP) {
        for switch in [FORCE_SSL, SECURE_TRANSPORT] {
            if map.has(switch) {
                let faces = by_setting(&map, switch, ("off", Takes::Both), on);
                return under(or_by_client(faces, &map), when);
            }
        }
    }
    let family = group.text(FAMILY).unwrap_or_default();
    let accepts = if forces(&family) && all_parameters_known(&group) {
        accepts(database, Takes::Tls, not_set(&group, &family))
    } else {
        Accepts::Undeclared(by_client(database))
    };
    vec![Face { when: when.cloned(), accepts }]
}

/// The switch that the group leaves alone.
fn not_set(group: &Block<'_>, family: &str) -> Evidence {
    let [force_ssl, secure_transport] = SWITCHES;
    let switch = if family.contains("postgres") { force_ssl } else { secure_transport };
    let fact = format!("{switch} is absent: TLS required by default");
    let mut evidence = Evidence::new(fact, "this version of the engine requires TLS", group.place());
    evidence.default = true;
    evidence
}

/// A parameter that could not be read may be the one that turns the requirement off.
fn all_parameters_known(group: &Block<'_>) -> bool {
    let of_field = |field: Field| group.get(field).is_none_or(|value| !holds_unknown(value));
    of_field(PARAMETERS) && of_field(MAP)
}

fn holds_unknown(value: &Value) -> bool {
    let mut found = false;
    value.visit(&mut |inner| found |= inner.as_unknown().is_some() || inner.as_reference().is_some());
    found
}

fn by_engine(database: &Block<'_>, group: Field) -> Accepts {
    let engine = database.text(ENGINE).unwrap_or_default();
    let version = database.text(VERSION).unwrap_or_default();
    if forces(&format!("{engine}{version}")) {
        let evidence = database.defaulted(group, "TLS required", "this version of the engine requires TLS");
        return accepts(database, Takes::Tls, evidence);
    }
    Accepts::Undeclared(by_client(database))
}

/// Whether the engine in this version, as a family spells the two (`postgres16`), requires TLS by default. Sources: the
/// RDS and Aurora guides on SSL/TLS for each engine.
fn forces(family: &str) -> bool {
    let Some(digit) = family.find(|c: char| c.is_ascii_digit()) else { return false };
    let (engine, version) = family.split_at(digit);
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let since = match engine.trim_end_matches('-') {
        "postgres" => (15, 0),
        "aurora-postgresql" => (17, 0),
        "mariadb" => (11, 8),
        "aurora-mysql" => (8, 4),
        _ => return false,
    };
    version >= since
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_decides() {
        let forcing = ["postgres15", "postgres16.3", "aurora-postgresql17", "mariadb11.8", "aurora-mysql8.4"];
        assert!(forcing.into_iter().all(forces));
        let free = ["postgres14", "postgres", "aurora-postgresql16.4", "mariadb11.4", "mysql8.4", "aurora-mysql8.0"];
        assert!(!free.into_iter().any(forces));
    }
}
