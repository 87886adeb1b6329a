//! What the load balancer of a Service does on each port.

use super::object::{NAME, Object, Written};
use super::service::Controller;
use crate::model::{Accepts, Doubt, Evidence, Leg, TlsFloor, TlsVersion, Transport, Verification};
use crate::services::aws::tls_policy::elb_policy;
use crate::services::read::{Block, Field, Setting, field};
use crate::services::world::World;

const NUMBER: Field = field("port", "-");
const PROTOCOL: Field = field("protocol", "-");
const CERTIFICATE: Field = field("service.beta.kubernetes.io/aws-load-balancer-ssl-cert", "-");
const TLS_PORTS: Field = field("service.beta.kubernetes.io/aws-load-balancer-ssl-ports", "-");
const POLICY: Field = field("service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy", "-");
const BACKEND: Field = field("service.beta.kubernetes.io/aws-load-balancer-backend-protocol", "-");

const ENDS_TLS: &str = "the load balancer ends TLS";
const IN_THE_CLEAR: &str = "the load balancer speaks plaintext to the pods";

/// With a certificate a port ends TLS; without one the bytes are passed on.
pub(super) fn port_of_service<'a>(
    world: &World<'a>,
    service: &Object<'a>,
    controller: Controller,
    port: &Block<'a>,
) -> (Accepts, Leg) {
    let certificate = match service.names(world, CERTIFICATE, ENDS_TLS) {
        Written::There(evidence) => evidence,
        Written::Absent => return without_certificate(service, controller),
        Written::Unknown(doubt) => return unknown(&doubt),
    };
    if let Some(udp) = port.get(PROTOCOL).filter(|protocol| protocol.as_str() == Some("UDP")) {
        return pass(port.stated(PROTOCOL, "UDP", udp, "the load balancer passes datagrams on"));
    }
    let tls_ports = service.annotation(TLS_PORTS);
    match &tls_ports {
        Setting::Unknown(doubt) => return unknown(doubt),
        Setting::Text(list, _) if list.trim() == "*" => {
            if controller == Controller::External {
                let message = "the AWS Load Balancer Controller takes no `*` here";
                return unknown(&service.doubt(TLS_PORTS.terraform, message));
            }
        }
        Setting::Text(list, _) if !lists(list, port) => {
            let meaning = "the load balancer passes the bytes of other ports on";
            return pass(service.evidence(TLS_PORTS, &tls_ports, "", meaning));
        }
        Setting::Text(..) | Setting::Absent => {}
    }
    (Accepts::Tls { floor: floor(service, POLICY), evidence: vec![certificate] }, leg(service, controller))
}

fn unknown(doubt: &Doubt) -> (Accepts, Leg) {
    (Accepts::Undeclared(doubt.clone()), Leg::new(Transport::Unknown(doubt.clone()), Vec::new()))
}

fn pass(evidence: Evidence) -> (Accepts, Leg) {
    (Accepts::Opaque(vec![evidence.clone()]), Leg::new(Transport::AsReceived, vec![evidence]))
}

/// A classic load balancer speaks HTTP by itself where its backend protocol is `http`; a network one passes bytes.
fn without_certificate(service: &Object<'_>, controller: Controller) -> (Accepts, Leg) {
    match service.annotation(BACKEND) {
        Setting::Text(text, _) if controller == Controller::Undecided && text == "http" => {
            let message = "a classic load balancer reads the requests with it and a network one does not; which is made is \
                           not known";
            unknown(&service.doubt(BACKEND.terraform, message))
        }
        Setting::Unknown(doubt) if controller == Controller::Undecided => unknown(&doubt),
        _ => {
            let meaning = "without a certificate the load balancer passes the bytes on";
            pass(service.evidence(CERTIFICATE, &Setting::Absent, "no certificate", meaning))
        }
    }
}

/// Whether a list such as `443,https` names the port, by number or by name.
fn lists(list: &str, port: &Block<'_>) -> bool {
    let (number, name) = (port.text(NUMBER), port.text(NAME));
    list.split(',').map(str::trim).any(|item| number.as_deref() == Some(item) || name.as_deref() == Some(item))
}

/// Without a policy the controller's own default applies, which a flag of the controller may change.
pub(super) fn floor(object: &Object<'_>, policy: Field) -> TlsFloor {
    let setting = object.annotation(policy);
    let Setting::Text(name, _) = &setting else { return TlsFloor::unknown() };
    match elb_policy(name) {
        Some(version) => {
            let meaning = format!("the least version is {version}");
            TlsFloor::known(version, object.evidence(policy, &setting, "", &meaning))
        }
        None => TlsFloor::unknown(),
    }
}

/// Load balancers of AWS verify nobody, and take TLS 1.0 from their targets.
pub(super) fn tls_to_pods(evidence: Evidence) -> Leg {
    let floor = TlsFloor::fixed(TlsVersion::V1_0);
    Leg::new(Transport::Tls { floor, verification: Verification::Unverified }, vec![evidence])
}

/// Behind a listener that has ended TLS. The AWS Load Balancer Controller knows `ssl` alone, by these letters; the
/// controller in Kubernetes also `https`, for classic load balancers. All else means plaintext.
///
/// Source: `buildListenerSpec` of the AWS Load Balancer Controller, `buildListener` of the AWS cloud provider.
fn leg(service: &Object<'_>, controller: Controller) -> Leg {
    let setting = service.annotation(BACKEND);
    let text = match &setting {
        Setting::Unknown(doubt) => return Leg::new(Transport::Unknown(doubt.clone()), Vec::new()),
        Setting::Absent => "tcp",
        Setting::Text(text, _) => text.as_str(),
    };
    let tls = match (text, controller) {
        ("ssl", _) => true,
        ("https", Controller::Undecided) => {
            let message =
                "a classic load balancer speaks TLS with it and a network one plaintext; which is made is not known";
            return Leg::new(Transport::Unknown(service.doubt(BACKEND.terraform, message)), Vec::new());
        }
        _ => false,
    };
    if tls {
        let meaning = "the load balancer speaks TLS to the pods and verifies nobody";
        return tls_to_pods(service.evidence(BACKEND, &setting, "tcp", meaning));
    }
    Leg::new(Transport::Plaintext, vec![service.evidence(BACKEND, &setting, "tcp", IN_THE_CLEAR)])
}
