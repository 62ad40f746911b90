"""What installing the package does to an environment: beside which TensorFlow, with which extra, on which platform.

``python -m compat_matrix.install_proofs run`` asks the resolver about all, makes an environment of each kind on each
Python, measures them and keeps what it found; ``... report [--check]`` renders the page. Nothing that is there already
may be changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from wandb_keras_compat.parity.check.requirements import PYTHONS

from .axes import HERE
from .install_questions import (
    BEFORE,
    EXTRAS,
    KINDS,
    PLATFORMS,
    RESULTS,
    Answer,
    answer_to,
    known,
    made_on,
    questions,
)
from .page_of_results import write_or_check

PAGE = HERE.parent / "docs" / "install-proofs.md"
TEMPLATE = HERE / "templates" / "install_proofs.md"


def rendered() -> str:
    """The page."""
    from jinja2 import Environment, StrictUndefined

    template = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701
    text = template.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        found=known(), BEFORE=BEFORE, EXTRAS=EXTRAS, KINDS=KINDS, PLATFORMS=PLATFORMS, PYTHONS=PYTHONS,
        made_on=made_on, said_beside=said_beside, said_of_platform=said_of_platform, refusals=refusals,
    )  # fmt: skip
    return text.rstrip("\n") + "\n"


def said_beside(found: dict[str, Answer], before: str, extra: str) -> str:
    """A cell of the table: what every Python said, or what each did."""
    said: dict[str, list[str]] = {}
    for python in PYTHONS:
        answer = found.get(f"{before}|{extra}|{python}")
        text = outcome(answer)
        if BEFORE[before][0] and {"tensorflow", "tensorflow-cpu"} & set((answer or {}).get("added", [])):
            text = f"**{text}, a second build**"
        said.setdefault(text, []).append(python)
    if len(said) == 1:
        return next(iter(said))
    return "; ".join(f"{', '.join(pythons)}: {text}" for text, pythons in said.items())


def outcome(answer: Answer | None) -> str:
    """One answer, for people."""
    if answer is None:
        return "not asked"
    if "refused" in answer:
        return f"**cannot be**: {answer['refused']}"
    if answer["changed"]:
        return f"**changes** {', '.join(answer['changed'])}"
    added = answer["added"]
    names = ", ".join(added) if len(added) <= 4 else f"{len(added)} packages"
    return f"adds {names or 'nothing'}"


def said_of_platform(found: dict[str, Answer], platform: str, extra: str) -> str:
    """A cell of the table: with which framework it resolves, or the Pythons for which it does not."""
    answers = {python: found.get(f"{platform}|{extra}|{python}") for python in PYTHONS}
    if None in answers.values():
        return "not asked"
    refused = [python for python, answer in answers.items() if answer and "refused" in answer]
    frameworks: dict[str, None] = {}
    for answer in answers.values():
        for name, version in (answer or {}).get("frameworks", {}).items():
            frameworks[f"{name} {version}"] = None
    text = ", ".join(frameworks) or "yes"
    if len(refused) == len(PYTHONS):
        return "**no**"
    return f"{text}; **not on {', '.join(refused)}**" if refused else text


def refusals(found: dict[str, Answer]) -> Iterator[tuple[str, str]]:
    """What could not be resolved, and why."""
    for name, answer in found.items():
        if "refused" in answer:
            first, extra, python = name.split("|")
            yield (
                f"{PLATFORMS.get(first, first)}, {extra.lstrip('=') or 'no extra'}, Python {python}",
                answer["refused"],
            )


@click.group()
def main() -> None:
    """What installing the package does."""


@main.command()
@click.option(
    "--only", multiple=True, type=click.Choice(["beside", "platforms", "controls", "made"]), help="Only this part."
)
@click.option("--again", is_flag=True, help="Ask also what is answered already.")
def run(only: tuple[str, ...], again: bool) -> None:
    """Ask, install and keep what was found."""
    found = known()
    asked = [one for one in questions() if not only or one[0] in only]
    for part, name in asked:
        if name in found[part] and not again:
            continue
        found[part][name] = answer_to(part, name)
        click.echo(f"{part} {name}: {found[part][name]}")
        kept = {each: {n: found[each][n] for p, n in questions() if p == each and n in found[each]} for each in found}
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


@main.command()
@click.option("--check", is_flag=True, help="Only say whether the page is what the results say.")
def report(check: bool) -> None:
    """Render the page."""
    write_or_check(PAGE, rendered(), check=check)


if __name__ == "__main__":
    main()
