"""What is watched: rules, dashboard and figures agree, and a real Prometheus makes the alarms ring."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import REGISTRY as OTHERS
from prometheus_client import CollectorRegistry, Gauge, start_http_server
from prometheus_client.parser import text_string_to_metric_families

from tests.deploy.site import DEPLOY, needs
from tests.support.app_server import Server, free_port
from tests.support.paths import ROOT

NAME = re.compile(r"poselab_[a-z_]+")


def ask(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as answer:
        return str(answer.read().decode())


@pytest.mark.parametrize(("verb", "file"), [("check", "alerts.yml"), ("test", "alerts_test.yml")])
def test_rules_are_right_and_ring_when_they_should(verb: str, file: str) -> None:
    done = subprocess.run(
        [needs("promtool"), verb, "rules", file], cwd=DEPLOY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSELAB_METRICS_PORT", str(port))
        server = Server(tmp_path_factory.mktemp("figures") / "log.txt")
    yield f"http://127.0.0.1:{port}/metrics"
    log = server.log.read_text("utf-8")
    server.close()
    assert "Traceback" not in log


def names(figures: str) -> set[str]:
    found: set[str] = set()
    for family in text_string_to_metric_families(ask(figures)):
        ends = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(family.type, [""])
        found |= {family.name + end for end in ends}
    return found


def test_rules_and_dashboard_ask_for_figures_that_there_are(figures: str) -> None:
    asked = set(NAME.findall((DEPLOY / "alerts.yml").read_text("utf-8")))
    board = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
    asked |= {name for panel in board["panels"] for one in panel["targets"] for name in NAME.findall(one["expr"])}
    assert asked <= names(figures)


def test_every_alarm_has_its_place_in_the_handbook() -> None:
    handbook = (ROOT / "docs" / "operations.md").read_text("utf-8")
    titles = {re.sub(r"[^a-z -]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in handbook.splitlines()}
    for anchor in re.findall(r"runbook: docs/operations\.md#(\S+)", (DEPLOY / "alerts.yml").read_text("utf-8")):
        assert anchor in titles


def test_figures_hold_nothing_of_visitors_and_are_off_unless_asked_for(figures: str, tmp_path: Path) -> None:
    labels = {
        label
        for family in text_string_to_metric_families(ask(figures))
        for sample in family.samples
        for label in sample.labels
    }
    assert labels <= {"le", "step", "kind", "reason", "part"}
    server = Server(tmp_path / "log.txt")
    listening = {one.laddr.port for one in server.process.net_connections() if one.status == "LISTEN"}
    server.close()
    assert listening == {int(server.url.rsplit(":", 1)[1])}


@pytest.mark.slow
def test_a_real_prometheus_rings_every_alarm(tmp_path: Path) -> None:
    prometheus = needs("prometheus")
    sick = CollectorRegistry()
    gauge = {
        name: Gauge(name, name, labels, registry=sick)
        for name, labels in {
            "poselab_ready": [],
            "poselab_memory_bytes": ["part"],
            "poselab_memory_budget_bytes": [],
            "poselab_queue_oldest_seconds": [],
            "poselab_errors_total": ["kind"],
            "poselab_disk_free_bytes": [],
            "poselab_disk_total_bytes": [],
            "poselab_workers_restarted_total": [],
        }.items()
    }
    gauge["poselab_memory_bytes"].labels("app").set(9.5e8)
    gauge["poselab_memory_budget_bytes"].set(1e9)
    gauge["poselab_queue_oldest_seconds"].set(500)
    gauge["poselab_disk_free_bytes"].set(1e8)
    gauge["poselab_disk_total_bytes"].set(1e11)
    server, thread = start_http_server(port := free_port(), "127.0.0.1", sick)
    rules = (DEPLOY / "alerts.yml").read_text("utf-8")
    short = re.sub(r"for: \d+m", "for: 1s", rules).replace("[10m]", "[10s]").replace("[30m]", "[10s]")
    (tmp_path / "alerts.yml").write_text(short)
    settings = (DEPLOY / "prometheus.yml").read_text("utf-8").replace("15s", "1s")
    targets = f'["127.0.0.1:{port}", "127.0.0.1:{free_port()}"]'
    (tmp_path / "prometheus.yml").write_text(re.sub(r'\["app1.*\]', targets, settings))
    address = f"127.0.0.1:{free_port()}"
    log = (tmp_path / "log.txt").open("wb")
    running = subprocess.Popen(
        [prometheus, "--config.file=prometheus.yml", f"--web.listen-address={address}", "--storage.tsdb.path=data"],
        cwd=tmp_path,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    wanted = set(re.findall(r"alert: (\w+)", rules))
    ringing: set[str] = set()
    try:
        end = time.monotonic() + 60
        while ringing != wanted and time.monotonic() < end:
            time.sleep(1)
            gauge["poselab_errors_total"].labels("worker_died").inc()
            gauge["poselab_workers_restarted_total"].inc(3)
            try:
                alerts = json.loads(ask(f"http://{address}/api/v1/alerts"))["data"]["alerts"]
            except OSError:
                continue  # it is not up yet
            ringing |= {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}
    finally:
        running.terminate()
        running.wait(10)
        log.close()
        server.shutdown()
        server.server_close()
        thread.join()
    assert ringing == wanted
    assert OTHERS is not sick
