"""The numbers behind the page's pictures, small for any experiment: `payload` collects them."""

from scheduler.report.page.data.payload import payload

__all__ = ["payload"]
