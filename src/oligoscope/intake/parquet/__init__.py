"""Parquet tables in typed columns, read a partition at a time."""
