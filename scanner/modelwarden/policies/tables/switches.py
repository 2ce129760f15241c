"""What turns the safety of a loader off: callables and settings.

Source: `keras/src/saving/serialization_lib.py` (CVE-2025-9906).
"""

from typing import Final

CALLABLES: Final = frozenset(
    f"{module}.enable_unsafe_deserialization"
    for module in ("keras.config", "keras.src.config", "keras.src.saving.serialization_lib")
)
"""Canonical names."""

SETTINGS: Final = {
    "safe_mode": ("false", "lets Keras run code that the file carries"),
    "unsafe_deserialization": ("true", "lets Keras run code that the file carries"),
}
"""Key -> the value that is unsafe, and what it does."""
