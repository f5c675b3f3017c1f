"""The life of an experiment: planned, submitted, run, topped up, aggregated."""
