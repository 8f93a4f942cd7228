"""The first draft of a study's mapping: what the files are taken for, and what has to be asked."""
