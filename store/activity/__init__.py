"""What goes on in a store at the moment: for whoever watches it, and changes nothing."""
