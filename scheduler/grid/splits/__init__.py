"""The splits of a grid: every series and window that its configurations are trained on."""
