"""The rules of files: those of a run, and those in an artifact, from bytes into content.

Each docstring says what varies, between which doors or versions of wandb, and why. Their order: :mod:`.rules`.
"""

from __future__ import annotations

from collections.abc import Callable

from ..model.wandb_files import is_environment_file
from . import file_contents, placeholders, tensorflow_checkpoints, values
from .canonical import Content, from_json, has_type
from .intermediate import Context, Folder, IntermediateRun


def environment_files(folder: Folder, context: Context, run: IntermediateRun) -> None:
    """What the SDK uploads about machine and program: each version another choice, each machine other content.

    A user's file of the same name looks the same, and is dropped too.
    """
    if folder is run.folder:
        _drop(folder, is_environment_file)


def saved_models(folder: Folder, context: Context, run: IntermediateRun) -> None:
    """The program of a SavedModel numbers its functions and variables by what the process did before, so two saves of
    one model differ; its fingerprint follows. Here it is only noted that there is one. Its variables are a checkpoint.
    """
    for path in placeholders.saved_model_programs(folder.contents):
        folder.contents[path] = Content(_type="json", value="the program of a SavedModel")


def checkpoints(folder: Folder, context: Context, run: IntermediateRun) -> None:
    """A TensorFlow checkpoint is an index and shards, which hold every weight to the last bit; here, under the name
    both begin with, its variables.
    """
    tensorflow_checkpoints.fold(folder)


def models(folder: Folder, context: Context, run: IntermediateRun) -> None:
    """A Keras file holds times, versions and weights to the last bit; here its weights. No Keras, no unpickling."""
    for path, data in folder.pending():
        if (content := file_contents.model(path, data)) is not None:
            folder.contents[path] = content


def media_objects(folder: Folder, context: Context, run: IntermediateRun) -> None:
    """An object added to an artifact is a JSON file of SDK JSON, with its media beside it; here what it stands for."""
    for path, data in folder.pending():
        value = from_json(data) if path.endswith(".json") else None
        found = None
        if path.endswith(".table.json") and isinstance(value, dict):
            found = values.table(value, context.inside(folder))
        elif path.endswith(".graph.json"):
            found = values.graph(value)
        elif isinstance(value, dict) and has_type(value, "image-file"):
            found = values.image(value, context.inside(folder))
        if isinstance(found, Content) and found["_type"] in {"image", "table", "graph"}:
            folder.contents[path] = found


def shown_media(folder: Folder, context: Context, run: IntermediateRun) -> None:
    """A file that a value shows is where the value is, and nowhere else: its name has a digest in it."""
    _drop(folder, folder.shown.__contains__)
    for path in folder.shown & folder.references.keys():
        del folder.references[path]


def references(folder: Folder, context: Context, run: IntermediateRun) -> None:
    """A reference into another artifact has the server's number of it in its address; any other stays as it is."""
    for path, uri in folder.references.items():
        folder.contents[path] = Content(_type="reference", uri=placeholders.without_artifact_number(uri))


def other_files(folder: Folder, context: Context, run: IntermediateRun) -> None:
    """Pictures, JSON and text by content: white space, key order, ``\\r\\n`` and compression are the writer's."""
    for path, data in folder.pending():
        folder.contents[path] = file_contents.content_of(path, data)


def media_digests(folder: Folder, context: Context, run: IntermediateRun) -> None:
    """Digests in the names of media that no value shows; media alike but for the digest are numbered, by content."""
    folder.rename(placeholders.without_digests(folder.contents))


def _drop(folder: Folder, unwanted: Callable[[str], bool]) -> None:
    folder.contents = {path: item for path, item in folder.contents.items() if not unwanted(path)}
