"""A trained repeat as a stock Keras model and a short script that needs nothing of this project."""
