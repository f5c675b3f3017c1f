"""How often intervals beyond the end held what came, with real training."""
