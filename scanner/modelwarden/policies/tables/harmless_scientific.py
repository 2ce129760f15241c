"""Types and functions of SciPy, pandas and joblib that models contain. Verified against SciPy 1.17, pandas 3.1 and joblib 1.6.

Of statsmodels 0.15 the compiled state space classes, whose constructors take numbers and typed arrays.

SciPy's distributions are left out on purpose: `rv_generic.__setstate__` executes a template that stands in the state.
statsmodels' `ModelData` likewise: its state holds a formula that is evaluated.
"""

from modelwarden.policies.tables.harmless_rows import Harmless

_ARRAYS = (
    "ArrowExtensionArray ArrowStringArray BooleanArray DatetimeArray FloatingArray IntegerArray IntervalArray "
    "NumpyExtensionArray PeriodArray SparseArray StringArray TimedeltaArray"
)
_DTYPES = (
    "BooleanDtype CategoricalDtype DatetimeTZDtype Float32Dtype Float64Dtype Int16Dtype Int32Dtype Int64Dtype Int8Dtype "
    "IntervalDtype PeriodDtype SparseDtype StringDtype UInt16Dtype UInt32Dtype UInt64Dtype UInt8Dtype"
)
_INDEXES = (
    "CategoricalIndex DatetimeIndex Index IntervalIndex MultiIndex PeriodIndex RangeIndex TimedeltaIndex"
)

TABLE = Harmless(
    reason="data containers of SciPy, pandas and joblib",
    names={
        "scipy.sparse": "csr_matrix csc_matrix coo_matrix",
        "scipy.sparse._csr": "csr_array csr_matrix",
        "scipy.sparse._csc": "csc_array csc_matrix",
        "scipy.sparse._coo": "coo_array coo_matrix",
        "scipy.sparse._bsr": "bsr_array bsr_matrix",
        "scipy.sparse._dia": "dia_array dia_matrix",
        "scipy.sparse._dok": "dok_array dok_matrix",
        "scipy.sparse._lil": "lil_array lil_matrix",
        "scipy.sparse._base": "sparray _spbase",
        "scipy.sparse._matrix": "spmatrix",
        "scipy.sparse.csr": "csr_matrix",
        "scipy.sparse.csc": "csc_matrix",
        "scipy.sparse.coo": "coo_matrix",
        "scipy.sparse.bsr": "bsr_matrix",
        "scipy.sparse.dia": "dia_matrix",
        "scipy.sparse.dok": "dok_matrix",
        "scipy.sparse.lil": "lil_matrix",
        "scipy.sparse.base": "spmatrix",
        "scipy.special._ufuncs": "boxcox boxcox1p erf erfc expit gammaln inv_boxcox log_expit logit xlog1py xlogy",
        "scipy.special": "boxcox expit inv_boxcox logit logsumexp softmax",
        "scipy.spatial._ckdtree": "cKDTree",
        "scipy.spatial._kdtree": "KDTree Rectangle",
        "scipy.spatial.ckdtree": "cKDTree",
        "scipy.spatial.kdtree": "KDTree",
        "scipy._lib.array_api_compat.numpy._aliases": "asarray",
        "scipy.optimize._optimize": "OptimizeResult",
        "scipy.optimize.optimize": "OptimizeResult",
        "pandas": (
            f"DataFrame Series {_INDEXES} {_DTYPES} Categorical Interval Period Timedelta Timestamp DateOffset Flags "
            "NamedAgg NA NaT"
        ),
        "pandas.arrays": _ARRAYS,
        "pandas.core.frame": "DataFrame",
        "pandas.core.series": "Series",
        "pandas.core.flags": "Flags",
        "pandas.core.indexes.base": "Index _new_Index",
        "pandas.indexes.base": "Index _new_Index",
        "pandas.core.index": "Index Int64Index Float64Index MultiIndex _new_Index",
        "pandas.core.internals": "BlockManager SingleBlockManager",
        "pandas.core.indexes.numeric": "Int64Index UInt64Index Float64Index NumericIndex",
        "pandas.core.indexes.range": "RangeIndex",
        "pandas.core.indexes.multi": "MultiIndex",
        "pandas.core.indexes.category": "CategoricalIndex",
        "pandas.core.indexes.datetimes": "DatetimeIndex _new_DatetimeIndex",
        "pandas.core.indexes.timedeltas": "TimedeltaIndex _new_TimedeltaIndex",
        "pandas.core.indexes.period": "PeriodIndex _new_PeriodIndex",
        "pandas.core.indexes.interval": "IntervalIndex _new_IntervalIndex",
        "pandas.core.indexes.frozen": "FrozenList",
        "pandas.api.typing": "FrozenList NaTType NAType",
        "pandas.core.internals.managers": "BlockManager SingleBlockManager BaseBlockManager",
        "pandas.core.internals.blocks": (
            "Block NumpyBlock NumericBlock ObjectBlock FloatBlock IntBlock BoolBlock DatetimeBlock DatetimeTZBlock "
            "CategoricalBlock ExtensionBlock DatetimeLikeBlock NDArrayBackedExtensionBlock new_block"
        ),
        "pandas._libs.internals": "_unpickle_block BlockManager BlockPlacement Block",
        "pandas._libs.arrays": "NDArrayBacked __pyx_unpickle_NDArrayBacked",
        "pandas._libs.interval": "Interval IntervalTree __pyx_unpickle_IntervalMixin __pyx_unpickle_IntervalTree",
        "pandas._libs.sparse": "IntIndex BlockIndex",
        "pandas._libs.missing": "C_NAType NAType __pyx_unpickle_C_NAType",
        "pandas._libs.tslibs.timestamps": "Timestamp _unpickle_timestamp",
        "pandas._libs.tslibs.timedeltas": "Timedelta _timedelta_unpickle",
        "pandas._libs.tslibs.nattype": "NaTType _nat_unpickle __nat_unpickle __pyx_unpickle__NaT",
        "pandas._libs.tslibs.period": "Period __pyx_unpickle_PeriodMixin",
        "pandas._libs.tslibs.offsets": (
            "BaseOffset BusinessDay BusinessHour BusinessMonthBegin BusinessMonthEnd CustomBusinessDay DateOffset Day Easter "
            "Hour Micro Milli Minute MonthBegin MonthEnd Nano QuarterBegin QuarterEnd Second SemiMonthBegin SemiMonthEnd Tick "
            "Week WeekOfMonth YearBegin YearEnd __pyx_unpickle_BaseOffset BQuarterBegin BQuarterEnd BYearBegin BYearEnd "
            "CustomBusinessHour CustomBusinessMonthBegin CustomBusinessMonthEnd FY5253 FY5253Quarter HalfYearBegin HalfYearEnd "
            "BHalfYearBegin BHalfYearEnd LastWeekOfMonth"
        ),
        "pandas.core.arrays.categorical": "Categorical",
        "pandas.core.arrays.datetimes": "DatetimeArray",
        "pandas.core.arrays.timedeltas": "TimedeltaArray",
        "pandas.core.arrays.period": "PeriodArray",
        "pandas.core.arrays.interval": "IntervalArray",
        "pandas.core.arrays.integer": (
            "IntegerArray Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype"
        ),
        "pandas.core.arrays.floating": "FloatingArray Float32Dtype Float64Dtype",
        "pandas.core.arrays.boolean": "BooleanArray BooleanDtype",
        "pandas.core.arrays.string_": "StringArray StringDtype",
        "pandas.core.arrays.numpy_": "PandasArray NumpyExtensionArray",
        "pandas.core.arrays.sparse.array": "SparseArray",
        "pandas.core.arrays.sparse.dtype": "SparseDtype",
        "pandas.core.dtypes.dtypes": (
            "CategoricalDtype DatetimeTZDtype IntervalDtype PeriodDtype SparseDtype NumpyEADtype PandasDtype"
        ),
        "joblib.numpy_pickle": "NumpyArrayWrapper",
        "statsmodels.tsa.statespace._initialization": (
            "sInitialization dInitialization cInitialization zInitialization"
        ),
        "statsmodels.tsa.statespace._representation": "sStatespace dStatespace cStatespace zStatespace",
        "statsmodels.tsa.statespace._kalman_filter": "sKalmanFilter dKalmanFilter cKalmanFilter zKalmanFilter",
        "statsmodels.tsa.statespace._kalman_smoother": (
            "sKalmanSmoother dKalmanSmoother cKalmanSmoother zKalmanSmoother"
        ),
        "statsmodels.tsa.statespace._simulation_smoother": (
            "sSimulationSmoother dSimulationSmoother cSimulationSmoother zSimulationSmoother"
        ),
        "pytz": "_UTC _p utc",
        "dateutil.tz.tz": "tzutc tzlocal tzoffset",
    },
    instances={
        "scipy.interpolate._bsplines": "BSpline",
        "scipy.interpolate._cubic": "Akima1DInterpolator CubicHermiteSpline CubicSpline PchipInterpolator",
        "scipy.interpolate._fitpack2": "InterpolatedUnivariateSpline LSQUnivariateSpline RectBivariateSpline UnivariateSpline",
        "scipy.interpolate._interpolate": "BPoly NdPPoly PPoly interp1d interp2d",
        "scipy.interpolate._polyint": "BarycentricInterpolator KroghInterpolator",
        "scipy.interpolate._rgi": "RegularGridInterpolator",
        "scipy.interpolate._rbf": "Rbf",
        "scipy.interpolate._rbfinterp": "RBFInterpolator",
        "scipy.interpolate.interpolate": "interp1d interp2d PPoly BPoly",
        "scipy.interpolate.fitpack2": "InterpolatedUnivariateSpline LSQUnivariateSpline RectBivariateSpline UnivariateSpline",
        "scipy.stats._kde": "gaussian_kde",
        "scipy.stats.kde": "gaussian_kde",
        "scipy.stats._stats_py": (
            "BrunnerMunzelResult CumfreqResult DescribeResult F_onewayResult FriedmanchisquareResult HistogramResult "
            "KruskalResult KstestResult KurtosistestResult LinregressResult ModeResult NormaltestResult PearsonRResult "
            "Power_divergenceResult RanksumsResult RelfreqResult SigmaclipResult SignificanceResult SkewtestResult "
            "SpearmanrResult TtestResult Ttest_indResult"
        ),
        "scipy.stats.stats": "DescribeResult LinregressResult ModeResult SpearmanrResult Ttest_indResult",
        "scipy.stats._stats_mstats_common": "LinregressResult SiegelslopesResult TheilslopesResult",
        "scipy.stats._common": "ConfidenceInterval",
        "scipy.stats._mannwhitneyu": "MannwhitneyuResult",
        "scipy.stats._morestats": (
            "AndersonResult Anderson_ksampResult AnsariResult BartlettResult FlignerResult LeveneResult MedianTestResult "
            "ShapiroResult WilcoxonResult"
        ),
    },
)
