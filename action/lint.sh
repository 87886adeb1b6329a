#!/usr/bin/env bash
# Runs the command with the action's inputs, which come as E2E_LINT_* and are never evaluated.
set -euo pipefail

options=()
if [ -n "$E2E_LINT_CONFIG" ]; then options+=(--config "$E2E_LINT_CONFIG"); fi
if [ -n "$E2E_LINT_FAIL_ON" ]; then options+=(--fail-on "$E2E_LINT_FAIL_ON"); fi
if [ -n "$E2E_LINT_FORMAT" ]; then options+=(--format "$E2E_LINT_FORMAT"); fi

paths=()
while IFS= read -r path; do
    path="${path%$'\r'}"
    if [ -n "$path" ]; then paths+=("$path"); fi
done <<< "$E2E_LINT_PATHS"

# The longer spelling keeps an empty array from counting as unset in the bash 3.2 of macOS.
exec e2e-lint ${options[@]+"${options[@]}"} -- ${paths[@]+"${paths[@]}"}
