"""Tests of the preparation of columns."""
