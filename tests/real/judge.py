"""Holds a JSON report against the findings that were read and judged by hand.

usage: judge.py report.json expected

Each line of `expected` is `true|false|unclear  rule  operation  [# why]`; findings outside it fail.
"""

import json
import sys


def main(report_path, expected_path):
    with open(report_path, encoding="utf-8") as file:
        report = json.load(file)
    judged = {}
    with open(expected_path, encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                verdict, rule, operation = line.split(None, 2)
                judged[(rule, operation)] = verdict
    faults = []
    idle = [o["operation"] for o in report["operations"] if not sum(o["cases"].values())]
    if idle:
        faults.append(f"operations without a case: {idle}")
    found = {(f["rule"], place["operation"]) for f in report["findings"] for place in f["places"]}
    for rule, operation in sorted(found, key=str):
        verdict = judged.get((rule, operation))
        print(f"{verdict or 'NOT JUDGED':10} {rule} {operation}")
        if verdict is None:
            faults.append(f"not judged yet: {rule} {operation}")
        if verdict == "false":
            faults.append(f"known false alarm came back: {rule} {operation}")
    sent = sum(sum(o["cases"].values()) for o in report["operations"])
    print(f"{len(report['operations'])} operations, {sent} cases, {len(report['findings'])} findings")
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
