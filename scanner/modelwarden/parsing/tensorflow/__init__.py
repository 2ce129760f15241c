"""TensorFlow's files, read by position: graphs and the functions in them, binary and text, tables of checkpoints."""
