"""What the help of several commands ends with."""

EXIT_CODES = """\b
Exit codes, the same for every report:
  0  every selected file was read, nothing at or above --fail-on
  1  findings at or above --fail-on
  2  something could not be read, and no such finding
  3  no file of a supported format was given
  4  wrong usage"""
