"""What the demo says where something it needs is missing: exactly that, since more could replace what the user has."""

from __future__ import annotations

import pytest

from wandb_keras_compat.commands import demo


@pytest.mark.parametrize(
    ("missing", "extras"),
    [({"sklearn"}, "[demo]"), ({"tensorflow"}, "[tensorflow]"), ({"sklearn", "tensorflow"}, "[tensorflow,demo]")],
)
def test_only_what_is_missing_is_to_be_installed(
    monkeypatch: pytest.MonkeyPatch, missing: set[str], extras: str
) -> None:
    monkeypatch.setattr(demo, "find_spec", lambda name: None if name in missing else object())
    with pytest.raises(demo.DemoError) as raised:
        demo.require_libraries()
    assert f"pip install 'wandb-keras-compat{extras}'" in str(raised.value)
    assert all(name in str(raised.value) for name in missing)


def test_nothing_is_to_be_installed_where_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "find_spec", lambda name: object())
    demo.require_libraries()
