"""The campaign of faults as a program: studies in training to which everything happens that can, and an oracle."""
