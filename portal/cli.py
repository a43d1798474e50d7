"""The `handrail` command. Each topic is a module in portal/commands, imported only when it is asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Final

import click

TOPICS: Final[dict[str, tuple[str, str]]] = {
    "run": ("portal.commands.run:run", "Serve the pages and send the texts; without settings, the demo."),
    "worker": ("portal.commands.worker:worker", "Only send texts and do what is due, beside web processes."),
    "phone": ("portal.commands.phone:phone", "The phone simulator as a process of its own, for tests."),
    "demo": ("portal.commands.demo:demo", "Make the demo's people, places and stories."),
    "import": ("portal.commands.imports:import_", "Read a directory file; --dry-run shows what would change."),
    "export": ("portal.commands.exports:export", "Write the directory as HSDS."),
    "reindex": ("portal.commands.reindex:reindex", "Build the search index anew, or --check it."),
    "search": ("portal.commands.search:search", "Search the directory from the command line."),
    "referral": ("portal.commands.referral:referral", "Look at one referral, or move it."),
    "standing": ("portal.commands.standing:standing", "Count anew how often listings helped."),
    "db": ("portal.commands.db:db", "The database and its schema."),
    "user": ("portal.commands.user:user", "Accounts of staff."),
    "keys": ("portal.commands.keys:keys", "The key file: make it, rotate it."),
    "audit": ("portal.commands.audit:audit", "The audit trail: verify it."),
    "backup": ("portal.commands.backup:backup", "Copy the database while it is in use."),
    "restore": ("portal.commands.backup:restore", "Put a backup in place, or only check it."),
    "i18n": ("portal.commands.i18n:i18n", "Texts and their translations."),
    "permissions": ("portal.commands.docs:permissions", "Print who may do what (docs/permissions.md)."),
    "settings": ("portal.commands.docs:settings", "Print the settings and what each one does."),
}


class Topics(click.Group):
    """Finds a topic's module by its name when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it
        """All names that exist."""
        return [name for name, (where, _help) in TOPICS.items() if find_spec(where.partition(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click calls it
        """The command of this name."""
        if cmd_name not in TOPICS:
            return None
        module, _, attribute = TOPICS[cmd_name][0].partition(":")
        if find_spec(module) is None:
            return None
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of topics, without importing them all."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, TOPICS[name][1]) for name in self.list_commands(ctx)])


@click.command(cls=Topics, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Handrail: find the right local help, send it, and know whether it arrived."""


def main() -> None:
    """Run the command line; refusals are one sentence and an exit code, never a traceback."""
    from portal.config import UnsafeSettingsError
    from resources_db.encryption import EncryptionError
    from resources_db.migrate import SchemaError

    try:
        cli(standalone_mode=True)
    except (UnsafeSettingsError, SchemaError, EncryptionError) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
