"""What the groups looked like at the start."""
