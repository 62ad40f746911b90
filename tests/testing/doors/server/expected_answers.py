"""What ``reading_back.py`` is to be told, question by question, and where a wandb asks or tells something else."""

from __future__ import annotations

from typing import Any, NamedTuple

MISSING, REFUSED = "missing", "refused"


class Question(NamedTuple):
    """One question: the call as a user writes it, and the right answer."""

    call: str
    answer: Any


QUESTIONS: dict[str, Question] = {
    "viewer": Question("Api().viewer", "tester"),
    "projects": Question("Api().projects(entity)", ["reading"]),
    "ordered": Question('runs(order="-summary_metrics.loss")', ["c", "b", "a"]),
    "by config": Question('runs(filters={"config.lr": {"$gt": 1}})', ["b", "c"]),
    "by summary": Question('runs(filters={"summary_metrics.loss": {"$lt": 2}})', ["a"]),
    "by or": Question('runs(filters={"$or": [{"tags": "y"}, {"display_name": {"$regex": …}}]})', ["b", "c"]),
    "by state": Question('runs(filters={"state": "finished"})', ["a", "b", "c"]),
    "by group": Question('runs(filters={"group": "g"})', ["b"]),
    "by time": Question('runs(filters={"created_at": {"$gt": …}})', []),
    "pages": Question("runs(per_page=1)", ["a", "b", "c"]),
    "how many": Question("len(runs(filters=…))", 2),
    "no such project": Question("runs(of no project)", REFUSED),
    "unknown operator": Question('runs(filters={"config.lr": {"$near": 1}})', REFUSED),
    "unknown key": Question('runs(filters={"nobody_knows": 1})', REFUSED),
    "unknown order": Question('runs(order="+nobody_knows")', REFUSED),
    "samples": Question("run.history(samples=3)", [0, 2, 5]),
    "samples of keys": Question('run.history(samples=2, keys=["x"])', [{"_step": 0, "x": 0}, {"_step": 5, "x": 5}]),
    "system": Question('run.history(stream="system")', [1, 2, 3]),
    "samples of system": Question('run.history(stream="system", samples=2)', [1, 3]),
    "scan of parquet": Question("run.beta_scan_history()", list(range(6))),
    "scan of parquet, keys": Question('run.beta_scan_history(keys=["x"])', list(range(6))),
    "scan of parquet, steps": Question('run.beta_scan_history(keys=["x"], min_step=1, max_step=3)', [1, 2]),
    "scan": Question("run.scan_history()", list(range(6))),
    "scan of keys": Question('run.scan_history(keys=["x"])', list(range(6))),
    "scan of steps": Question("run.scan_history(min_step=2, max_step=4)", [2, 3]),
    "files": Question("run.files()", ["kept-0.txt", "kept-1.txt"]),
    "one file": Question("run.files(names=[…])", ["kept-1.txt"]),
    "pattern": Question('run.files(pattern="kept%")', ["kept-0.txt", "kept-1.txt"]),
    "logged": Question("run.logged_artifacts()", ["grown:v0", "grown:v1", "model:v0", "model:v1"]),
    "used": Question("run.used_artifacts()", ["model:v0"]),
    "versions": Question("Api().artifacts(type, name)", ["model:v0", "model:v1"]),
    "types": Question("Api().artifact_types(project)", ["model"]),
    "logged by": Question("artifact.logged_by()", "a"),
    "used by": Question("artifact.used_by()", ["b"]),
    "exists": Question("Api().artifact_exists(name)", [True, False]),
    "content": Question("artifact.download()", {"x.txt": "1"}),
    "incremental": Question("Artifact(incremental=True), a second version", {"0.txt": "of 0", "1.txt": "of 1"}),
    "incremental, its base": Question("Artifact(incremental=True), the first version", {"0.txt": "of 0"}),
    "alias": Question('artifact.aliases.append("gold"); save()', True),
    "alias gone": Question('artifact.aliases.remove("gold"); save()', "gone"),
    "link": Question("run.link_artifact(…), artifact.link(…), Api().artifact(portfolio:alias)", True),
    "links": Question("artifact.is_link, .linked_artifacts", [False, ["chosen:v1"]]),
    "alias of a link": Question("an alias of the link only", "v1"),
    "collections": Question("Api().artifact_collections(project, type)", ["chosen", "grown", "model"]),
    "unlink": Question("link.unlink()", ["v1", "v0"]),
    "link to a collection of runs": Question("artifact.link(a name that runs log to)", REFUSED),
    "registry": Question(
        'artifact.link("wandb-registry-model/x"), Api().artifact(…)', "local-organization/wandb-registry-model/x"
    ),
    "no registry": Question("artifact.link(to a registry that is not there)", REFUSED),
    "artifact deleted": Question("artifact.delete(delete_aliases=True)", "gone"),
    "changed": Question("run.config, .name, .tags, .summary; run.update()", [9, "renamed", ["late"], 1]),
    "deleted": Question("run.delete()", ["a", "b"]),
    "alert": Question("run.alert(title, text, level, wait_duration)", [["it learns", "slowly", "WARN", 5000]]),
    "link by a run": Question("run.link_artifact(artifact, portfolio)", [["model", ["local/reading/chosen:v0"]]]),
}

#: Further things that were tried with each wandb, and the first version that has them.
FURTHER: dict[str, tuple[str, str]] = {
    "sweep": ("`wandb.sweep`, `wandb.agent(function=…)`, `Api().sweep(…)`, `.runs`, `.best_run()`", "0"),
    "large file": ("a file of 2 GiB in an artifact, which comes in parts", "0.15.9"),
    "legacy function": (
        "a sweep by function of an unmodified legacy script; `best_run()` has the lowest `val_loss`",
        "0",
    ),
    "legacy command": (
        "a sweep by command of an unmodified legacy script; `best_run()` has the lowest `val_loss`",
        "0",
    ),
}

#: Question to the versions of wandb that tell the program something else, from and to, with what and why.
ELSEWHERE: dict[str, tuple[str, str, Any, str]] = {
    "scan of parquet, steps": (
        "0.25",
        "0.26",
        [1, 3],
        "wandb 0.25 asks for as many samples as there are steps, of rows with one more (wandb's pull request 12010)",
    ),
    "alias of a link": (
        "0.13",
        "0.14",
        REFUSED,
        "wandb 0.13 gives the alias to the collection that the artifact was logged to",
    ),
    "registry": (
        "0.13",
        "0.18",
        REFUSED,
        "wandb before 0.18 knows no registries and asks for a project of that name, which is refused",
    ),
    "link to a collection of runs": (
        "0.16",
        "0.21",
        None,
        "wandb 0.16 to 0.20 do not tell the program how a link ended",
    ),
}

#: The questions that are to be refused since nobody knows what they mean leave a line each.
UNKNOWN = {"$near", "nobody_knows", "no registry"}


def release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3] if part.isdigit())


def expected(question: str, version: str) -> Any:
    """The right answer by the wandb of *version*; where it has no such call, ``missing`` is right as well."""
    first, end, answer, _ = ELSEWHERE.get(question, ("0", "0", None, ""))
    inside = release(first) <= release(version) < release(end)
    return answer if inside else QUESTIONS[question].answer


def has_not(question: str, version: str) -> bool:
    """Whether the wandb of *version* has no way to ask."""
    since = {
        "pattern": "0.21",
        "exists": "0.18",
        "links": "0.19",
        "unlink": "0.18",
        "collections": "0.14",
        **dict.fromkeys(("scan of parquet", "scan of parquet, keys", "scan of parquet, steps"), "0.21"),
    }
    return question in since and release(version) < release(since[question])
