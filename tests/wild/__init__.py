"""Files as people have them, for the tests of the reading."""
