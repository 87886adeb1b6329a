domain_name        = "shop.example.com"
vpc_id             = "vpc-0a1b2c3d4e5f60718"
public_subnet_ids  = ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"]
private_subnet_ids = ["subnet-0a1b2c3d4e5f60721", "subnet-0a1b2c3d4e5f60722"]
ami_id             = "ami-0a1b2c3d4e5f60718"

# Until the new image with the certificate is out.
app_port     = 8080
app_protocol = "HTTP"
