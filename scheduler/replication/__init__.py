"""The published tables of the tutorials beside the same studies made here."""
