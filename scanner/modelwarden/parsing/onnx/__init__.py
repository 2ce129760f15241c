"""ONNX models: protobuf messages, read by position."""
