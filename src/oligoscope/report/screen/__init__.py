"""A finished run as plain values for the pages of the browser: its report, its pictures and their patients."""
