"""A real browser for the tests: Chromium without a window, driven by its DevTools protocol over two pipes.

It only needs Chromium or Chrome on the machine; without one it fails and tells how to get it.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "chromium-headless-shell",
    "chrome-headless-shell",
    "microsoft-edge",
    "msedge",
    "brave-browser",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/usr/lib/chromium/chromium",
    "/opt/google/chrome/chrome",
)
QUIET = (
    "--headless",
    "--no-sandbox",  # in a container as root there is none; the page is our own
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)
KEYS = {
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    " ": 32,
    "End": 35,
    "Home": 36,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
}

#: Chromium reads its commands from descriptor 3 and answers on 4
HAND_OVER = """
import os, sys
taken, given = (os.dup(int(end)) for end in sys.argv[1:3])
while taken <= 4 or given <= 4:
    taken, given = os.dup(taken), os.dup(given)
os.dup2(taken, 3), os.dup2(given, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class BrowserError(Exception):
    """The browser is missing, or a command failed."""


def find() -> str:
    """Return the path of a browser: the one that CHROME names, or the first one found."""
    wanted = os.environ.get("CHROME")
    for candidate in [wanted] if wanted else [*NAMES, *PLACES]:
        path = shutil.which(candidate)
        if path:
            return path
    missing = f"CHROME={wanted} is not there" if wanted else "none was found"
    raise BrowserError(
        f"The browser tests need Chromium or Chrome, and {missing}. Get one by `apt-get install chromium`, "
        "`dnf install chromium` or `brew install --cask chromium`, or set CHROME to its path. "
        "To run only the other tests: make test PYTEST_ARGS='-m \"not browser\"'"
    )


class Page:
    """One open page, with its console problems and its requests."""

    def __init__(self, process: subprocess.Popen[bytes], outgoing: int, incoming: int) -> None:
        self._process, self._outgoing, self._incoming = process, outgoing, incoming
        self._received, self._last, self._session = b"", 0, ""
        #: console errors, exceptions and blocked or failed requests
        self.problems: list[str] = []
        #: addresses that were asked for
        self.requests: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one command and wait for its answer."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._outgoing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])

    def open(self, path: Path) -> None:
        """Open a file and wait until it has been drawn."""
        self.visit(path.resolve().as_uri())

    def visit(self, address: str) -> None:
        """Open an address and wait until it has been drawn."""
        self.call("Page.navigate", url=address)
        self.run(
            "new Promise(done => { const wait = () => document.readyState === 'complete'"
            " ? requestAnimationFrame(() => setTimeout(done, 50)) : setTimeout(wait, 10); wait(); })"
        )

    def run(self, script: str) -> Any:
        """Evaluate JavaScript, wait for its promise and return the value."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(f"{script}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release one key, as a keyboard does."""
        sent = {
            "key": key,
            "code": key if key != " " else "Space",
            "windowsVirtualKeyCode": KEYS[key],
            "modifiers": 8 * shift,
        }
        typed = {"text": "\r"} if key == "Enter" else {"text": " "} if key == " " else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **sent, **typed)
        self.call("Input.dispatchKeyEvent", type="keyUp", **sent)
        self._settle()

    def click(self, selector: str) -> None:
        """Click in the middle of an element, as a mouse does."""
        self.call("Page.bringToFront")
        box = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e.scrollIntoView({block: 'center', behavior: 'instant'});"
            " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=box[0],
                y=box[1],
                button="left" if kind != "mouseMoved" else "none",
                clickCount=1,
            )
        self._settle()

    def hover(self, x: float, y: float) -> None:
        """Move the mouse to a place of the viewport."""
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        self._settle()

    def show_as(self, *, width: int, height: int = 800, scheme: str = "light", media: str = "screen") -> None:
        """Set the size of the viewport, the colour scheme and the medium."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call(
            "Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )
        self._settle()

    def picture(self, path: Path, height: int | None = None) -> None:
        """Save the page as a PNG: the whole, or its beginning."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"], "scale": 1}
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
        path.write_bytes(base64.b64decode(data))

    def printed(self) -> bytes:
        """Print the page as a PDF."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=False)["data"])

    def _settle(self) -> None:
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._received:
            chunk = os.read(self._incoming, 1 << 16)
            if not chunk:
                raise BrowserError(f"The browser ended, exit code {self._process.wait()}.")
            self._received += chunk
        raw, self._received = self._received.split(b"\0", 1)
        message: dict[str, Any] = json.loads(raw)
        self._note(message.get("method", ""), message.get("params", {}))
        return message

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in {"error", "warning", "assert"}:
            self.problems.append(" ".join(str(part.get("value", part.get("description"))) for part in params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in {"error", "warning"}:
            self.problems.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Network.loadingFailed" and not params.get("canceled"):
            self.problems.append(params["errorText"])


@contextmanager
def opened() -> Iterator[Page]:
    """Start a browser with one empty page, and end it with its child processes."""
    browser = find()
    with tempfile.TemporaryDirectory(prefix="page", ignore_cleanup_errors=True) as profile:
        commands_out, commands_in = os.pipe()
        answers_out, answers_in = os.pipe()
        ends = (str(commands_out), str(answers_in))
        options = (*QUIET, f"--user-data-dir={profile}", "--remote-debugging-pipe")
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", HAND_OVER, *ends, browser, *options],
            pass_fds=(commands_out, answers_in),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(commands_out)
        os.close(answers_in)
        try:
            yield Page(process, commands_in, answers_out)
        finally:
            os.close(commands_in)  # the browser ends when its pipe does
            os.close(answers_out)
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
