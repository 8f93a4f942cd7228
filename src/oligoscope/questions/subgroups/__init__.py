"""Whether a hazard ratio is the same in all kinds of patients."""
