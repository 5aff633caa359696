"""Prints which distinct defects two tools found over several seeds, from the reports that peer_findings.sh collects.

usage: peer_findings.py FOLDER JUDGED SERVER

A defect is a kind at an operation, with a cause where one operation has several. Each line of JUDGED is
`server  kind  operation  cause  true|false|unclear  # why`; `*` stands for any operation or cause.
"""

import collections
import fnmatch
import glob
import json
import os
import re
import shlex
import statistics
import sys

# What the peer calls what we call otherwise.
KINDS = {
    "ST101": "server-error",
    "ST102": "server-error",
    "ST103": "undocumented-status",
    "ST104": "undocumented-content-type",
    "ST105": "undocumented-content-type",
    "ST106": "undocumented-content-type",
    "ST107": "response-header-mismatch",
    "ST108": "response-schema-mismatch",
    "ST201": "negative-data-accepted",
    "ST202": "positive-data-rejected",
    "ST203": "negative-data-accepted",
    "ST204": "undocumented-method",
    "ST401": "auth-ignored",
}


def shortened(text):
    """The words that name the cause, without the values of the day."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)
    text = re.sub(r"\b\d{3,}\b", "N", text)
    return re.sub(r"\s+", " ", text).strip()


def ours(path):
    """(kind, operation, cause) of every place of our report, with an example each."""
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    found = {}
    for finding in report["findings"]:
        title = finding["title"]
        part = re.search(r"in ((?:query|header|path|cookie) parameter \S+|body(?: /\S+)?)", title)
        where = part.group(1).rstrip(")") if part else ""
        cause = where
        if finding["rule"] == "auth-ignored":
            cause = "nobody" if "without a key" in title else "unknown key"
        elif finding["rule"] == "server-error":
            odd = re.search(r"an unusual request \((.*)\)", title)
            cause = odd.group(1) if odd else ""
        for place in finding["places"]:
            operation = place["operation"] or finding["operation"]
            found.setdefault((finding["rule"], operation, cause), f"{title} | {finding['reproduce']}")
    return found


def addressed(curl):
    """The operation of a command, by method and path: what the peer prints of its sequences."""
    method, url = re.search(r"curl -X (\w+)", curl).group(1), re.findall(r"https?://[^\s']+", curl)
    path = re.sub(r"https?://[^/]+(?:(?:/api)?/v\d)?", "", url[-1]).split("?")[0] if url else "?"
    words = path.strip("/").split("/")
    if words[0] not in ("buckets", "silence"):
        return f"{method} /{words[0]}"
    names = {"buckets": "bucket_id", "collections": "collection_id", "groups": "id", "records": "id", "silence": "silenceID"}
    for at in range(1, len(words), 2):
        last = at + 1 >= len(words) and words[0] == "buckets"
        words[at] = "{" + ("id" if last else names.get(words[at - 1], words[at])) + "}"
    return f"{method} /{'/'.join(words)}"


def peers(path):
    """The same of the peer's text report: what it prints in full, and nothing else."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if "= FAILURES =" not in text:
        return {}
    text = text[text.index("= FAILURES =") :]
    text = re.split(r"\n=+ (?:WARNINGS|SUMMARY|ERRORS) =+\n", text)[0]
    found = {}
    for section in re.split(r"\n(?=_{2,} .* _{2,}\n)", text):
        heading = re.match(r"_{2,} (.*?) _{2,}\n", section)
        if not heading:
            continue
        for case in re.split(r"\n\d+\. Test Case ID: ", section)[1:]:
            operation = heading.group(1)
            curls = re.findall(r"^    (curl -X .*)$", case, re.M)
            statuses = re.findall(r"^\[(\d+)\]", case, re.M)
            if operation == "Stateful tests" and curls:
                operation = addressed(curls[-1])
            for block in re.split(r"\n(?=- ST\d)", "\n" + case)[1:]:
                code, title = re.match(r"- (ST\d+) (.*)", block).groups()
                kind = KINDS.get(code, title)
                parts = re.findall(r"(?:parameter|component:) `?([^`\n]*)`? in (\w+)", block)
                cause = ", ".join(f"{place} parameter {name}" for name, place in parts)
                if kind == "auth-ignored":
                    cause = "nobody" if "without authentication" in title else "unknown key"
                elif kind == "positive-data-rejected":
                    said = re.findall(r'"message":"([^"]*)"', case) or re.findall(r"^    `(.*)`", case, re.M)
                    cause = f"{'/'.join(statuses)} {shortened(said[-1]) if said else ''}".strip()
                    header = re.search(r"400 (If-[\w-]+) in header", cause)
                    words = shlex.split(curls[-1].replace("$'", "'")) if header else []
                    sent = [w.split(": ", 1)[1] for w in words if header and w.startswith(f"{header.group(1)}: ")]
                    if sent and not re.search(r'^"[0-9]+"$|\*', sent[0]):
                        cause += " no match of the pattern"
                elif kind == "server-error":
                    cause = "content type" if code == "ST102" else ""
                    header = re.search(r"-H \$?'(If-(?:None-)?Match): [^']*\*[^']", curls[-1]) if curls else None
                    cause = header.group(1) if header and not cause else cause
                elif kind == "negative-data-accepted" and not cause:
                    said = re.findall(r"Invalid component: (.*)", block) or re.findall(r"^    (.*)$", block, re.M)
                    cause = shortened(said[0])[:120] if said else ""
                found.setdefault((kind, operation, cause), f"{'/'.join(statuses)} {curls[-1] if curls else ''}")
    return found


def crashes(path):
    """Where in its own code the server crashed, as its log says: the causes, however many requests show them."""
    if not os.path.exists(path):
        return set()
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    found = set()
    for trace in re.split(r"Traceback \(most recent call last\):\n", text)[1:]:
        frames = re.findall(r'^ +File "([^"]+)", line (\d+), in (\S+)', trace, re.M)
        end = re.search(r"^(\w[\w.]*(?:Error|Exception|NotFound)?)\b", trace, re.M)
        if frames:
            own = [frame for frame in frames if "/kinto/" in frame[0]] or frames
            place = re.sub(r".*/site-packages/", "", own[-1][0])
            found.add(f"{end.group(1) if end else '?'} at {place}:{own[-1][1]}")
    for trace in re.split(r"http: panic serving", text)[1:]:
        frames = re.findall(r"^\t(\S+\.go):(\d+)", trace, re.M)
        own = [frame for frame in frames if "alertmanager" in frame[0] and "/vendor/" not in frame[0]]
        found.add(f"panic at {'/'.join(own[0][0].split('/')[-3:])}:{own[0][1]}" if own else "panic")
    return found


def judgements(path, server):
    """The lines of the judged file that are about this server, in their order."""
    lines = []
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for line in file:
                cells = [cell.strip() for cell in line.split("#")[0].split("|")]
                if len(cells) == 5 and cells[0] == server:
                    lines.append(cells[1:])
    return lines


def judge(lines, defect):
    for *patterns, verdict in lines:
        if all(fnmatch.fnmatchcase(value, pattern.replace("[", "[[]")) for value, pattern in zip(defect, patterns)):
            return verdict
    return "NOT JUDGED"


def main(folder, judged, server):
    lines = judgements(judged, server)
    tools = {"ours": (ours, "json"), "peer": (peers, "txt")}
    seen = {tool: collections.defaultdict(dict) for tool in tools}
    runs = {}
    for tool, (read, suffix) in tools.items():
        paths = sorted(glob.glob(f"{folder}/{tool}-*.{suffix}"))
        paths = [path for path in paths if re.search(rf"{tool}-\d+\.{suffix}$", path) and os.path.getsize(path)]
        runs[tool] = paths
        for path in paths:
            seed = int(re.search(r"-(\d+)\.", path).group(1))
            for defect, example in read(path).items():
                seen[tool][defect][seed] = example
    both = {tool: {defect[:2] for defect in seen[tool] if judge(lines, defect) == "true"} for tool in tools}
    for tool, paths in runs.items():
        other = next(name for name in tools if name != tool)
        alone = both[tool] - both[other]
        seeds = [int(re.search(r"-(\d+)\.", path).group(1)) for path in paths]
        print(f"\n{tool}: {len(seen[tool])} distinct defects in {len(paths)} runs")
        tallies = collections.Counter()
        for defect in sorted(seen[tool]):
            verdict = judge(lines, defect)
            tallies[verdict] += 1
            hits = "".join(str(seed) if seed in seen[tool][defect] else "." for seed in seeds)
            print(f"  {hits:6} {verdict:10} {' | '.join(defect)}")
            if verdict == "NOT JUDGED" and os.environ.get("EXAMPLES"):
                print(f"         {next(iter(seen[tool][defect].values()))[:600]}")
        causes = collections.defaultdict(set)
        for seed in seeds:
            for cause in crashes(f"{folder}/server-{tool}-{seed}.log"):
                causes[cause].add(seed)
        for cause in sorted(causes):
            print(f"  {''.join(str(s) if s in causes[cause] else '.' for s in seeds):6} crash      {cause}")
        times = []
        for path in paths:
            with open(re.sub(r"\.\w+$", ".seconds", path), encoding="utf-8") as file:
                times.append(float(file.read()))
        per_run = [sum(seed in hits for hits in seen[tool].values()) for seed in seeds]
        steady = sum(len(hits) == len(seeds) for hits in seen[tool].values())
        print(f"  {dict(tallies)}; with every seed {steady}; per run {per_run}")
        print(f"  true kinds at operations: {len(both[tool])}, of which the other has not: {len(alone)}")
        for kind, operation in sorted(alone) if tool == "peer" else []:
            print(f"         only the peer: {kind} | {operation}")
        if times:
            print(f"  seconds: median {statistics.median(times):.1f}, most {max(times):.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
