"""Results to pictures: each drawing reads estimates and series, no computing."""
