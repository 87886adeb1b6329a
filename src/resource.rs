//! Resources as the code declares them, before anything is known of clouds; and the index of who refers to whom.

use crate::diagnostic::Problem;
use crate::source::Span;
use crate::value::{Value, When};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A resource's address within its stack: `module.alb[0].aws_lb.this["a"]`, `Network/Alb`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(Arc<str>);

impl Address {
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// The address without instance keys: `module.alb[0].aws_lb.this["a"]` becomes `module.alb.aws_lb.this`.
    pub fn without_keys(&self) -> String {
        let mut plain = String::new();
        let mut rest = &*self.0;
        while let Some(open) = rest.find('[') {
            plain.push_str(&rest[..open]);
            rest = &rest[open..];
            let close = match rest.strip_prefix("[\"") {
                Some(quoted) => quoted.find("\"]").map(|end| end + 4),
                None => rest.find(']').map(|end| end + 1),
            };
            rest = close.and_then(|end| rest.get(end..)).unwrap_or("");
        }
        plain.push_str(rest);
        plain
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which attribute names a resource uses. Services spell every attribute in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    Terraform,
    CloudFormation,
}

/// Where a stack came from, as the report names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    Terraform,
    TerraformPlan,
    CloudFormation,
    Sam,
    Cdk,
}

impl Dialect {
    pub fn name(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::TerraformPlan => "terraform-plan",
            Self::CloudFormation => "cloudformation",
            Self::Sam => "sam",
            Self::Cdk => "cdk",
        }
    }

    pub fn language(self) -> Language {
        match self {
            Self::Terraform | Self::TerraformPlan => Language::Terraform,
            Self::CloudFormation | Self::Sam | Self::Cdk => Language::CloudFormation,
        }
    }
}

/// Whether a resource exists. An impossible one is not in the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Existence {
    Certain,
    Conditional(When),
}

impl Existence {
    pub fn when(&self) -> Option<&When> {
        match self {
            Self::Certain => None,
            Self::Conditional(when) => Some(when),
        }
    }
}

/// A data source is a resource that somebody else made; its attributes are references or unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    Managed,
    Data,
}

/// The type under which a stack holds code that is not on disk, such as a module's: its body is what that code is given.
pub const UNREAD_CODE: &str = "unread code";

/// A resource with its evaluated arguments.
#[derive(Clone, Debug)]
pub struct Resource {
    pub address: Address,
    /// `aws_lb`, `AWS::ElasticLoadBalancingV2::LoadBalancer`.
    pub type_name: Arc<str>,
    pub language: Language,
    pub mode: Mode,
    pub exists: Existence,
    /// An object. Terraform: arguments, and repeated blocks as lists of objects. CloudFormation: `Properties`.
    pub body: Value,
    /// The block's header, or the logical id's entry: what is shown when the resource as a whole is meant.
    pub header: Span,
    /// The whole block or entry.
    pub span: Span,
    /// The module calls or nested stacks that lead here, outermost first.
    pub calls: Vec<Span>,
    pub construct: Option<Construct>,
    /// The account that it is made in, where the code binds it to one.
    pub account: Option<Arc<str>>,
    /// The region that it is made in, where the code or the command line says it.
    pub region: Option<Arc<str>>,
    /// Whether the code names a region, by a value that is not known.
    pub is_region_open: bool,
    /// What the code puts onto it once it is made, which is no argument: texts of Terraform's provisioners.
    pub provisioned: Vec<Value>,
}

/// The construct of a tool that wrote the code which declares a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Construct {
    /// `Shop/Api/Resource`.
    pub path: Arc<str>,
    /// Where the tool's own input makes it, as the tool has recorded it: `/app/lib/shop.ts:12:5`.
    pub made_at: Option<Arc<str>>,
    /// Where the code names the construct.
    pub span: Span,
}

impl Resource {
    pub fn get(&self, attribute: &str) -> Option<&Value> {
        self.body.get(attribute)
    }
}

/// All that one root module or template declares.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Path of the root module's directory or of the template, `.` for the working directory.
    pub id: Arc<str>,
    pub dialect: Dialect,
    /// Number of files read for this stack.
    pub files: usize,
    /// Sorted by address.
    pub resources: Vec<Resource>,
    pub outputs: BTreeMap<Arc<str>, Value>,
    /// Modules and nested stacks whose code is not there: address and where it is called.
    pub unresolved: Vec<(Address, Span)>,
    pub problems: Vec<Problem>,
}

impl Stack {
    /// Makes all conditions those of this stack: what has no value has one of its own in each stack.
    pub fn keep_conditions_apart(&mut self) {
        let id = Arc::clone(&self.id);
        for resource in &mut self.resources {
            if let Existence::Conditional(when) = &mut resource.exists {
                *when = when.within(&id);
            }
            resource.body.place_within(&id);
            resource.provisioned.iter_mut().for_each(|value| value.place_within(&id));
        }
        self.outputs.values_mut().for_each(|value| value.place_within(&id));
    }
}

/// Finds resources by address and those that refer to a resource.
#[derive(Debug, Default)]
pub struct Index {
    by_address: BTreeMap<Arc<str>, usize>,
    /// Target's position in the stack to the positions of the resources that refer to it.
    referrers: BTreeMap<usize, Vec<usize>>,
}

impl Index {
    /// Positions are those in the list of resources.
    pub fn new<'a>(resources: impl Iterator<Item = &'a Resource> + Clone) -> Self {
        let by_address: BTreeMap<_, _> =
            resources.clone().enumerate().map(|(position, resource)| (resource.address.shared(), position)).collect();
        let mut referrers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (position, resource) in resources.enumerate() {
            for reference in resource.body.points_to() {
                if let Some(target) = by_address.get(&reference.target) {
                    let from = referrers.entry(*target).or_default();
                    if from.last() != Some(&position) {
                        from.push(position);
                    }
                }
            }
        }
        Self { by_address, referrers }
    }

    /// Position in `Stack::resources`.
    pub fn find(&self, address: &str) -> Option<usize> {
        self.by_address.get(address).copied()
    }

    /// Positions of the resources that refer to the one at `position`, in stack order.
    pub fn referrers(&self, position: usize) -> &[usize] {
        self.referrers.get(&position).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instance_keys_are_removed() {
        assert_eq!(Address::new("module.a[0].aws_lb.b[\"x.y[1]\"]").without_keys(), "module.a.aws_lb.b");
        assert_eq!(Address::new("aws_lb.b").without_keys(), "aws_lb.b");
    }
}
