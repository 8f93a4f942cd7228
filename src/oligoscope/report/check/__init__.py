"""What `check` gives back besides its list: marked workbooks, what changed since the last check, and a page to sign."""
