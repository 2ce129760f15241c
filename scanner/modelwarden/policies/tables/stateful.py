"""Classes that read code, or a file's name, out of the state that a pickle gives to their instances.

Verified against SciPy 1.17, torch 2.13, statsmodels 0.15 and fsspec: the `__setstate__` of each.
"""

import re
from typing import Final

from modelwarden.domain.record import record

_WIDEST: Final = 60
"""A reader keeps so many keys of a state for certain; of a wider one nobody knows what it holds."""


@record
class Stateful:
    """What a state does: `reason` completes "scipy's norm_gen, which ...".

    `key`: what in the state does it; empty when any state does. `harmless`: text under that key which is what the library writes
    itself.
    """

    reason: str
    key: str = ""
    harmless: str = ""

    def acts(self, keys: tuple[str, ...], texts: tuple[tuple[str, str], ...]) -> bool:
        """Whether a state of these keys and texts makes code run that the file chooses."""
        if not self.key or len(keys) > _WIDEST:
            return True
        if self.key not in keys:
            return not keys  # a state that is computed shows none
        found = [text for key, text in texts if key == self.key]
        return not self.harmless or not found or not all(re.fullmatch(self.harmless, text) for text in found)


_TEMPLATE: Final = (
    r"(?:\n?def _parse_args(?:_rvs|_stats)?\(self,[\w ,=']*\):\n"
    r"    return (?:self\._argcheck_rvs)?\([\w ,=]*\)[\w ,]*\n){1,4}"
)
"""The three functions that `scipy.stats._distn_infrastructure.parse_arg_template` spells, for whatever names of parameters."""

_FUNCTIONS: Final = (
    r"(?:C|I|Q|Treatment|Sum|Poly|Diff|Helmert|center|scale|standardize|bs|cr|cc|te|np\.(?:log|log1p|log10|log2|exp|expm1|sqrt|"
    r"abs|power|square|sin|cos|tanh))"
)
_FORMULA: Final = (
    rf"(?:{_FUNCTIONS}\(|(?<![\w.])(?!np\b)\w+(?![\w(.])"
    r"|\d+\.\d+|(?<![\w'\")\]])\(|[\s~+*:/^|,=)-]|'[\w ]*'|\"[\w ]*\")*"
)
"""A formula of names, operators and the usual transformations; anything else may call what it likes."""

_DISTRIBUTION: Final = Stateful(
    "executes the code of a template in its state", "_parse_arg_template", _TEMPLATE
)
_DISTRIBUTIONS: Final = {
    "scipy.stats._continuous_distns": (
        "alpha_gen anglit_gen arcsine_gen argus_gen beta_gen betaprime_gen bradford_gen burr12_gen burr_gen "
        "cauchy_gen chi2_gen chi_gen cosine_gen crystalball_gen dgamma_gen dpareto_lognorm_gen dweibull_gen "
        "erlang_gen expon_gen exponnorm_gen exponpow_gen exponweib_gen f_gen fatiguelife_gen fisk_gen "
        "foldcauchy_gen foldnorm_gen gamma_gen gausshyper_gen genexpon_gen genextreme_gen gengamma_gen "
        "genhalflogistic_gen genhyperbolic_gen geninvgauss_gen genlogistic_gen gennorm_gen genpareto_gen "
        "gibrat_gen gompertz_gen gumbel_l_gen gumbel_r_gen halfcauchy_gen halfgennorm_gen halflogistic_gen "
        "halfnorm_gen hypsecant_gen invgamma_gen invgauss_gen invweibull_gen irwinhall_gen jf_skew_t_gen "
        "johnsonsb_gen johnsonsu_gen kappa3_gen kappa4_gen ksone_gen kstwo_gen kstwobign_gen landau_gen "
        "laplace_asymmetric_gen laplace_gen levy_gen levy_l_gen loggamma_gen logistic_gen loglaplace_gen "
        "lognorm_gen lomax_gen maxwell_gen mielke_gen moyal_gen nakagami_gen ncf_gen nct_gen ncx2_gen "
        "norm_gen norminvgauss_gen pareto_gen pearson3_gen powerlaw_gen powerlognorm_gen powernorm_gen "
        "rayleigh_gen rdist_gen recipinvgauss_gen reciprocal_gen rel_breitwigner_gen rice_gen rv_histogram "
        "semicircular_gen skewcauchy_gen skewnorm_gen studentized_range_gen t_gen trapezoid_gen triang_gen "
        "truncexpon_gen truncnorm_gen truncpareto_gen truncweibull_min_gen tukeylambda_gen uniform_gen "
        "vonmises_gen wald_gen weibull_max_gen weibull_min_gen wrapcauchy_gen"
    ),
    "scipy.stats._discrete_distns": (
        "_nchypergeom_gen bernoulli_gen betabinom_gen betanbinom_gen binom_gen boltzmann_gen dlaplace_gen "
        "geom_gen hypergeom_gen logser_gen nbinom_gen nchypergeom_fisher_gen nchypergeom_wallenius_gen "
        "nhypergeom_gen planck_gen poisson_binom_gen poisson_gen randint_gen skellam_gen yulesimon_gen "
        "zipf_gen zipfian_gen"
    ),
    "scipy.stats._distn_infrastructure": "rv_continuous rv_discrete rv_generic rv_sample",
    "scipy.stats._levy_stable": "levy_stable_gen",
}
_DESIGN: Final = Stateful("evaluates the formula in its state as Python code", "formula", _FORMULA)
_PIPE: Final = Stateful("unpickles its state, a second payload")
_OPENER: Final = Stateful("opens the file that its state names")
_CREATOR: Final = Stateful("creates the file that its state names")
_CALLER: Final = Stateful("calls the function in its state when something iterates over it")

TABLE: Final[dict[tuple[str, str], Stateful]] = {
    **{(module, name): _DISTRIBUTION for module, names in _DISTRIBUTIONS.items() for name in names.split()},
    **{
        (module, name): _PIPE
        for module in ("torch.utils.data.datapipes.datapipe", "torch.utils.data.datapipe")
        for name in (
            "_DataPipeSerializationWrapper",
            "_IterDataPipeSerializationWrapper",
            "_MapDataPipeSerializationWrapper",
        )
    },
    ("statsmodels.base.data", "ModelData"): _DESIGN,
    ("statsmodels.base.data", "PandasData"): _DESIGN,
    ("statsmodels.base.data", "PatsyData"): _DESIGN,
    ("fsspec.implementations.local", "LocalFileOpener"): _OPENER,
    ("fsspec.caching", "MMapCache"): _CREATOR,
    **{
        (f"torch.utils.data.datapipes.{module}", name): _CALLER
        for module, names in {
            "iter.callable": "MapperIterDataPipe CollatorIterDataPipe",
            "iter.selecting": "FilterIterDataPipe",
            "iter.grouping": "GrouperIterDataPipe",
            "map.callable": "MapperMapDataPipe",
        }.items()
        for name in names.split()
    },
}
"""(module, name) -> what its state does."""
