"""Who came under observation after treatment had started."""
