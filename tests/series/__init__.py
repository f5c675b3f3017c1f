"""Series for tests: a published one, drawn ones, and files as people have them."""
