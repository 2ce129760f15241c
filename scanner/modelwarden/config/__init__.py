"""The user's own configuration: `modelwarden.toml`, or `[tool.modelwarden]` in `pyproject.toml`."""
