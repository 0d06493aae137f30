"""``bench/run WHAT``: one measurement each."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from bench.traffic import MIXES, evaluation_texts


@click.group(invoke_without_command=False)
def main() -> None:
    """Measure the line beside its peers. Ratios are medians of interleaved pairs; see docs/performance.md."""


def _texts(path: Path | None) -> list[str] | None:
    return None if path is None else evaluation_texts(path)


@main.command("in-process")
@click.option("--mix", type=click.Choice(sorted(MIXES)), default="line", show_default=True)
@click.option("--rounds", default=25, show_default=True)
@click.option("--texts", type=click.Path(exists=True, path_type=Path), help="Messages in own words, one JSON a line.")
def in_process(mix: str, rounds: int, texts: Path | None) -> None:
    """Processor time of one request, without a server: the steadiest figures."""
    from bench.in_process import measure

    click.echo(f"Traffic '{mix}', {rounds} pairs. x = processor time / bare Flask's: median (quarters)")
    for name, (microseconds, ratio) in measure(mix, rounds, _texts(texts)).items():
        click.echo(f"  {name:26} {microseconds:8.0f} us   {ratio}")


@main.command("peers")
@click.option("--mix", type=click.Choice(sorted(MIXES)), default="keywords", show_default=True)
@click.option("--rounds", default=7, show_default=True)
@click.option("--requests", default=1500, show_default=True, help="Of one run.")
@click.option("--only", default="", help="Candidates whose name holds this.")
@click.option("--node-modules", type=click.Path(exists=True, path_type=Path), help="Folder that holds node_modules.")
def peers(mix: str, rounds: int, requests: int, only: str, node_modules: Path | None) -> None:
    """Real servers on one core, the load on another, in turns with the tutorial on gunicorn."""
    from bench.beside_peers import BASE, measure

    with tempfile.TemporaryDirectory(prefix="line-bench-") as folder:
        rows, left_out = measure(Path(folder), mix, rounds, requests, node_modules, only)
    click.echo(f"Traffic '{mix}', {rounds} pairs of {requests} requests; times the {BASE} (1.00): median (quarters)")
    click.echo(f"{'':28}{'requests/s, x':>20}{'1 / CPU, x':>20}{'here: /s':>10}{'CPU us':>8}{'p50 ms':>8}{'p99':>7}"
               f"{'MiB':>6}{'start s':>9}")  # fmt: skip
    for name, row in rows.items():
        click.echo(f"{name:28}{row.speed!s:>20}{row.thrift!s:>20}{row.rate:10.0f}{row.cpu_us:8.0f}{row.p50:8.1f}"
                   f"{row.p99:7.1f}{row.memory_mib:6.0f}{row.start_seconds:9.1f}")  # fmt: skip
    for sentence in left_out:
        click.echo(f"Left out: {sentence}")
