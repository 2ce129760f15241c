"""What the headers of models say of them, for those who ask: versions, tensors, names. Nothing is deserialised."""
