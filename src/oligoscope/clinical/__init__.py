"""Records to clinical meaning: responses, patterns, resistance, endpoints; no statistics here."""
