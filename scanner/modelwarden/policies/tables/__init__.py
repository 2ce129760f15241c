"""What is known of callables: one file per family, each row with its reason; `known.classify` reads them all."""
