"""Commands for operators: access keys, and the comparison and repair of overviews."""
