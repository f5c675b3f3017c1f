"""How packs reach this worker and results leave it: no TensorFlow here."""
