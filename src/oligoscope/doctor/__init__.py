"""An installation checked against the answers that it was shipped with."""
