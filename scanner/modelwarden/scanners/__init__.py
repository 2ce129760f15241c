"""Scanners written for ModelAudit run here: subclasses of `base.BaseScanner`, appended to `SCANNER_REGISTRY`."""

from modelwarden.scanners.registry import SCANNER_REGISTRY

__all__ = ["SCANNER_REGISTRY"]
