//! How the APIs of AWS services are called: by SDKs, and by other services.

use crate::model::{TlsFloor, TlsVersion, Transport, Verification};

/// The least version that an API endpoint of a service takes: "you will no longer be able to use TLS versions 1.0 and 1.1 with
/// all AWS APIs in all AWS Regions by June 28, 2023". Endpoints that customers set up (APIs of their own, load balancers,
/// distributions) are none of these. Source: the AWS Security Blog, "TLS 1.2 to become the minimum TLS protocol level for all
/// AWS API endpoints".
pub(super) fn floor() -> TlsFloor {
    TlsFloor::fixed(TlsVersion::V1_2)
}

/// How one service of AWS calls the API of another.
pub(super) fn call() -> Transport {
    Transport::Tls { floor: floor(), verification: Verification::Unknown }
}
