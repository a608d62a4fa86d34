"""Checks an OpenAPI 3.0 file against the official schema, and answers against the file.

Usage: check-openapi.py FILE SCHEMA <answers
An answer is a line of JSON: method, path (as the file writes it), status, type, body. Every key of
an object must be there and described. Prints what is wrong; nothing when all is well.
"""
import json
import sys

import jsonschema
import yaml


class OnceLoader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would keep the last."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        for key in sorted(set(keys)):
            if keys.count(key) > 1:
                print("file:", key, "stands twice")
        return super().construct_mapping(node, deep)


def strict(schema):
    """The schema as JSON Schema: null where it is nullable, all keys required, no others."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: strict(value) for key, value in schema.items() if key != "nullable"}
    if isinstance(result.get("properties"), dict) and "type" in result:
        result.setdefault("required", sorted(result["properties"]))
        result["additionalProperties"] = False
    if schema.get("nullable") is True:
        result = {"anyOf": [{"type": "null"}, result]}
    return result


def main():
    text = open(sys.argv[1], encoding="utf-8").read()
    document = yaml.load(text, OnceLoader)
    official = json.load(open(sys.argv[2], encoding="utf-8"))
    validator = jsonschema.validators.validator_for(official)
    for fault in validator(official).iter_errors(document):
        print("file:", list(fault.path), fault.message[:300])
    components = strict({"components": {"schemas": document["components"]["schemas"]}})
    for line in sys.stdin:
        answer = json.loads(line)
        place = f"{answer['method']} {answer['path']} {answer['status']}"
        responses = document["paths"][answer["path"]][answer["method"].lower()]["responses"]
        response = responses.get(str(answer["status"]), responses.get("default"))
        if response is None:
            print(place, "is not in the file")
            continue
        while "$ref" in response:
            found = document
            for key in response["$ref"].split("/")[1:]:
                found = found[key]
            response = found
        content = response.get("content", {})
        kind = answer["type"].split(";")[0]
        if not content and not kind:
            continue
        if kind not in content:
            print(place, "has the type", kind, "not one of", sorted(content))
            continue
        if kind != "application/json":
            continue
        schema = {**strict(content[kind]["schema"]), **components}
        checker = jsonschema.Draft7Validator(schema)
        for fault in checker.iter_errors(json.loads(answer["body"])):
            print(place, list(fault.path), fault.message[:300])


main()
