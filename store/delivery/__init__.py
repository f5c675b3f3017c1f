"""How jobs reach workers: packs, and the messages that carry their ids."""
