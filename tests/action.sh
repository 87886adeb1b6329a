#!/usr/bin/env bash
# Tries the GitHub Action: its scripts with stubs that record their arguments, then for real, built from this checkout.
set -euo pipefail

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
passed=0

fail() {
    echo "action: $1" >&2
    exit 1
}

expect() { # NAME WANTED GOT
    [ "$2" = "$3" ] || fail "$1: wanted '$2', got '$3'"
    passed=$((passed + 1))
}

export GITHUB_ACTION_PATH="$repository" RUNNER_TEMP="$scratch/runner" GITHUB_PATH="$scratch/path"
mkdir -p "$scratch/stubs" "$RUNNER_TEMP"
for name in cargo pipx e2e-lint; do
    printf '#!/bin/sh\nprintf "%%s|" %s "$@" > "%s"\n' "$name" "$scratch/called" > "$scratch/stubs/$name"
    chmod +x "$scratch/stubs/$name"
done

install_with_stubs() { # VERSION
    rm -f "$scratch/called"
    PATH="$scratch/stubs:$PATH" E2E_LINT_VERSION="$1" bash "$repository/action/install.sh"
}

lint() { # PATHS CONFIG FAIL_ON FORMAT
    E2E_LINT_PATHS="$1" E2E_LINT_CONFIG="$2" E2E_LINT_FAIL_ON="$3" E2E_LINT_FORMAT="$4" bash "$repository/action/lint.sh"
}

lint_with_stubs() {
    rm -f "$scratch/called"
    (PATH="$scratch/stubs:$PATH"; lint "$@")
}

if grep -nE 'run:.*\$\{\{' "$repository/action.yml"; then fail "action.yml: an expression inside run can be injected"; fi

install_with_stubs 1.2.3
expect "a version comes from the index" "pipx|install|e2e-lint==1.2.3|" "$(cat "$scratch/called")"
install_with_stubs source
expect "source is built" "cargo|install|--locked|--path|.|--root|$RUNNER_TEMP/e2e-lint|" "$(cat "$scratch/called")"
if install_with_stubs '1.2.3 --index-url=x' 2> "$scratch/error"; then fail "a version with options was taken"; fi
expect "an odd version calls nothing" "" "$(cat "$scratch/called" 2> /dev/null || true)"

lint_with_stubs . "" "" ""
expect "defaults" "e2e-lint|--|.|" "$(cat "$scratch/called")"
lint_with_stubs $'two words\n--version\n\n$(touch injected)\n' claims.yaml warning json
expect "inputs are arguments" \
    'e2e-lint|--config|claims.yaml|--fail-on|warning|--format|json|--|two words|--version|$(touch injected)|' \
    "$(cat "$scratch/called")"

# One load balancer; $1 is how it speaks to its instances.
module() { # TARGET_PROTOCOL
    cat <<TF
resource "aws_lb" "web" {
  load_balancer_type = "application"
}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/web"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_lb_target_group" "web" {
  port     = 443
  protocol = "$1"
  vpc_id   = "vpc-0a1b2c3d"
}
resource "aws_autoscaling_group" "web" {
  min_size          = 1
  max_size          = 1
  target_group_arns = [aws_lb_target_group.web.arn]
}
TF
}

: > "$GITHUB_PATH"
E2E_LINT_VERSION=source bash "$repository/action/install.sh"
PATH="$(cat "$GITHUB_PATH"):$PATH"
cd "$scratch"
mkdir plaintext encrypted
module HTTP > plaintext/main.tf
module HTTPS > encrypted/main.tf
code=0; lint plaintext "" "" "" > "$scratch/output" || code=$?
expect "a plaintext hop fails the step" 1 "$code"
code=0; lint encrypted "" "" "" > "$scratch/output" || code=$?
expect "an encrypted path passes" 0 "$code"
code=0; lint missing "" "" "" > "$scratch/output" 2>&1 || code=$?
expect "a path that does not exist cannot be linted" 2 "$code"

echo "$passed passed, 0 failed"
