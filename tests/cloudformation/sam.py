#!/usr/bin/env python3
"""Compares the request paths of SAM templates with those of what the official transform makes of them.

usage: sam.py compare [--bin e2e-lint] PATH...     templates, groups of them, or directories that are searched for both
       sam.py record                               writes testdata/sam/<name>/expanded.json beside every template.yaml,
                                                   and testdata/sam/groups/<name>.expanded.jsonl beside every group

Needs PyPI's `aws-sam-translator`. Nothing is packaged: local code becomes an S3 location, and a local OpenAPI file the body.
Hops and paths are compared by logical ids; `via`, evidence and sentences may differ, because one template says more than the other.

A group is a file with many small templates: `--- # name: purpose` begins one, and what stands before the first begins them all.
"""
import argparse, collections, glob, json, logging, os, re, subprocess, sys, tempfile

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
logging.disable(logging.CRITICAL)
import yaml
from botocore.exceptions import BotoCoreError
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "testdata", "sam")
TRANSFORM = "AWS::Serverless-2016-10-31"


class Loader(yaml.SafeLoader):
    """YAML with the short forms of functions; dates stay text."""


def function(loader, tag, node):
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", function)
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class EveryPolicy(dict):
    """Managed policies by name, all of which exist."""
    def get(self, name, default=None):
        return f"arn:aws:iam::aws:policy/{name}" if isinstance(name, str) and re.fullmatch(r"(AWS|Amazon|Cloud)\w+", name) else default

    def __contains__(self, name):
        return self.get(name) is not None

    def __getitem__(self, name):
        return self.get(name)


def is_local(value):
    return isinstance(value, str) and not re.match(r"(s3|https?)://", value)


def packaged(document, folder):
    """The document as `sam package` would leave it, without files."""
    shared = (document.get("Globals") or {}).get("Function") or {}
    sections = [shared] + [r.setdefault("Properties", {}) for r in document["Resources"].values() if isinstance(r, dict)]
    for properties in sections:
        for name in ("CodeUri", "ContentUri", "DefinitionUri", "SchemaUri"):
            value = (properties or {}).get(name)
            if not is_local(value):
                continue
            path = os.path.join(folder, value)
            body = None
            if name == "DefinitionUri" and os.path.isfile(path):
                with open(path, encoding="utf-8") as text:
                    body = yaml.load(text, Loader)
            if isinstance(body, dict) and ("swagger" in body or "openapi" in body):
                del properties[name]
                properties["DefinitionBody"] = body
            else:
                properties[name] = "s3://package/" + (value.strip("./") or "code")
    for resource in document["Resources"].values():
        if isinstance(resource, dict) and resource.get("Type") == "AWS::Serverless::Function":
            properties = resource["Properties"]
            if properties.get("PackageType", shared.get("PackageType")) == "Image":
                properties.pop("CodeUri", None)
                properties.setdefault("ImageUri", "123456789012.dkr.ecr.us-east-1.amazonaws.com/package:code")
            elif not {"CodeUri", "InlineCode"} & (set(properties) | set(shared)):
                properties["CodeUri"] = "s3://package/code"
    return document


def read(path):
    with open(path, encoding="utf-8-sig") as text:
        return yaml.load(text, Loader)


def is_sam(document):
    transform = document.get("Transform") if isinstance(document, dict) else None
    return TRANSFORM in (transform if isinstance(transform, list) else [transform])


def expand(path):
    return expanded(read(path), os.path.dirname(path))


def expanded(document, folder):
    document = packaged(document, folder)
    parameters = {
        name: declared["Default"]
        for name, declared in (document.get("Parameters") or {}).items()
        if "Default" in declared and not str(declared.get("Type")).startswith("AWS::SSM::")
    }
    try:
        return Translator(EveryPolicy(), Parser()).translate(json.loads(json.dumps(document, default=str)), parameters)
    except InvalidDocumentException as error:
        raise ValueError("; ".join(getattr(cause, "message", str(cause)) for cause in error.causes)[:300])


def lint(binary, folder, name, *options):
    done = subprocess.run([binary, "--format", "json", name, *options], cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(done.stderr.strip()[:200])
    return json.loads(done.stdout)


def facts(report):
    """Hops and paths by address."""
    address = {node["id"]: node["address"] for node in report["nodes"]}
    hops = {
        (address[h["from"]], address[h["to"]], h["transport"], h["tls_min"] or "-", str(h["verified"]), h["segment"], h["when"] or "always", "bypass" if h["bypass"] else "-")
        for h in report["hops"]
    }
    paths = {(address[p["from"]], address[p["to"]], p["in_transit"], p["end_to_end"]) for p in report["paths"]}
    return hops, paths


def members(text):
    """Name and text of each template in a group; none in a text that is no group."""
    first, *rest = re.split(r"^--- # ([\w-]+): .*\n", text, flags=re.M)
    return [(name, first + body) for name, body in zip(rest[::2], rest[1::2])]


def templates(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
            continue
        for folder, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                if name.endswith((".yaml", ".yml", ".json", ".template")) and name != "expanded.json":
                    yield os.path.join(folder, name)


def compare_one(binary, path, counts):
    try:
        with open(path, encoding="utf-8-sig") as text:
            if TRANSFORM not in text.read(5_000_000):
                return
        if not is_sam(read(path)):
            return
        transformed = expand(path)
    except (ValueError, yaml.YAMLError, AttributeError, KeyError, TypeError, BotoCoreError) as error:
        counts["not expanded"] += 1
        print(f"NOT EXPANDED {path}: {type(error).__name__} {str(error)[:160]}")
        return
    with tempfile.TemporaryDirectory() as folder:
        home = os.path.dirname(os.path.abspath(path))
        for name in os.listdir(home):  # included files and nested templates
            if name != "expanded.json":
                os.symlink(os.path.join(home, name), os.path.join(folder, name))
        with open(os.path.join(folder, "expanded.json"), "w", encoding="utf-8") as out:
            json.dump(transformed, out)
        ours = facts(lint(binary, home, os.path.basename(path)))
        theirs = facts(lint(binary, folder, "expanded.json", "--allow-root", home))
    counts["compared"] += 1
    counts["hops"] += len(theirs[0])
    counts["paths"] += len(theirs[1])
    counts["with paths"] += bool(theirs[1])
    counts["same"] += ours == theirs
    for kind, mine, other in zip(("hop", "path"), ours, theirs):
        for fact in sorted(mine - other):
            print(f"{path}: {kind} only as written: {' | '.join(fact)}")
        for fact in sorted(other - mine):
            print(f"{path}: {kind} only expanded:   {' | '.join(fact)}")


def compare(binary, paths):
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for path in templates(paths):
            with open(path, encoding="utf-8-sig", errors="replace") as text:
                group = members(text.read(5_000_000))
            for name, body in group:
                one = os.path.join(folder, os.path.basename(path) + "." + name, "template.yaml")
                os.makedirs(os.path.dirname(one))
                with open(one, "w", encoding="utf-8") as out:
                    out.write(body)
                compare_one(binary, one, counts)
            if not group:
                compare_one(binary, path, counts)
    print(dict(counts))


def record():
    for path in sorted(glob.glob(os.path.join(DATA, "*", "template.yaml"))):
        with open(os.path.join(os.path.dirname(path), "expanded.json"), "w", encoding="utf-8") as out:
            json.dump(expand(path), out, indent=1, sort_keys=True, ensure_ascii=False)
            out.write("\n")
    for path in sorted(glob.glob(os.path.join(DATA, "groups", "*.yaml"))):
        with open(path, encoding="utf-8") as text, open(path[: -len("yaml")] + "expanded.jsonl", "w", encoding="utf-8") as out:
            for name, body in members(text.read()):
                try:
                    template = expanded(yaml.load(body, Loader), DATA)
                except ValueError as error:
                    sys.exit(f"{path}: {name}: {error}")
                json.dump({"name": name, "template": template}, out, sort_keys=True, ensure_ascii=False)
                out.write("\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("command", choices=["compare", "record"])
    arguments.add_argument("paths", nargs="*")
    arguments.add_argument("--bin", default="e2e-lint")
    given = arguments.parse_intermixed_args()
    if given.command == "record":
        record()
    else:
        compare(os.path.abspath(given.bin) if os.path.sep in given.bin else given.bin, given.paths)


if __name__ == "__main__":
    main()
