"""What configurations of training ordinarily have instantiated, though a pickle that calls it would be odd."""

from modelwarden.domain.observation import How

ORDINARY: frozenset[str] = frozenset(
    (
        "datasets.arrow_dataset.Dataset.load_from_disk",
        "datasets.load_dataset",
        "datasets.load_from_disk",
        "multiprocessing.cpu_count",
        "os.cpu_count",
        "os.getcwd",
        "os.path.abspath",
        "os.path.basename",
        "os.path.dirname",
        "os.path.expanduser",
        "os.path.join",
        "pandas.read_csv",
        "pandas.read_feather",
        "pandas.read_json",
        "pandas.read_parquet",
        "random.Random",
        "random.choice",
        "random.randint",
        "random.seed",
        "random.uniform",
        "torch.compile",
    )
)
"""They load the data to train on, number workers, choose a seed, compile the model. None of it runs its arguments."""


def is_ordinary(subject: str, how: How) -> bool:
    """Whether a configuration of Hydra's kind names something that such configurations have reason to call."""
    return how is How.TARGET and subject in ORDINARY
