"""``doctor``: is everything ready for young people?"""

from __future__ import annotations

import dataclasses
import json
import os

import click

from sms_service.cli.printing import console, count_of
from sms_service.core.errors import LineError
from sms_service.core.findings import Finding, State, worst
from sms_service.factory.doctor import open_doctor
from sms_service.factory.environment import settings_from
from sms_service.factory.monitoring import line_that_follows

_MARKS = {State.GOOD: "ok", State.LOOK: "look", State.WARNING: "WARNING", State.BAD: "BAD"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")
@click.option("--without-provider", is_flag=True, help="Do not ask the provider's API.")
def command(*, as_json: bool, without_provider: bool) -> None:
    """Look at everything that must be right before the number is given out: each line its state, why, and the mend.

    Changes nothing. Exits with 1 when something is bad. The line must be running for its public address to be tried.
    """
    try:
        line = line_that_follows(settings_from(os.environ))
        with open_doctor(line, ask_provider=not without_provider) as doctor:
            findings = doctor.examine()
    except LineError as error:
        raise click.ClickException(error.sentence) from None
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
    else:
        _print(findings)
    if worst(findings) is State.BAD:
        raise SystemExit(1)


def _print(findings: list[Finding]) -> None:
    out = console()
    area = ""
    for finding in findings:
        if finding.area != area:
            area = finding.area
            out.print(f"\n{area}")
        out.print(f"  {_MARKS[finding.state]:<8} {finding.what}")
        if finding.state is not State.GOOD:
            out.print(f"           why:  {finding.why}")
            if finding.mend:
                lines = finding.mend.splitlines()
                out.print("           mend: " + "\n                 ".join(lines))
    bad = sum(finding.state is State.BAD for finding in findings)
    warnings = sum(finding.state is State.WARNING for finding in findings)
    out.print(f"\n{count_of(len(findings), 'finding')}: {bad} bad, {count_of(warnings, 'warning')}")
