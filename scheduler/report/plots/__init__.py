"""The pictures for print and for the README: scores, trajectories and forecasts, as PNG and SVG."""

from scheduler.report.plots.files import PICTURES, save

__all__ = ["PICTURES", "save"]
