"""Each argument of each query and mutation that is known changes what it should, or is declared to change nothing.

``supported.calls()`` lists them from the code, so a new argument without a row here fails.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import replace
from typing import Any
from unittest import mock
from uuid import UUID

import pytest

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.app import BackendApp
from wandb_keras_compat.testing.doors.server.auth import KEY
from wandb_keras_compat.testing.doors.server.faults import FaultPlan
from wandb_keras_compat.testing.doors.server.graphql import plan
from wandb_keras_compat.testing.doors.server.http_errors import NotDoneError
from wandb_keras_compat.testing.doors.server.limits import MAX_BODY
from wandb_keras_compat.testing.doors.server.server_state import ArtifactRecord, encoded
from wandb_keras_compat.testing.doors.server.supported import calls
from wandb_keras_compat.testing.model.store import RunStore

CALLS = calls()

#: Number to MD5 of the two parts of a file that comes in parts.
PARTS = {number: hashlib.md5(part).hexdigest() for number, part in ((1, b"one"), (2, b"two"))}
PARTS_SENT = "[" + ", ".join(f'{{partNumber: {number}, hexMD5: "{md5}"}}' for number, md5 in PARTS.items()) + "]"


class World:
    """A store with two projects, runs, versions and sweeps, made through the mutations, and questions to it."""

    def __init__(self, backend: BackendApp | None = None) -> None:
        backend = backend or BackendApp(RunStore(), FaultPlan(), lambda: "http://127.0.0.1", KEY, MAX_BODY)
        self.store, self.state, self.resolvers = backend.store, backend.state, backend.resolvers
        self.signer = backend.signer
        for name, more in (("r", 'config: "{\\"lr\\": {\\"value\\": 1}}", tags: ["t"]'), ("s", "")):
            self.ask(f'mutation {{ upsertBucket(modelName: "p", name: "{name}", {more}) {{ inserted }} }}')
        run = next(iter(self.store.runs.values()))
        run.history += [{"_step": step, "a": step, "b": -step} for step in range(6)]
        run.files |= {"a.txt": [b"1"], "b.txt": [b"2"]}
        record = self.state.find_run(run.key)
        assert record
        record.event_rows += [{"cpu": n} for n in range(5)]
        record.raw_config["_wandb"] = {"value": {"t": {"1": 1}, "m": []}}
        self.run_id = record.server_id
        self.artifacts = [self.version(digest, name) for digest, name in (("d0", "a"), ("d1", "a"), ("d2", "other"))]
        for artifact in self.artifacts:
            for run_name in ("r", "s"):
                self.ask(
                    f'mutation {{ useArtifact(artifactID: "{artifact}", projectName: "p", runName: "{run_name}") '
                    "{ artifact { id } } }"
                )
        for method in ("grid", "random"):
            config = json.dumps(f"method: {method}\nparameters: {{x: {{values: [1, 2]}}}}")
            self.ask(f'mutation {{ upsertSweep(projectName: "p", config: {config}) {{ sweep {{ name }} }} }}')
        self.sweeps = list(self.store.sweeps.values())
        for host in ("one", "two"):
            self.ask(
                f'mutation {{ createAgent(host: "{host}", projectName: "p", sweep: "{self.sweeps[0].id}") {{ agent {{ id }} }} }}'
            )
        self.agents = list(self.sweeps[0].agents)
        for name in ("r", "s"):
            self.ask(
                f'mutation {{ upsertBucket(modelName: "p", name: "{name}", sweep: "{self.sweeps[0].id}") {{ inserted }} }}'
            )
        for artifact in self.artifacts[:2]:
            self.ask(
                f'mutation {{ linkArtifact(artifactID: "{artifact}", projectName: "p", artifactPortfolioName: "links") '
                "{ versionIndex } }"
            )
        self.ask('mutation { upsertModel(name: "q") { inserted } }')
        self.ask(
            'mutation { createArtifact(projectName: "p", artifactTypeName: "t2", artifactCollectionName: "c", '
            'digest: "x", clientID: "waiting") { artifact { id } } }'
        )
        for artifact, path in ((self.artifacts[0], "big"), (self.artifacts[0], "huge"), (self.artifacts[1], "big")):
            parts = ", ".join(f'{{partNumber: {number}, hexMD5: "{md5}"}}' for number, md5 in PARTS.items())
            self.ask(
                f'mutation {{ createArtifactFiles(artifactFiles: [{{artifactID: "{artifact}", name: "{path}", '
                f"uploadPartsInput: [{parts}]}}]) {{ files {{ edges {{ node {{ id }} }} }} }} }}"
            )
            for number, content in enumerate((b"one", b"two"), 1):
                self.resolvers.uploads.keep(self.state.artifact(artifact), path, content, number)

    def version(self, digest: str, name: str) -> str:
        made = self.ask(
            f'mutation {{ createArtifact(projectName: "p", runName: "r", artifactTypeName: "t", '
            f'artifactCollectionName: "{name}", digest: "{digest}", clientID: "client-{digest}") {{ artifact {{ id }} }} }}'
        )
        artifact_id: str = made["createArtifact"]["artifact"]["id"]
        entries = {path: {"digest": path, "size": 1} for path in ("x.txt", "y.txt")}
        record = self.state.artifact(artifact_id)
        self.resolvers.uploads.take_manifest(record, json.dumps({"contents": entries}).encode())
        self.ask(f'mutation {{ commitArtifact(artifactID: "{artifact_id}") {{ artifact {{ id }} }} }}')
        return artifact_id

    def ask(self, text: str) -> Any:
        return self.resolvers.of(plan(text))

    def named(self, text: str) -> str:
        """*text* with the ids of this world for the words that stand for them."""
        runs = [record.server_id for key in self.store.runs if (record := self.state.find_run(key))]
        words = dict(zip(("OTHER_RUN", "RUN"), runs[1::-1], strict=False))  # a fuzz deletes some
        words |= dict(zip(("ARTIFACT_ONE", "ARTIFACT_TWO", "ARTIFACT_THREE"), self.artifacts, strict=True))
        words |= {"SWEEP_NAME": self.sweeps[0].id, "AGENT_ONE": self.agents[0], "AGENT_TWO": self.agents[1]}
        words |= {"MANIFEST_TWO": encoded(f"ArtifactManifest:{self.artifacts[1]}")}
        words |= {"MANIFEST_ONE": encoded(f"ArtifactManifest:{self.artifacts[0]}")}
        words |= {
            f"PORTFOLIO_{name.upper()}": encoded(f"ArtifactPortfolio:local/p/{name}") for name in ("links", "none")
        }
        words |= {
            f"UPLOAD_{name}": upload.id
            for artifact, name in zip(self.artifacts, ("ONE", "TWO"))
            for path, upload in self.state.artifact(artifact).multiparts.items()
            if path == "big"
        }
        words |= {"SWEEP_ID": encoded(f"Sweep:{self.sweeps[0].id}:p:local")}
        for word, value in words.items():
            text = text.replace(word, f'"{value}"')
        return text

    @staticmethod
    def of_record(record: ArtifactRecord) -> tuple[Any, ...]:
        parts = {path: (upload.announced, sorted(upload.contents)) for path, upload in record.multiparts.items()}
        base = record.base.version.id if record.base else None
        return record.manifest_digest, record.manifest, base, sorted(record.uploads), parts

    def everything(self) -> str:
        runs = [
            (r.created, r.program, r.host, r.commit, r.description, r.stop_asked, r.raw_config)
            for r in map(self.state.find_run, self.store.runs)
            if r
        ]
        versions = [
            (
                v.id,
                v.asked_aliases,
                v.aliases,
                v.state,
                v.digest,
                v.description,
                v.metadata,
                v.used_by,
                v.logged_by,
                sorted(v.entries),
                [(link.path, link.aliases) for link in v.links],
                *self.of_record(self.state.artifact(v.id)),
            )
            for c in self.store.collections.values()
            for v in c.versions
        ]
        projects = {entity: self.state.projects(entity) for entity in ("local", "else")}
        names = sorted(self.state._by_client_id)
        places = [list(self.store.collections), list(self.store.portfolios)]
        return repr((replace(self.store.snapshot(), unknown=()), runs, places, versions, projects, names))


IN_RUN = 'project(name: "p") {{ run(name: "r") {{ {} }} }}'
IN_PROJECT = 'project(name: "p") {{ {} }}'
IN_TYPE = 'project(name: "p") {{ artifactType(name: "t") {{ {} }} }}'
IN_COLLECTION = 'project(name: "p") {{ artifactCollection(name: "a") {{ {} }} }}'
IN_PORTFOLIO = 'project(name: "p") {{ artifactCollection(name: "links") {{ {} }} }}'
IN_SWEEP = 'project(name: "p") {{ sweep(sweepName: SWEEP_NAME) {{ {} }} }}'
IN_ARTIFACT = 'project(name: "p") {{ artifact(name: "a:v0") {{ {} }} }}'
EDGES = "{ edges { node { id name } } }"
IDS = "{ edges { node { id } } }"
PAGES = {"first": "1", "after": '"1"'}

#: Type and field to the place of the field, its selection, arguments that are always there, and those tried.
QUERIES: dict[tuple[str, str], tuple[str, str, dict[str, str], dict[str, str]]] = {
    ("query", "__type"): ("{}", "{ name fields { name } }", {}, {"name": '"Project"'}),
    ("query", "entity"): ("{}", "{ name }", {}, {"name": '"else"'}),
    ("query", "model"): (
        "{}",
        "{ runCount name entityName }",
        {"name": '"p"'},
        {"name": '"q"', "entityName": '"else"'},
    ),
    ("query", "project"): ("{}", "{ runCount entityName }", {"name": '"p"'}, {"name": '"q"', "entityName": '"else"'}),
    ("query", "models"): ("{}", EDGES, {}, PAGES | {"entityName": '"else"'}),
    ("query", "artifact"): ("{}", "{ id }", {}, {"id": "ARTIFACT_ONE"}),
    ("query", "clientIDMapping"): ("{}", "{ serverID }", {}, {"clientID": '"client-d0"'}),
    ("Project", "bucket"): (IN_PROJECT, "{ name }", {}, {"name": '"r"'}),
    ("Project", "run"): (IN_PROJECT, "{ name }", {}, {"name": '"r"'}),
    ("Project", "runs"): (IN_PROJECT, EDGES, {}, PAGES | {"filters": r'"{\"tags\": \"t\"}"', "order": '"-name"'}),
    ("Project", "runCount"): (IN_PROJECT, "", {}, {"filters": r'"{\"tags\": \"t\"}"'}),
    ("Project", "artifact"): (IN_PROJECT, "{ id }", {}, {"name": '"a:v0"'}),
    ("Project", "artifactType"): (IN_PROJECT, "{ name }", {}, {"name": '"t"'}),
    ("Project", "artifactTypes"): (IN_PROJECT, EDGES, {}, PAGES),
    ("Project", "artifactCollection"): (IN_PROJECT, "{ name }", {}, {"name": '"a"'}),
    ("Project", "artifactCollectionMembership"): (IN_PROJECT, "{ id }", {}, {"name": '"a:v1"'}),
    ("Project", "sweep"): (IN_PROJECT, "{ name }", {}, {"sweepName": "SWEEP_NAME"}),
    ("Project", "sweeps"): (IN_PROJECT, EDGES, {}, PAGES),
    ("Sweep", "runs"): (IN_SWEEP, EDGES, {}, PAGES),
    ("Sweep", "agents"): (IN_SWEEP, EDGES, {}, PAGES),
    ("Sweep", "agent"): (IN_SWEEP, "{ id }", {}, {"agentName": "AGENT_ONE"}),
    ("Run", "wandbConfig"): (IN_RUN, "", {}, {"keys": '["t"]'}),
    ("Run", "history"): (IN_RUN, "", {}, {"samples": "2", "minStep": "2", "maxStep": "2"}),
    ("Run", "events"): (IN_RUN, "", {}, {"samples": "2"}),
    ("Run", "sampledHistory"): (IN_RUN, "", {}, {"specs": r'["{\"keys\": [\"a\"], \"samples\": 2}"]'}),
    ("Run", "files"): (IN_RUN, EDGES, {}, PAGES | {"names": '["b.txt"]', "pattern": '"a%"'}),
    ("Run", "outputArtifacts"): (IN_RUN, IDS, {}, PAGES),
    ("Run", "inputArtifacts"): (IN_RUN, IDS, {}, PAGES),
    ("ArtifactType", "artifactCollections"): (IN_TYPE, EDGES, {}, PAGES),
    ("ArtifactType", "artifactSequences"): (IN_TYPE, EDGES, {}, PAGES),
    ("ArtifactType", "artifactCollection"): (IN_TYPE, "{ name }", {}, {"name": '"a"'}),
    ("ArtifactType", "artifactSequence"): (IN_TYPE, "{ name }", {}, {"name": '"a"'}),
    ("ArtifactType", "artifact"): (IN_TYPE, "{ id }", {}, {"name": '"a:v0"'}),
    ("ArtifactSequence", "artifactMembership"): (IN_COLLECTION, "{ id }", {}, {"aliasName": '"v0"'}),
    ("ArtifactSequence", "artifacts"): (IN_COLLECTION, IDS, {}, PAGES | {"filters": r'"{\"versionIndex\": 0}"'}),
    ("ArtifactSequence", "aliases"): (IN_COLLECTION, IDS, {}, PAGES),
    ("ArtifactCollectionMembership", "files"): (
        'project(name: "p") {{ artifactCollectionMembership(name: "a:v0") {{ {} }} }}',
        EDGES,
        {},
        PAGES | {"names": '["y.txt"]'},
    ),
    ("Artifact", "usedBy"): (IN_ARTIFACT, EDGES, {}, PAGES),
    ("Artifact", "artifactMemberships"): (IN_ARTIFACT, IDS, {}, PAGES),
    ("ArtifactPortfolio", "artifactMembership"): (IN_PORTFOLIO, "{ id }", {}, {"aliasName": '"v0"'}),
    ("ArtifactPortfolio", "artifacts"): (IN_PORTFOLIO, IDS, {}, PAGES),
    ("ArtifactPortfolio", "aliases"): (IN_PORTFOLIO, IDS, {}, PAGES),
    ("Artifact", "files"): (IN_ARTIFACT, EDGES, {}, PAGES | {"names": '["y.txt"]'}),
    ("Artifact", "filesByManifestEntries"): (IN_ARTIFACT, EDGES, {}, PAGES | {"entries": '[{name: "y.txt"}]'}),
}

#: The answer is the same to everything but this, since only the one thing can be asked.
ONLY_ANSWER = {("Run", "parquetHistory", "liveKeys"): ("['_step']", '["a"]')}

DECLARED = [
    (kind, name, argument)
    for kind, fields in CALLS.items()
    for name, call in fields.items()
    if kind != "mutation"
    for argument in call.takes
]


def call(name: str, arguments: dict[str, str], selection: str) -> str:
    inner = ", ".join(f"{key}: {value}" for key, value in arguments.items())
    return f"{name}({inner}) {selection}" if inner else f"{name} {selection}"


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.mark.parametrize("declared", DECLARED, ids=" ".join)
def test_each_argument_of_a_query_changes_the_answer(world: World, declared):
    kind, name, argument = declared
    if declared in ONLY_ANSWER:
        with pytest.raises(NotDoneError, match="not known"):
            world.ask("{ " + IN_RUN.format(call(name, {argument: ONLY_ANSWER[declared][1]}, "{ liveData }")) + " }")
        return
    place, selection, always, tried = QUERIES[kind, name]
    with_it = always | {argument: tried[argument]}
    without = world.ask(world.named("{ " + place.format(call(name, always, selection)) + " }"))
    found = world.ask(world.named("{ " + place.format(call(name, with_it, selection)) + " }"))
    assert found != without, found
    assert world.store.unknown == []


SWEEP = r'"method: grid\nparameters: {x: {values: [1]}}"'

#: Mutation to arguments that are always there and those that are tried, with a value of the same kind each.
MUTATIONS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "upsertBucket": (
        {"modelName": '"p"', "name": '"r"', "notes": '"noted"'},
        {
            "id": "OTHER_RUN",
            "entityName": '"else"',
            "modelName": '"q"',
            "name": '"new"',
            "displayName": '"shown"',
            "config": r'"{\"lr\": {\"value\": 2}}"',
            "summaryMetrics": r'"{\"x\": 2}"',
            "tags": '["u"]',
            **dict.fromkeys(("groupName", "jobType", "notes", "sweep", "jobProgram", "host", "commit"), '"w"'),
            "description": '"w"',
            "state": '"finished"',
        },
    ),
    "upsertModel": ({"name": '"p"'}, {"name": '"new"', "entityName": '"else"'}),
    "createRunFiles": (
        {"projectName": '"p"', "entityName": '"local"', "runName": '"r"', "files": '["f"]'},
        {"projectName": '"q"', "entityName": '"else"', "runName": '"s"', "files": '["g"]'},
    ),
    "deleteRun": ({"id": "RUN"}, {"id": "OTHER_RUN", "deleteArtifacts": "true"}),
    "stopRun": ({"id": "RUN"}, {"id": "OTHER_RUN"}),
    "notifyScriptableRunAlert": (
        {"projectName": '"p"', "entityName": '"local"', "runName": '"r"', "title": '"t"', "text": '"t"'},
        {"projectName": '"q"', "entityName": '"else"', "runName": '"s"', "title": '"u"', "text": '"u"'}
        | {"severity": "WARN", "waitDuration": "5"},
    ),
    "upsertSweep": (
        {"projectName": '"p"', "config": SWEEP},
        {
            "id": "SWEEP_ID",
            "config": SWEEP.replace("grid", "random"),
            "description": '"d"',
            "entityName": '"else"',
            "projectName": '"q"',
            "state": '"PAUSED"',
            "displayName": '"shown"',
            "templateVariableValues": r'"{\"x\": 1}"',
        },
    ),
    "createAgent": (
        {"host": '"h"', "projectName": '"p"', "entityName": '"local"', "sweep": "SWEEP_NAME"},
        {"host": '"i"', "projectName": '"q"', "entityName": '"else"', "sweep": '"none"'},
    ),
    "agentHeartbeat": ({"id": "AGENT_ONE"}, {"id": "AGENT_TWO", "runState": r'"{\"r\": true}"'}),
    "createArtifact": (
        {"projectName": '"p"', "artifactTypeName": '"t"', "artifactCollectionName": '"a"', "digest": '"d8"'},
        {
            "projectName": '"q"',
            "entityName": '"else"',
            "artifactTypeName": '"t3"',
            "artifactCollectionName": '"b"',
            "artifactCollectionNames": '["b"]',
            "digest": '"d9"',
            "description": '"new"',
            "metadata": r'"{\"k\": 1}"',
            "aliases": '[{alias: "gold"}]',
            "runName": '"r"',
            "clientID": '"cc"',
            "enableDigestDeduplication": "false",
        },
    ),
    "createArtifactManifest": (
        {"artifactID": "ARTIFACT_ONE"},
        {"artifactID": "ARTIFACT_TWO", "digest": '"m"', "type": "INCREMENTAL", "baseArtifactID": "ARTIFACT_THREE"},
    ),
    "updateArtifactManifest": (
        {"artifactManifestID": "MANIFEST_ONE", "digest": '"m"'},
        {"artifactManifestID": "MANIFEST_TWO", "digest": '"n"', "baseArtifactID": "ARTIFACT_THREE"},
    ),
    "completeMultipartUploadArtifact": (
        {
            "artifactID": "ARTIFACT_ONE",
            "storagePath": '"big"',
            "uploadID": "UPLOAD_ONE",
            "completeMultipartAction": "Complete",
            "completedParts": PARTS_SENT,
        },
        {
            "artifactID": "ARTIFACT_TWO",
            "storagePath": '"huge"',
            "uploadID": "UPLOAD_TWO",
            "completeMultipartAction": "Abort",
            "completedParts": PARTS_SENT.replace("1,", "3,"),
        },
    ),
    "linkArtifact": (
        {"artifactID": "ARTIFACT_ONE", "projectName": '"p"', "artifactPortfolioName": '"new"'},
        {
            "artifactID": "ARTIFACT_TWO",
            "clientID": '"client-d2"',
            "projectName": '"q"',
            "entityName": '"else"',
            "artifactPortfolioName": '"newer"',
            "aliases": '[{alias: "gold"}]',
        },
    ),
    "unlinkArtifact": (
        {"artifactID": "ARTIFACT_ONE", "artifactPortfolioID": "PORTFOLIO_LINKS"},
        {"artifactID": "ARTIFACT_TWO", "artifactPortfolioID": "PORTFOLIO_NONE"},
    ),
    "createArtifactFiles": (
        {"artifactFiles": '[{artifactID: ARTIFACT_ONE, name: "f"}]'},
        {"artifactFiles": '[{artifactID: ARTIFACT_ONE, name: "g"}]'},
    ),
    "commitArtifact": ({"artifactID": "ARTIFACT_ONE"}, {"artifactID": "ARTIFACT_TWO"}),
    "useArtifact": (
        {"artifactID": "ARTIFACT_ONE", "projectName": '"p"', "runName": '"r"'},
        {"artifactID": "ARTIFACT_TWO", "projectName": '"q"', "runName": '"s"', "entityName": '"else"'},
    ),
    "updateArtifact": (
        {"artifactID": "ARTIFACT_ONE", "description": '"x"'},
        {"artifactID": "ARTIFACT_TWO", "description": '"y"', "metadata": r'"{\"k\": 1}"'}
        | {"aliases": '[{alias: "gold"}]'},
    ),
    "deleteArtifact": ({"artifactID": "ARTIFACT_ONE"}, {"artifactID": "ARTIFACT_TWO", "deleteAliases": "true"}),
    "addAliases": (
        {"artifactID": "ARTIFACT_ONE", "aliases": '[{alias: "gold"}]'},
        {"artifactID": "ARTIFACT_TWO", "aliases": '[{alias: "silver"}]'},
    ),
    "deleteAliases": (
        {"artifactID": "ARTIFACT_TWO", "aliases": '[{alias: "latest"}]'},
        {"artifactID": "ARTIFACT_THREE", "aliases": '[{alias: "none"}]'},
    ),
}

#: Where an argument shows itself only beside another value of some other argument.
BESIDE = {
    ("createArtifact", "enableDigestDeduplication"): {"digest": '"d0"'},
    ("createArtifactManifest", "baseArtifactID"): {"type": "INCREMENTAL"},
    ("linkArtifact", "clientID"): {"artifactID": "null"},
    ("deleteArtifact", "deleteAliases"): {"artifactID": "ARTIFACT_TWO"},
}

SELECTIONS = {
    "agentHeartbeat": "{ agent { id } commands }",
    "createRunFiles": "{ files { uploadUrl } }",
    "createArtifactFiles": "{ files { edges { node { uploadUrl } } } }",
    "createArtifactManifest": "{ artifactManifest { id } }",
    "updateArtifactManifest": "{ artifactManifest { id } }",
    "completeMultipartUploadArtifact": "{ digest }",
    "commitArtifact": "{ artifact { id } }",
}


def outcome(name: str, arguments: dict[str, str]) -> str:
    numbers = itertools.count()
    with mock.patch("uuid.uuid4", lambda: UUID(int=next(numbers) << 96)):  # two worlds differ in no random id
        return _outcome(name, arguments)


def _outcome(name: str, arguments: dict[str, str]) -> str:
    """What a mutation gives and leaves behind in a new world, or how it is refused."""
    world = World()
    text = "mutation { " + call(name, arguments, SELECTIONS.get(name, "{ __typename }")) + " }"
    try:
        answer = world.ask(world.named(text))
    except Exception as error:  # refused is what a wrong value is to be
        return f"{type(error).__name__}: {error}"
    return f"{answer} {world.everything()}".replace(str(id(world)), "")


@pytest.mark.parametrize("name", CALLS["mutation"])
def test_each_argument_of_a_mutation_changes_something_or_is_refused(name):
    declared = set(CALLS["mutation"][name].takes)
    always, tried = MUTATIONS.get(name, ({}, {}))
    assert declared == set(tried), "every argument that is known is tried"
    if not declared:
        return
    for argument, value in tried.items():
        beside = always | BESIDE.get((name, argument), {})
        assert outcome(name, beside | {argument: value}) != outcome(name, beside), argument


def test_every_argument_without_effect_has_a_reason():
    reasons = [reason for fields in CALLS.values() for call in fields.values() for reason in call.no_effect.values()]
    assert reasons and all(len(reason.split()) > 4 for reason in reasons)


@pytest.mark.parametrize("kind", CALLS)
def test_every_other_argument_is_refused(world: World, kind):
    before = world.everything()
    for name in CALLS[kind]:
        if kind in {"query", "mutation"}:
            with pytest.raises(NotDoneError, match="nobody"):
                world.ask(f"{kind} {{ {name}(nobody: 1) }}")
    assert world.everything() == before
