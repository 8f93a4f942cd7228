"""The page of one patient."""
