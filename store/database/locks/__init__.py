"""Locks: whether those of a folder work, and work that one process does for all."""
