"""Ensembles: the forecasts of all repeats of a configuration, combined and scored as one forecast."""
