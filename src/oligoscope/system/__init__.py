"""What is asked of the computer: locks, folders and files that are whole or absent, streams, signals, refusals."""
