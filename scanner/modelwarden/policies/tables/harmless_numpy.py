"""Types and functions of NumPy that arrays, scalars and random states are pickled with. `numpy._core` counts as `numpy.core`.

Its functions are harmless to refer to; called, they run methods of whatever they are given, so a call is judged as unknown.

Verified against NumPy 2.4; names of NumPy 1 (`float_`, `bool_`, private modules) from its sources.
"""

from modelwarden.policies.tables.harmless_rows import Harmless

_UFUNCS = (
    "abs absolute acos acosh add arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh atan atan2 atanh bitwise_and "
    "bitwise_count bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor cbrt ceil conj "
    "conjugate copysign cos cosh deg2rad degrees divide divmod equal exp exp2 expm1 fabs float_power floor floor_divide fmax "
    "fmin fmod frexp gcd greater greater_equal heaviside hypot invert isfinite isinf isnan isnat lcm ldexp left_shift less "
    "less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor matmul maximum "
    "minimum mod modf multiply negative nextafter not_equal positive pow power rad2deg radians reciprocal remainder "
    "right_shift rint sign signbit sin sinh spacing sqrt square subtract tan tanh true_divide trunc"
)
_REDUCTIONS = (
    "amax amin argmax argmin argsort clip cumprod cumsum mean prod ravel reshape round sort squeeze std sum transpose "
    "var"
)
_STATISTICS = "average bincount corrcoef cov diff interp median nan_to_num percentile quantile unique"
_NAN = "nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar"

TABLE = Harmless(
    reason="array, scalar, dtype and random-state constructors of NumPy, and its element-wise functions",
    names={
        "numpy": (
            "dtype ndarray matrix recarray record ufunc zeros ones full eye arange linspace "
            "bool bool_ bool8 bytes_ str_ string_ unicode_ object_ object0 void byte ubyte short ushort intc uintc int_ uint "
            "longlong ulonglong intp uintp int0 uint0 half single double float_ longdouble longfloat csingle singlecomplex "
            "cdouble cfloat complex_ clongdouble clongfloat longcomplex int8 int16 int32 int64 uint8 uint16 uint32 uint64 "
            "float16 float32 float64 float96 float128 complex64 complex128 complex192 complex256 datetime64 timedelta64 "
            "generic number integer signedinteger unsignedinteger inexact floating complexfloating flexible character "
            "poly1d nan inf pi newaxis"
        ),
        "numpy.core": "ndarray dtype",
        "numpy.core.multiarray": "_reconstruct scalar ndarray dtype",
        "numpy.core._internal": "_reconstruct _convert_to_stringdtype_kwargs",
        "numpy.core._multiarray_umath": "_reconstruct scalar ndarray dtype",
        "numpy.core.numeric": "_frombuffer ndarray",
        "numpy.core.records": "recarray record fromarrays",
        "numpy.lib.polynomial": "poly1d",
        "numpy.lib._polynomial_impl": "poly1d",
        "numpy.matrixlib.defmatrix": "matrix",
        "numpy.rec": "recarray record",
        "numpy.polynomial.polynomial": "Polynomial",
        "numpy.polynomial.chebyshev": "Chebyshev",
        "numpy.polynomial.legendre": "Legendre",
        "numpy.ma": "MaskedArray masked_array",
        "numpy.ma.core": "_mareconstruct MaskedArray MaskedConstant mvoid",
        "numpy.random": "__RandomState_ctor RandomState Generator MT19937 PCG64 PCG64DXSM Philox SFC64 SeedSequence",
        "numpy.random.mtrand": "__RandomState_ctor RandomState _rand",
        "numpy.random._generator": "Generator",
        "numpy.random._mt19937": "MT19937",
        "numpy.random._pcg64": "PCG64 PCG64DXSM",
        "numpy.random._philox": "Philox",
        "numpy.random._sfc64": "SFC64",
        "numpy.random.bit_generator": (
            "SeedSequence SeedlessSeedSequence __pyx_unpickle_SeedSequence __pyx_unpickle_SeedlessSeedSequence"
        ),
        "numpy.dtypes": (
            "BoolDType ByteDType BytesDType CLongDoubleDType Complex128DType Complex64DType DateTime64DType Float16DType "
            "Float32DType Float64DType Int16DType Int32DType Int64DType Int8DType IntDType LongDType LongDoubleDType "
            "LongLongDType ObjectDType ShortDType StrDType StringDType TimeDelta64DType UByteDType UInt16DType UInt32DType "
            "UInt64DType UInt8DType UIntDType ULongDType ULongLongDType UShortDType VoidDType"
        ),
        "ml_dtypes": "bfloat16 float8_e4m3fn float8_e5m2",
    },
    instances={
        "numpy": " ".join(("array asarray", _UFUNCS, _REDUCTIONS, _STATISTICS, _NAN)),
        "numpy.core.multiarray": "array",
        "numpy.core._multiarray_umath": _UFUNCS,
        "numpy.core.umath": _UFUNCS,
        "numpy.core.fromnumeric": _REDUCTIONS,
        "numpy.lib.function_base": _STATISTICS,
        "numpy.lib._function_base_impl": _STATISTICS,
        "numpy.lib.nanfunctions": _NAN,
        "numpy.lib._nanfunctions_impl": _NAN,
        "numpy.linalg": "norm inv det solve",
        "numpy.linalg.linalg": "norm inv det solve",
    },
)
