"""A Firefox of the distribution's, driven by WebDriver BiDi, which it speaks itself; Playwright has a build of its own.

On a virtual screen, for without one Firefox has no WebGL, which MediaPipe's build for browsers asks for.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROGRAMS = ("firefox-esr", "Xvfb")
_PATIENCE_S = 60
_PREFERENCES = {"media.navigator.permission.disabled": True, "media.autoplay.default": 0}
# In pages, shadow trees and frames of the same origin.
_FIND = """(selector, words) => {
    const all = (root) => [root, ...[...root.querySelectorAll("*")].flatMap((one) =>
        one.shadowRoot ? all(one.shadowRoot) : one.contentDocument ? all(one.contentDocument) : [])];
    return all(document).flatMap((root) => [...root.querySelectorAll(selector)])
        .find((one) => one.checkVisibility() && (one.textContent + (one.ariaLabel ?? "")).includes(words)) ?? null;
}"""


class Firefox:
    """One page, and what can be done with it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, count(1)
        self._call("session.new", capabilities={})
        self._page = self._call("browsingContext.getTree")["contexts"][0]["context"]
        self._call("browsingContext.setViewport", context=self._page, viewport={"width": 1280, "height": 1000})

    def before_pages(self, script: str) -> None:
        """A function that runs in every page before its own scripts."""
        self._call("script.addPreloadScript", functionDeclaration=script)

    def open(self, url: str) -> None:
        self._call("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def text(self, selector: str, words: str = "") -> str:
        """Of the first visible element that holds the words; "" where there is none."""
        found: str = self._evaluate(f"(({_FIND})({json.dumps(selector)}, {json.dumps(words)}))?.textContent ?? ''")[
            "value"
        ]
        return found

    def wait_for(self, selector: str, pattern: str) -> str:
        """The text once it is as asked."""
        end = time.monotonic() + _PATIENCE_S
        while not re.search(pattern, text := self.text(selector)):
            assert time.monotonic() < end, f"{selector}: {text!r}"
            time.sleep(0.1)
        return text

    def click(self, selector: str, words: str = "") -> None:
        """With the mouse, once it is there."""
        end = time.monotonic() + _PATIENCE_S
        finding = f"({_FIND})({json.dumps(selector)}, {json.dumps(words)})"
        while (element := self._evaluate(finding))["type"] != "node":
            assert time.monotonic() < end, f"no {selector} {words}"
            time.sleep(0.1)
        self._evaluate(f"({finding}).scrollIntoView({{ block: 'center' }})")
        at = {"type": "element", "element": {"sharedId": element["sharedId"]}}
        steps = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": at},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "actions": steps}
        self._call("input.performActions", context=self._page, actions=[mouse])

    def _evaluate(self, expression: str) -> dict[str, Any]:
        target = {"context": self._page}
        answer = self._call("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert answer["type"] == "success", answer
        result: dict[str, Any] = answer["result"]
        return result

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self._socket.recv(_PATIENCE_S))).get("id") != number:
            pass
        assert answer["type"] == "success", answer
        result: dict[str, Any] = answer["result"]
        return result


def is_here() -> bool:
    return all(shutil.which(program) for program in PROGRAMS)


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """With a profile of its own in `folder`."""
    with _virtual_screen() as screen:
        profile = folder / "profile"
        profile.mkdir()
        lines = [f'user_pref("{name}", {json.dumps(value)});\n' for name, value in _PREFERENCES.items()]
        (profile / "user.js").write_text("".join(lines), "utf-8")
        log = folder / "firefox.log"
        command = ["firefox-esr", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
        environment = {"DISPLAY": screen, "HOME": str(folder), "PATH": "/usr/bin:/bin"}
        with (
            log.open("w") as output,
            subprocess.Popen(command, env=environment, stderr=output, stdout=output) as process,
        ):
            try:
                with connect(f"{_address(log)}/session", max_size=None) as socket:
                    yield Firefox(socket)
            finally:
                process.kill()


@contextmanager
def _virtual_screen() -> Iterator[str]:
    command = ["Xvfb", "-screen", "0", "1400x1200x24", "-nolisten", "tcp", "-displayfd", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            yield f":{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def _address(log: Path) -> str:
    end = time.monotonic() + _PATIENCE_S
    while not (found := re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text("utf-8"))):
        assert time.monotonic() < end, log.read_text("utf-8")
        time.sleep(0.1)
    return found[1]
