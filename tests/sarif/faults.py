"""What a code-scanning service refuses or merges although it is valid SARIF; no validator sees it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

Document: TypeAlias = dict[str, Any]

_TEXTS = (("shortDescription", 1_024), ("fullDescription", 1_024), ("help", 1 << 16))


def faults(document: Document, tree: Path) -> list[str]:
    """Everything that is wrong with a log about `tree`, in words."""
    return list(_faults(document, tree))


def _faults(document: Document, tree: Path) -> Iterator[str]:
    runs = document["runs"]
    categories = [run.get("automationDetails", {}).get("id", "").rpartition("/")[0] for run in runs]
    if len(set(categories)) != len(runs):
        yield "two runs of one category"
    if len(runs) != 1:
        yield "not exactly one run"
    for run in runs:
        driver = run["tool"]["driver"]
        if not driver.get("fullName"):
            yield "no fullName"
        for rule in (*driver["rules"], *driver["notifications"]):
            yield from _rule_faults(rule)
        for rule in driver["rules"]:
            if "security-severity" not in rule["properties"]:
                yield f"{rule['id']} has no security severity"
        if len(run["results"]) > 5_000:
            yield "more than 5,000 results"
        yield from _result_faults(run, tree)


def _result_faults(run: Document, tree: Path) -> Iterator[str]:
    gitlab = run["properties"]["profile"] == "gitlab"
    alerts: set[tuple[object, ...]] = set()
    names: set[tuple[object, ...]] = set()
    for result in run["results"]:
        (location,) = result["locations"]
        place = location["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        file = tree / os.fsdecode(unquote(uri, errors="surrogateescape"))
        if uri.startswith(("/", "file:")) or ":" in uri.split("/")[0] or not file.is_file():
            yield f"{uri} is no file of the repository"
        region = place.get("region", {})
        if region and not {"startLine", "startColumn", "endLine", "endColumn"} <= region.keys():
            yield f"half a region: {region}"
        prints = result["partialFingerprints"]
        if gitlab:
            if not region:
                yield "no line for GitLab"
            alert: tuple[object, ...] = (
                result["ruleId"],
                uri,
                region.get("startLine"),
                region.get("endLine"),
            )
        else:
            alert = (result["ruleId"], uri, prints.get("primaryLocationLineHash"))
        if alert in alerts or not alert[2]:
            yield f"{alert} is not one alert"
        alerts.add(alert)
        name = (uri, prints.get("modelwarden/v1"))
        if name in names or not name[1]:
            yield f"{name} is not one finding"
        names.add(name)
        if result["level"] not in {"error", "warning", "note"}:
            yield f"level {result['level']}"
        if "rank" in result or "suppressions" in result:
            yield "a rank, or a suppressed result, which would be open"
        if len(result["message"]["text"]) > 1_000:
            yield "a message that is too long"


def _rule_faults(rule: Document) -> Iterator[str]:
    properties = rule.get("properties", {})
    try:
        severity = float(properties.get("security-severity", "5.0"))
    except ValueError:
        severity = 0.0
    if not isinstance(properties.get("security-severity", ""), str) or not 0.0 < severity <= 10.0:
        yield f"{rule['id']}: security severity"
    if len(properties.get("tags", [])) > 10:
        yield f"{rule['id']}: too many tags"
    if len(rule["name"]) > 255 or len(rule["helpUri"]) > 2_048:
        yield f"{rule['id']}: a name or a link that is too long"
    for name, limit in _TEXTS:
        if not 0 < len(rule[name]["text"]) <= limit:
            yield f"{rule['id']}: a text that is empty or too long"
