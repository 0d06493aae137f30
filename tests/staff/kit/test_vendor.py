"""The files of others are the very files that were fetched, listed with their licences, without what is not ours."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sms_service.staff.kit.assets import FOLDER

VENDOR = FOLDER / "vendor"
LISTED = {one["file"]: one for one in json.loads((VENDOR / "files.json").read_text())}


def test_each_file_is_listed_and_has_the_listed_sum() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir()}
    for note in ("files.json", "LICENCES.txt"):
        found.pop(note)
    assert found == {name: one["sha256"] for name, one in LISTED.items()}, "Run scripts/vendor"


def test_each_licence_is_told(project_root: Path) -> None:
    told = (VENDOR / "LICENCES.txt").read_text()
    assert {one["licence"] for one in LISTED.values()} == {"MIT", "0BSD"}
    for name in ("govuk-frontend (MIT)", "uPlot (MIT)", "htmx (0BSD)"):
        assert name in told


def test_nothing_that_only_gov_uk_may_use_and_nothing_from_elsewhere() -> None:
    css = (VENDOR / "govuk-frontend.min.css").read_text()
    for refused in ("GDS Transport", "@font-face", "crest", "url("):
        assert refused not in css
    for path in VENDOR.iterdir():
        assert b"sourceMappingURL" not in path.read_bytes()
