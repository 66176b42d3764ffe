"""Options that several commands have."""

import click

from campaigns.errors import N_

DAY = click.DateTime(["%Y-%m-%d"])
"""A day, as 2025-01-31."""

json_option = click.option("--json", "as_json", is_flag=True, help=N_("As JSON."))
