//! What is wrong with the assumptions, over all deployments.

use super::Analysis;
use crate::claim::{Applied, Assumption, Serves, contradicting};
use crate::diagnostic::Label;
use crate::rules::{CONTRADICTED_ASSUMPTION, Finding, Rule, UNUSED_ASSUMPTION};
use crate::source::Sources;

/// One finding at most for each assumption: the code says the opposite, or it does nothing in any deployment.
pub(super) fn findings(
    assumptions: &[Assumption],
    analyses: &[Analysis<'_>],
    sources: &Sources,
    enabled: &dyn Fn(&Rule) -> bool,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, assumption) in assumptions.iter().enumerate() {
        let contradicted = contradicted(assumption, analyses);
        let best = analyses.iter().filter_map(|analysis| analysis.applied.get(index)).max();
        let (rule, finding) = match contradicted {
            Some(finding) => (&CONTRADICTED_ASSUMPTION, Some(finding)),
            None => (&UNUSED_ASSUMPTION, best.and_then(|applied| unused(assumption, applied))),
        };
        if let Some(mut finding) = finding.filter(|_| enabled(rule)) {
            finding.cause.push(format!("{}#{}", sources.path(assumption.span.file), assumption.node.text));
            finding.cause.push(format!("{:?}", assumption.span));
            found.push(finding);
        }
    }
    found
}

fn contradicted(assumption: &Assumption, analyses: &[Analysis<'_>]) -> Option<Finding> {
    let mut finding: Option<Finding> = None;
    for analysis in analyses {
        let (model, graph) = (&analysis.model, &analysis.graph);
        for id in contradicting(assumption, model, graph) {
            let step = graph.step(id);
            let hop = model.hop(step.hop);
            let (sender, receiver) = (model.node(model.sender(hop)), model.node(model.receiver(hop)));
            let speaks = if assumption.serves == Serves::Tls { "plaintext" } else { "TLS" };
            let known = finding.take().unwrap_or_else(|| {
                let message = format!(
                    "the code contradicts this assumption: {} speaks {speaks} to {}",
                    sender.address, receiver.address
                );
                let label = Label::new(assumption.span, "this assumption");
                let help =
                    "the code decides, and the assumption changes no verdict: mend the code or remove the assumption";
                let finding = Finding::of(&CONTRADICTED_ASSUMPTION, label, message).help(help);
                let evidence = step.evidence.first();
                let place = evidence.map(|evidence| (evidence.used_at(), evidence.meaning.clone()));
                match place {
                    Some((span, text)) => finding.related(Some(span), text),
                    None => finding,
                }
            });
            let mut known =
                if known.addresses.contains(&receiver.address) { known } else { known.about(&[&receiver.address]) };
            known.environments.extend(
                analysis
                    .deployment
                    .environment
                    .iter()
                    .filter(|name| !known.environments.contains(name))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            finding = Some(known);
        }
    }
    finding
}

fn unused(assumption: &Assumption, applied: &Applied) -> Option<Finding> {
    let (message, help) = match applied {
        Applied::Used(_) => return None,
        Applied::NamesNothing => (
            format!("`{}` names nothing in this code, so nothing is assumed", assumption.node.text),
            "mend the address",
        ),
        Applied::DecidedByCode(names) => {
            let message = format!("the code says already what {} accepts, so nothing is assumed", names.join(", "));
            (message, "remove the assumption, or name the server that the code says nothing of")
        }
        Applied::Expired => {
            let until = assumption.until.clone().unwrap_or_default();
            let message = format!("this assumption expired on {until} and is not used");
            (message, "check that it is still true and give it a new day, or remove it")
        }
    };
    let finding = Finding::of(&UNUSED_ASSUMPTION, Label::new(assumption.span, "this assumption"), message).help(help);
    Some(match applied {
        Applied::DecidedByCode(names) => finding.about(&names.iter().collect::<Vec<_>>()),
        _ => finding,
    })
}
