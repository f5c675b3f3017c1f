"""The engine against what others would write."""
