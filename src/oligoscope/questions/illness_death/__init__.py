"""From treatment through progression to death: one model of every step."""
