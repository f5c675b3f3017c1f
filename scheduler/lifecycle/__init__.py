"""The life of an experiment: plan, submit, run, top up, aggregate."""
