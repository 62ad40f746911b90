"""Asks the public API for runs that are there, in every way it has: ``reading_back.py``, by any Python that has wandb.

Prints as JSON what it was told, question by question; ``missing`` for what this wandb cannot ask, ``refused``
for what ended in an error.
"""

from __future__ import annotations

import base64
import inspect
import json
import os
import pathlib
import urllib.request

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
    # Named by its version: wandb 0.20 takes one that is named by an alias for a link.
    artifact = wandb.Api().artifact(PROJECT + "/model:v1")
    artifact.delete(delete_aliases=True)
    try:
        wandb.Api().artifact(PROJECT + "/model:v1")
    except Exception:
        return "gone"
    return "there"


def alias_gone():
    artifact = wandb.Api().artifact(PROJECT + "/model:v0")
    artifact.aliases.remove("gold")
    artifact.save()
    try:
        wandb.Api().artifact(PROJECT + "/model:gold")
    except Exception:
        return "gone"
    return "there"


def content(name):
    """The files of an artifact, as they come back."""
    root = wandb.Api().artifact(f"{PROJECT}/{name}").download(root=f"got-{name.replace(':', '-')}")
    return {path.name: path.read_text() for path in sorted(pathlib.Path(root).glob("*.txt"))}


def linked():
    """Both ways in: by the run that logged it, and by the artifact as the public API gives it."""
    wandb.Api().artifact(PROJECT + "/model:v1").link("local/reading/chosen", aliases=["best"])
    found = {name: wandb.Api().artifact(f"{PROJECT}/chosen:{name}") for name in ("v0", "best", "latest")}
    return [[name, artifact.digest, artifact.version] for name, artifact in found.items()] == [
        [name, wandb.Api().artifact(f"{PROJECT}/model:{source}").digest, version]
        for name, source, version in (("v0", "v0", "v0"), ("best", "v1", "v1"), ("latest", "v1", "v1"))
    ]


def links():
    artifact = wandb.Api().artifact(PROJECT + "/model:v1")
    return [artifact.is_link, sorted(link.name for link in artifact.linked_artifacts)]


def alias_of_link():
    link = wandb.Api().artifact(PROJECT + "/chosen:v1")
    link.aliases.append("silver")
    link.save()
    found = wandb.Api().artifact(PROJECT + "/chosen:silver").version
    try:
        wandb.Api().artifact(PROJECT + "/model:silver")
    except Exception:
        return found
    return "an alias of its own collection"


def unlinked():
    wandb.Api().artifact(PROJECT + "/chosen:v1").unlink()
    try:
        wandb.Api().artifact(PROJECT + "/chosen:best")
    except Exception:
        return [
            wandb.Api().artifact(PROJECT + "/model:v1").version,
            wandb.Api().artifact(PROJECT + "/chosen:v0").version,
        ]
    return "there"


def registered(registry):
    wandb.Api().artifact(PROJECT + "/model:v1").link(f"{registry}/x")
    return wandb.Api().artifact(f"local-organization/{registry}/x:latest").qualified_name.rpartition(":")[0]


def collections(api):
    return sorted(collection.name for collection in api.artifact_collections(PROJECT, "model"))


def new_alias():
    artifact = wandb.Api().artifact(PROJECT + "/model:v0")
    artifact.aliases.append("gold")
    artifact.save()
    return wandb.Api().artifact(PROJECT + "/model:gold").digest == artifact.digest


def main():
    api, a = wandb.Api(), PROJECT + "/a"
    run = api.run(a)
    questions = {
        "version": lambda: wandb.__version__,
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
        "system": lambda: [row["system.cpu"] for row in run.history(stream="system", pandas=False)],
        "samples of system": lambda: [
            row["system.cpu"] for row in run.history(stream="system", samples=2, pandas=False)
        ],
        "scan of parquet": lambda: [row["x"] for row in run.beta_scan_history()],
        "scan of parquet, keys": lambda: [row["x"] for row in run.beta_scan_history(keys=["x"])],
        "scan of parquet, steps": lambda: [
            row["x"] for row in run.beta_scan_history(keys=["x"], min_step=1, max_step=3)
        ],
        "scan": lambda: [row["x"] for row in run.scan_history()],
        "scan of keys": lambda: [row["x"] for row in run.scan_history(keys=["x"])],
        "scan of steps": lambda: [row["x"] for row in run.scan_history(min_step=2, max_step=4)],
        "files": lambda: sorted(file.name for file in run.files() if file.name.startswith("kept")),
        "one file": lambda: [file.name for file in run.files(names=["kept-1.txt"])],
        "pattern": lambda: sorted(file.name for file in run.files(pattern="kept%")),
        "logged": lambda: sorted(artifact.name for artifact in run.logged_artifacts()),
        "used": lambda: [artifact.name for artifact in api.run(PROJECT + "/b").used_artifacts()],
        "versions": lambda: sorted(artifact.name for artifact in versions(api)),
        "types": lambda: sorted(kind.name for kind in api.artifact_types(PROJECT)),
        "logged by": lambda: api.artifact(PROJECT + "/model:v0").logged_by().id,
        "used by": lambda: [found.id for found in api.artifact(PROJECT + "/model:v0").used_by()],
        "exists": lambda: [api.artifact_exists(f"{PROJECT}/{name}") for name in ("model:v0", "nobody:v0")],
        "content": lambda: content("model:v1"),
        "incremental": lambda: content("grown:v1"),
        "incremental, its base": lambda: content("grown:v0"),
        "alias": new_alias,
        "alias gone": alias_gone,
        "link": linked,
        "links": links,
        "alias of a link": alias_of_link,
        "collections": lambda: collections(api),
        "unlink": unlinked,
        "link to a collection of runs": lambda: api.artifact(PROJECT + "/model:v0").link("local/reading/grown"),
        "registry": lambda: registered("wandb-registry-model"),
        "no registry": lambda: registered("wandb-registry-nobody"),
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
                if number == 0:
                    run.link_artifact(artifact, "local/reading/chosen")
                run.save(f"kept-{number}.txt", policy="now", **base_path())
                grown = wandb.Artifact("grown", type="model", incremental=True)
                with grown.new_file(f"{number}.txt") as file:
                    file.write(f"of {number}")
                run.log_artifact(grown).wait()
            run.alert("it learns", "slowly", level=wandb.AlertLevel.WARN, wait_duration=5)
        if name == "b":
            run.use_artifact("model:v0")
        run.finish()


def statistics():
    """What the thread that watches the machine sends, which fast_settings() turns off: three rows for run a."""
    rows = [json.dumps({"system.cpu": cpu, "_runtime": cpu}) for cpu in (1, 2, 3)]
    body = {"files": {"wandb-events.jsonl": {"offset": 0, "content": rows}}, "complete": True, "exitcode": 0}
    user = base64.b64encode(f"api:{os.environ['WANDB_API_KEY']}".encode()).decode()
    request = urllib.request.Request(
        f"{os.environ['WANDB_BASE_URL']}/files/{PROJECT}/a/file_stream",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Basic {user}"},
    )
    urllib.request.urlopen(request).close()


def base_path():
    return {"base_path": "."} if "base_path" in inspect.signature(wandb.save).parameters else {}


if __name__ == "__main__":
    make()
    statistics()
    main()
