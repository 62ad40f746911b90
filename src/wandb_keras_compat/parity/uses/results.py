"""Where the programs were played, and what came of it.

    python -m wandb_keras_compat.parity.uses.results [NUMBER...]

plays them all, or those, in the environment at hand, holds them to the goldens, and writes that into ``results.json``
under its versions; of others it keeps what is there.
"""

from __future__ import annotations

import importlib.util
import json
import pathlib
import sys
import tempfile
from typing import Any

from ..ledger import compare, ledger, may_end, told
from . import cover, play

PATH = pathlib.Path(__file__).with_name("results.json")

#: That tell one environment from another in a sentence.
VERSIONS = ("tensorflow", "keras", "wandb", "python")


def load() -> dict[str, dict[str, Any]]:
    """By environment, ``versions`` and the numbers of programs that are ``alike``, or ``differ`` beyond the ledger."""
    found: dict[str, dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {}
    return found


def main(*numbers: str) -> int:
    wanted = [int(number) for number in numbers] or list(range(len(cover.rows())))
    if importlib.util.find_spec("IPython") is None:
        wanted = [number for number in wanted if cover.rows()[number]["start"] != "notebook"]
    known, said = ledger(), []
    alike: list[int] = []
    differ: list[int] = []
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        play.play("shim", folder, wanted)
        for number in wanted:
            trace = json.loads((folder / f"{number:03}.json").read_text(encoding="utf-8"))
            name = trace["runs"][0]["name"]
            found = compare(json.loads((play.GOLDENS / f"{number:03}.json").read_text(encoding="utf-8")), trace, known)
            ended = (folder / f"{number:03}.ended.txt").exists() and not may_end(name, trace["made_with"], known)
            (differ if found or ended else alike).append(number)
            if found or ended:
                said.append(f"{name}: {'ended; ' if ended else ''}{told(found)}")
    versions = {name: trace["made_with"][name] for name in VERSIONS}
    everything, key = load(), " ".join(versions.values())
    before = everything.get(key, {"alike": [], "differ": []})
    entry: dict[str, Any] = {"versions": versions}
    for what, now in (("alike", alike), ("differ", differ)):
        entry[what] = sorted({*before[what], *now} - ({*wanted} - {*now}))
    everything[key] = entry
    lines = ",\n".join(
        f" {json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(everything.items(), reverse=True)
    )
    PATH.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    print("\n".join([*said, f"{len(alike)} alike, {len(differ)} differ"]))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
