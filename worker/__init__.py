"""Trains packs: the only package that may load TensorFlow, and nothing here does so on import."""
