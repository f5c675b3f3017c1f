"""What must hold of a store, and repeats as they are stored, to be trained again."""
