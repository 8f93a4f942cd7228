"""The rules that data are held to, and what is found."""
