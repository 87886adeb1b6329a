//! What a statement's conditions do to the parties that it names.
//!
//! Source: "AWS global condition context keys" and "Condition keys for AWS KMS". What is not understood exactly makes
//! nothing certain and closes nothing.

use crate::value::Value;

/// By which way a request comes does not change who makes it.
const WAYS: [&str; 4] = ["aws:securetransport", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce"];

/// The conditions of one statement; all of them have to be true.
#[derive(Default)]
pub(in crate::services::aws) struct Terms<'v> {
    /// Only requests that come by a certain way: what is allowed so is allowed, what is denied so is denied to nobody.
    pub by_way: bool,
    /// Only requests that a service of AWS makes on somebody's behalf.
    pub through_service: bool,
    /// The caller is one of these.
    pub callers: Option<&'v Value>,
    /// The caller is none of these.
    pub other_callers: Option<&'v Value>,
    /// The caller is of one of these accounts.
    pub accounts: Option<&'v Value>,
    /// The caller is of this organisation.
    pub organisation: bool,
    /// There is a condition of which it is not known what it leaves.
    pub unclear: bool,
}

impl Terms<'_> {
    /// Whether the statement is about everybody that it names.
    pub fn plain(&self) -> bool {
        !self.through_service && !self.unclear && self.other_callers.is_none() && !self.narrows()
    }

    /// Whether the conditions say who the caller is.
    pub fn narrows(&self) -> bool {
        self.callers.is_some() || self.accounts.is_some() || self.organisation
    }
}

pub(super) fn terms(condition: Option<&Value>) -> Terms<'_> {
    let mut found = Terms::default();
    let Some(condition) = condition.filter(|condition| !condition.is_null()) else { return found };
    let Some(operators) = condition.as_object() else {
        found.unclear = true;
        return found;
    };
    for (operator, keys) in operators {
        match keys.as_object() {
            None => found.unclear = true,
            Some(keys) => keys.iter().for_each(|(key, values)| found.take(operator, key, values)),
        }
    }
    found
}

impl<'v> Terms<'v> {
    fn take(&mut self, operator: &str, key: &str, values: &'v Value) {
        let key = key.to_ascii_lowercase();
        let is = matches!(operator, "StringEquals" | "StringLike" | "ArnEquals" | "ArnLike");
        let is_not = matches!(operator, "StringNotEquals" | "StringNotLike" | "ArnNotEquals" | "ArnNotLike");
        match key.as_str() {
            way if WAYS.contains(&way) => self.by_way = true,
            "kms:viaservice" if is => self.through_service = true,
            "kms:grantisforawsresource" if values.as_bool() == Some(true) => self.through_service = true,
            "aws:principalarn" if is && self.callers.is_none() => self.callers = Some(values),
            "aws:principalarn" if is_not && self.other_callers.is_none() => self.other_callers = Some(values),
            "kms:calleraccount" | "aws:principalaccount" if is && self.accounts.is_none() => {
                self.accounts = Some(values);
            }
            "aws:principalorgid" if is => self.organisation = true,
            _ => self.unclear = true,
        }
    }
}
