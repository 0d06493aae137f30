"""/metrics: right, closed to strangers, and what the dashboard and the rules ask for exists."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from sms_service.core.events import Event, EventKind
from sms_service.factory.web import app_of
from sms_service.ops.metrics import Gauge, Meter, MeteredLog, use_folder
from tests.conftest import CapturedLog
from tests.sql_databases import NOON, a_delivery, an_event

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

TOKEN = 32 * "t"


def metered(line: Line) -> tuple[FlaskClient, MeteredLog]:
    meter = Meter()
    return app_of(replace(line.line, meter=meter)).test_client(), MeteredLog(CapturedLog(), meter)


def values(client: FlaskClient, **options: Any) -> dict[str, float]:
    answer = client.get("/metrics", **options)
    assert answer.status_code == 200
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


EVENTS = [
    an_event(1),
    an_event(2, outcome="failed", stage=None, degraded=("hot_state",), latency_ms=700.0),
    a_delivery(1, "failed", error_code=30003),
    a_delivery(2, "failed", error_code=99999),
    replace(an_event(3), kind=EventKind.CANARY),
    Event(event_id="c", kind=EventKind.CALL_STEP, at=an_event().at, outcome="greeted"),
]


def test_what_happens_is_counted_once(line: Line) -> None:
    client, log = metered(line)
    for event in EVENTS:
        log.event(event)
    log.refusal("forged")
    log.trouble("drain_failed")
    found = values(client)
    assert found["sms_messages_total[('channel', 'sms'), ('outcome', 'answered'), ('stage', 'keyword')]"] == 1
    assert found["sms_segments_total[('channel', 'sms')]"] == 4
    assert found["sms_answer_seconds_count[]"] == 2
    assert found["sms_answer_seconds_bucket[('le', '0.5')]"] == 1
    assert found["sms_deliveries_total[('error_code', '30003'), ('status', 'failed')]"] == 1
    assert found["sms_deliveries_total[('error_code', 'other'), ('status', 'failed')]"] == 1
    assert found["sms_canaries_total[('outcome', 'answered')]"] == 1
    assert found["sms_refused_total[('code', 'forged')]"] == 1
    assert found["sms_troubles_total[('code', 'drain_failed')]"] == 1
    assert found["sms_degraded_total[('part', 'hot_state')]"] == 1
    assert found["sms_call_steps_total[('outcome', 'greeted')]"] == 1
    assert found["sms_part_works[('part', 'hot_state')]"] == 1


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 403),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 403),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 403),
    ],
)
def test_without_a_token_only_this_machine_reads(line: Line, address: str, headers: dict, status: int) -> None:
    client, _ = metered(line)
    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code == status


@pytest.mark.parametrize(
    ("header", "status"), [(f"Bearer {TOKEN}", 200), ("Bearer x", 403), ("", 403), ("Bearer é", 403), (TOKEN[:-1], 403)]
)
def test_with_a_token_whoever_has_it_reads(make_line: Callable[..., Line], header: str, status: int) -> None:
    client, _ = metered(make_line(METRICS_TOKEN=TOKEN))
    answer = client.get("/metrics", headers={"Authorization": header}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == status


def test_a_gauge_that_breaks_is_a_part_that_does_not_work(line: Line) -> None:
    def broken() -> str | None:
        raise OSError("redis://:hunter2@host")

    meter = Meter()
    from sms_service.ops.gauges import gauges_of

    text = meter.text(gauges_of({"redis": broken}, line.line.releases, lambda: (3, 1.5), NOON.date)).decode()
    assert 'sms_part_works{part="redis"} 0.0' in text
    assert "sms_outbox_rows 3.0" in text
    assert "hunter2" not in text


SEVERAL_PROCESSES = """
import os, sys
from pathlib import Path
from sms_service.ops.metrics import use_folder
use_folder(Path(sys.argv[1]))
from sms_service.ops.metrics import Meter
meter = Meter()
children = []
for _ in range(3):
    child = os.fork()
    if child == 0:
        for _ in range(50):
            meter.replies("help").inc()
            meter.answer_seconds.observe(0.003)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
meter.replies("help").inc()
print(meter.text([]).decode())
"""


def test_several_processes_are_counted_exactly_also_after_they_have_gone(tmp_path: Path, project_root: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    result = subprocess.run(
        [sys.executable, "-c", SEVERAL_PROCESSES, tmp_path / "metrics"],
        cwd=project_root, env=clean, capture_output=True, text=True, timeout=150, check=True,
    )  # fmt: skip
    assert 'sms_replies_total{reply="help"} 151.0' in result.stdout
    assert "sms_answer_seconds_count 150.0" in result.stdout


def test_what_dead_processes_left_goes_only_when_none_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    dead, living = folder / "counter_999999999.db", folder / f"counter_{os.getppid()}.db"
    dead.touch()
    living.touch()
    for gone in (False, True):
        environ: dict[str, str] = {}
        monkeypatch.setattr("sms_service.ops.metrics.os.environ", environ)
        use_folder(folder)
        assert environ == {"PROMETHEUS_MULTIPROC_DIR": str(folder)}
        assert dead.exists() is not gone, "its counts belong to the sum of those that live"
        living.unlink(missing_ok=True)


def known_names(line: Line) -> set[str]:
    client, log = metered(line)
    for event in EVENTS:
        log.event(event)
    log.refusal("forged")
    log.trouble("x")
    names = {name.partition("[")[0] for name in values(client)}
    extra = Meter().text([Gauge("sms_outbox_rows", "", {"": 0}), Gauge("sms_outbox_oldest_seconds", "", {"": 0})])
    return names | set(re.findall(r"^(sms_\w+)", extra.decode(), re.MULTILINE))


@pytest.mark.parametrize("name", ["grafana-dashboard.json", "prometheus-alerts.yaml"])
def test_every_metric_that_is_asked_for_exists(line: Line, project_root: Path, name: str) -> None:
    text = (project_root / "docs" / name).read_text()
    asked = set(re.findall(r"\bsms_\w+", text))
    assert asked
    assert asked <= known_names(line)


def test_the_dashboard_and_the_rules_can_be_read(project_root: Path) -> None:
    dashboard = json.loads((project_root / "docs" / "grafana-dashboard.json").read_text())
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    rules = YAML(typ="safe").load(project_root / "docs" / "prometheus-alerts.yaml")["groups"][0]["rules"]
    assert all(rule["annotations"]["first_step"] for rule in rules)
