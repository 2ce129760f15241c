"""Packages that scan models or files for malice; a model has no reason to touch them."""

PACKAGES: dict[str, str] = {
    "modelwarden": "this scanner",
    "modelwarden_sarif": "this scanner's report writer",
    "modelscan": "a scanner of model files",
    "picklescan": "a scanner of pickles",
    "fickling": "an analyser of pickles",
    "modelaudit": "a scanner of model files",
    "bandit": "a scanner of source code",
    "pip_audit": "a scanner of dependencies",
    "clamd": "a client of the ClamAV engine",
    "pyclamd": "a client of the ClamAV engine",
    "yara": "a matcher of malware rules",
}
"""Top-level package -> what it is."""
