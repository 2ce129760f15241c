"""Living with findings: which one is which from run to run, which the user accepts, which were known before."""
