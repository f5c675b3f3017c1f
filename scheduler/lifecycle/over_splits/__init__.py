"""Studies of several series and windows: their models in folders, and more windows of them."""
