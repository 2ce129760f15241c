"""Aliases and copies lead to one name, and nothing else does."""

import _compat_pickle

import pytest

from modelwarden.policies.tables.names import ALIASES, canonical, original


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "os"),
        ("posix", "os"),
        ("_io", "io"),
        ("numpy._core", "numpy.core"),
        ("numpy._core.multiarray", "numpy.core.multiarray"),
        ("torch.nn.quantized.modules.conv", "torch.ao.nn.quantized.modules.conv"),
        ("numpy._corelike", "numpy._corelike"),
        ("acme.posix", "acme.posix"),
        ("", ""),
    ],
)
def test_canonical_follows_aliases_alone(module: str, name: str) -> None:
    assert canonical(module) == name


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("acme._vendor.requests.api", "requests.api"),
        ("sklearn.externals.posix", "os"),
        ("joblib.externals.cloudpickle.cloudpickle", "cloudpickle.cloudpickle"),
        ("cloudpickle.cloudpickle", "cloudpickle.cloudpickle"),
        ("dill._dill", "dill._dill"),
        ("ray.cloudpickle", "cloudpickle"),
        ("acme.vendors.requests", "acme.vendors.requests"),
        ("_vendor", "_vendor"),
    ],
)
def test_original_looks_through_vendored_copies(module: str, name: str) -> None:
    assert original(module) == name


def test_no_alias_leads_to_another_alias() -> None:
    assert [alias for alias, module in ALIASES.items() if canonical(module) != module] == []


def test_python_2_modules_lead_where_python_3_takes_them() -> None:
    renamed = {
        old: (ALIASES[old], new)
        for old, new in _compat_pickle.IMPORT_MAPPING.items()
        if old in ALIASES and canonical(new) != ALIASES[old]
    }
    # its successor dbm.bsd was never in Python 3; the package is judged as a whole
    assert set(renamed) <= {"dbhash"}
