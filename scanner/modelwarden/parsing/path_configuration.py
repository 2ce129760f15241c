"""Lines of path configuration files that installers are known to write.

Sources: setuptools (`command/editable_wheel.py`, `namespaces.py`, `command/easy_install.py`, `distutils-precedence.pth`),
coverage (`a1_coverage.pth`), pytest-cov (`pytest-cov.pth`), virtualenv (`_virtualenv.pth`).
"""

import re

_LONGEST = 2048
_DOTTED = rb"[A-Za-z_][\w.]*"
_KNOWN = re.compile(
    rb"import[ \t]+(?:"
    # a module alone; what it does stands elsewhere
    rb"%(dotted)s(?:[ \t]*,[ \t]*%(dotted)s)*"
    # setuptools: an editable installation; its own distutils; easy_install
    rb"|(?P<finder>__editable__\w*|_\w+_editable_\w*|__editable_\w+);[ \t]*(?P=finder)\.install\([^()]{0,200}\)"
    rb"|os;[ ]var = 'SETUPTOOLS_USE_DISTUTILS';[ ]enabled = os\.environ\.get\(var, '(?:local|stdlib)'\) == 'local';"
    rb"[ ]enabled and __import__\('_distutils_hack'\)\.add_shim\(\)"
    rb"|sys; sys\.__plen = len\(sys\.path\);?"
    rb"|sys; new=sys\.path\[sys\.__plen:\]; del sys\.path\[sys\.__plen:\]; p=getattr\(sys,'__egginsert',0\);"
    rb" sys\.path\[p:p\]=new; sys\.__egginsert = p\+len\(new\)"
    # setuptools: a namespace package without __init__.py
    rb"|sys,[ ]?types,[ ]?os;[ ]?has_mfs = sys\.version_info > \(3, 5\);"
    rb"p = os\.path\.join\((?:sys\._getframe\(1\)\.f_locals\['sitedir'\]|[%(root)s]+), \*\([\w', ]+\)\);"
    rb"importlib = has_mfs and __import__\('importlib\.util'\);has_mfs and __import__\('importlib\.machinery'\);"
    rb"m = has_mfs and sys\.modules\.setdefault\('[\w.]+', importlib\.util\.module_from_spec\("
    rb"importlib\.machinery\.PathFinder\.find_spec\('[\w.]+', \[os\.path\.dirname\(p\)\]\)\)\);"
    rb"m = m or sys\.modules\.setdefault\('[\w.]+', types\.ModuleType\('[\w.]+'\)\);"
    rb"mp = \(m or \[\]\) and m\.__dict__\.setdefault\('__path__',\[\]\);\(p not in mp\) and mp\.append\(p\)"
    rb"(?:;m and setattr\(sys\.modules\['[\w.]+'\], '\w+', m\))?"
    # coverage and pytest-cov: measure child processes when the environment asks for it
    rb"|sys; exec\('import os\\n\\nif os\.getenv\(\"COVERAGE_PROCESS_START\"\)"
    rb"(?: or os\.getenv\(\"COVERAGE_PROCESS_CONFIG\"\))?:\\n try:\\n  import coverage\\n except:\\n  pass\\n else:\\n"
    rb"  coverage\.process_startup\((?:slug=\"pth\")?\)'\)"
    rb"|coverage; coverage\.process_startup\(\)"
    rb"|os, sys;exec\('if \\'COV_CORE_SOURCE\\' in os\.environ:\\n    try:\\n        from pytest_cov\.embed import init\\n"
    rb"        init\(\)\\n    except Exception as exc:\\n        sys\.stderr\.write\((?:\\n *)?"
    rb"\"pytest-cov: Failed to setup subprocess coverage\. \"(?:\\n *| )\"Environ: \{0?!r\} \"(?:\\n *| )"
    rb"\"Exception: \{1?!r\}\\\\n\"\.format\((?:dict\(\(k, v\) for k, v in os\.environ\.items\(\) if "
    rb"k\.startswith\(\\'COV_CORE\\'\)\)|\{k: v for k, v in os\.environ\.items\(\) if k\.startswith\(\\'COV_CORE\\'\)\}),"
    rb" exc\)(?:\\n *)?\)(?:\\n)?'\)"
    rb")" % {b"dotted": _DOTTED, b"root": rb"\w.\[\]' "}
)


def is_known(line: bytes) -> bool:
    """Whether `line` is one that an installer writes: all it does is call a module that stands elsewhere."""
    return len(line) <= _LONGEST and _KNOWN.fullmatch(line.rstrip(b" \t;")) is not None
