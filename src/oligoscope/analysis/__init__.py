"""The study's questions, one stage a file."""
