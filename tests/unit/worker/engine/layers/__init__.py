"""Tests of the mathematics of layers."""
