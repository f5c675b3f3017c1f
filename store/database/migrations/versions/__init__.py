"""The migrations, in order; none is changed once it is released."""
