"""Small models of XGBoost, LightGBM and CatBoost, assembled by hand."""

import struct


def key(name: str) -> bytes:
    return b"L" + struct.pack(">q", len(name)) + name.encode()


def text(value: str) -> bytes:
    return b"S" + key(value)


def ubjson(**more: bytes) -> bytes:
    """A model of XGBoost without trees, and what is to stand in its attributes."""
    attributes = b"{" + b"".join(key(name) + value for name, value in more.items()) + b"}"
    weights = b"[$d#L" + struct.pack(">q", 2) + struct.pack(">2f", 0.5, 0.25)
    learner = (
        key("attributes") + attributes + key("feature_names") + b"[#L" + bytes(8) + key("weights") + weights
    )
    version = b"[#L" + struct.pack(">q", 3) + b"i\2i\1i\3"
    return b"{" + key("learner") + b"{" + learner + b"}" + key("version") + version + b"}"


def binary() -> bytes:
    """The old layout of XGBoost."""
    parameters = struct.pack("<fIiiiIII", 0.5, 3, 0, 0, 0, 1, 7, 1).ljust(136, b"\0")
    names = b"".join(struct.pack("<Q", len(name)) + name for name in (b"binary:logistic", b"gbtree"))
    return b"binf" + parameters + names + bytes(160)


LIGHTGBM = (
    b"tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=1\nobjective=regression\n"
    b"feature_names=os.system('id') __reduce__\nfeature_infos=[0:1] [0:1]\ntree_sizes=60\n\nTree=0\nnum_leaves=1\nnum_cat=0\n"
    b"leaf_value=0.5\nshrinkage=1\n\n\nend of trees\n\nparameters:\n[boosting: gbdt]\n\nend of parameters\n\n"
    b"pandas_categorical:null\n"
)


def catboost(length: int | None = None, root: int = 16) -> bytes:
    """The frame of a model of CatBoost."""
    core = struct.pack("<I", root).ljust(64, b"\0")
    return b"CBM1" + struct.pack("<I", len(core) if length is None else length) + core
