"""The counts of verdicts, as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .judge import OUTCOMES, Verdict


def table(verdicts: Iterable[Verdict]) -> str:
    """A line for each environment, group of programs, setting and form."""
    counts: dict[tuple[str, str, str, str], Counter[str]] = {}
    for verdict in verdicts:
        key = verdict.environment, verdict.program.partition("/")[0], verdict.setting, verdict.form
        counts.setdefault(key, Counter())[verdict.outcome] += 1
    lines = [
        f"| environment | programs | setting | form | {' | '.join(OUTCOMES)} |",
        f"|---|---|---|---|{'---:|' * len(OUTCOMES)}",
    ]
    for key, count in [*counts.items(), (("all", "", "", ""), sum(counts.values(), Counter()))]:
        lines.append(f"| {' | '.join([*key, *(str(count[each]) for each in OUTCOMES)])} |")
    return "\n".join(lines)
