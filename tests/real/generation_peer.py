"""Times our values of request bodies and those of two peers, in turn. Run by generation_peer.sh."""

import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings

CHUNK = 6  # documents at a time
PATIENCE = 20  # CPU seconds for the values of one body


def main(documents, ours, count, out):
    paths = open(documents).read().split()
    found = {"specwarden": [], "schemathesis": [], "hypothesis-jsonschema": []}
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    with tempfile.TemporaryDirectory() as folder:
        for chunk in batched(paths, CHUNK):
            listed = os.path.join(folder, "list")
            result = os.path.join(folder, "result.json")
            with open(listed, "w") as file:
                file.write("\n".join(chunk))
            subprocess.run([ours, "--bodies", listed, result, count], check=True)
            bodies = json.load(open(result))
            found["specwarden"] += bodies
            for peer in ("schemathesis", "hypothesis-jsonschema"):
                subprocess.run(
                    [sys.executable, __file__, "--peer", peer, result, count, result + ".peer"], check=True
                )
                found[peer] += json.load(open(result + ".peer"))
    json.dump(found, open(out, "w"))
    table(found)


def table(found):
    bodies = len(found["specwarden"])
    print(f"{bodies} bodies; microseconds\n")
    print(f"{'':24}{'first value':>30}{'each further value':>30}{'not':>12}{'given':>8}")
    print(f"{'':24}{'median':>10}{'p99':>10}{'worst':>10}" + f"{'median':>10}{'p99':>10}{'worst':>10}{'generated':>12}{'up':>8}")
    for name, rows in found.items():
        first = sorted(row["times"][0] for row in rows if row["times"])
        rest = sorted(took for row in rows for took in row["times"][1:])
        none = sum(not row["times"] for row in rows)
        late = sum(row.get("late", False) for row in rows)
        figures = [at(times, share) for times in (first, rest) for share in (50, 99, 100)]
        print(f"{name:24}" + "".join(f"{figure / 1000:>10.1f}" for figure in figures) + f"{none:>12}{late:>8}")


def at(times, share):
    return times[(len(times) - 1) * share // 100] if times else float("nan")


def batched(items, size):
    items = iter(items)
    while part := list(itertools.islice(items, size)):
        yield part




class Late(BaseException):
    pass


def late(_signal, _frame):
    raise Late


def peer(name, bodies, count, out):
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, late)
    rows = []
    for path, group in itertools.groupby(json.load(open(bodies)), key=lambda body: body["document"]):
        document = json.load(open(path))
        strategies = schemathesis_bodies(document) if name == "schemathesis" else bundled_bodies(document)
        for body in group:
            rows.append(timed(lambda body=body: strategies(body), int(count), body))
    json.dump(rows, open(out, "w"))


def timed(strategy, count, body):
    from hypothesis import HealthCheck, Phase, given, seed, settings

    row = {key: body[key] for key in ("document", "method", "path", "media_type")}
    times = []
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        last = [time.process_time_ns()]

        def take(_value):
            now = time.process_time_ns()
            times.append(now - last[0])
            last[0] = time.process_time_ns()

        checks = list(HealthCheck)
        options = settings(
            max_examples=count, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=checks
        )
        seed(1)(options(given(strategy())(take)))()
    except Late:
        row["late"] = True
    except Exception as error:  # whatever it is, there is no value
        row["error"] = f"{type(error).__name__}: {error}"[:200]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return row | {"times": times[:count]}


def schemathesis_bodies(document):
    import schemathesis
    from schemathesis.generation import GenerationMode

    found = {}
    loaded = schemathesis.openapi.from_dict(document)
    for result in loaded.get_all_operations():
        try:
            operation = result.ok()
        except Exception:
            continue
        for body in operation.body:
            found[operation.method.upper(), operation.path, body.media_type] = (operation, body)

    def strategy(body):
        operation, found_body = found[body["method"], body["path"], body["media_type"]]
        config = operation.schema.config.generation_for(operation=operation, phase="fuzzing")
        return found_body.get_strategy(operation, config, GenerationMode.POSITIVE)

    return strategy


def bundled_bodies(document):
    from hypothesis_jsonschema import from_schema

    def resolve(pointer):
        node = document
        for token in pointer.split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            node = node[int(token)] if isinstance(node, list) else node[token]
        return node

    def strategy(body):
        names, todo, definitions = {body["pointer"]: "0"}, [body["pointer"]], {}

        def rewritten(node):
            if isinstance(node, dict):
                reference = node.get("$ref")
                if isinstance(reference, str) and reference.startswith("#/"):
                    pointer = reference[1:]
                    if pointer not in names:
                        names[pointer] = str(len(names))
                        todo.append(pointer)
                    return {"$ref": "#/definitions/" + names[pointer]}
                return {key: rewritten(value) for key, value in node.items()}
            return [rewritten(item) for item in node] if isinstance(node, list) else node

        while todo:
            pointer = todo.pop()
            definitions[names[pointer]] = rewritten(resolve(pointer))
        return from_schema({**definitions["0"], "definitions": definitions})

    return strategy


if __name__ == "__main__":
    if sys.argv[1] == "--peer":
        peer(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
