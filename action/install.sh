#!/usr/bin/env bash
# Installs the command for the steps that follow. E2E_LINT_VERSION: `source`, or a released version.
set -euo pipefail

if [ "$E2E_LINT_VERSION" = source ]; then
    root="$RUNNER_TEMP/e2e-lint"
    # From within the action's directory, so that its rust-toolchain.toml decides and not the linted project's.
    cd "$GITHUB_ACTION_PATH"
    cargo install --locked --path . --root "$root"
    echo "$root/bin" >> "$GITHUB_PATH"
elif [[ "$E2E_LINT_VERSION" =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
    pipx install "e2e-lint==$E2E_LINT_VERSION"
else
    echo "e2e-lint: the input 'version' must be 'source' or three numbers such as 1.2.3" >&2
    exit 2
fi
