"""``python -m sms_service``: the command line."""

from __future__ import annotations

from sms_service.cli import main

if __name__ == "__main__":
    main(prog_name="python -m sms_service")
