"""Logs rows and tells how far it is; what each word on standard input asks for is done before the next is read.

``rows N``: N more rows, one after another. ``rate N SECONDS``: N rows a second. ``file``: a live file. ``artifact``:
one, waited for. ``finish``: the end.
"""

from __future__ import annotations

import os
import sys
import time

import wandb

from wandb_keras_compat.testing.doors.server.settings import fast_settings


def main(run_id: str) -> None:
    run = wandb.init(project="p", id=run_id, settings=wandb.Settings(**fast_settings(quick_retries=True)))
    say("started")
    step = 0
    for line in sys.stdin:
        word, *numbers = line.split()
        if word == "rows":
            for _ in range(int(numbers[0])):
                run.log({"i": step, "half": step / 2})
                step += 1
        elif word == "rate":
            step = at_rate(run, int(numbers[0]), float(numbers[1]))
        elif word == "file":
            path = os.path.join(run.dir, "live.txt")
            with open(path, "w") as file:
                file.write(f"step {step}")
            run.save(path, base_path=run.dir, policy="live")
        elif word == "artifact":
            artifact = wandb.Artifact("a", type="t")
            with artifact.new_file("x.txt") as file:
                file.write(f"step {step}")
            run.log_artifact(artifact).wait()
        elif word == "finish":
            run.finish()
        say(f"{word} {step}")


def at_rate(run, rate: int, seconds: float) -> int:
    """Row number n is logged n / *rate* seconds after the beginning, or as soon after as it can be."""
    began = time.perf_counter()
    total = int(rate * seconds)
    for step in range(total):
        ahead = began + step / rate - time.perf_counter()
        if ahead > 0.002:
            time.sleep(ahead)
        run.log({"i": step, "half": step / 2})
    return total


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
