"""Pure readers of byte grammars: no findings, no severities."""
