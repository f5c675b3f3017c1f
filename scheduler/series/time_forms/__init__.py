"""From text to times: the forms in which times are written, and how times are spaced."""
