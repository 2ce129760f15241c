"""The report as a SARIF 2.1.0 log: GitHub code scanning, GitLab, Azure, and whoever else reads it."""

from modelwarden.reports.sarif.log import render as render
