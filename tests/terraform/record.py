#!/usr/bin/env python3
"""Records what `terraform console` answers to the expressions below, for tests/expressions.rs.

usage: record.py [TERRAFORM]        writes testdata/expressions/<family>.jsonl

Each line holds an expression and its value as `jsonencode` writes it, or that Terraform refuses it.
"""
import base64, itertools, json, os, re, subprocess, sys, tempfile

TERRAFORM = sys.argv[1] if len(sys.argv) > 1 else "terraform"
OUT = os.path.join(os.path.dirname(__file__), "..", "..", "testdata", "expressions")

TEXTS = ['""', '"a"', '"Hello World"', '"hello  world "', '"a,b,,c"', '"été À"', '"e\\u0301x"', '"line\\nnext\\n"', '"10.0.0.1/24"', '"x_y-z.w"']
NUMBERS = ["0", "1", "-1", "2.5", "-2.5", "1e3", "0.1", "1234567890123456789", '"7"']
LISTS = ["[]", '["a", "b"]', '["b", "a", "b", ""]', "[1, 2, 3]", '[1, "a", true]', "[[1, 2], [3]]", 'tolist(["x", "y"])', 'toset(["z", "y", "z"])', "[null, \"a\"]"]
MAPS = ["{}", "{ a = 1, b = 2 }", '{ b = "x", a = "y" }', "{ a = { c = 1 }, b = { c = 2 } }", 'tomap({ k = "v" })', '{ "x y" = [1], z = null }']
ANY = TEXTS[:4] + NUMBERS[:4] + LISTS[:6] + MAPS[:4] + ["true", "false", "null"]

def calls(name, *arguments):
    return [f"{name}({', '.join(a)})" for a in itertools.product(*arguments)]

def each(template, *values):
    return [template.format(*v) for v in itertools.product(*values)]

FAMILIES = {}

FAMILIES["operators"] = (
    each("{} {} {}", ["1", "2.5", "-3", '"5"', '"x"', "true", "null"], ["+", "-", "*", "/", "%"], ["2", "0.5", '"4"', "0", "null"])
    + each("{} {} {}", ["1", "2", '"1"', "true", '"a"', "null"], ["<", "<=", ">", ">="], ["1", '"2"', "null"])
    + each("{} {} {}", ["1", '"1"', "true", '"true"', "null", "[]", "{}", "[1]", 'tolist(["1"])', "{ a = 1 }", "tomap({ a = 1 })"], ["==", "!="],
           ["1", '"1"', "true", "null", "[]", "[1]", 'tolist(["1"])', "{ a = 1 }", "tomap({ a = 1 })"])
    + each("{} {} {}", ["true", "false", '"true"', '"no"', "null"], ["&&", "||"], ["true", "false", '"false"', "1", "null"])
    + each("!{}", ["true", "false", '"true"', '"x"', "1", "null"]) + each("-{}", ["1", "-1.5", '"3"', "(2)", "true"])
    + ["0.1 + 0.2", "1 / 3 * 3", "1 / 8", "10 % 3", "-10 % 3", "10.5 % 3", "10 % -3", "2 + 3 * 4", "(2 + 3) * 4", "1 - 2 - 3", "2 * 3 % 4", "100 / 10 / 2",
       "1 < 2 && 2 < 3", "true || false && false", "!true || true", "1 + 1 == 2", "\"a\" == \"a\" ? 1 : 2", "1e2 + 1", "1.50 * 2", "1e30 * 10", "0.1 * 0.1 * 0.1",
       "123456789 * 987654321", "2 - -2", "7 / 2", "-7 / 2", "1 == 1.0", "\"1.0\" == 1", "1 / 4 + 0.75"])

FAMILIES["conditionals"] = (
    each("{} ? {} : {}", ["true", "false", '"true"', "1 == 1"], ["1", '"x"', "null", "[1]", '["a", "b"]', "{ a = 1 }", "tolist([\"q\"])"], ["2", '"y"', "null", "[]", "{}", '{ b = "c" }'])
    + ["null ? 1 : 2", "1 ? 1 : 2", "true ? [1, 2] : [\"a\", \"b\"]", "false ? { a = 1 } : { a = \"x\" }", "true ? { a = 1, b = 2 } : { a = 3 }", "true ? true : 1", "true ? 1 : true",
       "true ? toset([\"a\"]) : []", "true ? [] : toset([\"a\"])", "false ? null : [1]", "true ? { a = [1] } : { a = [] }", "(true ? 1 : \"a\") == \"1\"", "true ? [{ a = 1 }] : []",
       "false ? tomap({ a = 1 }) : { b = \"x\" }", "true ? 1.5 : \"z\"", "true ? [1] : null", "true ? { a = null } : { a = 1 }"])

FAMILIES["types"] = [
    '{ null = 1, true = 2, 3 = 4 }',
    'true ? tolist(["a"]) : toset(["a"])',
    '[tolist(["a"]), toset(["a"])]',
    'tolist([tolist(["b"]), toset(["a"])])',
    'true ? ["a"] : toset(["a"])',
    'tolist([["a"], toset(["a"])])',
    'true ? tolist([1]) : ["a", "b"]',
    'tolist([["a"], toset(["b"]), tolist(["c"])])',
    'true ? {a=1} : {a=true}',
    'true ? [1] : [true]',
    'true ? [1,2] : [true]',
    'true ? {a=1} : {a="x"}',
    'true ? {a=1,b=2} : {a="x"}',
    'true ? {a=1,b=true} : {a="x"}',
    'tolist(["a",1,true])',
    'true ? {} : {a=1,b=[1],c=null}',
    'true ? {a="x"} : {a="y",b=["z"],c=null}',
    'true ? {a="x",b=2} : {a="y",b=["z"],c=null}',
    'true ? {a=1} : tomap({b="x"})',
    'true ? {a=1,b=[1]} : tomap({b="x"})',
    'tomap({a=[1],b=["x","y"]})',
    'tomap({a={x=1},b={y="q"}})',
    'tomap({a={x=1},b={x=true}})',
    'tolist([null, 1, "a"])',
    'true ? null : {a=1}',
    'true ? {a=null} : {a=1}',
    'true ? {a=null} : {b=1}',
    'true ? {a=null,c=2} : {b="x"}',
    'true ? [null] : [1, "a"]',
    '[for x in [1]: x] == tolist([1])',
    'true ? [] : {}',
    'true ? toset([1]) : toset(["a"])',
    'true ? tomap({a=1}) : tomap({b="q"})',
    'true ? {a={p=1}} : {a={q=1}}',
    'true ? {a={p=1}} : {a={p="z"}, b={q=1}}',
    'true ? {a=[1]} : {a=["z","y"]}',
    'true ? {a=[1,2]} : {b=["z","y"]}',
    'true ? {a=1,b=[1]} : tomap({})',
    'false ? {a=1,b=[1]} : tomap({})',
    'true ? {a=1,b=true} : tomap({})',
    'true ? {a=1,b={c=2}} : tomap({})',
]

FAMILIES["templates"] = (
    each('"a${{{}}}b"', ANY) + each('"${{{}}}"', ANY) + each('"${{{}}}${{{}}}"', ['"x"', "1", "true"], ['"y"', "2.50", "false"])
    + ['"%{ if true }yes%{ else }no%{ endif }"', '"%{ if false }yes%{ endif }"', '"%{ for x in [1, 2, 3] }${x},%{ endfor }"', '"%{ for k, v in { a = 1, b = 2 } }${k}=${v};%{ endfor }"',
       '"a  ${~ "x" ~}  b"', '"a ${~ "x" } b"', '"a ${ "x" ~} b"', '"  %{~ if true ~}  yes  %{~ endif ~}  "', '"$${not}"', '"%%{not}"', '"\\t\\"q\\\\"', '"\\u00e9\\U0001F600"',
       '"%{ for x in ["a", "b"] ~} ${x} %{~ endfor }"', '"${"nested ${"deep"}"}"', '"${[1, 2][1]}"', '"${{ a = "k" }.a}!"', '"a\\nb"', '"%{ if "true" }x%{ endif }"', '"$"', '"%"', '"$$"', '"a$b%c"', '"$$$${x}"',
       '"%{ for x in [] }x%{ endfor }"', '"%{ for i, x in ["p", "q"] }${i}:${x} %{ endfor }"', '"${1 + 1}${"a" == "a"}"', '"line one\\n${~ "x" }"', '"${ "x" ~}\\n  y"', '"${ "x" ~} \\n \\n y"', '"a \\n ${~ "x" }"', '"a \\n\\n ${~ "x" }"', '"%{ if true ~}\\n  text\\n%{~ endif }"'])

FAMILIES["collections"] = (
    each("{}[0]", LISTS + MAPS + ['"abc"', "null"]) + each("{}[*]", LISTS + MAPS + ["1", "null", '"s"']) + each('{}["a"]', MAPS + LISTS[:2])
    + each("{}.a", MAPS) + each("[for x in {} : x]", LISTS + MAPS + ["null", "1"]) + each("[for k, x in {} : k]", LISTS + MAPS)
    + each("{{ for k, x in {} : k => x }}", LISTS[:4] + MAPS) + each("{{ for x in {} : x => 1... }}", LISTS[:4])
    + ["[for x in [1, 2, 3] : x * 2 if x > 1]", "{ for x in [\"a\", \"b\", \"a\"] : x => upper(x)... }", "{ for x in [\"a\", \"a\"] : x => x }", "[for x in [[1, 2], [3]] : [for y in x : y + 1]]",
       "[{ a = 1 }, { a = 2 }][*].a", "[{ a = 1 }, { a = 2 }].*.a", "[{ a = [1, 2] }][*].a[0]", "[{ a = [1, 2] }].*.a[0]", "{ a = 1 }[*].a", "null[*].a", "[1, 2, 3].1", "[[1], [2]][1][0]", "[1, 2][\"1\"]",
       "[1, 2][-1]", "[1, 2][1.0]", "[1, 2][0.5]", "{ 1 = \"x\" }[1]", "{ (\"a\") = 1 }", "{ \"a-b\" = 1, c : 2 }", "{ a = 1, a = 2 }", "[1, 2,]", "{ a = { b = [10, 20] } }.a.b[1]", "[for i, x in [\"p\"] : \"${i}${x}\"]",
       "{ for k, v in { a = 1, b = 2 } : v => k }", "[for x in toset([\"b\", \"a\"]) : x]", "[for k, v in toset([\"b\", \"a\"]) : \"${k}${v}\"]", "{ for k, v in { x = { n = 1 } } : k => v.n if v.n > 0 }", "[for v in [] : v]",
       "[for x in [1, 2] : x if \"true\"]", "[for x in [1] : x if null]", "{ for x in [1] : null => x }", "[null][0]", "{ a = null }.a", "{ a = 1 }.b", "\"abc\".x", "[1].x", "[[{ b = 1 }], [{ b = 2 }, { b = 3 }]][*][*].b", "(null)[0]",
       "toset([2, 1, 10])", "toset([\"10\", \"9\", 1])", "toset([true, false])", "toset([{ a = 2 }, { a = 1 }])", "toset([[2], [1]])", "tolist([1, \"a\"])", "tomap({ a = 1, b = \"x\" })", "tomap({ a = [1], b = [] })", "toset([null])", "toset([null, \"a\"])"])

FAMILIES["conversion"] = (
    calls("tostring", ANY) + calls("tonumber", ANY + ['"0x1f"', '"1e5"', '" 1"', '"1_000"', '"+1"', '"-0"', '".5"', '"5."', '"inf"', '"007"'])
    + calls("tobool", ANY + ['"true"', '"TRUE"', '"1"', '"0"', '"yes"']) + calls("tolist", ANY) + calls("toset", ANY) + calls("tomap", ANY)
    + each("can({})", ["1", "{{}}.a".replace("{{}}", "{}"), "tonumber(\"x\")", "[][0]", "null", "1 / 0", "\"${null}\"", "regex(\"a\", \"b\")"])
    + each("try({}, {})", ["{}.a", "[][0]", "1", "tonumber(\"x\")", "null"], ["2", "{}.b", "\"d\""]) + ["try(1)", "try({}.a, {}.b, 3)", "try([][0])", "can(can({}.a))", "try(null, 1)"]
    + ["issensitive(1)", "issensitive(sensitive(1))", "nonsensitive(sensitive(\"x\"))", "issensitive([sensitive(1)])", "nonsensitive(1)", "issensitive(null)", "ephemeralasnull(1)", "ephemeralasnull(\"x\")", "ephemeralasnull(null)", "nonsensitive(upper(sensitive(\"x\")))",
       "issensitive(upper(sensitive(\"x\")))", "nonsensitive(sensitive([1])[0])", "issensitive(sensitive([1])[0])", "nonsensitive(1 + sensitive(1))", "issensitive(length(sensitive([1])))"])

PAIRS = ['"a"', '""', '"l"', '" "', '"Hello"', '"été"', '"\\n"']
FAMILIES["string"] = (
    sum([calls(f, TEXTS + ["1", "true", "null", "[]"]) for f in ("chomp", "lower", "upper", "strrev", "title", "trimspace")], [])
    + sum([calls(f, TEXTS[:8], PAIRS) for f in ("startswith", "endswith", "strcontains", "trim", "trimprefix", "trimsuffix")], [])
    + calls("split", ['","', '""', '" "', '"ab"'], TEXTS) + calls("join", ['","', '""', '"--"'], LISTS) + ['join(",", ["a"], ["b", "c"])', 'join(",")', 'join(", ", [1, true, "x"])']
    + calls("replace", ['"hello world"', '"a.b.c"', '""'], ['"o"', '"/[aeiou]/"', '"/(l+)/"', '"."', '""', '"/(?P<n>w)/"'], ['"0"', '""', '"<$1>"', '"${n}"'.replace("$", "$$")])
    + calls("substr", ['"hello"', '"été"', '""'], ["0", "1", "-3", "10"], ["0", "2", "-1", "10"])
    + calls("indent", ["0", "2", "4"], ['"a\\nb\\nc"', '""', '"x"', '"a\\n"'])
    + calls("regex", ['"[a-z]+"', '"(\\\\d+)-(\\\\d+)"', '"(?P<a>x)(?P<b>y)?"', '"^$"', '"("', '"(?i)HELLO"', '"(a)?b"'], ['"hello"', '"10-20"', '"x"', '""', '"b"', '"xy"'])
    + calls("regexall", ['"[a-z]+"', '"(\\\\d)(\\\\d)"', '"(?P<k>[a-z])="', '""', '"é"'], ['"ab cd"', '"1234"', '"a=b="', '""', '"été"'])
    + ['regex("\\\\bfoo\\\\b", "a foo b")', 'regex("[[:alpha:]]+", "12ab")', 'regex("\\\\pL+", "été1")', 'regex("a{2,3}", "aaaa")', 'regex("a+?", "aaa")', 'regex("(?s).+", "a\\nb")', 'regex(".+", "a\\nb")', 'regex("(?m)^b$", "a\\nb")', 'regexall("(?U)a+", "aaa")', 'regex("^https?://([^/:]+)(:\\\\d+)?", "http://x.org:80/p")',
       'regex("\\\\Aab\\\\z", "ab")', 'regex("\\\\Qa.b\\\\E", "a.b")', 'regex("(?=a)", "a")', 'regex("\\\\w+@\\\\w+\\\\.com", "me@x.com")', 'replace("a/b/c", "/", "-")', 'replace("a-b", "/-/", "/")', 'replace("abc", "/b/", "[$0]")', 'replace("aaa", "aa", "b")', 'templatestring("x", {})'])

FAMILIES["format"] = (
    calls("format", ['"%s"', '"%v"', '"%d"', '"%q"', '"%t"', '"%f"', '"%g"', '"%e"', '"%x"', '"%#v"', '"%5s|"', '"%-5s|"', '"%05d"', '"%.2f"', '"%+d"', '"%b"', '"%o"', '"%X"', '"% d"', '"%.1s"', '"%8.3f|"'], ['"hi"', "42", "-7", "3.14159", "true", "null", "[1, \"a\"]", "{ a = 1 }", '"12"'])
    + ['format("%s and %s", "a", "b")', 'format("%[2]s %[1]s", "a", "b")', 'format("%%")', 'format("%s")', 'format("x", 1)', 'format("%z", 1)', 'format("%d%%", 50)', 'format("%[1]s %[1]s", "a")', 'format("%s", 1.5)', 'format("%d", 1.5)', 'format("%s", 1e20)', 'format("%v", 1e21)', 'format("%v", 0.00001)', 'format("%v", 123456789.125)', 'format("%g", 100000)', 'format("%g", 1e21)', 'format("%G", 1e-7)', 'format("%.3g", 3.14159)', 'format("%.0f", 2.5)', 'format("%.0f", 3.5)', 'format("%010.3f", -3.14159)', 'format("%-10d|", 5)', 'format("%+.1e", 12345)', 'format("%q", "a\\"b\\n")', 'format("%5t|", true)', 'format("%5v|", true)', 'format("%s", ["a"])', 'format("été %5s|", "é")', 'format("", "x")', 'format("%x", "hello")', 'format("%x", 255)', 'format("%#x", 255)', 'format("%08b", 5)', 'format("%3d|%-3d|%03d", 1, 2, 3)']
    + calls("formatlist", ['"%s-x"', '"%s=%s"'], ['["a", "b"]', '"c"', "[]"], ['["1", "2"]', '"z"']) + ['formatlist("%s", ["a", "b"])', 'formatlist("x")', 'formatlist("%s-%d", ["a", "b"], [1, 2])', 'formatlist("%s", [])', 'formatlist("%s-%s", ["a"], ["b", "c"])', 'formatlist("%s", toset(["b", "a"]))', 'formatlist("%s %s", "a", ["x", "y"])', 'formatlist("%d", [1, 2])'])

FAMILIES["collection_functions"] = (
    sum([calls(f, LISTS + MAPS + ['"text"', "null", "1"]) for f in ("length", "keys", "values", "flatten", "distinct", "reverse", "compact", "sort", "one", "sum", "alltrue", "anytrue")], [])
    + calls("element", LISTS, ["0", "1", "5", "-1"]) + calls("contains", LISTS, ['"a"', "1", '"1"', "null"]) + calls("index", LISTS, ['"a"', "1"])
    + calls("lookup", MAPS, ['"a"', '"zz"'], ['"d"', "9"]) + calls("lookup", MAPS, ['"a"']) + calls("merge", MAPS, MAPS) + calls("concat", LISTS, LISTS[:5])
    + calls("chunklist", ['["a", "b", "c"]', "[]", "[1, 2]"], ["1", "2", "0", "-1", "5"]) + calls("slice", ['["a", "b", "c"]', 'tolist(["a", "b"])', "[]"], ["0", "1", "2"], ["0", "2", "3"])
    + calls("range", ["0", "3", "-3", "2.5"]) + calls("range", ["0", "1", "5"], ["3", "0", "-2"]) + calls("range", ["0", "5"], ["10", "0"], ["2", "-2", "0", "0.5"])
    + calls("zipmap", ['["a", "b"]', "[]", '["b", "a"]', "[1, 2]"], ["[1, 2]", 'tolist(["x", "y"])', '["p", 2]', "[]"])
    + calls("coalesce", ["null", '""', '"a"', "1"], ["null", '"b"', "2", '""']) + calls("coalescelist", ["[]", '["a"]', "null", "tolist([])"], ['["b"]', "[]", "[1]"])
    + calls("setunion", ['["a", "b"]', "[]", "[1]"], ['["b", "c"]', '["1"]']) + calls("setintersection", ['["a", "b"]', "[]", "[1]"], ['["b", "c"]', '["1"]']) + calls("setsubtract", ['["a", "b"]', "[]", "[1]"], ['["b", "c"]', '["1"]'])
    + calls("setproduct", ['["a", "b"]', "[]", "[1, 2]", 'toset(["y", "x"])'], ['["p"]', "[true, false]", 'toset(["q"])']) + ['setproduct(["a"], [1], [true])', 'setproduct(["a"])', "setproduct()"]
    + calls("matchkeys", ['["i", "j", "k"]'], ['["a", "b", "a"]', '["a"]'], ['["a"]', "[]", '["b", "z"]']) + calls("transpose", ['{ a = ["1", "2"], b = ["2"] }', "{}", '{ a = [] }'])
    + ['flatten([["a", ["b"]], [], "c"])', "flatten([[1, [2, [3]]]])", 'flatten([toset(["b", "a"]), ["c"]])', "flatten([null, [1]])", 'distinct([1, "1", 1])', 'distinct([[1], [1], [2]])', 'merge()', 'merge(null, { a = 1 })', 'merge({ a = { b = 1 } }, { a = { c = 2 } })',
       'alltrue([true, "true"])', 'alltrue([true, null])', 'anytrue([false, null])', 'anytrue(["true"])', 'alltrue(["x"])', 'sum([1.5, "2"])', 'sum([1, null])', 'length("été")', 'length("e\\u0301")', 'keys({ b = 1, a = 2, "10" = 3, "9" = 4 })', 'values({ b = 1, a = "x" })', 'sort(["b", "a", "C", "10", "9"])', 'sort([3, 20, 1])',
       'compact(["a", null, ""])', 'compact([1, ""])', 'coalesce([], [1])', 'coalesce(null, null)', 'coalesce(1, "x")', 'coalesce("", 2)', 'coalesce(true, "x")', 'one([1, 2])', 'one(toset(["a"]))', 'element([], 0)', 'element(["a", "b"], 3.0)', 'element(["a"], "0")', 'reverse(toset(["a", "b"]))',
       'contains(["a"], "b")', 'contains([[1]], [1])', 'contains({}, 1)', 'range(0, 1025)', 'range(0, 1024)[1023]', 'range(1, 2, 0.25)', 'lookup({ a = null }, "a", 1)', 'lookup({ a = [1] }, "b", [])', 'lookup({}, "b", null)', 'length(toset(["a", "a"]))', 'length({ a = 1 })', 'length(null)', 'concat([1], tolist(["a"]), toset(["b"]))', 'concat()', 'index(["a", "b"], "b")',
       'max(1, 2, 3)', 'min(1, -2, "3")', 'max()', 'max([1, 2]...)', 'min(2.5)', 'max("a")', 'concat([["a"], ["b"]]...)', 'merge([{ a = 1 }, { b = 2 }]...)', 'merge([]...)', 'concat("a"...)', 'setunion(["a"])', 'setintersection(["a", "b"], ["b"], ["b", "c"])'])

FAMILIES["number"] = (
    sum([calls(f, NUMBERS + ["2.499", "-0.5", '"x"', "null", "true"]) for f in ("abs", "ceil", "floor", "signum")], [])
    + calls("log", ["1", "8", "100", "0.5"], ["2", "10", "1"]) + calls("pow", ["2", "-2", "0", "2.5", "10"], ["0", "2", "-1", "0.5", "10"])
    + calls("parseint", ['"100"', '"ff"', '"FF"', '"-10"', '"z"', '"Z"', '""', '"+5"', '"1.5"', "12"], ["2", "10", "16", "36", "62", "1", "63"])
    + calls("max", NUMBERS[:5], NUMBERS[:3]) + calls("min", NUMBERS[:5], NUMBERS[:3]) + ["pow(2, 64)", "pow(2, 100)", "pow(10, -3)", "log(0, 10)", "floor(1e20 + 0.5)", "1 / 3", '"${1 / 3}"', '"${2 / 3}"', '"${1e100}"', '"${1.10}"', '"${100000000000000000000}"', '"${0.000001}"', "1e-7", "123456789012345678901234567890"])

FAMILIES["encoding"] = (
    calls("base64encode", TEXTS) + calls("base64decode", ['"aGVsbG8="', '""', '"aGVsbG8"', '"//79"', '"w6k="', '"a b"']) + calls("jsonencode", ANY + TEXTS[4:] + ['"<a> & b"', '"\\u2028"', '"\\u0007"', "1.0", "1e400", "1.5", "[null]", '{ b = [1, { a = "x" }] }'])
    + calls("jsondecode", ['"1"', '"\\"a\\""', '"[1, \\"a\\", null]"', '"{\\"a\\": {\\"b\\": [true]}}"', '""', '"{"', '"1.50"', '"nul"', '"{\\"b\\":1,\\"a\\":2}"', '" [1] "', '"1e2"', '"{\\"a\\":1,\\"a\\":2}"', '"[] []"', '"\\"\\\\u00e9\\""'])
    + calls("yamlencode", ANY + ['"a: b"', '"multi\\nline"', '"multi\\nline\\n"', '"true"', '"1"', '{ a = [1, { b = 2 }], c = {} }', '[[1, 2], [3]]', '[{ a = 1, b = [2] }]', '{ "x y" = "z", k = "#c" }', '{ t = "a\\nb\\n" }', '{ a = { b = { c = "d" } } }', '{ a = [] }', '[{ a = "x\\ny" }]', '"- a"', '{ n = null }', '[[]]'])
    + calls("yamldecode", ['"a: 1"', '"- 1\\n- x"', '"a: {b: [1, true, null, ~]}"', '"a: yes"', '"1"', '"\\"1\\""', '""', '"a: &x 1\\nb: *x"', '"a: 0x10"', '"a: 1.50"', '"a: 2001-01-01"', '"a: |\\n  x\\n  y\\n"', '"a: >\\n  x\\n  y\\n"', '"a:\\n  b: 1\\n  c:\\n  - d\\n"', '"{"', '"a: !!str 1"', '"a: on"', '"a: 1e3"', '"a: .5"', '"a: 0o17"', '"a: 017"', '"a: \'x\'"', '"? a\\n: b"', '"a: .inf"', '"x: &d {k: 1}\\ny: {<<: *d, j: 2}"', '"---\\na: 1"', '"--- a\\n--- b"', '"a: -"', '"a: \\"\\\\u00e9\\""', '"true"', '"null"', '"a: 1_000"', '"a: +1"', '"a: 1:30"'])
    + calls("urlencode", TEXTS + ['"a/b?c=d&e"', '"~!*()\'"', '"+%"', '"é ü"']) + calls("csvdecode", ['"a,b\\n1,2\\n3,4"', '"a\\n"', '""', '"a,b\\n1"', '"a,b\\n\\"x,y\\",\\"z\\"\\"q\\""', '"a,a\\n1,2"', '"a,b\\r\\n1,2\\r\\n"', '"a, b\\n 1,2"'])
    + calls("textencodebase64", ['"Hello"', '"é"', '""', '"日"'], ['"UTF-8"', '"UTF-16LE"', '"ISO-8859-1"', '"UTF-16BE"', '"nope"', '"US-ASCII"', '"windows-1252"']) + calls("textdecodebase64", ['"SABlAA=="', '"w6k="', '""', '"6Q=="'], ['"UTF-16LE"', '"UTF-8"', '"ISO-8859-1"'])
    + calls("base64decode", ["base64gzip(\"a\")"]) + ['length(base64gzip("aaaa")) > 10', 'base64gzip("")'])

FAMILIES["hash"] = (
    sum([calls(f, TEXTS[:7] + ["12", "null"]) for f in ("md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512")], [])
    + calls("uuidv5", ['"dns"', '"url"', '"oid"', '"x500"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"bad"'], ['"example.com"', '""', '"é"']) + ['length(uuid())', 'can(bcrypt("x"))', 'can(uuid())', 'can(rsadecrypt("x", "y"))', 'length(bcrypt("x"))'])

STAMPS = ['"2024-02-29T13:05:09Z"', '"2023-12-31T23:59:59+02:00"', '"1999-01-02T00:00:00-05:30"', '"2024-01-01"', '"x"', '"2024-01-01T00:00:00.5Z"', '"2024-13-01T00:00:00Z"', '"2024-01-01t00:00:00z"', '"2024-01-01 00:00:00Z"']
FAMILIES["date"] = (
    calls("formatdate", ['"YYYY-MM-DD"', '"EEEE, DD MMMM YYYY"', '"EEE D MMM YY"', '"hh:mm:ss"', '"H:m:s AA"', '"HH aa"', '"ZZZZZ"', '"ZZZZ"', '"ZZZ"', '"Z"', '"\'at\' h"', '"\'it\'\'s\' M"', '"YYY"', '"x"', '"\'open"', '""', '"M/D"'], STAMPS[:6])
    + calls("timeadd", STAMPS, ['"1h"', '"-30m"', '"1h30m10s"', '"1.5h"', '"x"', '"500ms"', '"0"', '"24h"', '"1d"']) + calls("timecmp", STAMPS[:4], STAMPS[:4]) + ["can(timestamp())", "length(timestamp())", "can(plantimestamp())"])

NETS = ['"10.0.0.0/16"', '"10.1.2.3/8"', '"192.168.1.0/24"', '"2001:db8::/32"', '"0.0.0.0/0"', '"10.0.0.0/33"', '"x"', '"::/0"', '"10.0.0.1/32"', '"fd00::1/64"', '"010.001.0.0/16"', '"10.0.0.0"']
FAMILIES["ip"] = (
    calls("cidrhost", NETS, ["0", "1", "255", "-1", "-2", "65536"]) + calls("cidrnetmask", NETS) + calls("cidrsubnet", NETS, ["0", "4", "8", "32"], ["0", "1", "15", "300"])
    + calls("cidrsubnets", NETS, ["4"], ["4", "8"]) + ['cidrsubnets("10.0.0.0/16", 1, 2, 3, 3)', 'cidrsubnets("10.0.0.0/16", 1, 1, 1)', 'cidrsubnets("10.0.0.0/16")', 'cidrsubnets("10.0.0.0/24", 2, 1)', 'cidrsubnet("10.0.0.0/16", -1, 0)', 'cidrsubnet("10.0.0.0/16", 4, -1)', 'cidrhost("10.0.0.0/16", 1.5)', 'cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)', 'cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)', 'cidrsubnets("fd00:fd12:3456:7890::/56", 16, 16, 16, 32)', 'cidrsubnet("10.0.0.0/8", 24, 16777215)', 'cidrsubnet("::/0", 128, 1)'])

FAMILIES["file"] = (
    sum([calls(f, ['"a/b/c.txt"', '""', '"/"', '"c.txt"', '"a/"', '"/a"', '"."', '"a//b"', '"../x"', '"./a/../b/c"']) for f in ("basename", "dirname")], [])
    + calls("pathexpand", ['"a/b"', '"/x"', '""']) + ['fileexists("nope.txt")', 'can(file("nope.txt"))', 'try(file("nope.txt"), "none")', 'fileset(".", "nope*")', 'can(filemd5("nope"))', 'can(filesha1("nope"))', 'can(filesha256("nope"))', 'can(filesha512("nope"))', 'can(filebase64("nope"))', 'can(filebase64sha256("nope"))', 'can(filebase64sha512("nope"))', 'can(templatefile("nope", {}))', 'abspath("/a/../b")', 'try(file(""), 1)'])

# Where other libraries differ from Go's.
for family, expressions in {
    "string": [
        r'replace("café del mar", "/\\W+/", "-")', r'regexall("\\d", "1٢")', r'replace("a\u00a0b", "/\\s+/", "-")', r'regexall("\\b", "é")', r'regexall("\\B", "éa")', r'regexall("[\\W]", "é-")', r'regex("[a&&b]", "xb")', r'regexall("[[a]", "a")',
        r'regex("[[:^alpha:]]+", "12ab")', r'regexall("[]a]", "a]")', r'regexall("[a-]", "a-b")', r'can(regex("a{", "a{"))', r'can(regex("a{,2}", "a{,2}"))', r'can(regex("a++", "a"))', r'can(regex("a**", "a"))', r'regex("a??b", "ab")', r'can(regex("\\u0061", "a"))', r'can(regexall("\\07", "a"))',
        r'regexall("\\x41\\x{42}\\103", "ABC")', r'regexall("\\<\\>\\_\\-", "<>_-")', r'can(regex("\\1", "a"))', r'can(regex("\\C", "a"))', r'regexall("(?x) a", "a")', r'can(regex("(?P<x>a)(b)", "ab"))', r'regex("(?P<1>a)", "a")', r'regex("(?<n>a)", "a")', r'regex("(?P<n>a)(?P<n>b)", "ab")', r'regexall("[a--b]", "a-b")', r'regexall("[+--]", "a-,")',
        r'can(regexall("a{1001}", "a"))', r'can(replace("ab", "/(?P<é>b)/", "$0"))', r'replace("ab", "/(a)/", "$é")', r'replace("ab", "/(a)/", "$${01}")', r'replace("ab", "/(a)/", "$1x")', r'replace("ab", "/(a)/", "$${1}x$$$")', r'replace("ab", "/(a)/", "$9-$-$${")', r'replace("abc", "/x*/", "-")', r'regexall("\\Qa.\\E+", "a..b")', r'regex("\\p{Greek}+", "aΣβ")',
        'upper("straße")', 'lower("İstanbul")', 'lower("ΑΣ")', 'title("ß")', 'upper("ﬁ")', 'title("o\'neil d\'arc")', 'title("it’s “q”")', 'title("a—b")', 'title("ǆ")', r'title("e\u0301\u0301x")', 'title("a_b 2c-d")'],
    "collection_functions": [
        'contains(["80", "443"], 80)', 'contains(tolist(["80", "443"]), 80)', 'contains(["true"], true)', 'contains(toset([1, "a"]), 1)', 'merge(tomap({ a = "x" }), tomap({ b = 1 }))', 'merge(tomap({ a = "x" }), tomap({ b = ["y"] }))', 'merge(tomap({ a = "x" }), tomap({ b = "y" }))',
        'coalescelist(toset([1, 2]))', 'coalescelist([1], "12")', 'coalescelist(["a"], { x = "x" })', 'matchkeys(["x"], [[]], [""])', 'matchkeys(["x"], [1], ["1"])', 'setproduct([1, null], [1, "a"])', 'setproduct([{ a = 1 }, { b = "x" }], [null])', 'setproduct(["a", "b"], [], ["c"])', 'transpose({ a = null })',
        'lookup(tomap({ a = "x" }), "a", ["y"])', 'lookup(tomap({ a = "x" }), "b", 1)', 'element(["a"], -1)', 'element(["a", "b"], -2)', 'element(["a", "b"], -3)'],
    "encoding": [
        r'textdecodebase64("//5hAA==", "UTF-16")', r'textdecodebase64("/v8AYQ==", "UTF-16")', r'textdecodebase64("AGE=", "UTF-16")', r'textdecodebase64("/v8AYQ==", "UTF-16BE")', r'textencodebase64("é", "UTF-16")', r'textencodebase64("", "UTF-16")',
        r'csvdecode("a,b\n\n1,2\n")', r'csvdecode("a\n1\r")', r'csvdecode("a,b\n1,2,3")', r'csvdecode("a,b\n\"1\",\"x\"\"y\"\n")', r'csvdecode("a,b\n\"1\nz\",\n")', r'csvdecode("\"a\",\"a b\"\n1,2")',
        r'csvdecode("a,b\n ,\" x\"")', r'csvdecode("a,b\n1, \"x\"")', r'csvdecode("a,,b\n1,2,3")', r'csvdecode("\n")', r'csvdecode(",\n1,2")', r'csvdecode("a\n\"\"")',
        r'csvdecode("a\r\n\r\n1\r\n")', r'csvdecode("a\r\nb\r\r\n")', r'csvdecode("a\nx\"y")', r'csvdecode("a\n\"x\"y")', r'csvdecode("a\n\"")', r'csvdecode("\ufeffa,b\n1,2")',
        r'csvdecode("a\n1\r2")', r'csvdecode("a\n\"x\r\ny\"")', r'textencodebase64("a","UTF-16")',
        r'yamlencode({ x = "🚀 ok" })', r'yamlencode("𝔘")', r'yamlencode({ x = "#!/bin/sh\nif a; then\n\techo hi\nfi\n" })', r'yamlencode({ x = "\nfoo\n" })', r'yamlencode({ x = "  foo\nbar\n" })', r'yamlencode({ x = "trailing \nspace\n" })',
        r'yamlencode("\n")', r'yamlencode("a\n\n\nb\n\n")', r'yamlencode("a\n  b\n c")', r'yamlencode("a\u0000b\u0007\u001b\u00a0")', r'yamlencode("\u0085")', r'yamlencode("\u2028")',
        r'yamlencode("a\n\u2028")', r'yamlencode("\ufeffa: 1")', r'yamlencode("a\ufeff")', r'yamlencode({ "a\nb" = 1 })', r'yamlencode({ "a\nb" = [1, { c = 2 }], "d\n" = { e = [] } })', r'yamlencode({ ("a\r") = 1 })',
        r'yamlencode({ xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx = 1 })', r'yamlencode({ xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx = 1 })', r'yamldecode("a: |-\n  123")', r'yamldecode("a: |-\n  123\n")', r'yamldecode("a: >-\n  true\n")', r'yamldecode("a: |\n  x\n  ")',
        r'yamldecode("a: |\n  x\n\n")', r'yamldecode("a: |+\n  x\n\n")', r'yamldecode("a: |+\n  x")', r'yamldecode("a: |\n  x\n# c")', r'yamldecode("a: |\n  x\nb: 1")', r'yamldecode("a: >\n  x\n  y")',
        r'yamldecode("a: |2\n    x")', r'yamldecode("- |\n  x\n- |\n  y")', r'''yamldecode("a: ''")''', r'yamldecode("a: \"\"")', r'yamldecode("a: >\n")', r'yamldecode("a: |\nb: 1")',
        r'yamldecode("a: |-\n\nb: 1")', r'yamldecode("a: 2001-12-14t21:59:43.10-05:00")', r'yamldecode("a: 2001-12-14 21:59:43.10 -5")', r'yamldecode("a: 2001-12-14T21:59:43Z")', r'yamldecode("a: 2001-12-15 2:59:43.10")', r'yamldecode("a: 2001-12-14 21:59:43")',
        r'yamldecode("a: 2001-12-14T21:59:43.5Z")', r'yamldecode("a: 2001-1-1")', r'yamldecode("a: 2001-13-01")', r'yamldecode("a: 2001-02-29")', r'yamldecode("a: \"2001-01-01\"")', r'yamldecode("a: 2001-01-01x")',
        r'yamldecode("a: 12e03")', r'yamldecode("a: !!int \"3\"")', r'yamldecode("a: !!str 3")', r'yamldecode("a: !!bool yes")', r'yamldecode("a: !!float 3")', r'yamldecode("a: !!float x")',
        r'yamldecode("a: !!null x")', r'''yamldecode("a: !!null ''")''', r'yamldecode("a: !!binary aGk=")', r'yamldecode("a: !!timestamp 2001-01-01")', r'yamldecode("a: !!map {x: 1}")', r'yamldecode("a: !!seq [1]")',
        r'yamldecode("a: !!set [1]")', r'yamldecode("a: !!omap [1]")', r'yamldecode("a: !Ref x")', r'yamldecode("a: !Sub [x]")', r'yamldecode("a: !If {x: 1}")', r'yamldecode("a: ! x")',
        r'yamldecode("a: ! 3")', r'yamldecode("a: !<tag:yaml.org,2002:int> 3")', r'yamldecode("%YAML 1.1\n---\na: 1")', r'yamldecode("%YAML 1.2\n---\na: 1")', r'yamldecode("%TAG ! tag:yaml.org,2002:\n---\na: !int 3")', r'yamldecode("<<: 1")',
        r'yamldecode("<<: [1]")', r'yamldecode("<<: {a: 1}\nb: 2")', r'''yamldecode("'<<': {a: 1}")''', r'yamldecode("<<: [{a: 1}, {a: 2, b: 3}]")', r'yamldecode("a: 1\n<<: {a: 2}\n")', r'yamldecode("<<: {a: 2}\na: 1\n")',
        r'yamldecode("<<: null\n")', r'yamldecode("x: &x {a: 1}\n<<: *x\n<<: {b: 1}\n")', r'yamldecode("a: 1\na: 2")', r'yamldecode("1: a")', r'yamldecode("true: a")', r'yamldecode("null: a")',
        r'yamldecode("~: a")', r'yamldecode("[1]: a")', r'yamldecode("? [1]\n: a")', r'yamldecode("a: b: c")', r'yamldecode("a: *x")', r'yamldecode("a: &x [*x]")',
        r'yamldecode("a: 0o17")', r'yamldecode("a: 0b11")', r'yamldecode("a: 0xff")', r'yamldecode("a: -0x1")', r'yamldecode("a: 1_000.5")', r'yamldecode("a: 190:20:30")',
        r'yamldecode("a: 1.")', r'yamldecode("a: .5")', r'yamldecode("a: +.5")', r'yamldecode("a: -.5e3")', r'yamldecode("a: 1e")', r'yamldecode("a: 99999999999999999999")',
        r'yamldecode("a: @x")', r'yamldecode("a: `x")', r'yamldecode("a: %x")', r'yamldecode("a: x # c")', r'''yamldecode("a: x #c\nb: 'y' #d")''', r'yamldecode("a: \"x\\_y\\N\\L\\P\\e\\0\"")',
        r'yamldecode("a: \"\\x41\\u00e9\\U0001F600\"")', r'yamldecode("a:\tx")', r'yamldecode("a:\n\tb: 1")', r'yamldecode("[a, b, ]")', r'yamldecode("[a,, b]")', r'yamldecode("{a, b}")',
        r'yamldecode("{a: 1, b}")', r'yamldecode("{a: , b: 2}")', r'yamldecode("{\"a\":1}")', r'yamldecode("{a:1}")', r'yamldecode("---")', r'yamldecode("---\n...")',
        r'yamldecode("a\n...")', r'yamldecode("# c")', r'yamldecode("")', r'yamldecode("\n")', r'yamldecode("a\n---\n")', r'yamldecode("a: b\n c")',
        r'''yamldecode("a: 'x\n  y'")''', r'yamldecode("a: \"x\n\n  y\\\n  z\"")', r'yamldecode("a: >\n  x\n  y\n\n  z\n   w\n  v\n")', r'yamldecode("a: >-\n  x\n\n  y\n")', r'yamldecode("a: |1\n  x\n")', r'yamldecode("a: |-2\n   x\n")',
        r'yamldecode("a: y\nb: n\nc: off\nd: No")', r'yamldecode("a: .NaN")', r'yamldecode("a: -.inf")', r'yamldecode("a: ~")', r'yamldecode("a: Null")', r'yamldecode("a: nULL")',
        r'yamldecode("a: =")', r'yamldecode("a: 08")', r'yamldecode("a: 012")', r'yamldecode("a: 1:30")', r'yamldecode("a: x\r\nb: y\r\n")', r'yamldecode("a: |\r\n  x\r\n  y\r\n")',
        r'yamldecode("\ufeffa: 1")', r'yamldecode("a: [1, 2")', r'yamldecode("- 1\n- - 2\n  - 3\n-\n  - 4")', r'yamldecode("a:\n- 1\n- 2\nb:\n  - 3")', r'yamldecode("? a\n? b\n: 2")', r'yamldecode("a: - 1")',
        r'yamldecode("-1")', r'yamldecode("- -1")', r'yamldecode("a: !!int x")', r'yamldecode("|\n b")', r'yamldecode("--- |\n b\n c")', r'yamldecode("--- >\n b\n c\n")',
        r'yamldecode("a: 2021-02-03T04:05:06+01:00")', r'yamldecode("a: |-\n  0x10\nb: >-\n  1.50\nc: |-\n  ~\nd: |-\n  y\ne: |\n  y\nf: |-\n  2001-1-1")', r'yamldecode("a: 2001-12-14T21:59:43+00:00")', r'yamldecode("a: 2001-12-14T21:59:43-00:00")', r'yamldecode("a: 2001-12-14T21:59:60Z")', r'yamldecode("a: 2001-12-14T24:59:50Z")',
        r'yamldecode("a: 2001-12-14T1:9:5Z")', r'yamldecode("a: 2001-12-14T21:59:43+24:00")', r'yamldecode("a: 2001-12-14T21:59:43+25:00")', r'yamldecode("a: 2001-12-14T21:59:43.Z")', r'yamldecode("a: 0001-01-01")', r'yamldecode("a: 20010-01-01")',
        r'yamldecode("a: 2001-001-01")', r'yamldecode("x: !!str |-\n  123")', r'yamldecode("x: !!int |-\n  123")', r'yamldecode("x: !!bool |-\n  123")', r'yamldecode("a: !!null [1]")', r'yamldecode("a: !!str [1]")',
        r'yamldecode("a: !!str")', r'yamldecode("a: !!int")', r'yamldecode("a: !!int 1.5")', r'yamldecode("a: !!float 1")', r'yamldecode("a: !!bool 1")', r'yamldecode("a: !!timestamp x")',
        r'''yamldecode("a: !!timestamp '2001-01-01'")''', r'yamldecode("a: !!merge x")', r'yamldecode("x: &a {k: 1}\ny:\n  k: 0\n  <<: *a\n  j: 2")', r'yamldecode("x: &a {k: 1}\ny:\n  <<: [*a]")', r'yamldecode("x: >-\n  multi\n  line")', r'yamldecode("x:\n  y: |\n    a\n      b")'],
    "format": [
        r'format("%s", null)', r'format("%d", null)', r'format("%q", null)', r'format("%t", null)', r'format("%5v|%-5v|%05v", 1, 2, 3)', r'format("%+v", 5)',
        r'format("%+v", "a")', r'format("% v", 5)', r'format("%.3v", "abcdef")', r'format("%.3v", 123456789)', r'format("%v", 1e21)', r'format("%v", 123456789)',
        r'format("%08v", -1.5)', r'format("%-8v|", -1.5)', r'format("%.3s|", 12345)', r'format("%.3t|", true)', r'format("%8t|", true)', r'format("%.2f", 1)',
        r'format("%8.2f|", 3.14159)', r'format("%08.2f|", -3.14159)', r'format("%+.2f|", 3.14159)', r'format("%.0f|", 3.5)', r'format("%.f|", 3.5)', r'format("%.d|", 3)',
        r'format("%.0d|", 0)', r'format("%.0d|", 5)', r'format("%5.3d|", 7)', r'format("%-5.3d|", 7)', r'format("%05.3d|", -7)', r'format("%+5.3d|", 7)',
        r'format("%.5b", 5)', r'format("%.5o", 8)', r'format("%#.5x", 255)', r'format("%#.5o", 8)', r'format("%.5X", 255)', r'format("%q", "é\u0007\n\t\"\\<>&\u2028")',
        r'format("%10q|", "ab")', r'format("%-10q|", "ab")', r'format("%q", 5)', r'format("%q", true)', r'format("%.1q", "été")', r'format("%05s|", "ab")',
        r'format("%05s|", 5)', r'format("%+s|", 5)', r'format("%x", "é")', r'format("%#v", "a<b")', r'format("%#v", [1, "a", null])', r'format("%v", [1, "a", null])',
        r'format("%20v|", [1])', r'format("%.3e", 12345.678)', r'format("%.0e", 12345.678)', r'format("%.3g", 12345.678)', r'format("%.0g", 12345.678)', r'format("%10.3g|", 12345.678)',
        r'format("%010g|", 2.5)', r'format("%g", 100000)', r'format("%g", 1000000)', r'format("%v", 0.00001)', r'formatlist("%v", [null, "a"])', r'formatlist("%s", [null, "a"])',
        r'formatlist("%s-%s", null, ["a"])', r'formatlist("%#v", [1, "a"])', r'format("%[3]v", 1, 2)', r'format("%[2]v %[1]v %v", 1, 2)', r'format("%.10d|%.2x", 255, 10)', r'format("%08.3d", 255)',
        r'format("%.2v", -3.75)', r'format("%08.3v", -3.75)', r'format("%.0s", 12.5)', r'format("%.s|", "abc")', r'format("%q", "a<b & c")', r'format("%q", "a\u0001b")',
        r'format("%.2q", "abcd")', r'format("%5.2q|", true)', r'format("%v", tostring(null))', r'formatlist("%v-%s", [null], ["a"])'],
    "date": [
        r'''formatdate("''a''", "2024-07-04T12:30:00Z")''', 'formatdate("\'\'\'a\'", "2024-07-04T12:30:00Z")', 'formatdate("\'a\'\'\'", "2024-07-04T12:30:00Z")', r'''formatdate("YYYY''MM", "2024-07-04T12:30:00Z")''', 'formatdate("\'\'\'", "2024-07-04T12:30:00Z")', r'formatdate("ZZZZ Z ZZZ", "2024-07-04T12:30:00+00:00")',
        r'formatdate("ZZZZ Z ZZZ", "2024-07-04T12:30:00-00:30")', r'formatdate("hh:mm:ss", "2024-07-04T12:30:00.999999999Z")', r'formatdate("hh", "2024-07-04T12:30:00.Z")', r'formatdate("hh", "2024-07-04T24:00:00Z")', r'formatdate("hh", "2024-07-04T12:60:00Z")', r'formatdate("hh", "2024-02-30T12:00:00Z")',
        r'formatdate("hh", "2024-07-04T12:30:00+02:60")', r'formatdate("hh", "2024-07-04T12:30:00+23:59")', r'formatdate("hh", "2024-07-04T12:30:00+2:00")', r'formatdate("hh", "2024-07-04T12:30:00")', r'formatdate("hh", "2024-7-4T12:30:00Z")', r'formatdate("YYYY", "0000-01-01T00:00:00Z")',
        r'timeadd("2024-07-04T12:30:00.5Z", "500ms")', r'timeadd("2024-07-04T12:30:00.5+01:00", "1h")', r'timeadd("2024-07-04T12:30:00Z", "1.5h-")', r'timeadd("2024-07-04T12:30:00Z", "-1h30m")', r'timeadd("2024-07-04T12:30:00Z", "1h-30m")', r'timeadd("2024-07-04T12:30:00Z", "1us")',
        r'timeadd("2024-07-04T12:30:00Z", "1")', r'timeadd("2024-07-04T12:30:00Z", ".5h")', r'timeadd("2024-07-04T12:30:00Z", "5.h")', r'timeadd("2024-07-04T12:30:00Z", "+5h")', r'timeadd("2024-07-04T12:30:00Z", "1H")', r'timeadd("2024-07-04T12:30:00Z", "2562047h")',
        r'timeadd("2024-07-04T12:30:00Z", "2562048h")', r'timecmp("2024-07-04T12:30:00Z", "2024-07-04T14:30:00+02:00")', r'timecmp("2024-07-04T12:30:00.1Z", "2024-07-04T12:30:00.2Z")', r'timecmp("0000-01-01T00:00:00+10:00", "0000-01-01T00:00:00Z")', r'formatdate("YYYY","2024-07-04T12:30:60Z")', r'formatdate("hh","2024-07-04T12:30:00+0200")',
        r'timeadd("2024-07-04T12:30:00,5Z","1h")', r'formatdate("hh","2024-07-04T12:30:00+24:00")', r'''formatdate("''", "2024-07-04T12:30:00Z")''', r'formatdate("YYYY", "9999-12-31T12:00:00+14:00")'],
    "number": ["signum(1e20)", "signum(9007199254740993)"],
}.items():
    FAMILIES[family] += expressions

def wrap(e):
    # Marks hide a value from the console.
    wrapped = f"nonsensitive(jsonencode({e}))" if "sensitive(" in e else f"jsonencode({e})"
    return f'try(base64encode({wrapped}), "!")'

def ask(expressions):
    """The answers of one console, which evaluates one line and refuses lines over 64 KiB; None if it refuses this one."""
    with tempfile.TemporaryDirectory() as empty:
        p = subprocess.run([TERRAFORM, "console"], input="[" + ", ".join(map(wrap, expressions)) + "]\n", capture_output=True, text=True,
                           cwd=empty, env={**os.environ, "TF_CLI_CONFIG_FILE": "/dev/null"})
    answers = re.findall(r'^  "(.*)",$', p.stdout, re.M)
    return answers if p.returncode == 0 and len(answers) == len(expressions) else None

def record(expressions):
    chunk = 300
    while expressions:
        part = expressions[:chunk]
        if len(part) > 1 and sum(len(wrap(e)) + 2 for e in part) > 60_000:
            chunk //= 2
            continue
        answers = ask(part)
        if answers is None and len(part) > 1:
            chunk = len(part) // 2
            continue
        # What the console refuses even within `try` is no expression at all.
        for e, answer in zip(part, answers or ["!"]):
            yield {"expression": e, "error": True} if answer == "!" else {"expression": e, "json": base64.b64decode(answer).decode()}
        expressions = expressions[len(part):]
        chunk = min(300, chunk * 2)

def main():
    os.makedirs(OUT, exist_ok=True)
    total = 0
    for family, expressions in FAMILIES.items():
        rows = list(record(list(dict.fromkeys(expressions))))
        total += len(rows)
        with open(os.path.join(OUT, family + ".jsonl"), "w") as f:
            for row in rows:
                f.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(family, len(rows), "errors", sum("error" in r for r in rows))
    print(total)

main()
