"""Formats and policies of others: loaded when they are asked for by name, checked, and fenced where they run."""
