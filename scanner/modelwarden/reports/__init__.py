"""One file per output, each a function of the finished report, and the way they reach a file or stdout."""
