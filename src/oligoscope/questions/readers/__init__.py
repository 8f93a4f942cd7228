"""Agreement of responses: between readers, and of given with derived ones."""
