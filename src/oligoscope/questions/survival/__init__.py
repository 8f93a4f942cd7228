"""How long: survival by group, before and after matching."""
