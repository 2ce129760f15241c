"""Prints `policies/tables/tensorflow_operators.py`: the names of all operators that the installed TensorFlow registers.

python scripts/tensorflow_operators.py > scanner/modelwarden/policies/tables/tensorflow_operators.py
"""

import importlib
import textwrap
from typing import Any


def main() -> None:
    """Names that begin with an underscore are TensorFlow's own and need no row."""
    # By name: TensorFlow is in no environment of ours but the one that makes sample models.
    tf: Any = importlib.import_module("tensorflow")
    op_def_pb2: Any = importlib.import_module("tensorflow.core.framework.op_def_pb2")
    pywrap_tf_session: Any = importlib.import_module("tensorflow.python.client.pywrap_tf_session")
    operators = op_def_pb2.OpList.FromString(
        pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList())
    )
    names = sorted({operator.name for operator in operators.op if not operator.name.startswith("_")})
    print(
        f'"""Operators that TensorFlow {tf.__version__} registers. Printed by `scripts/tensorflow_operators.py`."""'
    )
    print('\nOPERATORS = frozenset(\n    """')
    print("\n".join(textwrap.wrap(" ".join(names), 126)))
    print('""".split()\n)')


if __name__ == "__main__":
    main()
