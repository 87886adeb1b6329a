#!/usr/bin/env python3
"""Records what `terraform plan` makes of each root in testdata/roots, for tests/roots.rs.

usage: record_roots.py [TERRAFORM] [NAME ...]        writes testdata/roots/<name>/plan.json

The roots hold `terraform_data` resources only, which are built into Terraform: nothing is downloaded.
"""
import json, os, shutil, subprocess, sys, tempfile

TERRAFORM = sys.argv[1] if len(sys.argv) > 1 else "terraform"
ROOTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "testdata", "roots")

def modules(module):
    yield module
    for child in module.get("child_modules", []):
        yield from modules(child)

def plan(directory):
    def run(*arguments):
        p = subprocess.run([TERRAFORM, *arguments], cwd=directory, capture_output=True, text=True, env={**os.environ, "TF_CLI_CONFIG_FILE": "/dev/null"})
        if p.returncode:
            raise SystemExit(f"{directory}: {p.stdout}{p.stderr}")
        return p.stdout
    run("init", "-backend=false", "-no-color")
    run("plan", "-out=plan.bin", "-no-color", "-input=false", "-refresh=false")
    return json.loads(run("show", "-json", "plan.bin"))

def main():
    names = sys.argv[2:] or sorted(os.listdir(ROOTS))
    for name in names:
        with tempfile.TemporaryDirectory() as copy:
            root = os.path.join(copy, "root")
            shutil.copytree(os.path.join(ROOTS, name), root, ignore=shutil.ignore_patterns("plan.json"))
            shown = plan(root)
        unknown = {c["address"]: c["change"].get("after_unknown", {}) for c in shown.get("resource_changes", [])}
        resources = {}
        for module in modules(shown["planned_values"]["root_module"]):
            for r in module.get("resources", []):
                resources[r["address"]] = {"input": r["values"].get("input"), "unknown": unknown[r["address"]].get("input", False)}
        with open(os.path.join(ROOTS, name, "plan.json"), "w") as f:
            json.dump(resources, f, indent=1, ensure_ascii=False, sort_keys=True)
            f.write("\n")

main()
