"""The questions of a study, one a folder; `registry` lists them."""
