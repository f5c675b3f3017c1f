"""Jobs: leased, renewed, handed back, failed, tried again."""
