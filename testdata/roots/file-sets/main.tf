locals {
  sets = {
    below       = fileset("sub", "**")
    dot         = fileset("sub", "./*.txt")
    slash       = fileset("sub", "/*.txt")
    module      = fileset("${path.module}/sub", "/**/*.txt")
    inside      = fileset(".", "./sub/*.txt")
    twice       = fileset(".", "sub//*.txt")
    back        = fileset(".", "sub/../sub/*.txt")
    up          = fileset("sub/deep", "../*.txt")
    ends        = fileset(".", "sub/*/")
    plain       = fileset("sub", "a.txt")
    directory   = fileset(".", "sub")
    none        = fileset(".", "missing/*")
    class       = fileset("sub", "[!a-s]*")
    negated     = fileset("sub", "[^a]*")
    posix       = fileset("sub", "[[:alpha:]]*")
    empty_range = fileset("sub", "[b-a]*")
    choice      = fileset("sub", "{a,b}.{txt,md}")
    either      = fileset(".", "sub/{deep,x}/*")
    one         = fileset("sub", "?.txt")
    escaped     = fileset("sub", "\\a.txt")
    middle      = fileset(".", "sub/**/c.txt")
    any         = fileset(".", "**/*.txt")
    star        = fileset("sub", "*")
    stars       = fileset("sub", "a**")
    dots        = fileset("sub", "*.*")
    invalid     = try(fileset(".", "sub/{deep/,}*.txt"), "refused")
    open        = try(fileset(".", "sub/[a*"), "refused")
  }
}

resource "terraform_data" "found" {
  input = local.sets
}

resource "terraform_data" "template" {
  input = {
    marked  = templatefile("bom.tftpl", { name = "x" })
    refused = try(templatefile("bom.tftpl", { name = "x", "1x" = 2 }), "refused")
  }
}
