"""How long a scan takes, what it needs, and how that compares: `make bench`."""
