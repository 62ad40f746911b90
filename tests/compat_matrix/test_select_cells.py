"""The choice of cells is a rule: the same for everybody, and what it promises holds for any matrix."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from compat_matrix.axes import Axis, Boundary, Matrix, MatrixError, load
from compat_matrix.resolve import ResolverAnswers
from compat_matrix.select_cells import TIERS, Can, SelectedCell, choose, of_tier, pair, to_run
from wandb_keras_compat.parity.check.cells import LABELS, Cell, cell_named
from wandb_keras_compat.parity.scenarios import SCENARIOS

MATRIX = load()


def refuse(cell: Cell, requirements: list[str]) -> str:
    raise AssertionError(f"{cell} is not among the committed answers; run python -m compat_matrix resolve")


@st.composite
def axes(draw: st.DrawFn, versions: tuple[str, ...]) -> Axis:
    chosen = draw(st.lists(st.sampled_from(versions), min_size=1, unique=True))
    return Axis(tuple(sorted(chosen, key=Version)), draw(st.sampled_from(versions)))


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    wandb = draw(axes(MATRIX.wandb.versions))
    boundaries: tuple[Boundary, ...] = ()
    if len(wandb.versions) > 1 and draw(st.booleans()):
        at = draw(st.integers(1, len(wandb.versions) - 1))
        boundaries = (dataclasses.replace(MATRIX.boundaries[0], versions=wandb.versions[at - 1 : at + 1]),)
    tensorflow = draw(axes(MATRIX.tensorflow.versions))
    return dataclasses.replace(MATRIX, tensorflow=tensorflow, wandb=wandb, boundaries=boundaries, corners=())


def some(refused: frozenset[tuple[str, str]]) -> Can:
    """Pairs of a TensorFlow and a wandb that do not go together."""
    return lambda cell: (cell.tensorflow, cell.wandb) not in refused


refusals = st.frozensets(
    st.tuples(st.sampled_from(MATRIX.tensorflow.versions), st.sampled_from(MATRIX.wandb.versions)), max_size=60
)


def cells_of(matrix: Matrix, can: Can) -> set[Cell]:
    return {item.cell for item in choose(matrix, can)}


def framework(item: SelectedCell) -> tuple[str, str, str]:
    return item.cell.python, item.cell.tensorflow, item.cell.framework


@given(matrices(), refusals, st.sampled_from(TIERS))
def test_cells_are_run_tier_by_tier_and_in_each_a_framework_once(
    matrix: Matrix, refused: frozenset[tuple[str, str]], tier: str
) -> None:
    chosen = choose(matrix, some(refused))
    order = to_run(chosen, tier)
    assert sorted(item.cell.name for item in order) == sorted(item.cell.name for item in of_tier(chosen, tier))
    groups = [key for key, _ in itertools.groupby(order, lambda item: (item.tier, *framework(item)))]
    assert len({*groups}) == len(groups)
    tiers = [TIERS.index(item.tier) for item in order]
    assert tiers == sorted(tiers)


@given(matrices(), refusals)
def test_every_cell_can_be_installed_and_is_chosen_once(matrix: Matrix, refused: frozenset[tuple[str, str]]) -> None:
    chosen = choose(matrix, some(refused))
    assert all(some(refused)(item.cell) and item.why for item in chosen)
    assert len({item.cell for item in chosen}) == len(chosen)
    assert all(item.cell.python in matrix.pythons(item.cell) for item in chosen)


@given(matrices(), refusals)
def test_every_wandb_is_there_with_the_newest_oldest_and_last_oracle_tensorflow(
    matrix: Matrix, refused: frozenset[tuple[str, str]]
) -> None:
    found = cells_of(matrix, some(refused))
    for wandb in matrix.wandb.versions:
        able = [
            build[0]
            for build in matrix.builds()
            if build[1] != "tf-keras" and (cell := pair(matrix, *build, wandb)) and some(refused)(cell)
        ]
        oracles = [version for version in able if Version(version) <= Version(matrix.tensorflow.last_oracle)]
        for tensorflow in {*able[:1], *able[-1:], *oracles[-1:]}:
            assert any((cell.tensorflow, cell.wandb) == (tensorflow, wandb) for cell in found)


@given(matrices(), refusals)
def test_every_tensorflow_is_there_with_each_keras_and_the_newest_and_oldest_wandb(
    matrix: Matrix, refused: frozenset[tuple[str, str]]
) -> None:
    found = cells_of(matrix, some(refused))
    wandbs = sorted({*matrix.wandb.versions, matrix.wandb.last_oracle}, key=Version)
    for tensorflow, keras in matrix.builds():
        able = [wandb for wandb in wandbs if (c := pair(matrix, tensorflow, keras, wandb)) and some(refused)(c)]
        for wandb in {*able[:1], *able[-1:]}:
            assert any((c.tensorflow, c.keras, c.wandb) == (tensorflow, keras, wandb) for c in found)


@given(matrices())
def test_a_boundary_has_both_sides_with_the_same_of_everything_else(matrix: Matrix) -> None:
    edges = [item.cell for item in choose(matrix, lambda cell: True) if item.tier == "edge"]
    for boundary in matrix.boundaries:
        before, after = (next(c for c in edges if c.wandb == version) for version in boundary.versions)
        assert (before.tensorflow, before.keras) == (after.tensorflow, after.keras)


@given(matrices(), refusals)
def test_the_choice_does_not_depend_on_when_it_is_made(matrix: Matrix, refused: frozenset[tuple[str, str]]) -> None:
    assert choose(matrix, some(refused)) == choose(matrix, some(refused))


@given(matrices(), refusals, st.sampled_from(MATRIX.wandb.versions))
def test_a_new_release_adds_only_cells_of_its_own(
    matrix: Matrix, refused: frozenset[tuple[str, str]], release: str
) -> None:
    """So results of earlier releases stay of use."""
    if Version(release) <= max(map(Version, [*matrix.wandb.versions, matrix.wandb.last_oracle])):
        return
    wider = dataclasses.replace(
        matrix, wandb=dataclasses.replace(matrix.wandb, versions=(*matrix.wandb.versions, release))
    )
    before, after = cells_of(matrix, some(refused)), cells_of(wider, some(refused))
    assert {cell.wandb for cell in after - before} <= {release}


@given(st.sampled_from(sorted(cells_of(MATRIX, lambda cell: True), key=lambda cell: cell.name)))
def test_a_name_says_which_cell_it_is(cell: Cell) -> None:
    assert cell_named(cell.name) == cell


@pytest.mark.parametrize("name", ["", "newest", "tf2.12.1", "tf2.12.1-kerasx-wandb0.16.6-py3.11", "../x"])
def test_what_names_no_cell_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="names no cell|none of"):
        cell_named(name)


# --- the committed matrix ----------------------------------------------------------------


@pytest.fixture(scope="module")
def chosen() -> list[Cell]:
    return [item.cell for item in choose(MATRIX, ResolverAnswers(MATRIX, ask=refuse).can)]


def test_the_committed_answers_are_enough_for_the_choice_and_it_is_wide(chosen: list[Cell]) -> None:
    assert len(chosen) >= 60
    assert {cell.tensorflow for cell in chosen} == {"", *MATRIX.tensorflow.versions}
    assert {cell.wandb for cell in chosen} >= set(MATRIX.wandb.versions)
    assert {cell.flavour for cell in chosen} == set(MATRIX.keras)
    assert {cell.python for cell in chosen} == set(MATRIX.python.versions)


def test_every_boundary_has_a_cell_on_each_side(chosen: list[Cell]) -> None:
    for boundary in MATRIX.boundaries:
        for version in boundary.versions:
            assert any(getattr(cell, boundary.package) == version for cell in chosen), boundary


def test_tiers_have_each_other() -> None:
    chosen = choose(MATRIX, ResolverAnswers(MATRIX, ask=refuse).can)
    corner, edge, full = ([item.cell for item in of_tier(chosen, tier)] for tier in TIERS)
    assert 4 <= len(corner) <= 8
    assert set(corner) < set(edge) < set(full)


@pytest.mark.parametrize("backend", LABELS)
def test_every_minor_of_keras_3_has_a_cell_without_tensorflow_and_the_newest_is_a_corner(backend: str) -> None:
    chosen = choose(MATRIX, ResolverAnswers(MATRIX, ask=refuse).can)
    minors = [item.cell.keras.rpartition(".")[0] for item in chosen if item.cell.backend == backend]
    assert set(minors) == {f"3.{minor}" for minor in range(3, 16)}
    (corner,) = (item.cell for item in chosen if item.cell.backend == backend and item.tier == "corner")
    assert corner.keras.startswith("3.15.") and corner.flavour == "keras3"
    assert corner.environment() == {"KERAS_BACKEND": backend}
    assert not any("tensorflow" in wanted for wanted in MATRIX.requirements(corner))


def test_of_scenarios_each_capability_selects_some() -> None:
    for capability in MATRIX.capabilities:
        assert len(capability.selection) >= 2 or not capability.scenarios
        assert set(capability.selection) <= {name for name in SCENARIOS if capability.has(name)}


#: Beside those of the package, in the place of what it stands before.
RULE = '[[rule]]\nwhen = { %s }\nrequirements = ["numpy<2"]\n\n[scenarios]'


def test_a_rule_of_the_matrix_is_beside_those_of_the_package(tmp_path) -> None:
    from compat_matrix.axes import MATRIX_TOML

    path = tmp_path / "matrix.toml"
    text = MATRIX_TOML.read_text(encoding="utf-8")
    path.write_text(text.replace("[scenarios]", RULE % 'tensorflow = ">=2.21"', 1), encoding="utf-8")
    cell = Cell("3.13", "2.21.0", "keras3", "0.31.0")
    assert load(path).requirements(cell) == [*MATRIX.requirements(cell), "numpy<2"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('versions = ["3.10", "3.11"', 'versions = ["3.11", "3.10"', "oldest first"),
        ("[scenarios]", RULE % 'tensorflow = "nearly 2.13"', "nearly"),
        ("[scenarios]", RULE % 'tenserflow = "<2.13"', "tenserflow is no axis"),
        ('versions = ["0.13.4", "0.13.5"]', 'versions = ["0.13.5", "0.13.4"]', "is not before"),
        ("[axes.python]", "[axes.pythons]", "'python' is missing"),
        ("[axes.python]", "[axes.python", "matrix.toml"),
    ],
)
def test_a_matrix_that_cannot_be_used_is_refused_with_the_place(tmp_path, old: str, new: str, says: str) -> None:
    from compat_matrix.axes import MATRIX_TOML

    path = tmp_path / "matrix.toml"
    text = MATRIX_TOML.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MatrixError, match=says):
        load(path)
