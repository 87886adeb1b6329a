//! Parameter groups of RDS and Aurora: whether the database refuses connections without TLS.

use super::parameters::Switch;
use super::store::{Takes, accepts, by_client};
use crate::model::{Accepts, Evidence, Face};
use crate::services::read::{Block, Field, field};
use crate::services::world::{Types, World};
use crate::value::Value;

const GROUP: Types = Types {
    terraform: &["aws_db_parameter_group", "aws_rds_cluster_parameter_group"],
    cloudformation: &["AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup"],
};

const ENGINE: Field = field("engine", "Engine");
const VERSION: Field = field("engine_version", "EngineVersion");
const FAMILY: Field = field("family", "Family");
/// PostgreSQL and SQL Server have the first, MySQL and MariaDB the second.
const SWITCHES: [(&str, Field); 2] = [
    ("rds.force_ssl", field("-", "rds.force_ssl")),
    ("require_secure_transport", field("-", "require_secure_transport")),
];

/// What a database takes, by the parameter group that the field names. Without one, or with a default one, the engine's
/// version decides.
pub(super) fn faces<'a>(world: &World<'a>, database: &Block<'a>, group: Field) -> Vec<Face> {
    let by_default = |family: &str, value: &Value| match forces(family) {
        true => {
            let meaning = "this version of the engine requires TLS unless a parameter group says otherwise";
            let evidence = database.stated(group, &format!("default.{family}"), value, meaning);
            accepts(database, Takes::Tls, evidence)
        }
        false => Accepts::Undeclared(by_client(database)),
    };
    let unset = |own: &Block<'a>, _| {
        let family = own.text(FAMILY).unwrap_or_default();
        match forces(&family) {
            true => accepts(database, Takes::Tls, not_set(own, &family)),
            false => Accepts::Undeclared(by_client(database)),
        }
    };
    let switch = Switch {
        group,
        groups: GROUP,
        names: &["name", "DBParameterGroupName", "DBClusterParameterGroupName"],
        parameters: &SWITCHES,
        default: ("off", Takes::Both),
        means: |text| if matches!(text, "1" | "on" | "true") { Takes::Tls } else { Takes::Both },
        without: &|| by_engine(database, group),
        unset: &unset,
        by_default: &by_default,
    };
    switch.faces(world, database)
}

/// The switch that the group leaves alone.
fn not_set(group: &Block<'_>, family: &str) -> Evidence {
    let [(force_ssl, _), (secure_transport, _)] = SWITCHES;
    let switch = if family.contains("postgres") { force_ssl } else { secure_transport };
    let fact = format!("{switch} is absent: TLS required by default");
    let mut evidence = Evidence::new(fact, "this version of the engine requires TLS", group.place());
    evidence.default = true;
    evidence
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
