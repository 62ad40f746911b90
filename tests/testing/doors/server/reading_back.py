"""Asks the public API for runs that are there, in every way it has: ``reading_back.py``, by any Python that has wandb.

Prints as JSON what it was told, question by question; ``missing`` for what this wandb cannot ask, ``refused``
for what ended in an error.
"""

from __future__ import annotations

import inspect
import json

import wandb

from wandb_keras_compat.testing.doors.server.settings import fast_settings

PROJECT = "local/reading"


def ask(question):
    try:
        return question()
    except (AttributeError, TypeError) as error:
        if "attribute" in str(error) or "unexpected keyword" in str(error):
            return "missing"
        raise
    except Exception as error:
        if "unexpected keyword" in str(error):
            return "missing"
        return "refused"


def ids(**how):
    return lambda: [run.id for run in wandb.Api().runs(PROJECT, **how)]


def changed():
    run = wandb.Api().run(PROJECT + "/c")
    run.config["lr"], run.name = 9, "renamed"
    run.tags.append("late")
    run.summary["added"] = 1
    run.update()
    run.summary.update()
    found = wandb.Api().run(PROJECT + "/c")
    return [found.config["lr"], found.name, sorted(found.tags), found.summary["added"]]


def deleted():
    wandb.Api().run(PROJECT + "/c").delete()
    return [found for found in ids(order="+created_at")() if found in {"a", "b", "c"}]  # older link() makes a run


def artifact_deleted():
    artifact = wandb.Api().artifact(PROJECT + "/model:latest")
    artifact.delete(delete_aliases=True)
    try:
        wandb.Api().artifact(PROJECT + "/model:v1")
    except Exception:
        return "gone"
    return "there"


def new_alias():
    artifact = wandb.Api().artifact(PROJECT + "/model:v0")
    artifact.aliases.append("gold")
    artifact.save()
    return wandb.Api().artifact(PROJECT + "/model:gold").digest == artifact.digest


def main():
    api, a = wandb.Api(), PROJECT + "/a"
    run = api.run(a)
    questions = {
        "viewer": lambda: api.viewer.username if not callable(api.viewer) else api.viewer().username,
        "projects": lambda: [project.name for project in api.projects("local")],
        "ordered": ids(order="-summary_metrics.loss"),
        "by config": ids(filters={"config.lr": {"$gt": 1}}, order="+created_at"),
        "by summary": ids(filters={"summary_metrics.loss": {"$lt": 2}}, order="+created_at"),
        "by or": ids(filters={"$or": [{"tags": "y"}, {"display_name": {"$regex": "^third"}}]}, order="+created_at"),
        "by state": ids(filters={"state": "finished"}, order="+created_at"),
        "by group": ids(filters={"group": "g"}),
        "by time": ids(filters={"created_at": {"$gt": "2100-01-01"}}),
        "pages": ids(per_page=1, order="+created_at"),
        "how many": lambda: len(api.runs(PROJECT, filters={"config.lr": {"$lte": 2}})),
        "no such project": lambda: [run.id for run in api.runs("local/nobody-made-it")],
        "unknown operator": ids(filters={"config.lr": {"$near": 1}}),
        "unknown key": ids(filters={"nobody_knows": 1}),
        "unknown order": ids(order="+nobody_knows"),
        "samples": lambda: [row["x"] for row in run.history(samples=3, pandas=False)],
        "samples of keys": lambda: run.history(samples=2, keys=["x"], pandas=False),
        "system": lambda: run.history(stream="system", pandas=False),
        "scan": lambda: [row["x"] for row in run.scan_history()],
        "scan of keys": lambda: [row["x"] for row in run.scan_history(keys=["x"])],
        "scan of steps": lambda: [row["x"] for row in run.scan_history(min_step=2, max_step=4)],
        "files": lambda: sorted(file.name for file in run.files() if file.name.startswith("kept")),
        "one file": lambda: [file.name for file in run.files(names=["kept-1.txt"])],
        "pattern": lambda: sorted(file.name for file in run.files(pattern="kept%")),
        "logged": lambda: [artifact.name for artifact in run.logged_artifacts()],
        "used": lambda: [artifact.name for artifact in api.run(PROJECT + "/b").used_artifacts()],
        "versions": lambda: sorted(artifact.name for artifact in versions(api)),
        "types": lambda: sorted(kind.name for kind in api.artifact_types(PROJECT)),
        "alias": new_alias,
        "link": lambda: api.artifact(PROJECT + "/model:v0").link("local/reading/portfolio"),
        "artifact deleted": artifact_deleted,
        "changed": changed,
        "deleted": deleted,
    }
    for name, question in questions.items():
        print("SAID", json.dumps([name, ask(question)]), flush=True)


def versions(api):
    # Newer wandb warns of the one, older has not the other.
    return (
        api.artifacts("model", PROJECT + "/model")
        if hasattr(api, "artifacts")
        else api.artifact_versions("model", PROJECT + "/model")
    )


def make():
    for name, lr, more in (
        ("a", 1, {"tags": ["x"]}),
        ("b", 2, {"group": "g", "tags": ["y"]}),
        ("c", 3, {"name": "third"}),
    ):
        run = wandb.init(
            project="reading",
            id=name,
            config={"lr": lr},
            reinit=True,
            settings=wandb.Settings(**fast_settings()),
            **more,
        )
        for step in range(6):
            run.log({"x": step, "loss": lr})
        if name == "a":
            for number in range(2):
                artifact = wandb.Artifact("model", type="model")
                with artifact.new_file("x.txt") as file:
                    file.write(str(number))
                run.log_artifact(artifact).wait()
                with open(f"kept-{number}.txt", "w") as file:
                    file.write("x")
                run.save(f"kept-{number}.txt", policy="now", **base_path())
        if name == "b":
            run.use_artifact("model:v0")
        run.finish()


def base_path():
    return {"base_path": "."} if "base_path" in inspect.signature(wandb.save).parameters else {}


if __name__ == "__main__":
    make()
    main()
