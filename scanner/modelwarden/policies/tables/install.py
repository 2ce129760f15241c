"""Callables that install packages."""

from modelwarden.policies.tables.danger import Danger

_INSTALL = "installs packages, which runs their code"

TABLE = Danger(
    family="install",
    callables={
        "torch.hub": {
            "load": "downloads a repository and runs its code",
            "list": "downloads a repository and runs its code",
            "help": "downloads a repository and runs its code",
            "_load_local": "runs the code of a local repository",
            "import_module": "runs a Python file",
            "_import_module": "runs a Python file",
        },
        "transformers.dynamic_module_utils": {
            "get_class_from_dynamic_module": "downloads and runs Python code",
            "get_class_in_module": "runs a Python file",
            "get_cached_module_file": "downloads Python code",
            "init_hf_modules": "writes files and extends the import path",
            "create_dynamic_module": "writes files",
            "custom_object_save": "writes files",
        },
        "diffusers.utils.dynamic_modules_utils": {
            "get_class_from_dynamic_module": "downloads and runs Python code",
            "get_class_in_module": "runs a Python file",
        },
        "pkg_resources": {
            "run_script": "executes a script",
            "require": "activates packages",
            "load_entry_point": "imports a name",
        },
        "numpy.distutils.core": {"setup": "runs a package's build"},
        "distutils.core": {"setup": "runs a package's build", "run_setup": "executes a setup script"},
        "IPython.core.magics.packaging": {"PackagingMagics.pip": _INSTALL},
        "nltk.downloader": {
            "download": "downloads packages of data",
            "Downloader": "downloads packages of data",
        },
        "nltk": {"download": "downloads packages of data"},
        "spacy.cli.download": {"download": _INSTALL},
        "spacy.cli": {"download": _INSTALL},
    },
    modules={
        "setuptools": "runs a package's build",
        "easy_install": _INSTALL,
        "zipapp": "writes an executable archive",
        "setuptools.command.easy_install": _INSTALL,
        "setuptools.build_meta": "runs a package's build",
        "setuptools.archive_util": "unpacks archives to disk",
        "setuptools.package_index": "downloads packages",
        "setuptools.namespaces": "writes path files that run code at start-up",
    },
    packages={
        "pip": _INSTALL,
        "uv": _INSTALL,
        "ensurepip": _INSTALL,
        "venv": "creates an environment and installs packages",
        "virtualenv": "creates an environment and installs packages",
        "conda": _INSTALL,
        "distutils": "runs a package's build",
        "numpy.distutils": "runs a package's build",
        "poetry": _INSTALL,
        "hatchling": "runs a package's build",
    },
)
