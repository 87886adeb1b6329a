//! The request paths as a picture: nodes below each other, what is on the wire between them, where it is written.

use super::super::wire::{self, Wire};
use super::super::{Style, mask};
use super::count;
use crate::check::{HopRow, Report, StackRow, is_installed};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How much is drawn; the rest is counted.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    ways_in: usize,
    pathless: usize,
}

impl Limits {
    /// Above findings the picture is an overview.
    pub const OVERVIEW: Self = Self { ways_in: 20, pathless: 5 };
    /// Whoever asks for the paths gets them.
    pub const NONE: Self = Self { ways_in: usize::MAX, pathless: usize::MAX };
}

/// Deeper than this the picture helps nobody.
const DEEPEST: usize = 40;

struct Signs {
    wire: &'static str,
    plain: &'static str,
    unknown: &'static str,
    reads: &'static str,
    end: &'static str,
    branch: &'static str,
    last: &'static str,
}

const UNICODE: Signs =
    Signs { wire: "│", plain: "┆", unknown: "?", reads: "◉", end: "●", branch: "├─", last: "└─" };
const ASCII: Signs = Signs { wire: "|", plain: ":", unknown: "?", reads: "(o)", end: "*", branch: "+-", last: "`-" };

struct Tree<'a> {
    report: &'a Report,
    signs: &'static Signs,
    color: bool,
    leaving: BTreeMap<usize, Vec<&'a HopRow>>,
    drawn: BTreeSet<usize>,
    text: String,
}

/// Client, first node and the hops between them.
type WayIn<'a> = (usize, usize, Vec<&'a HopRow>);

/// One picture for each way in.
pub(super) fn tree(report: &Report, style: Style, limits: Limits) -> String {
    let mut leaving: BTreeMap<usize, Vec<&HopRow>> = BTreeMap::new();
    for hop in &report.hops {
        leaving.entry(hop.from).or_default().push(hop);
    }
    let signs = if style.unicode { &UNICODE } else { &ASCII };
    let mut tree = Tree { report, signs, color: style.color, leaving, drawn: BTreeSet::new(), text: String::new() };
    tree.draw_stacks(limits);
    tree.text
}

impl<'a> Tree<'a> {
    /// Stack by stack: a line that names it, then its ways in. What nothing else leads to comes first, so that a bypass
    /// refers back to the way that it walks around.
    fn draw_stacks(&mut self, limits: Limits) {
        let mut ways_in: BTreeMap<(usize, usize), Vec<&'a HopRow>> = BTreeMap::new();
        for client in self.report.nodes.iter().filter(|node| node.kind == "client") {
            for hop in self.leaving.get(&client.id).into_iter().flatten() {
                ways_in.entry((client.id, hop.to)).or_default().push(hop);
            }
        }
        type Home<'r> = (Option<&'r str>, Option<&'r str>);
        let mut by_stack: BTreeMap<Home<'a>, Vec<WayIn<'a>>> = BTreeMap::new();
        for ((client, to), hops) in ways_in {
            let node = self.report.nodes.get(to);
            let home = node.map(|node| (node.environment.as_deref(), node.stack.as_deref()));
            by_stack.entry(home.unwrap_or_default()).or_default().push((client, to, hops));
        }
        let mut left = limits.ways_in;
        let (mut hidden, mut hiding) = (0, 0);
        let mut pathless = Vec::new();
        for stack in &self.report.stacks {
            let Some(mut ways) = by_stack.remove(&(stack.environment.as_deref(), Some(stack.id.as_str()))) else {
                pathless.push(stack);
                continue;
            };
            let beyond = ways.len().saturating_sub(left);
            if beyond > 0 {
                hidden += beyond;
                hiding += 1;
            }
            if left == 0 {
                continue;
            }
            let _ = writeln!(self.text, "{}\n", stack_line(stack));
            ways.sort_by_key(|(_, to, hops)| (hops.iter().all(|hop| hop.bypass), *to));
            for (client, to, hops) in ways.into_iter().take(left) {
                left -= 1;
                self.draw_way_in(client, to, &hops);
            }
        }
        if hidden > 0 {
            let ways = if hidden == 1 { "1 more way in".to_owned() } else { format!("{hidden} more ways in") };
            let of = if hiding == 1 { String::new() } else { format!(" of {hiding} roots and templates") };
            let _ = writeln!(self.text, "... and {ways}{of}: `e2e-lint paths` draws them all\n");
        }
        for (client, to, hops) in by_stack.into_values().flatten() {
            self.draw_way_in(client, to, &hops);
        }
        self.name_pathless(&pathless, limits.pathless);
    }

    /// Code without a way in is said to be so: silence about it would look like a pass.
    fn name_pathless(&mut self, stacks: &[&StackRow], most: usize) {
        type Home<'a> = (Option<&'a str>, Option<&'a str>);
        let nodes = &self.report.nodes;
        let home = |id: &usize| nodes.get(*id).map(|node| (node.environment.as_deref(), node.stack.as_deref()));
        let on_paths: BTreeSet<Home<'_>> = self.on_paths().iter().filter_map(home).collect();
        let drawn: BTreeSet<Home<'_>> = self.drawn.iter().filter_map(home).collect();
        for stack in stacks.iter().take(most) {
            let home = (stack.environment.as_deref(), Some(stack.id.as_str()));
            let what = match (drawn.contains(&home), on_paths.contains(&home)) {
                (true, _) => "on the request paths above",
                (false, true) => "on request paths that are not drawn here",
                (false, false) => "no request path found",
            };
            let _ = writeln!(self.text, "{} · {what}", stack_line(stack));
        }
        if stacks.len() > most {
            let _ = writeln!(self.text, "... and {} more without a request path", stacks.len() - most);
        }
        if !stacks.is_empty() {
            self.text.push('\n');
        }
    }

    /// All nodes that a client's message gets to, drawn or not.
    fn on_paths(&self) -> BTreeSet<usize> {
        let clients = self.report.nodes.iter().filter(|node| node.kind == "client");
        let mut open: Vec<usize> = clients.map(|node| node.id).collect();
        let mut reached = BTreeSet::new();
        while let Some(node) = open.pop() {
            for hop in self.leaving.get(&node).into_iter().flatten() {
                if reached.insert(hop.to) {
                    open.push(hop.to);
                }
            }
        }
        reached
    }

    fn draw_way_in(&mut self, client: usize, to: usize, hops: &[&'a HopRow]) {
        let name = self.report.nodes.get(client).map(|node| node.address.clone()).unwrap_or_default();
        let _ = writeln!(self.text, "  {}", mask::line(&name));
        self.draw_hops(hops, 0, "");
        self.draw_node(to, 0);
        self.text.push('\n');
    }

    fn draw_node(&mut self, id: usize, depth: usize) {
        let Some(node) = self.report.nodes.get(id) else { return };
        let indent = " ".repeat(2 + depth * 4);
        let is_end = matches!(node.kind.as_str(), "server" | "function" | "store" | "external");
        let note = match (node.reads.as_str(), is_end) {
            (_, true) => format!("{} {}", self.signs.end, node.kind),
            ("yes", _) => format!("{} reads: ends TLS here or handles plaintext", self.signs.reads),
            ("no", _) => "passes bytes".to_owned(),
            _ => String::new(),
        };
        // It answers by itself, or what stands behind it is not in this code: no end is drawn, and no claim is made.
        let ends_here = if is_end || self.leaving.contains_key(&id) { "" } else { "  (nothing goes on from here)" };
        let name = mask::line(&node.address);
        let again = !self.drawn.insert(id);
        let above = if again && self.leaving.contains_key(&id) { "  (drawn above)" } else { "" };
        let gap = 62_usize.saturating_sub(indent.len() + name.chars().count()).max(2);
        let _ = writeln!(self.text, "{indent}{name}{}{note}{above}{ends_here}", " ".repeat(gap));
        if again || depth > DEEPEST {
            return;
        }
        let mut onward: BTreeMap<usize, Vec<&'a HopRow>> = BTreeMap::new();
        for hop in self.leaving.get(&id).into_iter().flatten() {
            onward.entry(hop.to).or_default().push(hop);
        }
        let branches = onward.len();
        let deeper = depth + usize::from(branches > 1);
        for (number, (to, hops)) in onward.into_iter().enumerate() {
            let mark = match branches - number {
                _ if branches == 1 => "",
                1 => self.signs.last,
                _ => self.signs.branch,
            };
            self.draw_hops(&hops, deeper, mark);
            self.draw_node(to, deeper);
        }
    }

    /// Hops between the same two nodes that look alike are one line. The mark before the first says that another branch of
    /// the node above begins, and not that the message goes on from the last.
    fn draw_hops(&mut self, hops: &[&HopRow], depth: usize, mark: &str) {
        let mut seen = BTreeSet::new();
        for hop in hops {
            let line = self.hop_line(hop);
            if seen.insert(line.clone()) {
                let mark = if seen.len() == 1 { mark } else { "" };
                let _ = write!(self.text, "{}{mark:<4}{line}", " ".repeat(depth * 4));
            }
        }
    }

    fn hop_line(&self, hop: &HopRow) -> String {
        let (class, words) = (wire::class(hop), wire::words(hop));
        let sign = match class {
            Wire::Encrypted => self.signs.wire,
            Wire::Plaintext => self.signs.plain,
            Wire::Unknown => self.signs.unknown,
        };
        let painted = match (self.color, class) {
            (true, Wire::Plaintext) => format!("\u{1b}[1;31m{words:<24}\u{1b}[0m"),
            _ => format!("{words:<24}"),
        };
        let place = hop.evidence.first().map_or_else(String::new, |evidence| {
            let mut uses = evidence.through.iter().chain([&evidence.location]);
            let last = evidence.through.first().unwrap_or(&evidence.location);
            // What `terraform init` has brought is in no repository: the last use in this code says more.
            let used = uses.find(|place| !is_installed(&place.file)).unwrap_or(last);
            format!("{}:{}   {}", mask::line(&used.file), used.start.line, mask::line(&evidence.text))
        });
        let around = if hop.bypass { "  (a way around)" } else { "" };
        let when = match &hop.when {
            None => String::new(),
            Some(when) if when.starts_with("not certain") => format!("  ({})", mask::line(when)),
            Some(when) => format!("  when {}", mask::line(when)),
        };
        let requests =
            hop.requests.as_ref().map(|requests| format!("  for {}", mask::line(requests))).unwrap_or_default();
        format!("{sign}  {painted}{place}{requests}{when}{around}").trim_end().to_owned() + "\n"
    }
}

fn stack_line(stack: &StackRow) -> String {
    let language = match stack.language.as_str() {
        "terraform" => "Terraform",
        "terraform-plan" => "Terraform plan",
        "sam" => "SAM",
        "cdk" => "CDK",
        _ => "CloudFormation",
    };
    let (files, resources) = (count(stack.files, "file"), count(stack.resources, "resource"));
    let environment = stack.environment.as_ref().map(|name| format!(" · {}", mask::line(name))).unwrap_or_default();
    format!("{} · {language}{environment} · {files}, {resources}", mask::line(&stack.id))
}
