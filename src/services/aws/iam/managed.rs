//! Policies that AWS manages, by name. Others than these are not known: AWS changes them as it likes.

use super::action::Abilities;

/// Names and what they give on every key that leaves the choice to the account, as of 2026-11:
/// `AdministratorAccess` version 1 (2015-02-06) allows `*`; `PowerUserAccess` version 12 (2026-02-12) everything but `iam`,
/// `organizations` and `account`.
pub(super) fn abilities(name: &str) -> Option<Abilities> {
    matches!(name, "AdministratorAccess" | "PowerUserAccess").then(Abilities::all)
}

/// The name in `arn:aws:iam::aws:policy/job-function/Name`; `None` for a policy of a customer.
pub(super) fn name_in(arn: &str) -> Option<&str> {
    let (_, path) = arn.split_once(":iam::aws:policy/")?;
    path.rsplit('/').next()
}
