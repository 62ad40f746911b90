"""What an argument may be, and that a resolver is given none that it did not declare."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.arguments import check_arguments, number, takes, text, texts
from wandb_keras_compat.testing.doors.server.http_errors import NotDoneError, RefusedError


@takes("a", "b", no_effect={"c": "it is only noted"})
def resolver(_: object) -> None:
    """Takes two arguments, and lets a third be given."""


def undeclared(_: object) -> None:
    """Declares nothing."""


@takes()
def without(_: object) -> None:
    """Takes none."""


def test_what_is_declared_may_be_given_with_and_without_an_effect() -> None:
    check_arguments(resolver, {"a": 1, "b": 0, "c": "x"}, "place")
    assert (vars(resolver)["takes"], vars(resolver)["no_effect"]) == ({"a", "b"}, {"c": "it is only noted"})


@pytest.mark.parametrize("nothing", [None, "", [], {}])
@pytest.mark.parametrize("of", [resolver, undeclared, without])
def test_an_argument_that_asks_for_nothing_may_be_given_to_all(of: object, nothing: object) -> None:
    check_arguments(of, {"other": nothing}, "place")


@pytest.mark.parametrize("value", [0, False, 1, "x", [None], {"x": None}])
@pytest.mark.parametrize("of", [resolver, undeclared, without, "no function at all"])
def test_any_other_is_refused_with_its_name_and_place(of: object, value: object) -> None:
    with pytest.raises(NotDoneError, match=r"`other` of `place` is not known"):
        check_arguments(of, {"a": "", "other": value}, "place")


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as error:
        call()
    assert error.value.status == 400
    return error.value.sentence


def test_a_text_is_itself_and_one_that_is_not_there_is_none() -> None:
    assert [text({"a": value}, "a") for value in ("x", "", None)] == ["x", "", None]
    assert text({}, "a") is None


@pytest.mark.parametrize("value", [0, False, [], {}, ["x"], b"x"])
def test_what_is_no_text_is_refused_with_the_name_and_the_value(value: object) -> None:
    assert refused(lambda: text({"a": value}, "a")) == f"`a` must be a text, not {value!r}"


def test_texts_are_a_list_of_their_own_and_none_where_nothing_is_given() -> None:
    given = ["x", "", "x"]
    found = texts({"a": given}, "a")
    assert found == given and found is not given
    assert texts({}, "a") == texts({"a": None}, "a") == texts({"a": []}, "a") == []


@pytest.mark.parametrize("value", ["x", "", {}, 0, [1], ["x", None]])
def test_what_are_no_texts_is_refused_with_the_name(value: object) -> None:
    assert refused(lambda: texts({"a": value}, "a")) == "`a` must be a list of texts"


def test_a_number_is_a_whole_one_from_the_least_to_what_a_list_can_have_as_a_place() -> None:
    assert [number({"a": value}, "a") for value in (0, 1, 2**63 - 1, None)] == [0, 1, 2**63 - 1, None]
    assert number({}, "a") is None
    assert number({"a": 1}, "a", least=1) == 1


@pytest.mark.parametrize(("value", "least"), [(-1, 0), (0, 1), (2**63, 0), (True, 0), (1.0, 0), ("1", 0), ([], 0)])
def test_any_other_number_is_refused_with_the_name_and_what_it_may_be(value: object, least: int) -> None:
    said = refused(lambda: number({"a": value}, "a", least=least))
    assert said == f"`a` must be a whole number from {least} on, not {value!r}"


def test_of_a_value_that_is_long_only_its_beginning_is_said() -> None:
    assert len(refused(lambda: number({"a": "x" * 999}, "a"))) < 130
