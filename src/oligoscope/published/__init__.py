"""A paper's printed numbers, shaped as Results, and their comparison with a study's own."""
