"""The settings file of ModelScan 0.8: `modelscan-settings.toml`, read as settings of ours, and written."""
