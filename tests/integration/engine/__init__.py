"""Packed training against plain Keras, and the bits of its numbers."""
