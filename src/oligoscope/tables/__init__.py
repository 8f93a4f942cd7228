"""Results to tables: frozen values, no computing."""
