"""Every relative link and picture of the pages leads to something in the repository."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]

# Code is no link, whatever brackets it has.
CODE = re.compile(r"(?ms)^```.*?^```|`[^`\n]+`")
INLINE = re.compile(r"\]\(\s*<?([^)\s>]+)")
REFERENCE = re.compile(r"(?m)^\[[^\]]+\]:\s+<?([^\s>]+)")
HTML = re.compile(r"""<(?:a|audio|img|source|video)\b[^>]*?\b(?:href|src)=["']([^"']+)""")
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)


def targets(text: str) -> list[str]:
    prose = CODE.sub("", text)
    found = [target for kind in (INLINE, REFERENCE, HTML) for target in kind.findall(prose)]
    return [target for target in found if not ABSOLUTE.match(target)]


LINKS = [(page, target) for page in PAGES for target in targets(page.read_text(encoding="utf-8"))]


def test_every_way_to_write_a_link_is_read() -> None:
    text = (
        "[a](one.md#part) ![b](two.jpg 'title') <img alt='' src=\"three.png\">\n"
        "<audio controls src='five.ogg'></audio>\n"
        "[four]: four.md\n[web](https://example.org) [here](#part) `[code](none.md)`\n"
        "```text\n[code](none.md)\n```\n"
    )
    assert targets(text) == ["one.md#part", "two.jpg", "four.md", "three.png", "five.ogg"]


def test_there_are_links_to_follow() -> None:
    assert ("README.md", "docs/media/city.jpg") in {(page.name, target) for page, target in LINKS}


@pytest.mark.parametrize(
    ("page", "target"),
    LINKS,
    ids=[f"{page.relative_to(ROOT).as_posix()}->{target}" for page, target in LINKS],
)
def test_it_leads_somewhere(page: Path, target: str) -> None:
    place = (page.parent / unquote(target.partition("#")[0].partition("?")[0])).resolve()
    assert place.is_relative_to(ROOT), f"{target} leaves the repository"
    assert place.exists(), f"{target} is not there"
