"""Bytes that can be read anywhere: on disk, in memory, part of something else, or inside a compressed member."""
