data "aws_kms_alias" "payload" {
  name = "alias/payload"
}

resource "aws_kms_grant" "support" {
  name              = "support"
  key_id            = data.aws_kms_alias.payload.target_key_id
  grantee_principal = "arn:aws:iam::210987654321:role/support"
  operations        = ["Decrypt"]
}
