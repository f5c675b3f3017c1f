"""Series: bundled ones and files of the user."""
