"""Inspects each document named on stdin and compares what was understood with what stands in it."""

import json
import pathlib
import subprocess
import sys

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}


# What reading itself tells; what the documents mean by their examples and schemas is another matter.
PAGES = pathlib.Path(__file__).parents[2] / "src" / "lint" / "pages"
READING = {page.stem for page in PAGES.iterdir()}


def expected_operations(text):
    """How many operations a JSON document holds, counted naively; None for other documents."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    count = 0
    for item in (document.get("paths") or {}).values():
        if "$ref" in item:
            return None
        count += sum(1 for key in item if key in METHODS)
        count += len(item.get("additionalOperations") or {})
    return count


def main():
    specwarden, folder, expected_file = sys.argv[1:]
    with open(expected_file, encoding="utf-8") as lines:
        expected = {line.rstrip("\n") for line in lines if line.strip() and not line.startswith("#")}
    failures, seen, documents, operations = [], set(), 0, 0
    for path in (line.strip() for line in sys.stdin):
        name = path[len(folder):].lstrip("/")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if '"openapi"' not in text and '"swagger"' not in text and "openapi:" not in text and "swagger:" not in text:
            continue
        run = subprocess.run([specwarden, "inspect", "--json", path], capture_output=True, text=True, check=False)
        if run.returncode != 0:
            failures.append(f"{name}: exit {run.returncode}: {run.stderr.strip()}")
            continue
        understood = json.loads(run.stdout)
        documents += 1
        operations += len(understood["operations"])
        wanted = expected_operations(text)
        if wanted is not None and wanted != len(understood["operations"]):
            failures.append(f"{name}: {len(understood['operations'])} operations of {wanted}")
        for issue in understood["issues"]:
            if issue["rule"] not in READING:
                continue
            line = f"{name}: {issue['message']}"
            # YAML and JSON of one document say the same.
            line = line.replace(".yaml:", ".json:").replace("/yaml/", "/json/")
            seen.add(line)
            if issue["kind"] == "operation-skipped" or line not in expected:
                failures.append(f"{name}: {issue['kind']} at {issue['pointer']}: {issue['message']}")
    print(f"{documents} documents, {operations} operations")
    for line in sorted(expected - seen):
        failures.append(f"no longer told: {line}")
    for failure in failures:
        print(failure)
    return 1 if failures else 0


sys.exit(main())
