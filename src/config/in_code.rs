//! Claims that stand in the code: `# e2e-lint: claim end-to-end from internet` above a resource makes it end B.

use crate::claim::{Claim, Pattern, Promise};
use crate::diagnostic::Problem;
use crate::resource::{Resource, Stack};
use crate::source::{FileId, Sources};
use crate::suppress::Directive;
use std::collections::{BTreeMap, BTreeSet};

const SHAPE: &str = "write `e2e-lint: claim end-to-end from internet` (or `encrypted-in-transit`) above a resource";

/// One claim for each resource that such a comment stands at, named after its address; all instances are one end.
/// `taken` are the names of the claims file.
pub fn in_code(
    directives: &[Directive],
    stacks: &[Stack],
    sources: &Sources,
    taken: &BTreeSet<&str>,
) -> (Vec<Claim>, Vec<Problem>) {
    let stated: Vec<_> = directives.iter().filter_map(|directive| Some((directive, parse(directive)?))).collect();
    let (mut claims, mut problems) = (Vec::new(), Vec::new());
    if stated.is_empty() {
        return (claims, problems);
    }
    let resources = by_header(stacks, sources);
    let mut names: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    for (directive, parsed) in stated {
        let place = Some(directive.span);
        let here = resources.get(&(directive.span.file, directive.line));
        match (parsed, here) {
            (None, _) => {
                problems.push(Problem::error("this claim is not understood", place).with_help(SHAPE));
            }
            (Some(_), None) => {}
            (Some((promise, from)), Some(here)) => {
                let from: Vec<_> = from.iter().map(|end| Pattern::new(end.as_str(), place)).collect();
                let ends: BTreeSet<(&str, String)> =
                    here.iter().map(|(stack, resource)| (*stack, resource.address.without_keys())).collect();
                for (stack, address) in ends {
                    claims.push(Claim {
                        name: free_name(&address, stack, &mut names),
                        promise,
                        from: from.clone(),
                        to: vec![Pattern::new(format!("{stack}//{address}"), place)],
                        declared: true,
                        span: place,
                        ..Claim::built_in()
                    });
                }
            }
        }
    }
    (claims, problems)
}

/// Claims that stand at no resource in any deployment. An environment may leave a resource out that others have.
pub fn at_nothing(directives: &[Directive], deployed: &[&[Stack]], sources: &Sources) -> Vec<Problem> {
    let mut stated: Vec<_> = directives.iter().filter(|directive| matches!(parse(directive), Some(Some(_)))).collect();
    for stacks in deployed.iter().take_while(|_| !directives.is_empty()) {
        let resources = by_header(stacks, sources);
        stated.retain(|directive| !resources.contains_key(&(directive.span.file, directive.line)));
    }
    let problem = |directive: &Directive| {
        Problem::error("this claim stands at no resource", Some(directive.span)).with_help(SHAPE)
    };
    stated.into_iter().map(problem).collect()
}

/// `None` for other directives, `Some(None)` for a claim that is not understood.
fn parse(directive: &Directive) -> Option<Option<(Promise, Vec<String>)>> {
    let mut words = directive.text.split_whitespace();
    if words.next() != Some("claim") {
        return None;
    }
    let promise = match words.next() {
        Some("end-to-end") => Promise::EndToEnd,
        Some("encrypted-in-transit") => Promise::EncryptedInTransit,
        _ => return Some(None),
    };
    if words.next() != Some("from") {
        return Some(None);
    }
    let rest: Vec<&str> = words.collect();
    let ends: Vec<String> = rest.join(" ").split(',').map(|end| end.trim().to_owned()).collect();
    let clear = ends.iter().all(|end| !end.is_empty() && !end.contains(' '));
    Some(clear.then_some((promise, ends)))
}

type ByHeader<'a> = BTreeMap<(FileId, usize), Vec<(&'a str, &'a Resource)>>;

/// Resources with their stacks by the line of their header.
fn by_header<'a>(stacks: &'a [Stack], sources: &Sources) -> ByHeader<'a> {
    let mut found: ByHeader<'a> = BTreeMap::new();
    for stack in stacks {
        for resource in &stack.resources {
            let line = sources.position(resource.header.file, resource.header.start).line;
            found.entry((resource.header.file, line)).or_default().push((&*stack.id, resource));
        }
    }
    found
}

fn free_name(address: &str, stack: &str, names: &mut BTreeSet<String>) -> String {
    let mut name = address.to_owned();
    let mut number = 1;
    while !names.insert(name.clone()) {
        name = if number == 1 { format!("{stack}//{address}") } else { format!("{stack}//{address} {number}") };
        number += 1;
    }
    name
}
