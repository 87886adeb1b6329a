#!/usr/bin/env bash
# Tries the pre-commit hook as a user's project would: pre-commit builds the last commit of this checkout and runs it.
set -euo pipefail

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
export PRE_COMMIT_HOME="$scratch/home"

if ! command -v pre-commit > /dev/null; then
    python3 -m venv "$scratch/venv"
    "$scratch/venv/bin/pip" install --quiet --disable-pip-version-check pre-commit
    PATH="$scratch/venv/bin:$PATH"
fi

cat > "$scratch/plaintext.tf" <<'TF'
resource "aws_lb" "web" {
  load_balancer_type = "application"
}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_lb_target_group" "web" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-0a1b2c3d"
}
resource "aws_autoscaling_group" "web" {
  min_size          = 1
  max_size          = 1
  target_group_arns = [aws_lb_target_group.web.arn]
}
TF

mkdir "$scratch/project"
cd "$scratch/project"
git init --quiet
mkdir infra
cp "$scratch/plaintext.tf" infra/main.tf
git add .

code=0
pre-commit try-repo "$repository" e2e-lint --ref "$(git -C "$repository" rev-parse HEAD)" --all-files \
    > "$scratch/output" 2>&1 || code=$?
if [ "$code" != 1 ] || ! grep -q 'exit code: 1' "$scratch/output"; then
    cat "$scratch/output" >&2
    echo "hook: a plaintext listener should fail the hook with exit code 1, it ended with $code" >&2
    exit 1
fi
echo "1 passed, 0 failed"
