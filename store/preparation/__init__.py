"""From a series to what a model sees, and back: transforms, differences and scales, the same for grids and workers."""
