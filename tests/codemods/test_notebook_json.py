"""Where the sources of a notebook's cells stand in its JSON text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.documents.notebook_json import cell_sources

from .tools import PROPERTY

LINES = st.text(st.characters(codec="utf-8") | st.sampled_from('"\\\n\t/é😀\u2028'), max_size=8)
SOURCES = LINES | st.lists(LINES, max_size=3)


@PROPERTY
@given(
    st.lists(SOURCES, max_size=4),
    st.sampled_from([None, 0, 1, "\t"]),
    st.booleans(),
    st.dictionaries(st.sampled_from(["nbformat", "metadata", "sources"]), SOURCES, max_size=2),
)
def test_each_character_of_a_source_is_known_by_its_place(
    sources: list[str | list[str]], indent: int | str | None, ascii_: bool, more: dict[str, object]
) -> None:
    """However the JSON is written, and whatever stands beside it: the place of each is where it is written."""
    cells = [{"cell_type": "code", "source": source, "outputs": [{"source": "no"}]} for source in sources]
    text = json.dumps(
        {**more, "cells": cells, "after": {"cells": [{"source": "no"}]}}, indent=indent, ensure_ascii=ascii_
    )
    found = cell_sources(text)
    assert [[string.value for string in cell.strings] for cell in found] == [
        [source] if isinstance(source, str) else source for source in sources
    ]
    assert [cell.listed for cell in found] == [isinstance(source, list) for source in sources]
    for cell in found:
        for string in cell.strings:
            places = string.raw_offsets(text)
            assert (places[0], places[-1]) == (string.start, string.end)
            written = [text[start:end] for start, end in zip(places, places[1:])]
            assert [json.loads(f'"{each}"') for each in written] == list(string.value)
            assert text[string.start - 1] == text[string.end] == '"'


@pytest.mark.parametrize(
    ("text", "strings"),
    [
        ("{}", []),
        ('{"cells": {}}', []),
        ('{"cells": "no"}', []),
        ('{"cells": []}', []),
        ('{"cells": [1, "source", ["source"], {"cell_type": "code"}]}', [[], [], [], []]),
        ('{"cells": [{"source": 1}, {"source": {"a": "b"}}, {"source": null}]}', [[], [], []]),
        ('{"cells": [{"source": ["a", 1, ["b"], "c"]}]}', [["a", "c"]]),
        ('{"cells": [{"source": "a"}], "cells": [{"source": "b"}, {"source": "c"}]}', [["b"], ["c"]]),
        ('{"cells": [{"source": "a", "source": "b"}]}', [["b"]]),
        (' \n{ "cells"\t: [ { "source" : [ "a" , "b" ] } , { } ] } ', [["a", "b"], []]),
    ],
)
def test_what_does_not_look_like_a_notebook_has_no_sources(text: str, strings: list[list[str]]) -> None:
    """Of two of one name the last counts, as it does for whoever parses the file."""
    found = cell_sources(text)
    assert [[string.value for string in cell.strings] for cell in found] == strings
    assert all(cell.strings for cell in found if cell.listed), "a list of lines has some here"


@pytest.mark.parametrize(("space", "listed"), [("", True), ("\n    ", True), (" ", True)])
def test_what_stands_before_the_first_line_is_known(space: str, listed: bool) -> None:
    """A line that is added gets the same."""
    (cell,) = cell_sources(f'{{"cells": [{{"source": [{space}"a"]}}]}}')
    assert (cell.opening, cell.listed) == (space, listed)
    (cell,) = cell_sources('{"cells": [{"source": "a"}]}')
    assert (cell.opening, cell.listed) == ("", False)
