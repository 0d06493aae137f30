"""The command line: one module per command, loaded when it is asked for.

A module here holds a click command called ``command`` and is named in :data:`COMMANDS`. Commands talk to the factory
and to pure functions of the core; they print, and nothing else in the house does.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Final

import click

COMMANDS: Final[Mapping[str, str]] = {
    "add-staff": "sms_service.cli.add_staff",
    "ask": "sms_service.cli.ask",
    "check": "sms_service.cli.check",
    "data-register": "sms_service.cli.data_register",
    "doctor": "sms_service.cli.doctor",
    "evaluate": "sms_service.cli.evaluate",
    "expand": "sms_service.cli.expand",
    "export-fallback": "sms_service.cli.export_fallback",
    "export-person": "sms_service.cli.export_person",
    "export": "sms_service.cli.export_book",
    "forget": "sms_service.cli.forget",
    "hold": "sms_service.cli.hold",
    "import": "sms_service.cli.import_book",
    "migrate": "sms_service.cli.migrate",
    "provider-copy": "sms_service.cli.provider_copy",
    "purge": "sms_service.cli.purge",
    "ring": "sms_service.cli.ring",
    "releases": "sms_service.cli.releases",
    "rotate-pseudonym-key": "sms_service.cli.rotate_pseudonym_key",
    "golden": "sms_service.cli.golden",
    "schema": "sms_service.cli.schema",
    "segments": "sms_service.cli.segments",
    "serve": "sms_service.cli.serve",
    "text": "sms_service.cli.text",
    "worker": "sms_service.cli.worker",
}
"""Name of each command, and the module that holds it."""


class LazyGroup(click.Group):
    """A group that imports a command's module only to run it or to list it: checking a file starts no web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Give the names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's
        """Give a command, or None when there is none of that name."""
        module_name = COMMANDS.get(cmd_name)
        if module_name is None:
            return None
        command = importlib.import_module(module_name).command
        return command if isinstance(command, click.Command) else None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run and look after the text line."""
