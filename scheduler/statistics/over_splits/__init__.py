"""The repeats of configurations on several splits as tables: read from the store, their scores over all splits."""
