//! Findings in installed modules: nobody mends them there, so that they are shown where the linted code has a say.

use super::Deployment;
use crate::diagnostic::Label;
use crate::rules::Finding;
use crate::source::{Sources, Span};

/// Whether a file was put there by `terraform init`. Such files are in no repository.
pub fn is_installed(path: &str) -> bool {
    path.split('/').any(|part| part == ".terraform")
}

/// Moves the first place of each finding in an installed module to where this code gave the value, or else to the call
/// of the module.
pub(super) fn show(findings: &mut [Finding], deployments: &[Deployment], sources: &Sources) {
    let installed = |span: Span| is_installed(&sources.path(span.file));
    for finding in findings {
        let Some(mut primary) = finding.primary.clone().filter(|label| installed(label.span)) else { continue };
        let effect = Label::new(primary.span, "it takes effect here");
        if let Some(own) = finding.related.iter_mut().find(|label| !installed(label.span)) {
            primary.span = std::mem::replace(own, effect).span;
        } else if let Some(call) = call(finding, deployments, primary.span, &installed) {
            primary.span = call;
            finding.related.insert(0, effect);
        }
        finding.primary = Some(primary);
    }
}

/// The innermost call in this code that leads to the place.
fn call(finding: &Finding, deployments: &[Deployment], place: Span, installed: &dyn Fn(Span) -> bool) -> Option<Span> {
    let stacks = deployments.iter().flat_map(|deployment| &deployment.stacks);
    let around = stacks.flat_map(|stack| &stack.resources).filter(|resource| resource.span.contains(place));
    let around: Vec<_> = around.collect();
    let named = |address: &str| finding.addresses.iter().any(|own| **own == *address);
    let resource = around.iter().find(|resource| named(resource.address.as_str())).or(around.first())?;
    resource.calls.iter().rev().copied().find(|call| !installed(*call))
}
