"""TAR archives: `headers` finds the members, `contents` opens them."""
