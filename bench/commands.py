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


@main.command("growth")
@click.option("--rounds", default=15, show_default=True)
def growth(rounds: int) -> None:
    """Cost against 10 to 10,000 keywords and 1,000 to 20,000 examples, processor time in one process."""
    from bench.growth import measure_examples, measure_keywords

    click.echo(f"Keywords, {rounds} pairs; x = the same with 10 keywords: median (quarters)")
    for count, cost in measure_keywords(rounds).items():
        click.echo(f"  {count:6,}  understand {cost.understand_us:7.1f} us  {cost.understand}   "
                   f"whole request {cost.whole_us:7.0f} us  {cost.whole}")  # fmt: skip
    click.echo("Examples; x = the same with 1,000")
    for count, example in measure_examples(rounds).items():
        click.echo(f"  {count:6,}  learning {example.learning_seconds:5.1f} s  lexical {example.lexical_us:6.0f} us  "
                   f"{example.lexical}   with the encoder {example.whole_us:6.0f} us")  # fmt: skip


@main.command("waiting")
@click.option("--mix", type=click.Choice(sorted(MIXES)), default="line", show_default=True)
@click.option("--rounds", default=7, show_default=True)
@click.option("--requests", default=1000, show_default=True, help="Of one run.")
@click.option("--valkey/--sqlite", default=False, help="Where the hot state is.")
def waiting(mix: str, rounds: int, requests: int, *, valkey: bool) -> None:
    """How long people wait: one process on one core when full, and at 70 % of that (open loop)."""
    from bench.under_load import measure_waiting

    with tempfile.TemporaryDirectory(prefix="line-bench-") as folder:
        found = measure_waiting(Path(folder), mix, rounds, requests, with_valkey=valkey)
    p50, p99 = found.full_p50, found.full_p99
    click.echo(f"Traffic '{mix}', one process on one core:")
    click.echo(f"  full, {found.full_rate:.0f}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms (x {p99 / p50:.1f})")
    click.echo(f"  at 70 % of that: p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms")


@main.command("processes")
@click.option("--mix", type=click.Choice(sorted(MIXES)), default="keywords", show_default=True)
@click.option("--rounds", default=7, show_default=True)
@click.option("--requests", default=600, show_default=True, help="Of one run, all processes together.")
@click.option("--database", required=True, help="postgresql+psycopg://... of an empty database.")
def processes(mix: str, rounds: int, requests: int, database: str) -> None:
    """Web processes that share one Valkey and one PostgreSQL: do they hinder each other?"""
    from bench.under_load import measure_processes

    with tempfile.TemporaryDirectory(prefix="line-bench-") as folder:
        found = measure_processes(Path(folder), mix, (1, 2, 4), rounds, requests, database)
    click.echo(f"Traffic '{mix}', {rounds} pairs of {requests} requests; x = one process alone: median (quarters)")
    for count, shared in found.items():
        click.echo(f"  {count} processes: texts a second {shared.rate}   processor time of a text {shared.cpu}")


@main.command("calls")
@click.option("--rounds", default=9, show_default=True)
@click.option("--requests", default=300, show_default=True, help="Of each kind, over HTTP.")
def calls(rounds: int, requests: int) -> None:
    """A step of a telephone call: processor time, and how long a caller waits over HTTP."""
    from bench.calls import measure_in_process, measure_over_http

    click.echo(f"{rounds} pairs; x = a text with a keyword: median (quarters)")
    for kind, (microseconds, ratio) in measure_in_process(rounds).items():
        click.echo(f"  {kind:16} {microseconds:8.0f} us   {ratio}")
    click.echo(f"Over HTTP, one process, one caller at a time, {requests} steps each")
    for kind, (half, most) in measure_over_http(requests).items():
        click.echo(f"  {kind:16} p50 {half:6.1f} ms   p99 {most:6.1f} ms")


@main.command("drain")
@click.option("--events", default=20_000, show_default=True)
@click.option("--database", default="", help="postgresql+psycopg://...; a SQLite file of its own unless given.")
def drain(events: int, database: str) -> None:
    """Events a second from the outbox into SQL."""
    from bench.under_load import measure_drain

    with tempfile.TemporaryDirectory(prefix="line-bench-") as folder:
        rate = measure_drain(Path(folder), database or f"sqlite:///{folder}/line.sqlite3", events)
    click.echo(f"{rate:,.0f} events a second")


@main.command("simulate")
@click.option("--texts", default=1_000_000, show_default=True)
@click.option("--minutes", default=60, show_default=True)
@click.option("--cores", default=2, show_default=True, help="Of each host.")
@click.option("--texts-per-core", default=300.0, show_default=True, help="A second, as measured.")
@click.option("--sql-rows", default=5_000.0, show_default=True, help="A second, as measured.")
def simulate_campaign(texts: int, minutes: int, cores: int, texts_per_core: float, sql_rows: float) -> None:
    """A national campaign second by second, on paper: what gives way first, and what people wait for."""
    from bench.simulate import Campaign, simulate

    click.echo(f"{texts:,} texts in {minutes} minutes; {cores} cores a host, {texts_per_core:.0f} texts/s a core, "
               f"{sql_rows:.0f} rows/s into SQL, 2 segments a reply")  # fmt: skip
    click.echo(f"{'hosts':>5} {'segments/s':>10} {'peak/s':>7} {'to fallback':>12} {'refused':>9} {'webhook s':>10} "
               f"{'outbox':>9} "
               f"{'median reply':>13} {'last reply':>11}  gives way first")  # fmt: skip
    for hosts in (1, 3, 10):
        for rate in (1, 10, 100, 1000):
            one = simulate(Campaign(texts=texts, minutes=minutes, hosts=hosts, cores_per_host=cores, sql_rows=sql_rows,
                                    texts_per_core=texts_per_core, segments_per_number=rate))  # fmt: skip
            click.echo(f"{hosts:5} {rate:10} {one.peak_per_second:7.0f} {one.to_fallback:12,} "
                       f"{one.replies_refused_by_provider:9,} "
                       f"{one.longest_webhook_wait:10.0f} {one.longest_outbox:9,} "
                       f"{one.median_reply_wait_minutes:9.0f} min {one.hours_until_last_reply:9.1f} h  "
                       f"{one.first_to_saturate}")  # fmt: skip
