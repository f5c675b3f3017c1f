"""Tests of how protocols train."""
