"""How much longer, on average, up to a horizon."""
