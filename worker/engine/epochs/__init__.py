"""What an epoch is made of: the order of its rows, its learning rate, a training step."""
