"""The normalisation: every way in which the same program sends different bytes, and what a trace says instead.

:data:`RULES` is all of it, in the order in which it is applied:

* a *run* rule changes the draft of a run, before or after the others;
* a *value* rule is asked about each value in history, summary, config, metadata and table cells, from the outside
  in, and gives back what stands for it, or the value itself when it is not concerned;
* a *folder* rule turns the files of a run, or of an artifact, from bytes into content.

Each docstring says what varies, between which doors or versions of wandb, and why.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from ..model.wandb_files import is_environment_file
from . import console, file_contents, metric_globs, placeholders, tensorflow_checkpoints, values
from .canonical import Content, from_json, number
from .intermediate import Context, Folder, RunDraft


class Rule(NamedTuple):
    """One rule; its name is its function's."""

    on: Literal["run before", "value", "folder", "run after"]
    apply: Callable[..., Any]

    @property
    def name(self) -> str:
        return str(self.apply.__name__)


# ---- of the run, before values are looked at


def volatile_keys(run: RunDraft) -> None:
    """Times differ between any two runs: ``_timestamp``, ``_runtime`` and ``_wandb`` (``runtime``) go.

    ``_step`` stays in rows. In the summary it repeats the last row, where legacy and core disagree about rows that
    only the summary saw, so there it goes. A key of the user's own that begins with ``_`` stays.
    """
    own = {"_timestamp", "_runtime", "_wandb"}
    run.history = [
        {"_step": index, **{key: value for key, value in row.items() if key not in own}}
        for index, row in enumerate(run.history)
    ]
    run.summary = {key: value for key, value in run.summary.items() if key not in own | {"_step"}}


def own_config(run: RunDraft) -> None:
    """``_wandb`` in the config holds versions, telemetry and metric definitions in index-coded form, differently in
    every version. What of it means something is in ``made_with``, ``telemetry`` and ``metrics``.
    """
    run.config = {key: value for key, value in run.config.items() if key != "_wandb"}


def nested_keys(run: RunDraft) -> None:
    """wandb-core (0.18 on) sends the leaves of a nested mapping, by path, and so loses mappings that are empty; the
    Python service sends them. Rows and summary lose them here; the config is sent whole by both.
    """
    run.history = [_without_empty(row) for row in run.history]
    run.summary = _without_empty(run.summary)


def own_artifacts(run: RunDraft) -> None:
    """Artifacts that the SDK logs on its own: jobs (0.13 to 0.18 at the end of a run with a git remote or saved code),
    the code they run, and the server's exports of history and events.
    """
    own = {"job", "wandb-history", "wandb-events"}
    run.logged = [
        artifact
        for artifact in run.logged
        if artifact.origin.type not in own
        and not (artifact.origin.type == "code" and artifact.name.startswith(("source-", "job-")))
    ]


def glob_expansions(run: RunDraft) -> None:
    """Up to 0.28 a server is not told globs such as ``epoch/*`` but each key that met one; 0.31 tells the glob. Run
    logs have the glob, those of 0.18 and 0.25 the keys too. Here the keys; a glob that met nothing is gone.
    """
    run.metrics = metric_globs.expanded(run.metrics, run.history)


def telemetry_names(run: RunDraft) -> None:
    """Flags that tell how the run was watched and not what the program did: offline or not, which engine, which
    platform, and the labels of notebooks differ between doors, versions and machines. Imports that the installed
    protobuf knows only a number for are not seen through a run log.
    """
    watched = "offline grpc lib_c lib_cpp sync sync2 attach shared_mode async_uploads server_side_derived_summary"
    engine = {f"feature.{name}" for name in (*watched.split(), "service", "core", "dcgm_profiling_enabled")}
    engine |= {"feature.#23", "feature.#55"}  # service and core, where the installed protobuf no longer names them
    machine = ("env.", "issues.", "label.", "feature.flow_control", "platform")
    versions = ("python_version", "cli_version", "core_version", "huggingface_version")
    run.telemetry = {name for name in run.telemetry - engine if not name.startswith((*machine, *versions))}
    run.telemetry = {name for name in run.telemetry if not re.fullmatch(r"imports_\w+\.#\d+", name)}


# ---- of values


def special_numbers(value: Any, context: Context) -> Any:
    """NaN and the infinities are bare tokens in what every version sends, which strict JSON does not know."""
    return number(value) if isinstance(value, float) and not math.isfinite(value) else value


def integral_numbers(value: Any, context: Context) -> Any:
    """wandb-core sends 1.0 as 1 and -0.0 as 0; the Python service sends them as they are."""
    return number(value) if isinstance(value, float) else value


def histograms(value: Any, context: Context) -> Any:
    """A histogram is ``values`` and ``bins``, or ``packedBins`` where the edges are even; here bins and counts."""
    return (_typed(value, "histogram") and values.histogram(value)) or value


def image_lists(value: Any, context: Context) -> Any:
    """A list of images is one object, ``images/separated``, with lists of file names, captions, masks and boxes."""
    found = values.images(value, context) if _typed(value, "images/separated") else None
    return value if found is None else found


def images(value: Any, context: Context) -> Any:
    """An image is named by the digest of a PNG, whose bytes vary with zlib and Pillow; here the pixels."""
    return values.image(value, context) if _typed(value, "image-file") else value


def masks(value: Any, context: Context) -> Any:
    """A mask is a file of its own, named by a digest; here the class numbers, as an image."""
    return values.mask(value, context) if _typed(value, "mask") else value


def boxes(value: Any, context: Context) -> Any:
    """The boxes of an image are a JSON file of the run, with other white space in each version; here its content."""
    return values.boxes(value, context) if _typed(value, "boxes2D") else value


def classes(value: Any, context: Context) -> Any:
    """The class set of an image in a table is a file of the artifact, named by its digest; here the list."""
    if isinstance(value, dict) and value.get("type") == "classes-file" and "path" in value:
        return values.classes(value, context)
    return values.classes(value, context) if _typed(value, "classes-file") else value


def tables(value: Any, context: Context) -> Any:
    """A table is a file of the run with names in place of media, and an artifact with all of it, whose address
    (``artifact_path``) 0.18 and later send along and whose digest depends on the serialiser; here its cells.
    """
    return (_typed(value, "table-file") and values.table_file(value, context)) or value


def graphs(value: Any, context: Context) -> Any:
    """A graph is a file named by its digest, and so by white space; here nodes and edges."""
    if not _typed(value, "graph-file"):
        return value
    return values.graph(from_json(context.folder.show(value.get("path")))) or value


def other_media(value: Any, context: Context) -> Any:
    """Whatever else has a ``_type`` (html, video, audio, plotly, media whose file never came) refers to a file by
    digest; here its content.
    """
    return values.other(value, context) if isinstance(value, dict) and isinstance(value.get("_type"), str) else value


# ---- of files


def environment_files(folder: Folder, context: Context, run: RunDraft) -> None:
    """What the SDK uploads about machine and program: each version another choice, each machine other content.

    A user's file of the same name cannot be told from it, and goes too.
    """
    if folder is run.folder:
        _drop(folder, is_environment_file)


def saved_models(folder: Folder, context: Context, run: RunDraft) -> None:
    """The program of a SavedModel numbers its functions and variables by what the process did before, so two saves of
    one model differ; its fingerprint follows. Here it is said to be there. Its variables are a checkpoint.
    """
    for path in placeholders.saved_model_programs(folder.contents):
        folder.contents[path] = Content(_type="json", value="the program of a SavedModel")


def checkpoints_(folder: Folder, context: Context, run: RunDraft) -> None:
    """A TensorFlow checkpoint is an index and shards, which hold every weight to the last bit; here, under the name
    both begin with, its variables.
    """
    tensorflow_checkpoints.fold(folder)


def models(folder: Folder, context: Context, run: RunDraft) -> None:
    """A Keras file holds times, versions and weights to the last bit; here its weights. No Keras, no unpickling."""
    for path, data in folder.pending():
        if (content := file_contents.model(path, data)) is not None:
            folder.contents[path] = content


def media_objects(folder: Folder, context: Context, run: RunDraft) -> None:
    """An object added to an artifact is a JSON file of SDK JSON, with its media beside it; here what it stands for."""
    for path, data in folder.pending():
        value = from_json(data) if path.endswith(".json") else None
        found = None
        if path.endswith(".table.json") and isinstance(value, dict):
            found = values.table(value, context.inside(folder))
        elif path.endswith(".graph.json"):
            found = values.graph(value)
        elif isinstance(value, dict) and _typed(value, "image-file"):
            found = values.image(value, context.inside(folder))
        if isinstance(found, Content) and found["_type"] in {"image", "table", "graph"}:
            folder.contents[path] = found


def shown_media(folder: Folder, context: Context, run: RunDraft) -> None:
    """A file that a value shows is where the value is, and nowhere else: its name has a digest in it."""
    _drop(folder, folder.shown.__contains__)
    for path in folder.shown & folder.references.keys():
        del folder.references[path]


def references(folder: Folder, context: Context, run: RunDraft) -> None:
    """A reference into another artifact has the server's number of it in its address; any other stays as it is."""
    for path, uri in folder.references.items():
        folder.contents[path] = Content(_type="reference", uri=placeholders.without_artifact_number(uri))


def other_files(folder: Folder, context: Context, run: RunDraft) -> None:
    """Pictures, JSON and text by content: white space, key order, ``\\r\\n`` and compression are the writer's."""
    for path, data in folder.pending():
        folder.contents[path] = file_contents.content_of(path, data)


def media_digests(folder: Folder, context: Context, run: RunDraft) -> None:
    """Digests in the names of media that no value shows; media alike but for the digest are numbered, by content."""
    folder.rename(placeholders.without_digests(folder.contents))


# ---- of the run, at the end


def generated_names(run: RunDraft) -> None:
    """A run the user did not name gets a random name online and none offline; artifacts are named after it
    (``model-misty-sun-7``, and offline ``model-None``, ``model-`` or ``model-<id>``). The user's own name stays.
    """
    if placeholders.is_generated(run.name, run.origin.id):
        for artifact in run.logged:
            artifact.name = placeholders.without_run_name(artifact.name, run.name, run.origin.id)
        run.name = ""


def run_ids(run: RunDraft) -> None:
    """The run's id in names of artifacts, aliases and paths: ``run-<id>-key``, ``run_<id>_model``. An id the user
    chose is taken out only where ``run`` stands before it.
    """
    for artifact in run.artifacts():
        artifact.name = placeholders.without_run_id(artifact.name, run.origin.id)
        artifact.aliases = [placeholders.without_run_id(alias, run.origin.id) for alias in artifact.aliases]
    for folder in run.folders():
        folder.rename({path: placeholders.without_run_id(path, run.origin.id) for path in folder.contents})


def artifact_aliases(run: RunDraft) -> None:
    """Aliases are a set, whose order 0.16 and 0.18 leave to chance; ``v0`` and so on are the server's."""
    for artifact in run.artifacts():
        artifact.aliases = sorted({alias for alias in artifact.aliases if not re.fullmatch(r"v\d+", alias)})


def artifact_order(run: RunDraft) -> None:
    """wandb-core uploads artifacts side by side, so a server sees them in any order. Here they are in the order of
    their names; versions of one stay in theirs.
    """
    run.logged.sort(key=lambda artifact: (artifact.name, artifact.origin.type))
    run.used.sort(key=lambda artifact: (artifact.name, artifact.origin.type))


def redrawn_lines(run: RunDraft) -> None:
    """Progress bars go back with ``\\r`` and ``\\b``: the server is told lines as a terminal shows them, the log every
    write. Colours go too.
    """
    run.console = [console.shown(line) for lines in run.console for line in lines.rstrip("\n").split("\n")]


def own_lines(run: RunDraft) -> None:
    """What wandb and TensorFlow's C++ code print in between (addresses, times, machine), and empty lines, of which
    each version's terminal emulation leaves another number.
    """
    run.console = [line for line in run.console if not console.is_not_the_programs(line)]


def times_in_lines(run: RunDraft) -> None:
    """Durations in Keras' progress bars, time stamps that 0.13 and 0.16 put before lines, and the run's folder."""
    run.console = [console.without_times(line, run.origin.id) for line in run.console]


def key_order(run: RunDraft) -> None:
    """wandb-core sends keys in random order: every mapping is in the order of its keys."""
    for name in ("config", "history", "summary", "metrics"):
        setattr(run, name, _sorted(getattr(run, name)))
    for folder in run.folders():
        folder.contents = _sorted(folder.contents)
    for artifact in run.artifacts():
        artifact.metadata = _sorted(artifact.metadata)


RULES: tuple[Rule, ...] = (
    *(Rule("run before", rule) for rule in (volatile_keys, own_config, nested_keys, own_artifacts)),
    *(Rule("run before", rule) for rule in (glob_expansions, telemetry_names)),
    *(Rule("value", rule) for rule in (special_numbers, integral_numbers, histograms, image_lists, images, masks)),
    *(Rule("value", rule) for rule in (boxes, classes, tables, graphs, other_media)),
    *(Rule("folder", rule) for rule in (environment_files, saved_models, checkpoints_, models, media_objects)),
    *(Rule("folder", rule) for rule in (shown_media, references, other_files, media_digests)),
    *(Rule("run after", rule) for rule in (generated_names, run_ids, artifact_aliases, artifact_order)),
    *(Rule("run after", rule) for rule in (redrawn_lines, times_in_lines, own_lines, key_order)),
)


def _typed(value: Any, name: str) -> bool:
    return isinstance(value, dict) and value.get("_type") == name


def _drop(folder: Folder, unwanted: Callable[[str], bool]) -> None:
    folder.contents = {path: item for path, item in folder.contents.items() if not unwanted(path)}


def _without_empty(value: dict[str, Any]) -> dict[str, Any]:
    kept = {key: _without_empty(item) if isinstance(item, dict) else item for key, item in value.items()}
    return {key: item for key, item in kept.items() if item != {}}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        ordered = {key: _sorted(value[key]) for key in sorted(value)}
        return Content(ordered) if isinstance(value, Content) else ordered
    return [_sorted(item) for item in value] if isinstance(value, list) else value
