"""The commands `gcsmttr keys` and `gcsmttr badges`."""
