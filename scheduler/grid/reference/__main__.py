"""Prints the page: python -m scheduler.grid.reference > docs/grid.md."""

import sys

from scheduler.grid.reference import reference

sys.stdout.write(reference())
