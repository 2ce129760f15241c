"""What makes the files that are scanned: by script, from a fixed seed, without the frameworks."""
