#!/usr/bin/env python3
"""Cuts the part that src/services/tests.rs needs out of the providers' schemas.

    tests/schemas/extract.py SCHEMA.json...

A Terraform schema is {type: {argument: "required" | "optional" | {nested}}}; a CloudFormation schema is
{type: {"properties": {...}, "getatt": [...]}}. Each comes out as testdata/schemas/<the same file name> with only the
types that src/services names, resources and data sources, one type a line.
A compact schema of a whole provider, {"name", "version", "resources": {type: {"a": attributes, "b": blocks}}}, where an
attribute is [type, flags] and a block [nesting, least, most, block], is made a Terraform schema first.
Run it after a service file names a new type.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TYPE_NAME = re.compile(r'"((?:aws|cloudflare|fastly|helm|kubernetes|kubectl)_[a-z0-9_]+|[A-Z][A-Za-z0-9]*::[A-Za-z0-9]+::[A-Za-z0-9]+)"')


def named_types():
    """Every type name that a service file writes as a literal."""
    sources = sorted((ROOT / "src/services").rglob("*.rs"))
    names = {name for source in sources for name in TYPE_NAME.findall(source.read_text("utf-8"))}
    return names | {f"data.{name}" for name in names}


def arguments(block):
    """Arguments and nested blocks of a compact block; what only the provider can tell is left out."""
    found = {}
    for name, (kind, flags) in block.get("a", {}).items():
        if flags != "c":
            nested = isinstance(kind, dict)
            found[name] = arguments(kind) if nested else "required" if "r" in flags else "optional"
    for name, (_, _, _, inner) in block.get("b", {}).items():
        found[name] = arguments(inner)
    return found


def plain(name, schema):
    """The schema and the name of its file, whichever form it has."""
    if "resources" not in schema:
        return name, schema
    version = ".".join(schema["version"].split(".")[:2])
    types = {name: arguments(block) for name, block in schema["resources"].items()}
    types.update({f"data.{name}": arguments(block) for name, block in schema["data"].items()})
    return f"terraform-{schema['name']}-{version}.json", types


def main(paths):
    if not paths:
        sys.exit(__doc__)
    names = named_types()
    for path in map(pathlib.Path, paths):
        name, schema = plain(path.name, json.loads(path.read_text("utf-8")))
        lines = [f"{json.dumps(name)}:{json.dumps(schema[name], sort_keys=True)}" for name in sorted(names & schema.keys())]
        target = ROOT / "testdata/schemas" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
        print(f"{target}: {len(lines)} types")


main(sys.argv[1:])
