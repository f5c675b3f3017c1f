"""From a table of text to a series: columns, numbers, order, several series in one file, missing values."""
