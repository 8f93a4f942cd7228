"""Files to cells with their places."""
