"""Reads a report page as a text: its elements, its words and the data of its pictures."""

from __future__ import annotations

import base64
import json
from html.parser import HTMLParser
from typing import Any

import numpy as np

from scheduler.report import page
from scheduler.report.report_data import ReportData


class Reader(HTMLParser):
    """Collect the elements, links and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._inside: list[str] = []
        self.raw: dict[str, str] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self._inside.append(dict(attrs).get("id") or tag)

    def handle_endtag(self, tag: str) -> None:
        """Note that a script ends."""
        if tag in {"script", "style"}:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        """Note words, or what a script has."""
        if self._inside:
            self.raw[self._inside[-1]] = self.raw.get(self._inside[-1], "") + data
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        """What a person reads."""
        return " ".join(" ".join(self.words).split())

    @property
    def payload(self) -> dict[str, Any]:
        """The data of the pictures."""
        content: dict[str, Any] = json.loads(self.raw["data"])
        return content

    def ids(self) -> list[str]:
        """All ids, in order."""
        return [attributes["id"] or "" for _, attributes in self.elements if "id" in attributes]


def read(report: ReportData) -> Reader:
    """Render the page and parse it."""
    return Reader(page.render(report))


def floats(text: str) -> np.ndarray[Any, Any]:
    """Unpack numbers as the page's script does."""
    return np.frombuffer(base64.b64decode(text), dtype="<f4")
