"""Everything the callback and its users ask of the SDK, as a program: run by any Python that has wandb and numpy.

It is written against the installed wandb, whichever that is, and fails (AssertionError, exit code 1) when what the
server gives back is not what was sent.
"""

from __future__ import annotations

import os
import sys

import numpy as np
import wandb

from wandb_keras_compat.sdk.files import publish_file
from wandb_keras_compat.testing.doors.server.settings import fast_settings

ROWS = 20


def start(**kwargs):
    return wandb.init(project="scenario", settings=wandb.Settings(**fast_settings()), **kwargs)


def noise(seed, *shape):
    return np.random.RandomState(seed).randint(0, 255, shape).astype("uint8")


def first_run():
    run = start(
        id="first",
        name="the first",
        group="a group",
        job_type="train",
        tags=["one", "two"],
        notes="noted",
        config={"batch": 8, "deep": {"er": [1, 2]}},
    )
    run.define_metric("plain")
    run.define_metric("epoch/epoch")
    run.define_metric("epoch/*", step_metric="epoch/epoch")
    run.define_metric("best", summary="max")
    for i in range(ROWS):
        run.log({"plain": i, "loss": 1.0 / (i + 1), "epoch/epoch": i, "epoch/loss": i / 2, "best": -abs(i - 7)})
    run.log({"weights": wandb.Histogram(np.arange(10.0)), "strange": [float("nan"), float("inf")]})
    run.log({"image": wandb.Image(noise(0, 8, 8, 3), caption="one")})
    run.log({"images": [wandb.Image(noise(i, 8, 8, 3), caption=str(i)) for i in range(3)]})
    run.log({"table": wandb.Table(columns=["a", "b"], data=[[1, "x"], [2, "y"]])})
    run.log({"graph": graph()})
    run.summary["best_loss"] = 0.25
    run.summary.update({"nested": {"x": 1}})
    run.config.update({"late": True})

    saved = os.path.join(run.dir, "model-best.h5")
    for content in (b"1" * 1000, b"2" * 2000):
        with open(saved, "wb") as file:
            file.write(content)
        publish_file(run, saved)

    run.log_artifact(model(b"weights 0"), aliases=["latest", "epoch_0"]).wait()
    again = run.log_artifact(model(b"weights 1"), aliases=["latest", "epoch_1", "best"])
    again.wait()
    assert (again.version, sorted(again.aliases)) == ("v1", ["best", "epoch_1", "latest"]), (
        again.version,
        again.aliases,
    )
    same = run.log_artifact(model(b"weights 1"), aliases=["same"])
    same.wait()
    assert same.version == "v1", same.version

    evaluation(run)
    run.finish()


def graph():
    found = wandb.Graph()
    for name in ("input", "dense"):
        found.add_node(wandb.data_types.Node(name=name, class_name=name, size=(2, 3), output_shape=[(None, 3)]))
    found.add_edge(*found.nodes)
    return found


def model(content):
    artifact = wandb.Artifact(
        "model", type="model", metadata={"size": len(content), "deep": {"er": [1]}}, description="a model"
    )
    with artifact.new_file("weights/part.bin", mode="wb") as file:
        file.write(content)
    return artifact


def evaluation(run):
    """As ``WandbEvalCallback`` does: a table that is used by the run that logs it, and a second that refers to it."""
    data = wandb.Table(columns=["index", "image"], data=[[i, wandb.Image(noise(i, 8, 8))] for i in range(3)])
    artifact = wandb.Artifact("validation", type="dataset")
    artifact.add(data, "data")
    used = run.use_artifact(artifact)
    used.wait()
    reference = used.get("data")
    assert [row[0] for row in reference.data] == [0, 1, 2], reference.data
    guesses = wandb.Table(columns=["index", "image", "guess"])
    for row in reference.data:
        guesses.add_data(row[0], row[1], row[0] * 2)
    predictions = wandb.Artifact("predictions", type="run_table")
    predictions.add(guesses, "guesses")
    run.log_artifact(predictions, aliases=["epoch_0"]).wait()


def read_back():
    """The public API sees what was sent."""
    entity = os.environ["SCENARIO_ENTITY"]
    api = wandb.Api()
    artifact = api.artifact(f"{entity}/scenario/model:best")
    assert artifact.metadata == {"size": 9, "deep": {"er": [1]}}, artifact.metadata
    assert (artifact.version, artifact.type, artifact.state) == ("v1", "model", "COMMITTED")
    # What the program uploaded itself is in the SDK's cache: without it the bytes come from the server.
    for folder, _, names in os.walk(os.environ["WANDB_CACHE_DIR"]):
        for name in names:
            os.remove(os.path.join(folder, name))
    for alias, content in (("best", b"weights 1"), ("v0", b"weights 0")):
        folder = api.artifact(f"{entity}/scenario/model:{alias}").download(root=f"downloaded-{alias}")
        with open(os.path.join(folder, "weights", "part.bin"), "rb") as file:
            assert file.read() == content
    table = api.artifact(f"{entity}/scenario/predictions:latest").get("guesses")
    assert [row[2] for row in table.data] == [0, 2, 4], table.data

    run = api.run(f"{entity}/scenario/first")
    assert run.state == "finished" and run.name == "the first", (run.state, run.name)
    assert run.summary["best_loss"] == 0.25 and run.summary["nested"]["x"] == 1
    assert run.config == {"batch": 8, "deep": {"er": [1, 2]}, "late": True}, run.config
    files = {file.name: file.size for file in run.files()}
    assert files["model-best.h5"] == 2000, files
    run.file("model-best.h5").download(root="downloaded-file")
    with open(os.path.join("downloaded-file", "model-best.h5"), "rb") as file:
        assert file.read() == b"2" * 2000


def resume(how):
    run = start(id="first", resume=how)
    assert run.summary.get("best_loss") == 0.25, run.summary.get("best_loss")
    assert run.config["batch"] == 8
    run.log({"resumed": how})
    run.finish()


def resume_missing():
    try:
        start(id="missing", resume="must")
    except Exception as error:
        assert type(error).__name__ in {"UsageError", "CommError"}, repr(error)
        return
    raise AssertionError("a run that is not there was resumed")


def unnamed():
    run = wandb.init(project="scenario", id="default-settings", settings=wandb.Settings(console="off"))
    run.log({"x": 1})
    run.finish()


if __name__ == "__main__":
    first_run()
    read_back()
    resume("must")
    resume("allow")
    unnamed()
    resume_missing()  # the last: wandb 0.16 starts no further run after it
    print("wandb", wandb.__version__, "done")
    sys.stdout.flush()
