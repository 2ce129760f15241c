"""Scan machine-learning model files before anybody loads them."""

__version__ = "0.1.0"
