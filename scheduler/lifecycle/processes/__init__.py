"""The processes of local workers, and the one that starts them."""
