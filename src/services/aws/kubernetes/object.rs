//! Objects of Kubernetes: written as resources of their own, as manifests, or as text.

use crate::model::{Doubt, Evidence};
use crate::resource::{Mode, UNREAD_CODE};
use crate::services::document::HOLE;
use crate::services::read::{Alternative, Block, Child, Field, Setting, doubt_of, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Kind as ValueKind, Value, When};

pub(super) const SERVICE: Types =
    Types { terraform: &["kubernetes_service", "kubernetes_service_v1"], cloudformation: &[] };
pub(super) const INGRESS: Types =
    Types { terraform: &["kubernetes_ingress", "kubernetes_ingress_v1"], cloudformation: &[] };
pub(in crate::services::aws) const WORKLOAD: Types = Types {
    terraform: &[
        "kubernetes_daemon_set_v1",
        "kubernetes_daemonset",
        "kubernetes_deployment",
        "kubernetes_deployment_v1",
        "kubernetes_pod",
        "kubernetes_pod_v1",
        "kubernetes_replication_controller",
        "kubernetes_replication_controller_v1",
        "kubernetes_stateful_set",
        "kubernetes_stateful_set_v1",
    ],
    cloudformation: &[],
};
/// A manifest holds an object of any kind.
pub(in crate::services::aws) const MANIFEST: Types =
    Types { terraform: &["kubernetes_manifest", "kubectl_manifest"], cloudformation: &[] };
/// A chart makes objects of many kinds.
pub(super) const RELEASE: Types = Types { terraform: &["helm_release"], cloudformation: &[] };

pub(super) const BODY: Field = field("manifest", "-");
const TEXT: Field = field("yaml_body", "-");
const KIND: Field = field("kind", "-");
const API: Field = field("apiVersion", "-");
const METADATA: Field = field("metadata", "-");
const ANNOTATIONS: Field = field("annotations", "-");
pub(super) const LABELS: Field = field("labels", "-");
const SPEC: Field = field("spec", "-");
pub(super) const NAME: Field = field("name", "-");
const NAMESPACE: Field = field("namespace", "-");

/// What is known of the kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Service,
    Ingress,
    /// Runs pods.
    Workload,
    /// Settings of the AWS Load Balancer Controller for all Ingresses of a class.
    ClassParameters,
    /// Puts the pods of a Service into a target group.
    TargetGroupBinding,
    /// A load balancer or proxy by the Gateway API.
    Gateway,
}

/// An object of Kubernetes.
#[derive(Clone)]
pub(super) struct Object<'a> {
    pub kind: Kind,
    pub block: Block<'a>,
    pub metadata: Block<'a>,
    pub spec: Block<'a>,
    /// The metadata where there are none.
    annotations: Block<'a>,
    /// Why the annotations are not known.
    unread: Option<Doubt>,
}

/// A setting that is a pointer to something: what counts is whether it is there.
pub(super) enum Written {
    Absent,
    There(Evidence),
    Unknown(Doubt),
}

/// The object that a resource is or holds. `None` for kinds of which nothing is known, and where it cannot be read.
pub(super) fn object<'a>(block: &Block<'a>) -> Option<Object<'a>> {
    let type_name = &*block.owner.type_name;
    let typed = [(SERVICE, Kind::Service), (INGRESS, Kind::Ingress), (WORKLOAD, Kind::Workload)];
    let (kind, body) = match typed.into_iter().find(|(types, _)| types.holds(type_name)) {
        Some((_, kind)) => (kind, block.clone()),
        None => {
            let body = only(block.children(BODY))?;
            (kind_of(&body)?, body)
        }
    };
    let metadata = only(body.children(METADATA))?;
    let spec = only(body.children(SPEC))?;
    let mut written = metadata.children(ANNOTATIONS);
    let (annotations, unread) = match (written.pop(), written.is_empty()) {
        (None, _) => (metadata.clone(), None),
        (Some(Alternative { value: Child::Block(block), when: None }), true) => {
            let unread = unknown_key(&block);
            (block, unread)
        }
        (Some(Alternative { value: Child::Unknown(doubt), .. }), true) => (metadata.clone(), Some(doubt)),
        _ => {
            let doubt = doubt_about(block, "the annotations", "the annotations depend on a condition");
            (metadata.clone(), Some(doubt))
        }
    };
    Some(Object { kind, block: body, metadata, spec, annotations, unread })
}

fn kind_of(body: &Block<'_>) -> Option<Kind> {
    match body.text(KIND)?.as_str() {
        "Service" => Some(Kind::Service),
        "Ingress" => Some(Kind::Ingress),
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Pod" | "Rollout" => {
            Some(Kind::Workload)
        }
        "IngressClassParams" => Some(Kind::ClassParameters),
        "TargetGroupBinding" => Some(Kind::TargetGroupBinding),
        // Istio has a kind of the same name, which only configures a gateway.
        "Gateway" if body.text(API).is_some_and(|api| api.starts_with("gateway.networking.k8s.io/")) => {
            Some(Kind::Gateway)
        }
        _ => None,
    }
}

/// The one nested block that is surely there.
fn only<'a>(mut found: Vec<Alternative<Child<'a>>>) -> Option<Block<'a>> {
    match (found.pop()?.value, found.is_empty()) {
        (Child::Block(block), true) => Some(block),
        _ => None,
    }
}

/// An annotation whose name is not known may be any.
fn unknown_key(annotations: &Block<'_>) -> Option<Doubt> {
    let entries = annotations.value.as_object()?;
    let key = entries.keys().find(|key| key.contains(HOLE))?;
    let what = key.replace(HOLE, "...");
    Some(doubt_about(annotations, &what, "the name of an annotation is known after deployment only"))
}

fn doubt_about(block: &Block<'_>, what: &str, message: &str) -> Doubt {
    let what = format!("{what} of {}", block.owner.address);
    Doubt::new(what, message, "write it as a literal", Some(block.place()))
}

/// Whether it is known what a manifest holds: an object of a kind that matters is read, others do not matter.
fn is_read(block: &Block<'_>) -> bool {
    let Some(body) = only(block.children(BODY)) else { return false };
    let is_list = body.text(KIND).is_none_or(|kind| kind.ends_with("List"));
    !is_list && (kind_of(&body).is_none() || object(block).is_some())
}

/// Why a manifest is not read, where it is not.
pub(super) fn unread(world: &World<'_>, id: ResourceId) -> Option<Doubt> {
    let block = world.block(id);
    let address = &block.owner.address;
    // What a manifest's text says stands behind the same address.
    let lowered = world.find(id, address.as_str()).map(|found| world.block(found));
    if is_read(&block) || lowered.is_some_and(|found| is_read(&found)) {
        return None;
    }
    let message = format!("{address} may be a load balancer or a way in: what it holds is not known");
    let span = block.get(TEXT).or_else(|| block.get(BODY)).map_or(block.owner.header, Value::span);
    Some(Doubt::new(address.as_str(), message, "write the manifest as a literal", Some(span)))
}

/// All objects of a kind in the stack of `from`.
pub(super) fn objects<'a>(world: &World<'a>, from: ResourceId, kind: Kind) -> Vec<Object<'a>> {
    let types: &[Types] = match kind {
        Kind::Service => &[SERVICE, MANIFEST, RELEASE],
        Kind::Ingress => &[INGRESS, MANIFEST],
        Kind::Workload => &[WORKLOAD, MANIFEST],
        Kind::ClassParameters | Kind::TargetGroupBinding | Kind::Gateway => &[MANIFEST],
    };
    let ids = types.iter().flat_map(|types| world.beside(from, *types));
    let managed = ids.filter(|id| world.resource(*id).mode == Mode::Managed);
    let all = managed.filter_map(|id| object(&world.block(id)));
    all.filter(|object| object.kind == kind).collect()
}

impl<'a> Object<'a> {
    pub fn id(&self) -> ResourceId {
        self.block.id
    }

    /// The resource that declares it.
    pub fn resource(&self) -> Block<'a> {
        Block { value: &self.block.owner.body, when: None, ..self.block.clone() }
    }

    pub fn exists(&self) -> Option<When> {
        When::both(self.block.owner.exists.when(), self.block.when.as_ref())
    }

    /// Objects of Kubernetes speak of one another within a namespace only. What is not known may be the same.
    pub fn shares_namespace(&self, other: &Self) -> bool {
        let name = |object: &Self| match object.metadata.get(NAMESPACE) {
            None => Some("default".to_owned()),
            Some(value) => value.as_text(),
        };
        match (name(self), name(other)) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => true,
        }
    }

    pub fn has_annotation(&self, prefix: &str) -> bool {
        self.annotations.value.as_object().is_some_and(|entries| entries.keys().any(|key| key.starts_with(prefix)))
    }

    /// Why it is not known which annotations there are.
    pub fn unread_annotations(&self) -> Option<&Doubt> {
        self.unread.as_ref()
    }

    /// The annotation's one setting. Several alternatives leave it unknown.
    pub fn annotation(&self, field: Field) -> Setting<'a> {
        if let Some(doubt) = &self.unread {
            return Setting::Unknown(doubt.clone());
        }
        let mut settings = self.annotations.setting(field);
        match settings.pop() {
            Some(only) if settings.is_empty() => only.value,
            _ => Setting::Unknown(self.doubt(field.terraform, "the annotation has several values")),
        }
    }

    /// The annotation's value, where there is one.
    pub fn annotation_value(&self, field: Field) -> Option<&'a Value> {
        self.annotations.get(field)
    }

    /// The annotation of a name that the code makes up.
    pub fn annotation_named(&self, name: &str) -> Option<&'a Value> {
        self.annotations.value.get(name)
    }

    /// Whether the annotation names something, such as a certificate that only deployment can tell.
    pub fn names(&self, world: &World<'a>, field: Field, meaning: &str) -> Written {
        if let Some(doubt) = &self.unread {
            return Written::Unknown(doubt.clone());
        }
        let values: Vec<&Value> = self.annotations.values(field).into_iter().map(|(_, block)| block.value).collect();
        let states: Vec<Option<bool>> = values.iter().map(|value| names_something(world, self.id(), value)).collect();
        match values.first() {
            None => Written::Absent,
            Some(_) if states.iter().all(|state| *state == Some(false)) => Written::Absent,
            Some(value) if states.iter().all(|state| *state == Some(true)) => {
                let text = value.as_text().filter(|_| !value.sensitive);
                let text = text.or_else(|| Some(value.as_reference()?.text()));
                let text = text.unwrap_or_else(|| "(a text)".to_owned());
                Written::There(self.annotations.stated(field, &text, value, meaning))
            }
            Some(value) if values.len() == 1 => Written::Unknown(doubt_of(value)),
            Some(_) => Written::Unknown(self.doubt(field.terraform, "the annotation has several values")),
        }
    }

    pub fn doubt(&self, what: &str, message: &str) -> Doubt {
        doubt_about(&self.annotations, what, message)
    }

    pub fn evidence(&self, field: Field, setting: &Setting<'a>, default: &str, meaning: &str) -> Evidence {
        match setting {
            Setting::Text(_, value) if value.sensitive => self.annotations.stated(field, "(a text)", value, meaning),
            Setting::Text(text, value) => self.annotations.stated(field, text, value, meaning),
            Setting::Absent | Setting::Unknown(_) => self.annotations.defaulted(field, default, meaning),
        }
    }
}

/// Whether a text is surely not empty: written so, or a reference to a resource of the code.
fn names_something(world: &World<'_>, from: ResourceId, value: &Value) -> Option<bool> {
    match &value.kind {
        ValueKind::Null => Some(false),
        ValueKind::String(text) => Some(!text.trim().is_empty()),
        ValueKind::Template(parts) => {
            parts.iter().any(|part| part.as_str().is_some_and(|text| !text.trim().is_empty())).then_some(true)
        }
        ValueKind::Reference(reference) => {
            let target = world.find(from, &reference.target)?;
            (&*world.resource(target).type_name != UNREAD_CODE).then_some(true)
        }
        _ => None,
    }
}
