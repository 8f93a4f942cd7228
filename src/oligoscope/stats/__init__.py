"""Methods by name: arrays in, frozen results out; no oncology here."""
