"""The container is built from every crate of the workspace: cargo reads them all."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_crate_is_let_into_the_container() -> None:
    manifest = (ROOT / "Cargo.toml").read_text()
    listed = re.search(r"^members = \[(.*?)\]", manifest, re.MULTILINE | re.DOTALL)
    assert listed
    members = re.findall(r'"([^"]+)"', listed[1])
    ignore = (ROOT / "service" / "Dockerfile.dockerignore").read_text().splitlines()
    assert "*" in ignore
    let_in = {line[1:] for line in ignore if line.startswith("!")}
    assert members
    assert {member.split("/")[0] for member in members} <= let_in
