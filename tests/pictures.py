"""Reads the words of the pictures that are saved as SVG."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from scheduler.report import plots
from scheduler.report.report_data import ReportData


def words(path: Path) -> str:
    """Read all text of an SVG; fails where it is not well-formed."""
    return " ".join("".join(part.itertext()) for part in ET.parse(path).iter("{http://www.w3.org/2000/svg}text"))


def drawn(report: ReportData, directory: Path) -> dict[str, str]:
    """Draw as SVG and read the words, by the picture's name."""
    return {path.stem.rsplit("-", 1)[1]: words(path) for path in plots.save(report, directory, ["svg"])}
