"""A paper's printed numbers beside a study's own."""
