"""Exported models: that they forecast as stored, and what their script makes of files."""
