"""The command line: commands, their options, progress and messages."""
