"""Requirements files: which package a project asks for, and where."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.documents.edits import Edit
from wandb_keras_codemods.documents.requirements import RequirementsDocument, is_requirements
from wandb_keras_codemods.records import Location


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("requirements.txt", True),
        ("requirements-dev.in", True),
        ("requirements.md", False),
        ("my-requirements.txt", False),
        ("requirements.txt.bak", False),
    ],
)
def test_a_requirements_file_is_known_by_its_name(name: str, is_one: bool) -> None:
    assert is_requirements(name) == is_one


@pytest.mark.parametrize(
    ("line", "text", "specifier"),
    [
        ("wandb", "wandb", ""),
        ("  wandb  ", "wandb", ""),
        ("wandb==0.16.6", "wandb==0.16.6", "==0.16.6"),
        ("wandb >=0.12, <0.17  # old", "wandb >=0.12, <0.17", ">=0.12, <0.17"),
        ("wandb[media, sweeps]~=0.16 ; python_version < '3.12'", "wandb[media, sweeps]~=0.16", "~=0.16"),
        ("wandb!=0.13", "wandb!=0.13", "!=0.13"),
        ("wandb ; python_version < '3'", "wandb", ""),
        ("wandb  # no version", "wandb", ""),
    ],
)
def test_a_line_asks_for_a_package_with_its_versions(line: str, text: str, specifier: str) -> None:
    """Without the comment and the marker."""
    found = RequirementsDocument(f"numpy\r\n{line}\r\nwandb<9\r\n".encode()).requirement("wandb")
    assert found is not None
    assert (found.text, found.specifier.strip(), found.location) == (text, specifier, Location(2))


@pytest.mark.parametrize(
    "line", ["wandb-osh", "wandb.x", "wandbx", "wandb_x", "xwandb", "# wandb", "-r wandb", "--find-links wandb", ""]
)
def test_another_line_asks_for_something_else(line: str) -> None:
    assert RequirementsDocument(f"{line}\n".encode()).requirement("wandb") is None


def test_the_name_of_a_package_is_no_pattern() -> None:
    assert RequirementsDocument(b"wandbxtools\n").requirement("wandb.tools") is None
    assert RequirementsDocument(b"wandb.tools\n").requirement("wandb.tools") is not None


def test_an_edit_is_written_in_its_place() -> None:
    assert RequirementsDocument("a\r\né\r\n".encode()).write([Edit(0, 1, "b")]) == "b\r\né\r\n".encode()
    for text in ("a\nb\n", "\nab\n"):
        assert RequirementsDocument(text.encode()).locate(text.index("b")) == Location(2)
