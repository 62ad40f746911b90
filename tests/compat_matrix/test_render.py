"""The picture is what the results say, and a check notices when it is not."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from packaging.version import Version

from compat_matrix import github_workflow, overview_svg, render
from compat_matrix.axes import Matrix
from compat_matrix.resolve import ResolverAnswers
from compat_matrix.run_cells import current
from compat_matrix.select_cells import SelectedCell
from compat_matrix.summary import STATES, MatrixSummary, summarize
from wandb_keras_compat.parity.check.capabilities import Capability
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import Verdict, today
from wandb_keras_compat.parity.check.uses import OURS_ONLY

from .conftest import CELL, WriteResult

BOOM = Verdict("gradients_lstm", how="ValueError: <boom> | bang", traceback="Traceback\nValueError: <boom>")


def drawn(matrix: Matrix, results, chosen=(), code: str = "today", refused=None) -> MatrixSummary:
    return summarize(matrix, list(chosen), {r.cell.name: r for r in results}, refused or {}, today(), code)


def test_each_state_is_told_in_both(matrix: Matrix, write_result: WriteResult) -> None:
    verdicts = {
        ("gradients", "ours"): [BOOM],
        ("flops", "ours"): [Verdict("flops_lstm", known=["KD-024"])],  # forced by Keras 3
        ("best", "ours"): [Verdict("prefix", known=["KD-001"])],  # on purpose, everywhere
    }
    other = Cell("3.11", "2.13.1", "keras2", "0.17.9")
    third = Cell("3.13", "2.21.0", "keras3", "0.99.0")
    waiting = SelectedCell(Cell("3.13", "2.21.0", "keras3", "0.31.0"), "full", ["newest"])
    results = [
        write_result(CELL, verdicts),
        write_result(other, outcome="does not start", proof="ImportError: no"),
        write_result(third, outcome="cannot be installed", proof="there is no version of wandb==0.99.0"),
    ]
    found = drawn(matrix, results, [waiting])
    row = next(row for row in found.rows if row.cell == CELL)
    assert [row.marks[name, "ours"].state for name in ("gradients", "flops", "best", "weights")] == [
        "fails", "differs", "works", "works",
    ]  # fmt: skip
    states = {mark.state for row in found.rows for mark in row.marks.values()}
    assert states == STATES.keys()
    text, html = render.markdown(found), render.page(found)
    for rendered in (text, html):
        assert "KD-024" in rendered
        assert "gradients_lstm" in rendered and "<boom>" not in rendered
        assert "there is no version of wandb==0.99.0" in rendered
        for sign in {STATES[state][0] for state in states}:
            assert sign in rendered
    assert "Not run yet" in text and str(waiting.cell) in text


def test_every_row_of_a_table_has_its_columns(matrix: Matrix, write_result: WriteResult) -> None:
    text = render.markdown(drawn(matrix, [write_result(CELL, {("gradients", "ours"): [BOOM]})]))
    width = 0
    for line in text.splitlines():
        if line.startswith("|"):
            columns = len(re.split(r"(?<!\\)\|", line))
            assert width in {0, columns}, line
            width = columns
        else:
            width = 0


def test_headings_and_paragraphs_stand_alone(matrix: Matrix, write_result: WriteResult) -> None:
    """Between blocks of different kinds is one blank line: else Markdown takes a heading or a list into a paragraph."""
    other = Cell("3.11", "2.13.1", "keras2", "0.17.9")
    for results in (
        [
            write_result(
                CELL, {("gradients", "ours"): [BOOM, BOOM], ("flops", "ours"): [Verdict("f", known=["KD-024"])]}
            )
        ],
        [write_result(CELL, code="before"), write_result(other, outcome="does not start", proof="ImportError: no\nno")],
        [],
    ):
        waiting = SelectedCell(Cell("3.13", "2.21.0", "keras3", "0.31.0"), "full", ["newest"])
        text = render.markdown(drawn(matrix, results, [waiting, waiting], refused={"a": "no keras", "b": "no keras"}))
        lines = text.splitlines()
        assert "\n\n\n" not in text and text.endswith("\n")
        for before, after in zip(lines[1:], lines[2:]):
            if before and after:
                assert kind(before) == kind(after) != "#", (before, after)


def kind(line: str) -> str:
    return line[0] if line[:2] in {"# ", "##", "* ", "| ", "|-"} else "text"


def test_what_does_not_start_is_a_state_of_its_own(matrix: Matrix, write_result: WriteResult) -> None:
    found = drawn(matrix, [write_result(CELL, outcome="does not start", proof="AttributeError: np.float_")])
    assert {mark.state for mark in found.rows[0].marks.values()} == {"does not start"} == {found.rows[0].state}
    text = render.markdown(found)
    assert "0 : 0" not in text and "| ! ! |" in text and "✗ ✗" not in text
    assert f"* {CELL}: does not start. AttributeError: np.float_" in text


def test_where_a_part_of_it_works_it_is_told_how_much(matrix: Matrix, write_result: WriteResult) -> None:
    found = drawn(matrix, [write_result(CELL, {("eval_callback", "native"): [Verdict("a"), Verdict("b"), BOOM]})])
    assert "✓ ✗ 2/3 |" in render.markdown(found)


def test_what_only_this_package_promises_is_not_held_against_wandb(matrix: Matrix, write_result: WriteResult) -> None:
    (own,) = OURS_ONLY
    capability = next(item for item in matrix.capabilities if item.has(own))
    on_purpose = Verdict("a third", known=["KD-001"])
    for others, native in ([], ("works", 1, 1)), ([BOOM], ("fails", 1, 2)), ([on_purpose], ("works", 2, 2)):
        verdicts = [Verdict("another use"), Verdict(own, how="ZeroDivisionError"), *others]
        result = write_result(CELL, {(capability.name, who): verdicts for who in ("ours", "native")})
        marks = drawn(matrix, [result]).rows[0].marks
        mark = marks[capability.name, "native"]
        assert (mark.state, mark.worked, mark.of) == native
        assert marks[capability.name, "ours"].state == "fails"


TF_KERAS = Cell("3.12", "2.19.1", "tf-keras", "0.31.0")


def spelling(matrix: Matrix) -> Capability:
    (found,) = (item for item in matrix.capabilities if item.keras)
    return found


def test_a_capability_of_some_keras_counts_there_alone(matrix: Matrix, write_result: WriteResult) -> None:
    own = spelling(matrix)
    broken = Verdict(own.programs[0], how="ModuleNotFoundError: no np_utils")
    later = SelectedCell(Cell("3.13", "2.21.0", "tf-keras", "0.31.0"), "full", ["newest"])
    found = drawn(matrix, [write_result(CELL), write_result(TF_KERAS, {(own.name, "native"): [broken]})], [later])
    by_cell = {row.cell: row for row in found.rows}
    count = by_cell[CELL].of
    assert by_cell[TF_KERAS].of == count + 1 == len(matrix.capabilities)
    elsewhere = by_cell[CELL].marks[own.name, "ours"]
    assert (elsewhere.sign, elsewhere.note) == ("-", own.why)
    assert by_cell[CELL].state == "works" and by_cell[CELL].working("ours") == count
    assert by_cell[later.cell].marks[own.name, "ours"].state == "not run"
    lines = render.support_table(found).splitlines()
    assert any(f"| {count} of {count} | {count} of {count} |" in line for line in lines if "keras2 |" in line)
    assert any(
        f"| {count + 1} of {count + 1} | {count} of {count + 1} |" in line for line in lines if "2.19.1 | tf" in line
    )
    text, html, image = render.markdown(found), render.page(found), render.image(found)
    for rendered in (text, html, image):
        assert f"{count} ({count + 1} with tf-keras)" in rendered
    assert own.why in html
    assert f"{count + 1} of {count + 1} with this package" in image


def test_a_cell_that_ran_before_there_was_the_capability_says_so(matrix: Matrix, write_result: WriteResult) -> None:
    own = spelling(matrix)
    result = write_result(TF_KERAS, without=own.name)
    found = drawn(matrix, [result])
    count = len(matrix.capabilities)
    assert found.rows[0].marks[own.name, "ours"].sign == "·"
    assert f"| {count - 1} of {count}, 1 not run |" in render.support_table(found)
    assert square(found, ("2.19.1", "tf-keras"), "0.31") == overview_svg.Square(
        "ran", count - 1, count - 1, 1, False, count, 1
    )
    image = render.image(found)
    assert f"{count - 1} of {count} with this package, 1 not run" in image and "#c2402a" not in image
    assert not current(matrix, result, "today", None, "selection")
    assert current(matrix, write_result(TF_KERAS), "today", None, "selection")
    assert current(matrix, write_result(CELL, without=own.name), "today", None, "selection")


class Outline(HTMLParser):
    """Opened elements are closed in order, and no id is there twice."""

    ALONE = ("meta", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())


def test_the_page_is_well_formed(matrix: Matrix, write_result: WriteResult) -> None:
    failing = {("gradients", "ours"): [BOOM, BOOM], ("flops", "ours"): [BOOM], ("best", "native"): [BOOM]}
    other = Cell("3.11", "2.13.1", "keras2", "0.17.9")
    results = [write_result(CELL, failing), write_result(other, outcome="does not start", proof='<no> & "no"')]
    outline = Outline()
    outline.feed(render.page(drawn(matrix, results, refused={"a": "no <keras>"})))
    outline.close()
    assert outline.open == []
    assert len(set(outline.ids)) == len(outline.ids)


def test_the_page_needs_nothing_from_elsewhere(matrix: Matrix, write_result: WriteResult) -> None:
    html = render.page(drawn(matrix, [write_result()]))
    assert not re.search(r"<(script|link|img|iframe)\b|url\(|@import|https?://(?!\S*wandb)", html)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def square(found: MatrixSummary, build: tuple[str, str], minor: str) -> overview_svg.Square:
    return overview_svg.square(found, build, overview_svg.minors(found)[minor])


def test_a_square_is_the_least_of_what_was_run_there(matrix: Matrix, write_result: WriteResult) -> None:
    older, newer = Cell("3.11", "2.13.1", "keras2", "0.13.6"), Cell("3.11", "2.13.1", "keras2", "0.13.11")
    failing = {("gradients", "ours"): [BOOM], **{(name, "native"): [BOOM] for name in ("best", "flops")}}
    build, count = ("2.13.1", "keras2"), len(matrix.applicable(older))
    found = drawn(matrix, [write_result(older, failing), write_result(newer)])
    assert square(found, build, "0.13") == overview_svg.Square("ran", count - 1, count - 2, 2, of=count)
    assert square(found, build, "0.16") == overview_svg.Square("empty")
    found = drawn(matrix, [write_result(newer, outcome="does not start", proof="ImportError: no")])
    assert square(found, build, "0.13") == overview_svg.Square("does not start")
    pythons = {f"tf2.13.1-keras2-wandb{wandb}-py3.{at}": "no" for wandb in ("0.16.6", "0.17.9") for at in range(10, 14)}
    found = drawn(matrix, [], refused=pythons)
    assert square(found, build, "0.16") == overview_svg.Square("cannot be installed")
    assert square(found, build, "0.18") == overview_svg.Square("empty")


def test_the_image_has_the_numbers_and_is_one(matrix: Matrix, write_result: WriteResult) -> None:
    count = len(matrix.applicable(CELL))
    image = render.image(drawn(matrix, [write_result(CELL, {("best", "native"): [BOOM]})]))
    texts = [element.text for element in ET.fromstring(image).iter() if element.tag.endswith("text")]
    assert texts.count(str(count - 1)) == 1 and str(count) in texts
    assert all(f"{at.major}.{at.minor}" in texts for at in map(Version, matrix.wandb.versions))


def test_results_of_other_code_are_older_and_only_those(matrix: Matrix, write_result: WriteResult) -> None:
    results = [write_result(), write_result(Cell("3.11", "2.13.1", "keras2", "0.17.9"), code="before")]
    found = drawn(matrix, results)
    assert [row.older for row in found.rows] == [False, True]
    assert "1 results are older" in render.markdown(found) and "older" in render.page(found)
    assert "older than the code:" not in render.markdown(drawn(matrix, results[:1]))


def test_the_table_of_versions_says_what_was_run(matrix: Matrix, write_result: WriteResult) -> None:
    found = drawn(matrix, [write_result(CELL, {("gradients", "native"): [BOOM]})])
    row = next(line for line in render.support_table(found).splitlines() if line.startswith("| 2.12.1"))
    count = len(matrix.applicable(CELL))
    assert row == f"| 2.12.1 | keras2 | 0.16.6 | 3.11 | {count} of {count} | {count - 1} of {count} |"
    begin, end = render.MINORS
    page = f"before\n{render.BEGIN}old\n{render.END}between\n{begin}old\n{end}after\n"
    new = render.page_with_support(page, found)
    assert new is not None and row in new and "old" not in new
    assert new.startswith("before\n") and new.endswith("after\n")
    assert "between\n" in new
    assert render.page_with_support("no place", found) is None


def test_a_keras_on_jax_says_with_which_and_one_that_was_not_run_says_so(
    matrix: Matrix, write_result: WriteResult
) -> None:
    on_jax, on_torch = (
        Cell("3.11", "", "3.9.2", "0.31.0", backend, version)
        for backend, version in (("jax", "0.4.38"), ("torch", "2.13.0"))
    )
    result = write_result(on_jax, installed={"jax": "0.4.38", "keras": "3.9.2", "numpy": "2.2.6"})
    found = drawn(matrix, [result], [SelectedCell(on_torch, "full", ["a minor"])])
    count = len(matrix.applicable(on_jax))
    line = f"| 3.9.2 | {count} of {count} (JAX 0.4.38, NumPy 2.2.6) | not run yet |"
    assert line in render.minors_table(found).splitlines() and line in render.markdown(found).splitlines()
    assert "JAX 0.4.38, Keras 3.9.2" in found.ran[0].versions and "TensorFlow" not in found.ran[0].versions
    text = render.markdown(
        drawn(matrix, [write_result(on_jax, {("best", "ours"): [BOOM]}, installed={"jax": "0.4.38"})])
    )
    assert f"{count - 1} of {count} (JAX 0.4.38" in text and "* JAX 0.4.38, Keras 3.9.2" in text


# --- what is committed ------------------------------------------------------------------------------------------


def refuse(cell: Cell, requirements: list[str]) -> str:
    raise AssertionError(f"{cell} is not among the committed answers")


def test_what_is_committed_is_what_the_results_say(matrix: Matrix) -> None:
    assert render.render(matrix, ResolverAnswers(matrix, ask=refuse), check=True) == []


def test_each_rendered_file_that_was_edited_is_noticed(matrix: Matrix, tmp_path, monkeypatch) -> None:
    names = []
    for of in ("RESULTS_MD", "RESULTS_HTML", "OVERVIEW_SVG"):
        path = getattr(render, of)
        edited = tmp_path / path.name
        edited.write_text(path.read_text(encoding="utf-8").replace("✗", "✓") + "\n", encoding="utf-8")
        monkeypatch.setattr(render, of, edited)
        names.append(path.name)
    printed = render.render(matrix, ResolverAnswers(matrix, ask=refuse), check=True)
    for name in names:
        (line,) = [line for line in printed if name in line]
        assert "run python -m compat_matrix report" in line
    assert len(printed) == 3


def test_the_committed_workflow_is_the_matrix(matrix: Matrix) -> None:
    assert github_workflow.write(matrix, ResolverAnswers(matrix, ask=refuse), check=True)
    text = github_workflow.WORKFLOW.read_text(encoding="utf-8")
    assert text.startswith("# generated by python -m compat_matrix workflow")
    assert "<<" not in text and ">>" not in text
