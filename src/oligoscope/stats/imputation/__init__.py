"""Missing values: chained equations, and estimates pooled over imputations."""
