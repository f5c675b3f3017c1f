"""The mathematics of layers for many lanes at once: what is changed of Keras' own, products, loops over time, draws."""
