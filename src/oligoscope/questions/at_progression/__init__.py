"""How alike the groups are on the day of the first progression, from which survival after it is counted."""
