"""The progress of experiments in training: bars in a terminal and in notebooks, plain lines in a log."""
