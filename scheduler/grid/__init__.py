"""The grid file: read, checked and expanded."""
