"""What other tools write, answered with what a grid has in its place: words, ranges, distributions and optimizers."""
