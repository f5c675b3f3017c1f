"""What a configuration is: its fields, and the plain arithmetic that follows from them."""
