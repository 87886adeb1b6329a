#!/usr/bin/env python3
"""Records what a second implementation answers to testdata/snippets/*.jsonl, for tests/snippets.rs.

usage: record.py            writes testdata/snippets/recorded/<family>.jsonl; exits with 1 where it disagrees without a reason

Needs PyPI's `moto` and `cfn-lint`. cfn-lint reads the text and carries out loops, moto evaluates; where moto does not agree,
the values that cfn-lint finds possible are asked too. Parameters without a value get every allowed value, every constant that they are compared with,
and one more; the answers are the values of all combinations. Attributes of resources are shown as <Id.Attribute>.

An entry of the table has `second`, a reason, where the second implementation is wrong or cannot answer.
"""
import copy, glob, itertools, json, logging, os, re, sys

logging.disable(logging.CRITICAL)
from cfnlint.context import create_context_for_template
from cfnlint.decode import decode_str
from cfnlint.jsonschema import CfnTemplateValidator
from cfnlint.template import Template
from cfnlint.template.transforms._language_extensions import language_extension
from moto.cloudformation.parsing import ResourceMap, clean_json

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "testdata", "snippets")
REGION, ACCOUNT = "us-east-1", "123456789012"
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/s/1"
OTHER = "some-other-value"


class StandIn:
    """A resource that is not deployed."""
    def __init__(self, name):
        self.name, self.physical_resource_id = name, f"<{name}>"

    def get_cfn_attribute(self, attribute):
        return f"<{self.name}.{attribute}>"


class Map(ResourceMap):
    def __getitem__(self, key):
        if key not in self._parsed_resources and key in self._resource_json_map:
            return StandIn(key)
        if key not in self._parsed_resources:
            raise KeyError(f"{key} is not declared")
        return self._parsed_resources[key]


def plain(value):
    """cfn-lint's nodes as plain JSON, attributes as lists of two."""
    if isinstance(value, dict):
        entries = {str(key): plain(inner) for key, inner in value.items()}
        if set(entries) == {"Fn::GetAtt"} and isinstance(entries["Fn::GetAtt"], str):
            entries["Fn::GetAtt"] = entries["Fn::GetAtt"].split(".", 1)
        return entries
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def read(text):
    document, problems = decode_str(text)
    if document is None or problems:
        raise ValueError("; ".join(str(problem.message) for problem in problems) or "not read")
    if "Fn::ForEach" in text:
        problems, document = language_extension(Template("t", document, regions=[REGION]))
        if problems:
            raise ValueError("; ".join(str(problem.message) for problem in problems))
    return plain(document)


def text_of(value):
    if isinstance(value, list):
        return ",".join(map(text_of, value))
    return {True: "true", False: "false", None: ""}[value] if value is None or isinstance(value, bool) else str(value)


def compared_with(name, node):
    """Constants that a parameter is compared with anywhere."""
    if isinstance(node, dict):
        sides = node.get("Fn::Equals")
        if isinstance(sides, list) and {"Ref": name} in sides:
            return {text_of(side) for side in sides if not isinstance(side, (dict, list))}
        return set().union(*(compared_with(name, inner) for inner in node.values()))
    return set().union(*(compared_with(name, inner) for inner in node)) if isinstance(node, list) else set()


def assignments(document):
    """Every combination of values that parameters may get."""
    options = {}
    for name, declared in (document.get("Parameters") or {}).items():
        kind = declared.get("Type", "String")
        declared["Type"] = "CommaDelimitedList" if "List" in kind else "String"
        if kind.startswith("AWS::SSM::Parameter::Value"):
            options[name] = [OTHER]
        elif "Default" in declared:
            options[name] = [text_of(declared["Default"])]
        elif "AllowedValues" in declared:
            options[name] = [text_of(value) for value in declared["AllowedValues"]]
        else:
            options[name] = sorted(compared_with(name, document)) + [OTHER]
        declared.pop("AllowedValues", None)
        declared.pop("NoEcho", None)
    return [dict(zip(options, values)) for values in itertools.product(*options.values())]


def evaluate(document, parameters, logical, name):
    """One answer: {"value": ...}, {"exists": ...} or {"error": ...}."""
    document = copy.deepcopy(document)
    resources = Map(STACK, "s", parameters, {}, REGION, ACCOUNT, document, {})
    try:
        resources.load_mapping()
        resources.load_parameters()
        resources.load_conditions()
        resource = document["Resources"].get(logical)
        condition = (resource or {}).get("Condition")
        exists = resource is not None and (condition is None or bool(resources.lazy_condition_map[condition]))
        if name is None:
            return {"exists": exists}
        if not exists:
            return None
        return {"value": clean_json(resource.get("Properties", {}), resources).get(name)}
    except Exception as error:  # whatever it is, it is the answer
        return {"error": f"{type(error).__name__}: {error}"[:160]}


def possible(document, logical, name):
    """The values of a property that cfn-lint finds possible, as answers."""
    template = Template("t", document, regions=[REGION])
    validator = CfnTemplateValidator({}).evolve(cfn=template, context=create_context_for_template(template))
    try:
        found = validator.resolve_value(document["Resources"][logical]["Properties"][name])
        values = [value for value, _, error in found if error is None]
        answers = [{"value": value, "by": "cfn-lint"} for value in values]
    except Exception as error:  # whatever it is, it is the answer
        answers = [{"error": f"{type(error).__name__}: {error}"[:160], "by": "cfn-lint"}]
    return [answer for index, answer in enumerate(answers) if answer not in answers[:index]]


def record(row):
    try:
        document = read(row["template"])
    except Exception as error:
        return [{"error": f"{type(error).__name__}: {error}"[:160]}]
    answers = []
    for parameters in assignments(document):
        answer = evaluate(document, parameters, row["logical_id"], row["property"])
        if answer is not None and answer not in answers:
            answers.append(answer)
    if row["property"] is not None and disagreement(row, answers):
        others = possible(read(row["template"]), row["logical_id"], row["property"])
        if not disagreement(row, others):
            return others
    return answers


def is_marker(value, name):
    return isinstance(value, dict) and list(value) == [name]


def alternatives(value):
    """All values that the choices inside a value allow."""
    if is_marker(value, "$choice"):
        return [inner for branch in value["$choice"] for inner in alternatives(branch["value"])]
    if is_marker(value, "$template"):
        return [{"$template": list(parts)} for parts in itertools.product(*map(alternatives, value["$template"]))]
    if is_marker(value, "$unknown") or is_marker(value, "$ref"):
        return [value]
    if isinstance(value, dict):
        inner = itertools.product(*map(alternatives, value.values()))
        return [dict(zip(value, values)) for values in inner]
    if isinstance(value, list):
        return [list(items) for items in itertools.product(*map(alternatives, value))]
    return [value]


def pattern(value):
    if is_marker(value, "$template"):
        return "".join(map(pattern, value["$template"]))
    if is_marker(value, "$ref"):
        return re.escape(f"<{value['$ref']}>")
    return ".*" if is_marker(value, "$unknown") else re.escape(value)


def fits(answer, value):
    """Whether an answer is what a value (without choices) says; an unknown may be anything."""
    if is_marker(value, "$unknown"):
        return True
    if is_marker(value, "$template") or is_marker(value, "$ref"):
        return isinstance(answer, str) and re.fullmatch(pattern(value), answer, re.S) is not None
    if isinstance(value, dict):
        answer = answer if isinstance(answer, dict) else None
        given = {key: inner for key, inner in value.items() if inner is not None}
        return answer is not None and set(answer) == set(given) and all(fits(answer[key], given[key]) for key in given)
    if isinstance(value, list) and isinstance(answer, list):
        answer, value = ([item for item in items if item is not None] for items in (answer, value))
        return len(answer) == len(value) and all(map(fits, answer, value))
    if isinstance(answer, str) and isinstance(value, str) and answer[:1] in "{[" and value[:1] in "{[":
        try:
            return json.loads(answer) == json.loads(value)
        except ValueError:
            return answer == value
    return type(answer) is type(value) and answer == value


def encoded(answer):
    import base64
    return {"value": base64.b64decode(answer["value"]).decode()} if isinstance(answer.get("value"), str) else answer


def disagreement(row, answers):
    """What does not agree, or nothing."""
    expected = row["expected"]
    if row["property"] is None:
        wanted = {True, False} if isinstance(expected, dict) else {expected}
        found = {answer.get("exists") for answer in answers}
        return None if found == wanted else f"exists {sorted(map(str, found))}"
    if "Base64" in row["template"]:
        answers = [encoded(answer) for answer in answers]
    if is_marker(expected, "$unknown") and answers and all("error" in answer for answer in answers):
        return None
    allowed = alternatives(expected)
    for answer in answers:
        if "value" not in answer or not any(fits(answer["value"], value) for value in allowed):
            return f"answers {json.dumps(answer, ensure_ascii=False)}"
    for value in allowed:
        if not any(fits(answer["value"], value) for answer in answers):
            return f"never answers {json.dumps(value, ensure_ascii=False)}"
    return None


def main():
    total = disagreeing = 0
    os.makedirs(os.path.join(TABLE, "recorded"), exist_ok=True)
    for path in sorted(glob.glob(os.path.join(TABLE, "*.jsonl"))):
        lines = []
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            answers = record(row)
            why = disagreement(row, answers)
            lines.append(json.dumps({"id": row["id"], "answers": answers, "agrees": why is None}, ensure_ascii=False))
            total += 1
            disagreeing += why is not None
            if why and "second" not in row:
                print(f"{row['id']} ({row['why']}): {why}, the table says {json.dumps(row['expected'], ensure_ascii=False)}")
            if not why and "second" in row:
                print(f"{row['id']}: agrees, though the table says: {row['second']}")
        with open(os.path.join(TABLE, "recorded", os.path.basename(path)), "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
    print(f"{total} entries, {disagreeing} disagree")


if __name__ == "__main__":
    main()
