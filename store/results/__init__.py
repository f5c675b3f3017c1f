"""Results: saved once, and what is computed from them."""
