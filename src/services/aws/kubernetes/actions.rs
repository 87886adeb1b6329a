//! Actions that annotations of an Ingress write out: which of them keep HTTP from going on in the clear.

use super::backends::{Backend, Target};
use super::object::{self, Kind, Object};
use crate::model::Doubt;
use crate::services::read::{Field, Setting, field};
use crate::services::world::World;
use crate::value::Value;
use serde_json::Value as Json;

const REDIRECT: Field = field("alb.ingress.kubernetes.io/ssl-redirect", "-");
const GROUP: Field = field("alb.ingress.kubernetes.io/group.name", "-");
const ACTIONS: &str = "alb.ingress.kubernetes.io/actions.";

/// What the listeners for HTTP do.
pub(super) enum Redirect {
    Nothing,
    All,
    Perhaps(Doubt),
}

/// `ssl-redirect` on one Ingress holds for all of its group, also for those that other code holds.
pub(super) fn redirect(world: &World<'_>, ingress: &Object<'_>, backends: &[Backend<'_>]) -> Redirect {
    let redirects = |ingress: &Object<'_>| match ingress.annotation(REDIRECT) {
        Setting::Absent => Redirect::Nothing,
        Setting::Text(..) => Redirect::All,
        Setting::Unknown(doubt) => Redirect::Perhaps(doubt),
    };
    let own = redirects(ingress);
    if !matches!(own, Redirect::Nothing) {
        return own;
    }
    if let Some(group) = ingress.annotation_value(GROUP) {
        let same = |other: &Object<'_>| other.annotation_value(GROUP).is_some_and(|name| name.kind == group.kind);
        let members = object::objects(world, ingress.id(), Kind::Ingress);
        let surely = |other: &Object<'_>| {
            let exists = world.resource(other.id()).exists.when();
            exists.is_none() && matches!(redirects(other), Redirect::All)
        };
        if members.iter().any(|other| same(other) && surely(other)) {
            return Redirect::All;
        }
        let message = "another Ingress of the group may redirect HTTP to HTTPS";
        return Redirect::Perhaps(ingress.doubt("whether HTTP is redirected", message));
    }
    let by_action = backends.iter().any(|backend| match &backend.target {
        Target::Action(name) => action(ingress, name) == Action::RedirectToTls,
        _ => false,
    });
    if by_action {
        let message = "a rule redirects to HTTPS, and which requests it takes is not followed";
        return Redirect::Perhaps(ingress.doubt("whether HTTP is redirected", message));
    }
    Redirect::Nothing
}

/// What the action of an annotation does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    RedirectToTls,
    AnswersItself,
    Elsewhere,
}

pub(super) fn action(ingress: &Object<'_>, name: &str) -> Action {
    let key = format!("{ACTIONS}{name}");
    let text = ingress.annotation_named(&key).and_then(Value::as_str);
    let json: Option<Json> = text.and_then(|text| serde_json::from_str(text).ok());
    let member = |json: &Json, names: [&str; 2]| names.iter().find_map(|name| json.get(*name)).cloned();
    let Some(json) = json else { return Action::Elsewhere };
    match member(&json, ["type", "Type"]).as_ref().and_then(Json::as_str) {
        Some("redirect") => {
            let config = member(&json, ["redirectConfig", "RedirectConfig"]).unwrap_or_default();
            match member(&config, ["protocol", "Protocol"]).as_ref().and_then(Json::as_str) {
                Some("HTTPS") => Action::RedirectToTls,
                _ => Action::AnswersItself,
            }
        }
        Some("fixed-response") => Action::AnswersItself,
        _ => Action::Elsewhere,
    }
}
