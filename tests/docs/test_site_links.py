"""What ``nox -s docs`` asks of the built site: a link that leads nowhere is seen, whatever of it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import site_links

GOOD = [
    "other.html",
    "other.html#there",
    "#here",
    "sub/",
    "sub/a%20file.txt",
    "https://example.org/none.html",
    "mailto:a@b",
]
BAD = ["none.html", "other.html#nowhere", "#nowhere", "sub/other.html"]


def built(folder: Path, links: list[str]) -> Path:
    (folder / "sub").mkdir()
    (folder / "sub" / "a file.txt").write_text("text")
    (folder / "other.html").write_text('<h2 id="there">There</h2>')
    lines = [f'<a href="{link}">x</a>' for link in links]
    (folder / "index.html").write_text('<h1 id="here">Here</h1><img src="sub/a file.txt">' + "".join(lines))
    return folder


def test_broken_links_are_seen_and_no_others(tmp_path: Path) -> None:
    assert site_links.broken(site_links.read(built(tmp_path, GOOD + BAD))) == [f"index.html: {link}" for link in BAD]


def test_a_download_is_no_page(tmp_path: Path) -> None:
    built(tmp_path, GOOD)
    (tmp_path / "_downloads").mkdir()
    (tmp_path / "_downloads" / "other.html").write_text('<a href="none.html">x</a>')
    assert len(site_links.read(tmp_path)) == 2


def test_the_command_fails_at_a_broken_link_and_without_a_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="no pages"):
        site_links.main(str(tmp_path))
    site_links.main(str(built(tmp_path, GOOD)))
    assert "8 links on 2 pages, 0 of them broken" in capsys.readouterr().out
    (tmp_path / "other.html").unlink()
    with pytest.raises(SystemExit, match=r"index.html: other.html\nindex.html: other.html#there"):
        site_links.main(str(tmp_path))
