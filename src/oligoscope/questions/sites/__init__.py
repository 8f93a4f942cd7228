"""Where it progressed."""
