"""The places we run in: the repository around us, and GitHub's runner."""
