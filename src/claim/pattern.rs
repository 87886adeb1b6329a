//! Address patterns: `*` stands for any text, everything else for itself. Brackets are instance keys, not classes.

use crate::glob;
use crate::model::{Companion, Holder, Key, Model, Node, NodeId};
use crate::resource::Address;
use crate::source::{Span, lies_below};
use std::sync::Arc;

/// Before the number of an account, of which a pattern names everything.
const ACCOUNT: &str = "account:";

/// A pattern with the place where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub text: String,
    pub span: Option<Span>,
    /// The directory of the claims file that says it: of what has a stack, it names only what lies below. Empty: anything.
    pub below: Arc<str>,
}

impl Pattern {
    pub fn new(text: impl Into<String>, span: Option<Span>) -> Self {
        Self { text: text.into(), span, below: "".into() }
    }

    #[must_use]
    pub fn below(mut self, directory: &Arc<str>) -> Self {
        self.below = Arc::clone(directory);
        self
    }

    /// Whether the pattern names the node: by address, by address without instance keys, or by `stack//address`.
    pub fn names(&self, node: &Node) -> bool {
        if let Some(account) = self.text.strip_prefix(ACCOUNT) {
            let below = node.stack.as_deref().is_some_and(|stack| lies_below(stack, &self.below));
            return below && node.account.as_deref().is_some_and(|own| glob::fits(account, own));
        }
        self.fits(node.stack.as_deref(), &node.address)
    }

    /// Whether the pattern names the key, by its own address or by that of an alias.
    pub fn names_key(&self, key: &Key) -> bool {
        key.addresses.iter().any(|address| self.fits(Some(&key.stack), address))
    }

    fn fits(&self, own_stack: Option<&str>, own: &str) -> bool {
        let plain = Address::new(own).without_keys();
        let (stack, address) = match self.text.split_once("//") {
            Some((stack, address)) => (Some(stack), address),
            None => (None, self.text.as_str()),
        };
        let in_stack = match own_stack {
            Some(own) => lies_below(own, &self.below) && stack.is_none_or(|stack| glob::fits(stack, own)),
            None => stack.is_none(),
        };
        in_stack && (glob::fits(address, own) || glob::fits(address, &plain))
    }

    /// Whether the pattern fits an address, with or without its instance keys.
    pub fn matches(&self, address: &str) -> bool {
        glob::fits(&self.text, address) || glob::fits(&self.text, &Address::new(address).without_keys())
    }

    /// Whether the pattern names a party beside a node, by its address or by what it is called.
    pub fn names_companion(&self, companion: &Companion) -> bool {
        let named = companion.address.as_ref().is_some_and(|address| self.matches(address));
        named || glob::fits(&self.text.to_lowercase(), &companion.party.to_lowercase())
    }

    /// Whether the pattern names a holder of a key, by its address or by what it is called.
    pub fn names_holder(&self, holder: &Holder) -> bool {
        let named = holder.address.as_ref().is_some_and(|address| self.matches(address));
        named || glob::fits(&self.text.to_lowercase(), &holder.party.to_lowercase())
    }

    /// Whether the pattern names the node or the party that it is.
    pub fn names_party(&self, node: &Node) -> bool {
        self.names(node) || glob::fits(&self.text.to_lowercase(), &node.party.to_lowercase())
    }
}

/// Nodes that any of the patterns names, in model order.
pub fn named(model: &Model, patterns: &[Pattern]) -> Vec<NodeId> {
    model.node_ids().filter(|id| patterns.iter().any(|pattern| pattern.names(model.node(*id)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_match_any_text_and_brackets_themselves() {
        assert!(glob::fits("module.api.*", "module.api.aws_lb.x[0]"));
        assert!(glob::fits("aws_lb.a[0]", "aws_lb.a[0]"));
        assert!(!glob::fits("aws_lb.a[0]", "aws_lb.a0"));
        assert!(glob::fits("*lb*web", "aws_lb.my_web"));
        assert!(!glob::fits("aws_lb", "aws_lb.web"));
    }
}
