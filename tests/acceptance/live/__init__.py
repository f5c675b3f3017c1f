"""The live page, served and opened as a user does."""
