"""Prometheus' page held to the conventions for names, as `promtool check metrics` holds it."""

import re
from collections import Counter

from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

#: Words of a name that are no base unit, or no word at all.
_UNITS = frozenset(
    {
        "ms",
        "us",
        "ns",
        "sec",
        "secs",
        "milliseconds",
        "microseconds",
        "minutes",
        "hours",
        "days",
        "kb",
        "mb",
        "gb",
    }
    | {"kilobytes", "megabytes", "gigabytes", "bits", "percent", "celsius_degrees"}
)
_TYPES = frozenset({"gauge", "counter", "histogram", "summary", "metric", "untyped"})
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_OF_HISTOGRAMS = ("_bucket", "_count", "_sum")
#: What the client library says of its own process, by its own conventions.
_OTHERS = ("python_", "process_")


def faults_of(page: str) -> list[str]:
    """What is against the conventions, one sentence each; empty for a page as it should be.

    Raises:
        ValueError: for a page that Prometheus could not read.
    """
    families = list(text_string_to_metric_families(page))
    twice = [
        name
        for name, count in Counter(re.findall(r"^# TYPE (\S+) ", page, re.MULTILINE)).items()
        if count > 1
    ]
    own = [family for family in families if not family.name.startswith(_OTHERS)]
    return [f"{name} stands twice" for name in twice] + [fault for family in own for fault in _of(family)]


def _of(family: Metric) -> list[str]:
    words = family.name.split("_")
    samples = {sample.name for sample in family.samples}
    labels = {label for sample in family.samples for label in sample.labels} - {"le", "quantile"}
    rules = {
        "has no help": not family.documentation,
        "has a help that is no sentence": not family.documentation.endswith("."),
        "is not in snake case": not _NAME.fullmatch(family.name),
        "does not begin with the program's name": words[0] != "cocm",
        "has a unit that is no base unit": not _UNITS.isdisjoint(words),
        "has its type in its name": not _TYPES.isdisjoint(words),
        "is a counter that does not end in _total": family.type == "counter"
        and any(not name.endswith(("_total", "_created")) for name in samples),
        "ends in _total and is no counter": family.type != "counter"
        and any(name.endswith("_total") for name in samples),
        "has a histogram's ending": family.type not in {"histogram", "summary"}
        and any(name.endswith(_OF_HISTOGRAMS) for name in samples),
        "has a label that is not in snake case": any(not _NAME.fullmatch(label) for label in labels),
    }
    return [f"{family.name} {said}" for said, is_so in rules.items() if is_so]
