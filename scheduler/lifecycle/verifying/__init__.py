"""`scheduler verify`: what is stored of an experiment is what its results give, and these are what training gives."""
