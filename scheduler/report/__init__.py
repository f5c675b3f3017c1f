"""What a study has found, gathered once and shown as tables, plots and a page."""
