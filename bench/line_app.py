"""The line as it ships, put together for a measurement: production settings, real stores, every part on."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from bench.traffic import ACCOUNT_SID, LINE_NUMBER, ROOT, TOKEN

PUBLIC_URL: Final = "https://sms.example.org"
SIGNED_URL: Final = f"{PUBLIC_URL}/sms"
PEER_URL: Final = "http://sms.example.org/sms"
"""A peer signs what it sees of the request, and no proxy stands before it here."""


def environ_of(var_dir: Path, **more: str) -> dict[str, str]:
    """Give the environment of a production line that keeps its files in a folder; learned models are shared.

    A line that still learns would be measured as something else.
    """
    models = learn_once()
    if not (var_dir / "models").exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        (var_dir / "models").symlink_to(models)
    return {
        "PATH": os.environ["PATH"],
        "LINE_ENV": "production",
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "LINE_NUMBERS": LINE_NUMBER,
        "PUBLIC_URL": PUBLIC_URL,
        "PSEUDONYM_KEYS": "k1:" + 32 * "11",
        "SECRET_KEY": 32 * "s",
        "VAR_DIR": str(var_dir),
        "RESPONSES_DIR": str(ROOT / "responses"),
        **more,
    }


@cache
def learn_once() -> Path:
    """Give the folder of what was learned; what is not learned yet is learned now, in half a minute."""
    learn = [sys.executable, "-m", "sms_service", "ask", "hello"]
    subprocess.run(learn, env={"PATH": os.environ["PATH"]}, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return ROOT / "var" / "models"
