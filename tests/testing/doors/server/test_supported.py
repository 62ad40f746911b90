"""What the backend answers, read off its code: the types and fields, what they take, and which wandb asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server import supported

SEEN = {
    "0.13": {"Run": ["a", "b", "c"]},
    "0.16": {"Run": ["a", "c"]},
    "0.18": {"Run": ["a", "c"]},
    "0.20": {"Run": ["a", "b"]},
}


@pytest.mark.parametrize(
    ("field", "said"), [("a", "all"), ("b", "0.13, 0.20"), ("c", "0.13 to 0.18"), ("none", "none of them")]
)
def test_the_versions_that_ask_are_said_in_ranges(field: str, said: str) -> None:
    assert supported._versions("Run", field, SEEN) == said
    assert supported._versions("Sweep", field, SEEN) == "none of them"


def test_a_field_that_one_version_alone_was_tried_with_is_of_all() -> None:
    assert supported._versions("Run", "a", {"0.31": {"Run": ["a"]}}) == "all"
    assert supported._versions("Run", "a", {"0.13": {}, "0.31": {"Run": ["a"]}}) == "0.31"


def test_every_type_that_an_answer_can_hold_is_found() -> None:
    kinds = {
        "query", "mutation", "Project", "Run", "File", "Artifact", "ArtifactSequence", "ArtifactType", "Sweep", "Agent",
        "ArtifactCollectionMembership", "ArtifactPortfolio", "ArtifactAlias", "User", "Entity", "Organization",
    }  # fmt: skip
    assert kinds <= supported.calls().keys()


def test_what_a_call_takes_and_what_it_only_lets_be_given() -> None:
    call = supported.calls()["mutation"]["deleteRun"]
    assert call.takes == ("deleteArtifacts", "id")
    assert list(call.no_effect) == ["clientMutationId"]
    plain = supported.calls()["Run"]["displayName"]
    assert (plain.takes, plain.no_effect) == ((), {})
    assert "__typename" not in supported.calls()["Run"]


def test_the_page_is_printed_written_or_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert supported.main([]) == 0
    page = capsys.readouterr().out
    path = tmp_path / "page.md"
    assert supported.main(["--write", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == page == supported.page()
    assert supported.main(["--check", str(path)]) == 0
    path.write_text(page + "\n", encoding="utf-8")
    assert supported.main(["--check", str(path)]) == 1
    assert capsys.readouterr().out == ""
