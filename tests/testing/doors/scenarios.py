"""What runs do, one thing each: the same function plays through every door."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import wandb


class Unsupported(Exception):
    """The installed libraries cannot do it; the message says why."""


def noise(seed: int, *shape: int) -> Any:
    return np.random.RandomState(seed).randint(0, 255, shape).astype("uint8")


def steps(run: Any) -> None:
    """Commits, explicit steps, steps that go back, a row that only the end of the run closes."""
    run.log({"a": 1, "b": 0.5})
    run.log({"a": 2}, commit=False)
    run.log({"b": 0.25})
    run.log({"a": 3}, step=7)
    run.log({"b": 1.0}, step=7)
    run.log({"back": 1}, step=3)
    run.log({"a": 4}, step=9, commit=True)
    run.log({"text": "é", "flag": True, "list": [1, [2]], "single": np.float32(0.1)})
    assert run.step == 11, run.step
    run.log({"open": 1}, commit=False)


def special_numbers(run: Any) -> None:
    run.log({"x": float("nan"), "y": float("inf"), "z": -np.inf})
    run.log({"x": 1.0, "none": None})
    run.summary["worst"] = float("-inf")


def nested(run: Any) -> None:
    run.log({"deep": {"er": {"x": 1}, "y": [1, 2]}, "flat.dots": 1})
    run.log({"deep": {"er": {"x": 2}, "y": [3]}})


def summary(run: Any) -> None:
    run.log({"loss": 1.0})
    run.summary["best"] = 0.5
    run.summary.update({"a": 1, "b": {"c": 2}, "gone": 3})
    del run.summary["gone"]
    run.summary["best"] = 0.25
    run.log({"loss": 0.75})
    assert run.summary.get("loss") == 0.75
    assert run.summary["best"] == 0.25
    assert run.summary.get("gone") is None


def config(run: Any) -> None:
    run.config.update({"lr": 0.1, "deep": {"er": [1, 2]}})
    run.config["lr"] = 0.1
    run.config.update({"lr": 0.2}, allow_val_change=True)


def metrics(run: Any) -> None:
    run.define_metric("epoch")
    run.define_metric("val/*", step_metric="epoch")
    run.define_metric("hidden", hidden=True)
    run.define_metric("loss", summary="min,max,mean,last")
    run.define_metric("silent", summary="none")
    if "goal" in inspect.signature(run.define_metric).parameters:
        run.define_metric("acc", summary="best", goal="maximize")
    for epoch, loss in enumerate([3.0, 1.0, 2.0]):
        run.log({"epoch": epoch, "loss": loss, "acc": 1 / loss, "silent": 1, "hidden": 2})
        run.log({"val/loss": loss})


def histogram(run: Any) -> None:
    run.log({"even": wandb.Histogram(np.arange(20.0)), "given": wandb.Histogram(np_histogram=([1, 2], [0, 1, 3]))})
    run.log({"array": np.arange(100.0)})


def images(run: Any) -> None:
    run.log({"one": wandb.Image(noise(0, 6, 5, 3), caption="first")})
    run.log({"many": [wandb.Image(noise(i, 6, 5, 3), caption=str(i)) for i in range(3)]}, commit=False)
    run.log({"gray": [wandb.Image(noise(9, 6, 5))]})


def masks(run: Any) -> None:
    masks = {"truth": {"mask_data": noise(1, 6, 5) % 2, "class_labels": {0: "sky", 1: "sea"}}}
    try:
        pictures = [wandb.Image(noise(0, 6, 5, 3), masks=masks), wandb.Image(noise(3, 6, 5, 3), masks=masks)]
    except ValueError as error:
        raise Unsupported(f"wandb {wandb.__version__} cannot write masks with this Pillow: {error}") from None
    run.log({"masked": pictures})


def table(run: Any) -> None:
    run.log({"table": wandb.Table(columns=["a", "b"], data=[[1, "x"], [2.5, "y"]])})
    rows = [[wandb.Image(noise(i, 4, 4)), i] for i in range(2)]
    run.log({"pictures": wandb.Table(columns=["image", "i"], data=rows)})


def graph(run: Any) -> None:
    found = wandb.Graph()
    for name in ("input", "dense"):
        found.add_node(wandb.data_types.Node(name=name, class_name=name, size=(2, 3), output_shape=[(None, 3)]))
    found.add_edge(*found.nodes)
    run.summary["graph"] = found


def saved_files(run: Any) -> None:
    """Files in the run's folder, one of which changes after it was saved."""
    for name, policy, contents in (("live.bin", "live", (b"1" * 10, b"2" * 20)), ("now.bin", "now", (b"3",))):
        path = Path(run.dir, name)
        path.write_bytes(contents[0])
        run.save(str(path), base_path=run.dir, policy=policy)
        path.write_bytes(contents[-1])


def model(content: bytes) -> Any:
    artifact = wandb.Artifact("model", type="model", metadata={"size": len(content)}, description="a model")
    with artifact.new_file("weights/part.bin", mode="wb") as file:
        file.write(content)
    return artifact


def artifacts(run: Any) -> None:
    for content, aliases in ((b"0", ["latest", "epoch_0"]), (b"10", ["latest", "epoch_1", "best"])):
        logged = run.log_artifact(model(content), aliases=aliases)
        if not run.offline:
            logged.wait()  # otherwise newer wandb sends them in any order
    data = wandb.Artifact("data", type="dataset")
    data.add(wandb.Table(columns=["x", "image"], data=[[1, wandb.Image(noise(0, 4, 4))]]), "table")
    run.log_artifact(data)


def artifact_again(run: Any) -> None:
    """The second is the first again, which a server finds out once the first is there."""
    run.log_artifact(model(b"1"), aliases=["latest", "epoch_1", "best"]).wait()
    run.log_artifact(model(b"1"), aliases=["same"]).wait()


def used_artifacts(run: Any) -> None:
    """As the evaluation callbacks do: a table that the run itself uses, and a second one that refers to it."""
    data = wandb.Table(columns=["i", "image"], data=[[i, wandb.Image(noise(i, 4, 4))] for i in range(3)])
    validation = wandb.Artifact("validation", type="dataset")
    validation.add(data, "data")
    used = run.use_artifact(validation)
    used.wait()
    found = used.get("data")
    assert [row[0] for row in found.data] == [0, 1, 2], found.data
    guesses = wandb.Table(columns=["i", "image", "guess"], data=[[i, image, i * 2] for i, image in found.data])
    predictions = wandb.Artifact("predictions", type="run_table")
    predictions.add(guesses, "guesses")
    logged = run.log_artifact(predictions, aliases=["latest", "epoch_0"])
    logged.wait()
    assert (logged.version, sorted(logged.aliases)) == ("v0", ["epoch_0", "latest"])
    folder = logged.download(root=os.path.join(run.dir, "..", "downloaded"))
    assert os.path.exists(os.path.join(folder, "guesses.table.json"))


def used_by_name(run: Any) -> None:
    run.log_artifact(model(b"0"), aliases=["latest", "old"]).wait()
    run.log_artifact(model(b"10")).wait()
    for name, version in (("model:latest", "v1"), ("model:old", "v0"), ("model:v1", "v1")):
        assert run.use_artifact(name, type="model").version == version, name


SCENARIOS: dict[str, Callable[[Any], None]] = {
    scenario.__name__: scenario
    for scenario in (
        steps,
        special_numbers,
        nested,
        summary,
        config,
        metrics,
        histogram,
        images,
        masks,
        table,
        graph,
        saved_files,
        artifacts,
        artifact_again,
        used_artifacts,
        used_by_name,
    )
}

#: ``use_artifact`` and ``wait`` raise in an offline run, in every version.
NOT_OFFLINE = {"artifact_again", "used_artifacts", "used_by_name"}
