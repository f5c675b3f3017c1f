"""What a study of 100,000 repeats over 1,000 splits costs, command by command."""
