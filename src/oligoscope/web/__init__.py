"""A door beside the command line: the same commands, in a browser on this computer only."""
