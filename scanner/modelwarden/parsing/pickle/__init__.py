"""The pickle machine: reads pickles without loading them.

The grammar is documented in CPython's `Lib/pickletools.py`; what the loader really accepts is `Modules/_pickle.c`, which is
more lenient, and so are we.
"""
