"""The page of numbers: every row of results.csv, and the patients each is made from."""
