"""What goes wrong in service: each time a sentence is seen, and the next visitor is served."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from urllib.parse import urlsplit

import av
import numpy as np
import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from posecore import encode_image
from tests.browser.test_photos import picture, upload
from tests.support.app_server import Server
from tests.support.memory_group import make_group
from tests.support.paths import ROOT, SAMPLES
from tests.support.small_disk import small_disk
from tests.support.visiting import open_page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and groups of POSIX"),
]

Visit = Callable[[str], Page]


@contextmanager
def visits(browser: Browser, server: Server) -> Iterator[Visit]:
    pages: list[Page] = []

    def opened(path: str) -> Page:
        pages.append(open_page(browser, f"{server.url}/{path}"))
        return pages[-1]

    try:
        yield opened
    finally:
        for page in pages:
            page.context.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("faults") / "log.txt")
    server.wait_for("/health/ready")
    yield server
    server.close()


@pytest.fixture
def visit(browser: Browser, served: Server) -> Iterator[Visit]:
    with visits(browser, served) as opened:
        yield opened
        next_visitor_is_served(opened)


def next_visitor_is_served(visit: Visit) -> None:
    page = visit("image")
    upload(page, SAMPLES / "two_people.jpg")
    picture(page).wait_for()
    expect(page.get_by_text("3 people")).to_be_visible()


def workers_of(server: Server) -> list[psutil.Process]:
    return [child for child in server.process.children() if "serve()" in " ".join(child.cmdline())]


def busy(server: Server) -> psutil.Process:
    """The worker that uses the processor most."""
    workers = workers_of(server)
    for worker in workers:
        worker.cpu_percent()  # from now on
    time.sleep(0.4)
    return max(workers, key=lambda worker: worker.cpu_percent())


def long_clip(page: Page, media: Path) -> None:
    upload(page, media / "videos" / "sports2d_demo.mp4")
    page.get_by_role("button", name="Analyse", exact=True).click()
    page.locator('[data-testid="stProgress"]').get_by_text("about").wait_for()


def test_a_worker_that_is_killed(visit: Visit, served: Server, media: Path) -> None:
    page = visit("video")
    long_clip(page, media)
    busy(served).kill()
    expect(page.get_by_text("failed in a way that should not happen")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Analyse", exact=True).click()  # the same clip once more
    expect(page.locator("video").first).to_be_visible(timeout=90_000)


def test_a_decoder_that_hangs(visit: Visit, served: Server) -> None:
    page = visit("image")
    workers = workers_of(served)
    for worker in workers:
        worker.send_signal(signal.SIGSTOP)
    upload(page, SAMPLES / "balance.jpg")
    expect(page.get_by_text("led nowhere and was given up")).to_be_visible(timeout=60_000)
    for worker in workers:
        if worker.is_running():
            worker.send_signal(signal.SIGCONT)


def test_a_browser_that_is_closed_in_the_middle(visit: Visit, served: Server, media: Path) -> None:
    page = visit("video")
    long_clip(page, media)
    page.context.close()
    end = time.monotonic() + 30
    while any(worker.cpu_percent(0.3) > 20 for worker in workers_of(served)):
        assert time.monotonic() < end  # nobody wants the result any more


def upload_address(page: Page, path: Path) -> str:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    upload(page, path)
    picture(page).wait_for()
    address = next(url for url in asked if "/upload/" in url).split("?")[0]
    return address.rsplit("/", 1)[0]


def test_an_upload_that_is_cut_off(visit: Visit) -> None:
    address = urlsplit(upload_address(visit("image"), SAMPLES / "astronaut.png"))
    data = (SAMPLES / "balance.jpg").read_bytes()
    assert address.hostname
    line = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    line.request("GET", f"{address.path}/900001?name=a.jpg&size={len(data)}")
    assert line.getresponse().read() == b'{"had":0}'
    line.putrequest("POST", f"{address.path}/900001?offset=0")
    line.putheader("Content-Length", str(len(data)))
    line.endheaders()
    line.send(data[: len(data) // 2])
    line.close()
    again = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    again.request("GET", f"{address.path}/900001?name=a.jpg&size={len(data)}")
    had = int(again.getresponse().read().split(b":")[1].rstrip(b"}"))
    assert had <= len(data) // 2
    again.request("POST", f"{address.path}/900001?offset={had}", data[had:])
    assert again.getresponse().read() == b'{"had":%d}' % len(data)
    again.close()


def test_two_hundred_uploads_at_once(visit: Visit, served: Server) -> None:
    addresses = [upload_address(visit("image"), SAMPLES / "astronaut.png") for _ in range(2)]
    data = (SAMPLES / "balance.jpg").read_bytes()
    before = served.memory()

    def send(number: int) -> bytes:
        address = urlsplit(addresses[number % 2])
        assert address.hostname
        line = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        target = f"{address.path}/{910000 + number}"
        line.request("GET", f"{target}?name=a.jpg&size={len(data)}")
        line.getresponse().read()
        line.request("POST", f"{target}?offset=0", data)
        answer = line.getresponse().read()
        line.close()
        return answer

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(send, range(200)))
    assert answers.count(b'{"had":%d}' % len(data)) == 198  # each visit has room for a hundred, and one was there
    assert served.memory() - before < 60e6


def test_a_clip_that_claims_ten_hours(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    with av.open(str(SAMPLES / "balance.mp4")) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for number, packet in enumerate(source.demux(source.streams.video[0])):
            if packet.pts is not None:
                packet.pts = packet.dts = round(number * 360 / Fraction(packet.time_base))
                packet.stream = stream
                target.mux(packet)
    page = visit("video")
    upload(page, path)
    expect(page.get_by_text("up to 30")).to_be_visible()


def test_a_picture_that_takes_more_memory_than_there_is(browser: Browser, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (6000, 60, 3), np.uint8)
    large = tmp_path / "large.png"
    large.write_bytes(encode_image(np.tile(noise, (1, 130, 1))))
    with (
        changed_environment(POSELAB_MEMORY_MB="500"),
        running(Server(tmp_path / "log.txt")) as server,
        visits(browser, server) as visit,
    ):
        page = visit("image")
        upload(page, large)
        expect(page.get_by_text("more memory than there is here")).to_be_visible()
        next_visitor_is_served(visit)


@contextmanager
def changed_environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    yield
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@contextmanager
def running(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.close()


def test_a_full_disk(browser: Browser, tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", 230) as disk,
        changed_environment(TMPDIR=str(disk)),
        running(Server(tmp_path / "log.txt")) as server,
        visits(browser, server) as visit,
    ):
        page = visit("video")
        large = tmp_path / "large.mp4"
        with large.open("wb") as file:
            file.write((SAMPLES / "balance.mp4").read_bytes())
            file.truncate(60_000_000)
        upload(page, large)
        expect(page.get_by_text("no room left on the disk")).to_be_visible()
        next_visitor_is_served(visit)


@pytest.mark.parametrize("fault", ["missing", "damaged"])
def test_a_model_that_is_not_as_it_should_be(browser: Browser, tmp_path: Path, fault: str) -> None:
    app = tmp_path / "app"
    shutil.copytree(ROOT, app, ignore=shutil.ignore_patterns(".venv", ".git", "tests", "out", "*.mp4"))
    model = app / "posecore" / "detection" / "models" / "heavy.task"
    assert model.is_file()
    if fault == "missing":
        model.unlink()
    else:
        model.write_bytes(model.read_bytes()[:100_000])
    with running(Server(tmp_path / "log.txt", app)) as server, visits(browser, server) as visit:
        page = visit("image")
        upload(page, SAMPLES / "two_people.jpg")
        picture(page).wait_for()
        page.get_by_label("Model").click()
        page.get_by_role("option", name="Heavy").click()
        expect(page.locator('[data-testid="stAlert"]').first).to_contain_text("model")
        next_visitor_is_served(visit)


@pytest.mark.parametrize("kind", ["zeros", "clip"])
def test_a_huge_file_in_a_gigabyte(browser: Browser, tmp_path: Path, kind: str) -> None:
    group = make_group("poselab-huge", 1_000_000_000)
    if group is None:
        pytest.skip("this machine lets us limit no memory")
    large = tmp_path / "large.mp4"
    large.write_bytes(b"" if kind == "zeros" else (SAMPLES / "balance.mp4").read_bytes())
    with large.open("ab") as file:
        for _ in range(450 if kind == "clip" else 0):
            file.write((1_000_000).to_bytes(4, "big") + b"free" + bytes(999_992))
        if kind == "zeros":
            file.truncate(420_000_000)
    with running(Server(tmp_path / "log.txt", group=group)) as server, visits(browser, server) as visit:
        page = visit("video")
        upload(page, large)
        if kind == "zeros":
            expect(page.get_by_text("This clip cannot be read")).to_be_visible(timeout=120_000)
        else:
            page.get_by_role("button", name="Analyse", exact=True).click(timeout=120_000)
            page.locator("video").first.wait_for()
        next_visitor_is_served(visit)
        assert group.killed() == 0
        assert group.anonymous() < 600e6
    group.close()


def test_a_clock_that_is_set_back(browser: Browser, tmp_path: Path) -> None:
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        pytest.skip("libfaketime is not installed here, and a machine's own clock is not for tests to set")
    clock = tmp_path / "clock"
    clock.write_text("+0")
    false_time = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with (
        changed_environment(**false_time),
        running(Server(tmp_path / "log.txt")) as server,
        visits(browser, server) as visit,
    ):
        page = visit("video")
        upload(page, SAMPLES / "box_jump.mp4")
        analyse = page.get_by_role("button", name="Analyse", exact=True)
        analyse.wait_for()
        clock.write_text("-1d")
        analyse.click()
        page.locator("video").first.wait_for()
        next_visitor_is_served(visit)
