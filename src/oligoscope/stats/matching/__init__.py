"""Balance, propensity scores, matching and weights."""
