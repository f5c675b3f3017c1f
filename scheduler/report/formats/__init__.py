"""The report and the verdicts as text: for a terminal, for programs and for papers."""
