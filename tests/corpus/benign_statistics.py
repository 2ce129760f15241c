"""Harmless samples of pandas, SciPy and statsmodels: frames of every kind, sparse matrices, distributions, regressions."""

import bz2
import gzip
import io
import lzma
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import numpy
import pandas
import statsmodels.api as statsmodels
from scipy import interpolate, optimize, sparse, spatial, stats
from statsmodels.tsa.api import AutoReg, SimpleExpSmoothing

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    with warnings.catch_warnings(
        action="ignore"
    ):  # some classes are deprecated, and what files in the wild hold
        for folder, values in (("pandas", _pandas()), ("scipy", _scipy()), ("statsmodels", _statsmodels())):
            for name, value in values.items():
                for protocol in PROTOCOLS if folder == "pandas" else (2, 4):
                    yield f"{folder}/{name}-protocol-{protocol}.pkl", pickle.dumps(value, protocol)
        yield from _compressed()


def _pandas() -> dict[str, Any]:
    times = pandas.date_range("2020-01-01", periods=3)
    frame = pandas.DataFrame(
        {
            "count": [1, 2, 3],
            "share": [0.5, None, 1.0],
            "kind": ["cat", "os.system", None],
            "when": times,
            "zone": times.tz_localize("UTC"),
            "category": pandas.Categorical(["a", "b", "a"], ordered=True),
            "truth": [True, False, True],
            "span": pandas.to_timedelta([1, 2, 3], unit="h"),
            "object": [{"a": 1}, ["x"], ("y",)],
        }
    )
    extension = pandas.DataFrame(
        {
            "integer": pandas.array([1, None, 3], dtype="Int64"),
            "float": pandas.array([1.5, None, 2.5], dtype="Float64"),
            "boolean": pandas.array([True, None, False], dtype="boolean"),
            "string": pandas.array(["eval", None, "exec"], dtype=pandas.StringDtype("python")),
            "sparse": pandas.arrays.SparseArray([0, 0, 1]),
            "interval": pandas.arrays.IntervalArray.from_breaks([0, 1, 2, 3]),
            "period": pandas.period_range("2020-01", periods=3, freq="M"),
        }
    )
    indexes = [
        pandas.RangeIndex(3),
        pandas.Index([1, 2, 3]),
        pandas.Index(["a", "b"], name="id"),
        pandas.Index([1.5, 2.5]),
        times,
        times.tz_localize("Europe/Paris"),
        pandas.timedelta_range("1h", periods=2),
        pandas.period_range("2020", periods=2, freq="Y"),
        pandas.interval_range(0, 3),
        pandas.CategoricalIndex(["a", "b"]),
        pandas.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", "y"]),
    ]
    return {
        "frame": frame,
        "extension-types": extension,
        "indexes": indexes,
        "grouped-columns": frame.pivot_table("count", "truth", "category", observed=True),
        "series": pandas.Series([1.0, 2.0], name="loss"),
        "series-of-times": pandas.Series([1.0, 2.0, 3.0], index=times),
        "empty": pandas.DataFrame(),
        "dtypes": list(extension.dtypes) + list(frame.dtypes),
        "scalars": [
            pandas.Timestamp("2020-01-01", tz="UTC"), pandas.Timedelta("1h"), pandas.Period("2020-01", "M"),
            pandas.Interval(0, 1), pandas.NaT, pandas.NA,
        ],
        "offsets": [
            pandas.offsets.BDay(), pandas.offsets.MonthEnd(2), pandas.offsets.Week(weekday=1), pandas.DateOffset(months=1),
            pandas.offsets.Hour(3), pandas.offsets.QuarterEnd(), pandas.offsets.YearBegin(),
        ],
        "attributes": frame[["count"]].rename(columns=str.upper),
    }  # fmt: skip


def _scipy() -> dict[str, Any]:
    eye = numpy.eye(3)
    grid = numpy.arange(6.0)
    points = numpy.random.RandomState(7).rand(8, 2)
    return {
        "sparse-matrices": [make(eye) for make in (sparse.csr_matrix, sparse.csc_matrix, sparse.coo_matrix, sparse.bsr_matrix,
                                                   sparse.dia_matrix, sparse.dok_matrix, sparse.lil_matrix)],
        "sparse-arrays": [make(eye) for make in (sparse.csr_array, sparse.csc_array, sparse.coo_array, sparse.bsr_array,
                                                 sparse.dia_array, sparse.dok_array, sparse.lil_array)],
        "interpolators": [
            interpolate.interp1d(grid, grid**2), interpolate.CubicSpline(grid, grid), interpolate.PchipInterpolator(grid, grid),
            interpolate.UnivariateSpline(grid, grid), interpolate.RegularGridInterpolator((grid,), grid),
            interpolate.BSpline(numpy.arange(8.0), numpy.ones(4), 3), interpolate.Akima1DInterpolator(grid, grid),
            interpolate.BarycentricInterpolator(grid, grid), interpolate.RBFInterpolator(points, points[:, 0]),
        ],
        "triangulated": interpolate.LinearNDInterpolator(points, points[:, 0]),
        "nearest": interpolate.NearestNDInterpolator(points, points[:, 0]),
        "trees": [spatial.KDTree(points), spatial.cKDTree(points)],
        "rotation": spatial.transform.Rotation.from_euler("z", 90, degrees=True),
        "density": stats.gaussian_kde(grid),
        "optimum": optimize.minimize(_bowl, [1.0], method="Nelder-Mead"),
        "root": optimize.root(_bowl, [1.0]),
        "test-results": [stats.linregress(grid, grid), stats.describe(grid), stats.mannwhitneyu(grid, grid)],
        "distribution": stats.norm,
        "frozen-distributions": [stats.norm(1, 2), stats.uniform(), stats.randint(0, 5), stats.loguniform(1e-3, 1)],
        "multivariate": stats.multivariate_normal([0, 0]),
    }  # fmt: skip


def _bowl(x: Any) -> Any:
    return (x[0] - 1) ** 2


def _statsmodels() -> dict[str, Any]:
    rng = numpy.random.RandomState(7)
    rows = statsmodels.add_constant(rng.rand(12, 2))
    values = rows @ [1.0, 2.0, 3.0] + rng.rand(12) * 0.1
    labels = (rng.rand(12) > 0.5).astype(float)
    named = pandas.DataFrame({"y": values, "x": rows[:, 1]})
    return {
        "ols": statsmodels.OLS(values, rows).fit(),
        "ols-of-frame": statsmodels.OLS(named["y"], statsmodels.add_constant(named[["x"]])).fit(),
        "wls": statsmodels.WLS(values, rows).fit(),
        "glm": statsmodels.GLM(labels, rows, family=statsmodels.families.Binomial()).fit(),
        "poisson": statsmodels.GLM(values, rows, family=statsmodels.families.Poisson()).fit(),
        "logit": statsmodels.Logit(labels, rows).fit(disp=False, maxiter=5),
        "robust": statsmodels.RLM(values, rows).fit(),
        "autoregression": AutoReg(values, 1).fit(),
        "smoothing": SimpleExpSmoothing(values, initialization_method="estimated").fit(),
        "arima": statsmodels.tsa.ARIMA(values, order=(1, 0, 0)).fit(),
        "parameters": statsmodels.OLS(named["y"], named[["x"]]).fit().params,
    }


def _compressed() -> Iterator[tuple[str, bytes]]:
    """What `to_pickle` writes under each suffix."""
    plain = pickle.dumps(pandas.DataFrame({"count": [1, 2], "kind": ["cat", "dog"]}))
    for suffix, data in {
        "gz": gzip.compress(plain, mtime=0), "bz2": bz2.compress(plain), "xz": lzma.compress(plain),
    }.items():  # fmt: skip
        yield f"pandas/compressed.pkl.{suffix}", data
    table = io.BytesIO()
    numpy.save(table, pandas.DataFrame({"a": [1.0, 2.0]}).to_numpy())
    yield "pandas/values.npy", table.getvalue()
