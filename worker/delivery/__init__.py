"""How packs reach this process and results leave it; nothing here loads TensorFlow."""
