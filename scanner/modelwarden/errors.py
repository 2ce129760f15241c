"""The few errors a user can meet, each shown as one line."""


class UserError(Exception):
    """Wrong input or configuration: one line on stderr, exit code 4 unless `exit_code` says otherwise."""

    exit_code = 4


class UploadError(UserError):
    """A report could not be delivered, or the server refused it."""

    exit_code = 2
