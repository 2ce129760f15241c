"""SARIF 2.1.0 for Python: build a log, keep hostile text and limits in check, write it out.

Knows nothing of models or of anybody's rules. Specification: OASIS SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/.
"""
