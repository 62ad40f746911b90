"""What charts are made of: scales with ticks, lines through points, and elements in which text stays text."""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from wandb_keras_compat.testing.views.curves import Line, curve_chart, legend_key
from wandb_keras_compat.testing.views.svg import Scale, element, path, plain_number, scale_for, spread

from .pages import SVG

NAN, INF = math.nan, math.inf

# --- elements --------------------------------------------------------------------------------------------------------


def test_an_element_has_its_attributes_and_children() -> None:
    inner = element("b", "x")
    assert element("g", "a", inner, 3, class_="one", aria_hidden="true", x=1.25, y=2, href=None) == (
        '<g class="one" aria-hidden="true" x="1.2" y="2">a<b>x</b>3</g>'
    )
    assert element("line", x1=0) == '<line x1="0"/>' and element("g") == "<g/>"
    assert isinstance(inner, Markup)


def test_text_stays_text_in_children_and_attributes() -> None:
    made = element("text", '<b>"&\x1b', title='"><script>\u202e')
    assert made == (
        '<text title="&#34;&gt;&lt;script&gt;\\u202e">&lt;b&gt;&#34;&amp;\\x1b</text>'
    )  # fmt: skip
    parsed = ET.fromstring(made)
    assert parsed.text == '<b>"&\\x1b' and parsed.get("title") == '"><script>\\u202e'


@pytest.mark.parametrize(
    ("points", "drawn"),
    [
        ([], ""),
        ([(1, 2)], "M1.0 2.0"),
        ([(1, 2), (3.14, 4), (5, 6)], "M1.0 2.0 L3.1 4.0 L5.0 6.0"),
        ([(1, 2), (NAN, 4), (5, 6), (7, 8)], "M1.0 2.0 M5.0 6.0 L7.0 8.0"),
        ([(1, INF), (5, 6)], "M5.0 6.0"),
        ([(NAN, NAN)], ""),
    ],
)
def test_a_line_has_a_gap_where_a_point_is_not_finite(points: list[tuple[float, float]], drawn: str) -> None:
    assert path(points) == drawn
    assert path(points, close=True) == (f"{drawn} Z" if drawn else "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-0.0, "0"), (1, "1"), (0.5, "0.5"), (-2.25, "-2.25"), (1234567 / 10, "123457"),
        (999999, "999999"), (1e6, "1e6"), (-2.5e7, "-2.5e7"), (1e-4, "0.0001"), (9e-5, "9e-5"), (1.5e-300, "1.5e-300"),
        (NAN, "nan"), (INF, "inf"), (-INF, "-inf"),
    ],
)  # fmt: skip
def test_the_label_of_a_tick_is_short(value: float, text: str) -> None:
    assert plain_number(value) == text


# --- scales ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "ticks", "ends"),
    [
        ([0, 10], [0, 2, 4, 6, 8, 10], (0, 10)),
        ([0, 1], [0, 0.2, 0.4, 0.6, 0.8, 1], (0, 1)),
        ([0, 12], [0, 2.5, 5, 7.5, 10, 12.5], (0, 12.5)),
        ([1, 9], [0, 2, 4, 6, 8, 10], (0, 10)),
        ([-3, 3], [-4, -2, 0, 2, 4], (-4, 4)),
        ([0, 40], [0, 10, 20, 30, 40], (0, 40)),
        ([NAN, 0, INF, 10], [0, 2, 4, 6, 8, 10], (0, 10)),
        ([5], [4.5, 4.7, 4.9, 5.1, 5.3, 5.5], (4.5, 5.5)),
        ([], [-1, -0.5, 0, 0.5, 1], (-1, 1)),
        ([0], [-1, -0.5, 0, 0.5, 1], (-1, 1)),
        ([NAN], [-1, -0.5, 0, 0.5, 1], (-1, 1)),
        ([-20], [-22, -21, -20, -19, -18], (-22, -18)),
        ([-1e308, 1e308], [-1, -0.5, 0, 0.5, 1], (-1, 1)),
    ],
)
def test_a_scale_has_about_five_round_ticks_that_hold_all_values(
    values: list[float], ticks: list[float], ends: tuple[float, float]
) -> None:
    scale = scale_for(values, 100, 0)
    if values == [-1e308, 1e308]:
        assert all(map(math.isfinite, scale.ticks)) and scale.low <= -1e308 and scale.high >= 1e308
        return
    if values == [5]:
        assert (scale.low, scale.high) == (pytest.approx(4.4), pytest.approx(5.6))
        assert scale.ticks == pytest.approx([4.4, 4.6, 4.8, 5.0, 5.2, 5.4, 5.6])
        return
    assert scale.ticks == pytest.approx(ticks) and (scale.low, scale.high) == pytest.approx(ends)
    assert (scale.start, scale.end, scale.logarithmic) == (100, 0, False)


@pytest.mark.parametrize(
    ("values", "ticks", "ends"),
    [
        ([0, 3], [0, 1, 2, 3], (0, 3)),
        ([0, 12], [0, 5, 10], (0, 12)),
        ([1, 23], [5, 10, 15, 20], (1, 23)),
        ([7], [6, 7, 8], (6, 8)),
        ([0, 1000], [0, 200, 400, 600, 800, 1000], (0, 1000)),
        ([0.25, 0.75], [0.25, 0.75], (0.25, 0.75)),
        ([1.5e18], [1.4e18, 1.5e18, 1.6e18], (1.35e18, 1.65e18)),  # as of nanoseconds
    ],
)
def test_of_steps_the_ticks_are_whole_and_the_ends_where_they_end(
    values: list[float], ticks: list[float], ends: tuple[float, float]
) -> None:
    scale = scale_for(values, 0, 100, whole=True)
    assert (list(scale.ticks), (scale.low, scale.high)) == (ticks, ends)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([1, 2000], [1, 10, 100, 1000, 10_000]),
        ([0.5, 501], [0.1, 1, 10, 100, 1000]),
        ([1, 1000], None),
        ([1, 1001], [1, 10, 100, 1000, 10_000]),
        ([0, 2000], None),
        ([-1, 2000], None),
        ([1e-8, 1], [1e-8, 1e-6, 1e-4, 1e-2, 1]),
        ([5e-324, 1e308], None),
    ],
)
def test_values_over_more_than_three_decades_are_logarithmic_where_that_is_wanted(
    values: list[float], ticks: list[float] | None
) -> None:
    scale = scale_for(values, 100, 0, log=True)
    assert scale.logarithmic is (ticks is not None) and not scale_for(values, 100, 0).logarithmic
    if ticks is not None:
        assert scale.ticks == pytest.approx(ticks)
        assert scale.low == pytest.approx(ticks[0]) and scale.high == pytest.approx(ticks[-1])


def test_a_value_is_drawn_between_the_ends() -> None:
    scale = Scale(10, 30, 100, 0, ())
    assert [scale(value) for value in (10, 20, 25, 30, 40)] == [100, 50, 25, 0, -50]
    assert all(math.isnan(scale(value)) for value in (NAN, INF, -INF))
    assert Scale(-1e308, 1e308, 0, 100, ())(0) == 50
    decades = Scale(1, 10_000, 100, 0, (), logarithmic=True)
    assert [decades(value) for value in (1, 100, 10_000)] == [100, 50, 0]
    assert math.isnan(decades(0)) and math.isnan(decades(-1)) and Scale(-1, 1, 0, 2, ())(-1) == 0


#: Beyond these the range, or the next power of ten, need not be a float.
NUMBERS = st.floats(-1e306, 1e306) | st.sampled_from([math.nan, math.inf, -math.inf])


@example(values=[1.0, 9.79545987290071e-301], whole=False, log=True)
@example(values=[0.0, 5e-324], whole=False, log=False)
@example(values=[1e-323, 1.0], whole=False, log=True)
@example(values=[5e-324, 1e-310], whole=False, log=True)
@example(values=[1e300, 1.7e308], whole=False, log=True)
@example(values=[5e-324, 1e-323], whole=False, log=False)
@given(values=st.lists(NUMBERS, min_size=1, max_size=5), whole=st.booleans(), log=st.booleans())
def test_all_finite_values_are_within_the_chart(values: list[float], whole: bool, log: bool) -> None:
    scale = scale_for(values, 200, 10, whole=whole, log=log)
    assert 1 <= len(scale.ticks) <= 13
    for value in filter(math.isfinite, values):
        at = scale(value)
        assert 9.9 <= at <= 200.1 or (scale.logarithmic and value <= 0)


@pytest.mark.parametrize(
    ("count", "most", "always", "chosen"),
    [
        (0, 3, (), []),
        (3, 3, (1,), [0, 1, 2]),
        (10, 4, (), [0, 3, 6, 9]),
        (10, 3, (5,), [0, 5, 9]),
        (10, 2, (5, 6, 7), [5, 6]),
        (10, 3, (5, 12, 5), [0, 5, 9]),
        (10, 2, (4,), [0, 4]),
        (10, 1, (), [0]),
        (10, 3, (10,), [0, 4, 9]),
    ],
)
def test_of_many_some_are_chosen_evenly_and_those_that_have_to_be_there(
    count: int, most: int, always: tuple[int, ...], chosen: list[int]
) -> None:
    assert spread(count, most, iter(always)) == chosen


# --- curves ----------------------------------------------------------------------------------------------------------


def chart(*lines: Line, **names: str) -> ET.Element:
    return ET.fromstring(curve_chart("loss", lines, **names))


def of_class(drawn: ET.Element, wanted: str, tag: str = "path") -> list[ET.Element]:
    return [found for found in drawn.iter(f"{SVG}{tag}") if found.get("class") == wanted]


def test_a_curve_goes_through_its_points_from_the_left_foot_to_the_right_top() -> None:
    drawn = chart(Line("old", "one", [(0, 0.0), (5, 5.0), (10, 10.0)]), x_name="epoch", y_name="loss")
    (line,) = of_class(drawn, "line old")
    assert line.get("d") == "M58.0 170.0 L203.0 91.0 L348.0 12.0"
    assert [(each.get("cx"), each.get("cy"), each.get("r")) for each in of_class(drawn, "marker old", "circle")] == [
        ("58.0", "170.0", "3"), ("203.0", "91.0", "3"), ("348.0", "12.0", "3"),
    ]  # fmt: skip
    names = of_class(drawn, "name middle", "text")
    assert [each.text for each in names] == ["epoch", "loss"]
    assert (names[0].get("x"), names[0].get("y")) == ("203.0", "204")
    assert names[1].get("transform") == "translate(13 91.0) rotate(-90)"
    assert drawn.findtext(f"{SVG}title") == "loss. one: 3 values from 0 to 10"
    assert (drawn.get("viewBox"), drawn.get("role"), drawn.get("class")) == ("0 0 360 210", "img", "chart")


def test_each_tick_has_its_label_at_its_place() -> None:
    drawn = chart(Line("old", "one", [(0, 0.0), (10, 10.0)]))
    down = [(each.text, each.get("x"), each.get("y")) for each in of_class(drawn, "tick end", "text")]
    assert down[0] == ("0", "52", "174.0") and down[-1] == ("10", "52", "16.0") and len(down) == 6
    along = [(each.text, each.get("x"), each.get("y")) for each in of_class(drawn, "tick middle", "text")]
    assert along[0] == ("0", "58.0", "187") and along[-1] == ("10", "348.0", "187") and len(along) == 6
    grid = of_class(drawn, "grid", "line")
    assert [(each.get("x1"), each.get("x2")) for each in grid] == [("58", "348")] * 6
    assert all(each.get("y1") == each.get("y2") for each in grid)
    marks = of_class(drawn, "axis", "line")
    assert [(each.get("y1"), each.get("y2")) for each in marks] == [("170", "174")] * 6
    assert all(each.get("x1") == each.get("x2") for each in marks)
    (corner,) = of_class(drawn, "axis")
    assert corner.get("d") == "M58.0 12.0 L58.0 170.0 L348.0 170.0"


def test_the_new_line_has_square_markers_around_its_points() -> None:
    drawn = chart(Line("new", "two", [(0, 0.0), (10, 10.0)]), Line("old", "none", []))
    square = of_class(drawn, "marker new", "rect")[0]
    assert [square.get(name) for name in ("x", "y", "width", "height")] == ["55.0", "167.0", "6", "6"]
    assert not of_class(drawn, "line old") and drawn.findtext(f"{SVG}title") == "loss. two: 2 values from 0 to 10"
    for style, shape in (("old", "circle"), ("new", "rect")):
        key = ET.fromstring(legend_key(style))
        assert key.find(f"{SVG}{shape}") is not None and of_class(key, f"line {style}")
        assert key.get("aria-hidden") == "true"  # who is read to has the words beside it


def test_what_is_not_finite_is_a_cross_at_the_foot_that_says_what_it_is() -> None:
    drawn = chart(Line("old", "one", [(0, 0.0), (5, NAN), (10, 10.0)]))
    (cross,) = of_class(drawn, "line lost old")
    assert cross.get("d") == "M200.0 162 L206.0 168 M200.0 168 L206.0 162"
    assert cross.findtext(f"{SVG}title") == "nan"
    assert of_class(drawn, "line old")[0].get("d") == "M58.0 170.0 M348.0 12.0"
    assert len(of_class(drawn, "marker old", "circle")) == 2


def test_many_points_have_no_markers() -> None:
    for count, markers in ((60, 60), (61, 0)):
        drawn = chart(Line("old", "one", [(at, at / 7) for at in range(count)]))
        assert len(of_class(drawn, "marker old", "circle")) == markers


def test_a_logarithmic_axis_says_so() -> None:
    lines = [Line("old", "one", [(0, 1.0)]), Line("new", "two", [(1, 10_000.0)])]
    texts = [each.text for each in of_class(chart(*lines, y_name="loss"), "name middle", "text")]
    assert texts == ["step", "loss (log)"]
    assert [each.text for each in of_class(chart(*lines), "name middle", "text")] == ["step", " (log)"]
    assert len(of_class(chart(lines[0]), "name middle", "text")) == 1
    assert chart(*lines).findtext(f"{SVG}title") == "loss. one: 1 values from 1 to 1; two: 1 values from 10000 to 10000"
