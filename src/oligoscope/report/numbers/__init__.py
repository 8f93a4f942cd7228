"""The page of numbers: every row of results.csv, and the patients behind it."""
