"""Harmless models as the real skops writes them."""

from collections.abc import Iterator

import numpy
import skops.io
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    numbers, labels = numpy.eye(4), [0, 1, 0, 1]
    models = {
        "logistic-regression": LogisticRegression(),
        "tree": DecisionTreeClassifier(random_state=0),
        "forest": RandomForestClassifier(n_estimators=2, random_state=0),
        "neighbours": KNeighborsClassifier(1),
        "pipeline-with-a-function": make_pipeline(
            StandardScaler(), FunctionTransformer(numpy.log1p), LogisticRegression()
        ),
    }
    for name, model in models.items():
        yield f"skops/{name}.skops", skops.io.dumps(model.fit(abs(numbers), labels))
    yield (
        "skops/words.skops",
        skops.io.dumps({"os.system": ["eval", "exec('1')"], "__loader__": "MethodNode"}),
    )
