//! What an attribute means that is not written, in each language apart, as the providers document it.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use e2e_lint::model::{Accepts, Custody, Model, NodeKind, TlsFloor, Transport, Verification};
use e2e_lint::source::{Memory, Sources};
use e2e_lint::{cloudformation, services, terraform};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One absent attribute.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    absent: String,
    source: String,
    terraform: Option<Case>,
    cloudformation: Option<Case>,
}

/// Code without the attribute, and what follows for the resource named `it`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    code: String,
    accepts: Option<String>,
    sends: Option<String>,
    stores: Option<String>,
    from: Option<String>,
}

fn of_terraform(code: &str) -> Model {
    let files = Memory::from_iter([("main.tf", code)]);
    let options = terraform::Options::default();
    services::model(&terraform::stacks(&["main.tf".to_owned()], &files, &Sources::new(), &[options]).concat())
}

/// The code is what stands under `Resources`.
fn of_cloudformation(code: &str) -> Model {
    let indented: String = code.lines().map(|line| format!("  {line}\n")).collect();
    let files = Memory::from_iter([(
        "template.yaml",
        format!("AWSTemplateFormatVersion: \"2010-09-09\"\nResources:\n{indented}"),
    )]);
    let options = cloudformation::Options::default();
    services::model(
        &cloudformation::stacks(&["template.yaml".to_owned()], &files, &Sources::new(), &[options]).concat(),
    )
}

/// What the model says of the resource, in the words of `testdata/defaults/README.md`.
#[derive(Default)]
struct Facts {
    accepts: BTreeSet<String>,
    sends: BTreeSet<String>,
    stores: BTreeSet<String>,
    from: BTreeSet<String>,
}

fn facts(model: &Model) -> Facts {
    let mut facts = Facts::default();
    let is_it = |address: &str| address == "It" || address.ends_with(".it");
    let Some(it) = model.node_ids().find(|id| {
        let node = model.node(*id);
        node.kind != NodeKind::External && is_it(&node.address)
    }) else {
        facts.accepts.insert("nothing".to_owned());
        return facts;
    };
    for listener in model.listeners.iter().filter(|listener| listener.node == it) {
        facts.accepts.extend(listener.faces.iter().map(|face| accepted(&face.accepts)));
    }
    for hop in &model.hops {
        if model.sender(hop) == it {
            facts.sends.extend(hop.legs.iter().map(|leg| sent(&leg.transport)));
        }
        let sender = model.node(model.sender(hop));
        if model.receiver(hop) == it && sender.kind == NodeKind::Client {
            facts.from.insert(sender.address.to_string());
        }
    }
    facts.stores.extend(model.node(it).stored.iter().map(|data| match &data.custody {
        Ok(Custody::None) => "unencrypted".to_owned(),
        Ok(Custody::ProviderOwned) => "provider-owned".to_owned(),
        Ok(Custody::ProviderManaged) => "provider-managed".to_owned(),
        Ok(Custody::CustomerManaged) => "customer-managed".to_owned(),
        Err(_) => "unknown".to_owned(),
    }));
    facts
}

fn accepted(accepts: &Accepts) -> String {
    match accepts {
        Accepts::Plaintext(_) => "plaintext".to_owned(),
        Accepts::Tls { floor, .. } => tls(floor),
        Accepts::Opaque(_) => "opaque".to_owned(),
        Accepts::Undeclared(_) => "unknown".to_owned(),
    }
}

fn sent(transport: &Transport) -> String {
    match transport {
        Transport::Plaintext => "plaintext".to_owned(),
        Transport::Tls { floor, verification } => match verification {
            Verification::Verified => format!("{} verified", tls(floor)),
            Verification::Unverified => format!("{} unverified", tls(floor)),
            Verification::Unknown | Verification::Undecided => tls(floor),
        },
        Transport::AsReceived => "as received".to_owned(),
        Transport::ByListener => "as its listener".to_owned(),
        Transport::Unknown(_) => "unknown".to_owned(),
    }
}

fn tls(floor: &TlsFloor) -> String {
    floor.version.map_or_else(|| "tls".to_owned(), |version| format!("tls {}", version.name()))
}

/// The facts that a case names and that are not so.
fn differences(case: &Case, facts: &Facts) -> Vec<String> {
    let named = [
        ("accepts", &case.accepts, &facts.accepts),
        ("sends", &case.sends, &facts.sends),
        ("stores", &case.stores, &facts.stores),
        ("from", &case.from, &facts.from),
    ];
    let mut wrong = Vec::new();
    for (name, wanted, found) in named {
        let Some(wanted) = wanted else { continue };
        let wanted: BTreeSet<String> = wanted.split(", ").map(str::to_owned).collect();
        if wanted != *found {
            wrong.push(format!("{name}: {found:?}, and it is {wanted:?}"));
        }
    }
    wrong
}

fn data() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/defaults");
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    found.sort();
    found
}

#[test]
fn an_absent_attribute_means_what_is_documented() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for path in data() {
        let text = std::fs::read_to_string(&path).unwrap();
        let entries: Vec<Entry> =
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for entry in entries {
            assert!(!entry.source.is_empty(), "{}: {}: where is it documented?", path.display(), entry.absent);
            let terraform = entry.terraform.as_ref().map(|case| ("Terraform", case, of_terraform(&case.code)));
            let template = entry.cloudformation.as_ref();
            let template = template.map(|case| ("CloudFormation", case, of_cloudformation(&case.code)));
            for (language, case, model) in terraform.into_iter().chain(template) {
                let found = differences(case, &facts(&model));
                let names_a_fact = [&case.accepts, &case.sends, &case.stores, &case.from].iter().any(|it| it.is_some());
                assert!(names_a_fact, "{}: {}: what follows?", path.display(), entry.absent);
                seen += 1;
                wrong.extend(found.into_iter().map(|what| {
                    format!("{}, {language}, without {}: {what} ({})", path.display(), entry.absent, entry.source)
                }));
            }
        }
    }
    assert!(seen >= 100, "cases are found: {seen}");
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
}
