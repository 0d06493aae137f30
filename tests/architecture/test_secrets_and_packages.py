"""No secret stands in the repository, and what runs can be listed with its licences."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SHAPES = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"),
    "Twilio account": re.compile(r"\bAC[0-9a-f]{32}\b"),
    "Twilio API key": re.compile(r"\bSK[0-9a-f]{32}\b"),
    "AWS key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\b(?:gh[pousr]_\w{36,}|github_pat_\w{50,})"),
    "Slack token": re.compile(r"\bxox[abprs]-[\w-]{10,}"),
    "JSON web token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\."),
    "password in an address": re.compile(r"\w+://[^\s:@/{}$<>'\"]{1,40}:([^\s:@/{}$<>'\"]{8,})@(?!.*\bexample\b)"),
    "assigned secret": re.compile(
        r"(?i)(?:auth_token|secret_key|api_key|password)\w*['\"]?\s*[:=]\s*['\"]([0-9a-zA-Z+/_-]{24,})['\"]"
    ),
}
NUMBER = re.compile(r"(?<![\da-f.])(?:\+44|0)7\d{3}[ -]?\d{6}(?![\da-f])")
DRAMA = re.compile(r"(?:\+44|0)7700[ -]?900\d{3}")
"""Ofcom keeps 07700 900000-900999 for drama: they belong to nobody."""
LEAST_ENTROPY_BITS = 3.5
"""Of one character. Made-up secrets ("0123...", "aaaa") have less than that, or stand in the tests."""


def kept_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = [name for name in listed.decode().split("\0") if name]
    large = (".onnx", ".woff2", ".model", "tokenizer.json", ".min.js", ".seed")
    return [ROOT / name for name in names if not name.endswith(large) and (ROOT / name).is_file()]


def entropy_bits(text: str) -> float:
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def secrets_in(text: str) -> list[str]:
    """Give the kinds of secrets in a text; what nobody would take for real does not count."""
    found = []
    for kind, shape in SHAPES.items():
        for match in shape.finditer(text):
            value = match[match.lastindex or 0]
            if kind in {"private key", "JSON web token"} or entropy_bits(value) > LEAST_ENTROPY_BITS:
                found.append(kind)
    return found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-----BEGIN RSA PRIVATE KEY-----", "private key"),
        ("AC" + "8f3a1c9e5b7d2046" + "e1f0a9c8b7d65432", "Twilio account"),
        ("AKIA" + "Q7R2ZK4MN8XW3JYB", "AWS key"),
        ("ghp_" + "a8Kd93LmZq27RtYbN4wXcV61sPeJfHgU05To", "GitHub token"),
        ("redis://line:" + "q8Zk2LmP9xWv@10.0.0.9", "password in an address"),
        ('TWILIO_AUTH_TOKEN = "' + "9c3f71e8a2b04d56e7f1389bc0d4a625" + '"', "assigned secret"),
    ],
)
def test_the_scan_finds_what_a_secret_looks_like(text: str, kind: str) -> None:
    assert kind in secrets_in(text)


def test_no_secret_stands_in_the_repository() -> None:
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in kept_files()}
    found = {str(path.relative_to(ROOT)): kinds for path, text in texts.items() if (kinds := secrets_in(text))}
    found.pop("tests/architecture/test_secrets_and_packages.py", None)
    assert found == {}


def test_no_mobile_number_belongs_to_anybody() -> None:
    found: dict[str, set[str]] = {}
    for path in kept_files():
        for number in NUMBER.findall(path.read_text(encoding="utf-8", errors="replace")):
            if not DRAMA.fullmatch(number):
                found.setdefault(str(path.relative_to(ROOT)), set()).add(number)
    assert found == {}


def test_what_runs_is_listed_with_its_licences() -> None:
    done = subprocess.run([sys.executable, "scripts/sbom"], cwd=ROOT, capture_output=True, text=True, check=True)
    bill = json.loads(done.stdout)
    components = {one["name"]: one for one in bill["components"]}
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {"flask", "twilio", "sqlalchemy", "granian"} <= set(components)
    assert all(one["externalReferences"] for one in components.values()), "a hash for each"
    licences = {name: one["licenses"][0]["expression"] for name, one in components.items() if "licenses" in one}
    assert len(licences) > 0.9 * len(components)
    copyleft = {name for name, licence in licences.items() if re.search(r"(?<!L)GPL|AGPL|SSPL|BUSL", licence)}
    assert copyleft == set(), "Nothing here may oblige others to publish what they build with it"
