listener "tcp" {
  address = "${address}:8200"
%{ if tls ~}
  tls_cert_file = "/etc/secrets/server.crt"
  tls_key_file  = "/etc/secrets/server.key"
%{ else ~}
  tls_disable = true # until the certificates are there
%{ endif ~}
}
