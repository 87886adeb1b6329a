//! Services and Ingresses of Kubernetes for which a controller makes a load balancer of AWS, by their annotations.
//!
//! Only objects with annotations of these controllers, or of the Ingress class `alb`, are looked at. What the pods serve,
//! and what stands between node and pod, the code does not show.

use super::tls_policy::elb_policy;
use crate::model::{
    Accepts, Doubt, Evidence, Face, Leg, ListenerId, NodeKind, Operator, Segment, TlsFloor, Transport, Verification,
};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, NodeFacts, PendingHop, Place};
use crate::services::read::{Alternative, Block, Child, Field, Setting, field};
use crate::services::world::Types;
use crate::value::Value;

pub(super) static SERVICES: &[Service] = &[
    Service { types: SERVICE, describe: describe_service },
    Service { types: INGRESS, describe: describe_ingress },
    Service { types: MANIFEST, describe: describe_manifest },
];

const SERVICE: Types = Types { terraform: &["kubernetes_service", "kubernetes_service_v1"], cloudformation: &[] };
const INGRESS: Types = Types { terraform: &["kubernetes_ingress", "kubernetes_ingress_v1"], cloudformation: &[] };
const MANIFEST: Types = Types { terraform: &["kubernetes_manifest"], cloudformation: &[] };

const BODY: Field = field("manifest", "-");
const KIND: Field = field("kind", "-");
const METADATA: Field = field("metadata", "-");
const ANNOTATIONS: Field = field("annotations", "-");
const SPEC: Field = field("spec", "-");
const TYPE: Field = field("type", "-");
const CLASS: Field = field("load_balancer_class|loadBalancerClass", "-");
const INGRESS_CLASS: Field = field("ingress_class_name|ingressClassName", "-");
const PORTS: Field = field("port|ports", "-");
const NUMBER: Field = field("port", "-");
const NAME: Field = field("name", "-");

const SERVICE_PREFIX: &str = "service.beta.kubernetes.io/aws-load-balancer-";
const SERVICE_CONTROLLER: Field = field("service.beta.kubernetes.io/aws-load-balancer-type", "-");
const SERVICE_CERTIFICATE: Field = field("service.beta.kubernetes.io/aws-load-balancer-ssl-cert", "-");
const SERVICE_TLS_PORTS: Field = field("service.beta.kubernetes.io/aws-load-balancer-ssl-ports", "-");
const SERVICE_POLICY: Field = field("service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy", "-");
const SERVICE_BACKEND: Field = field("service.beta.kubernetes.io/aws-load-balancer-backend-protocol", "-");
const SERVICE_SCHEME: Field = field("service.beta.kubernetes.io/aws-load-balancer-scheme", "-");

const INGRESS_PREFIX: &str = "alb.ingress.kubernetes.io/";
const OLD_INGRESS_CLASS: Field = field("kubernetes.io/ingress.class", "-");
const INGRESS_CERTIFICATE: Field = field("alb.ingress.kubernetes.io/certificate-arn", "-");
const INGRESS_PORTS: Field = field("alb.ingress.kubernetes.io/listen-ports", "-");
const INGRESS_REDIRECT: Field = field("alb.ingress.kubernetes.io/ssl-redirect", "-");
const INGRESS_POLICY: Field = field("alb.ingress.kubernetes.io/ssl-policy", "-");
const INGRESS_BACKEND: Field = field("alb.ingress.kubernetes.io/backend-protocol", "-");
const INGRESS_SCHEME: Field = field("alb.ingress.kubernetes.io/scheme", "-");

/// An object of Kubernetes, written as a resource or as a manifest.
struct Object<'a> {
    block: Block<'a>,
    annotations: Block<'a>,
    spec: Block<'a>,
}

fn object<'a>(block: &Block<'a>) -> Option<Object<'a>> {
    let metadata = block.block(METADATA)?;
    let mut written = metadata.children(ANNOTATIONS);
    let annotations = match written.pop() {
        // Annotations that are absent read like the metadata, in which no annotation stands.
        None => metadata,
        Some(Alternative { when: None, value: Child::Block(block) }) if written.is_empty() => block,
        Some(_) => return None,
    };
    Some(Object { block: block.clone(), annotations, spec: block.block(SPEC)? })
}

impl<'a> Object<'a> {
    fn has_annotation(&self, prefix: &str) -> bool {
        self.annotations.value.as_object().is_some_and(|entries| entries.keys().any(|key| key.starts_with(prefix)))
    }

    /// The annotation's one setting. Several alternatives leave it unknown.
    fn annotation(&self, field: Field) -> Setting<'a> {
        let mut settings = self.annotations.setting(field);
        match settings.pop() {
            Some(only) if settings.is_empty() => only.value,
            _ => Setting::Unknown(self.doubt(field.terraform, "the annotation has several values")),
        }
    }

    fn doubt(&self, what: &str, message: &str) -> Doubt {
        let what = format!("{what} of {}", self.block.owner.address);
        Doubt::new(what, message, "write it as a literal", Some(self.annotations.place()))
    }

    fn evidence(&self, field: Field, setting: &Setting<'a>, default: &str, meaning: &str) -> Evidence {
        match setting {
            Setting::Text(text, value) => self.annotations.stated(field, text, value, meaning),
            Setting::Absent | Setting::Unknown(_) => self.annotations.defaulted(field, default, meaning),
        }
    }

    /// What a listener with a certificate accepts. Without a policy the controller's own default applies.
    fn tls(&self, certificate: Field, policy: Field) -> Accepts {
        let setting = self.annotation(certificate);
        let evidence = self.evidence(certificate, &setting, "TLS", "the load balancer ends TLS");
        let floor = match self.annotation(policy) {
            Setting::Text(name, value) => match elb_policy(&name) {
                Some(version) => {
                    let stated =
                        self.annotations.stated(policy, &name, value, format!("the least version is {version}"));
                    TlsFloor::known(version, stated)
                }
                None => TlsFloor::unknown(),
            },
            Setting::Absent | Setting::Unknown(_) => TlsFloor::unknown(),
        };
        Accepts::Tls { floor, evidence: vec![evidence] }
    }

    /// Towards the pods: load balancers of AWS verify nobody.
    fn leg(&self, backend: Field, default: &str, is_tls: impl Fn(&str) -> bool) -> Leg {
        let setting = self.annotation(backend);
        let tls = match &setting {
            Setting::Unknown(doubt) => return Leg::new(Transport::Unknown(doubt.clone()), Vec::new()),
            Setting::Absent => is_tls(default),
            Setting::Text(text, _) => is_tls(text),
        };
        if tls {
            let transport = Transport::Tls { floor: TlsFloor::unknown(), verification: Verification::Unverified };
            let meaning = "the load balancer speaks TLS to the pods and verifies nobody";
            return Leg::new(transport, vec![self.evidence(backend, &setting, default, meaning)]);
        }
        let meaning = "the load balancer speaks plaintext to the pods";
        Leg::new(Transport::Plaintext, vec![self.evidence(backend, &setting, default, meaning)])
    }
}

/// A manifest holds an object of any kind.
fn describe_manifest<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(manifest) = block.block(BODY) else { return };
    match manifest.text(KIND).as_deref() {
        Some("Service") => describe_service(draft, &manifest),
        Some("Ingress") => describe_ingress(draft, &manifest),
        _ => {}
    }
}

/// With a certificate a port ends TLS; without one the bytes are passed on.
fn describe_service<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(service) = object(block) else { return };
    if service.spec.text(TYPE).as_deref() != Some("LoadBalancer") || !service.has_annotation(SERVICE_PREFIX) {
        return;
    }
    let certificate = service.annotation(SERVICE_CERTIFICATE);
    let passes = matches!(certificate, Setting::Absent);
    let facts = NodeFacts {
        kind: if passes { NodeKind::PassThrough } else { NodeKind::Proxy },
        operator: Operator::Aws,
        party: "the load balancer of the Kubernetes service",
        why: if passes { "passes the bytes on without opening them" } else { "ends TLS where it has a certificate" },
    };
    let node = draft.node(block, facts);
    let exposure = exposure_of_service(&service);
    for port in service.spec.blocks(PORTS) {
        let (accepts, leg) = port_of_service(&service, &port, &certificate);
        let number = port.get(NUMBER).and_then(Value::as_integer);
        let listener = draft.listen(node, number, vec![Face::always(accepts)]);
        forward(draft, &service, listener, leg, &exposure);
    }
}

fn port_of_service<'a>(service: &Object<'a>, port: &Block<'a>, certificate: &Setting<'a>) -> (Accepts, Leg) {
    let pass = || {
        let meaning = "without a certificate the load balancer passes the bytes on";
        let evidence = service.evidence(SERVICE_CERTIFICATE, &Setting::Absent, "no certificate", meaning);
        (Accepts::Opaque(vec![evidence.clone()]), Leg::new(Transport::AsReceived, vec![evidence]))
    };
    let unknown =
        |doubt: &Doubt| (Accepts::Undeclared(doubt.clone()), Leg::new(Transport::Unknown(doubt.clone()), Vec::new()));
    match certificate {
        Setting::Absent => return pass(),
        Setting::Unknown(doubt) => return unknown(doubt),
        Setting::Text(..) => {}
    }
    match service.annotation(SERVICE_TLS_PORTS) {
        Setting::Unknown(doubt) => return unknown(&doubt),
        Setting::Text(list, _) if list.trim() != "*" && !lists(&list, port) => return pass(),
        Setting::Text(..) | Setting::Absent => {}
    }
    let accepts = service.tls(SERVICE_CERTIFICATE, SERVICE_POLICY);
    let in_tree = !is_external(service);
    let leg = service.leg(SERVICE_BACKEND, "tcp", |text| text == "ssl" || (in_tree && text == "https"));
    (accepts, leg)
}

/// Whether a list such as `443,https` names the port, by number or by name.
fn lists(list: &str, port: &Block<'_>) -> bool {
    let (number, name) = (port.text(NUMBER), port.text(NAME));
    list.split(',').map(str::trim).any(|item| number.as_deref() == Some(item) || name.as_deref() == Some(item))
}

/// Whether the AWS Load Balancer Controller is asked for, and not the one inside of Kubernetes.
fn is_external(service: &Object<'_>) -> bool {
    let asked = matches!(service.annotation(SERVICE_CONTROLLER), Setting::Text(text, _) if text == "external" || text == "nlb-ip");
    asked || service.spec.has(CLASS)
}

/// The two controllers have different defaults.
fn exposure_of_service(service: &Object<'_>) -> Exposure {
    match service.annotation(SERVICE_SCHEME) {
        Setting::Text(text, _) if text == "internet-facing" => Exposure::Internet,
        Setting::Text(..) => Exposure::Private,
        Setting::Absent if is_external(service) => Exposure::Private,
        Setting::Absent => {
            let message = "which controller makes the load balancer is not known, and their defaults differ";
            Exposure::Unknown(service.doubt("the scheme", message))
        }
        Setting::Unknown(doubt) => Exposure::Unknown(doubt),
    }
}

/// An Application Load Balancer, HTTP on port 80 unless a certificate or `listen-ports` says otherwise.
fn describe_ingress<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(ingress) = object(block) else { return };
    let class = ingress.spec.text(INGRESS_CLASS).or_else(|| ingress.annotations.text(OLD_INGRESS_CLASS));
    if class.as_deref() != Some("alb") && !ingress.has_annotation(INGRESS_PREFIX) {
        return;
    }
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Aws,
        party: "the load balancer of the Ingress",
        why: "ends TLS, reads the request and opens a connection of its own",
    };
    let node = draft.node(block, facts);
    let exposure = match ingress.annotation(INGRESS_SCHEME) {
        Setting::Text(text, _) if text == "internet-facing" => Exposure::Internet,
        Setting::Text(..) | Setting::Absent => Exposure::Private,
        Setting::Unknown(doubt) => Exposure::Unknown(doubt),
    };
    let redirects = !matches!(ingress.annotation(INGRESS_REDIRECT), Setting::Absent);
    for (port, accepts) in listeners(&ingress) {
        let only_redirects = redirects && matches!(accepts, Accepts::Plaintext(_));
        let listener = draft.listen(node, port, vec![Face::always(accepts)]);
        if !only_redirects {
            let leg = ingress.leg(INGRESS_BACKEND, "HTTP", |text| text == "HTTPS");
            forward(draft, &ingress, listener, leg, &exposure);
        }
    }
}

fn listeners(ingress: &Object<'_>) -> Vec<(Option<i64>, Accepts)> {
    let tls = || ingress.tls(INGRESS_CERTIFICATE, INGRESS_POLICY);
    let setting = ingress.annotation(INGRESS_PORTS);
    let plaintext = || {
        let meaning = "the load balancer answers by HTTP";
        Accepts::Plaintext(vec![ingress.evidence(INGRESS_PORTS, &setting, "HTTP on port 80", meaning)])
    };
    match &setting {
        Setting::Unknown(doubt) => vec![(None, Accepts::Undeclared(doubt.clone()))],
        Setting::Text(text, _) => {
            let words: Vec<&str> =
                text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
            let listener = |pair: &[&str]| match pair {
                ["HTTP", port] => Some((port.parse().ok(), plaintext())),
                ["HTTPS", port] => Some((port.parse().ok(), tls())),
                _ => None,
            };
            words.chunks(2).filter_map(listener).collect()
        }
        Setting::Absent => match ingress.annotation(INGRESS_CERTIFICATE) {
            Setting::Text(..) => vec![(Some(443), tls())],
            Setting::Absent => vec![(Some(80), plaintext())],
            Setting::Unknown(doubt) => vec![(None, Accepts::Undeclared(doubt))],
        },
    }
}

fn forward<'a>(draft: &mut Draft<'a>, object: &Object<'a>, from: ListenerId, leg: Leg, exposure: &Exposure) {
    let address = &object.block.owner.address;
    let what = format!("the pods of {address}");
    let message = format!("what stands behind {address} in the cluster, and what it serves, is not read");
    let settle = "assume in e2e-lint.yaml what stands there";
    let doubt = Doubt::new(what.clone(), message, settle, Some(object.block.owner.header));
    let when = object.block.owner.exists.when().cloned();
    draft.send(PendingHop {
        from,
        to: Destination { place: Place::Outside(what, Some(doubt)), port: None },
        legs: vec![leg],
        via: Vec::new(),
        evidence: Vec::new(),
        when: when.clone(),
        segment: Segment::Request,
        doubt: None,
    });
    draft.admit(Entry { listener: from, exposure: exposure.clone(), when, evidence: Vec::new() });
}
