"""The templates of each official account as they stand now: the seeds, and what was changed since."""

from collections.abc import Mapping

import msgspec

from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.seeds import OFFICIAL_ACCOUNTS, OfficialAccount
from providers.sandbox.zalo.templates import Template


class Catalogue:
    """Templates by official account. Changes survive a restart."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._templates = {account.id: dict(account.templates) for account in OFFICIAL_ACCOUNTS.values()}
        saved = sandbox.store.load("SELECT value FROM state WHERE name = 'templates'")
        self._changes: dict[str, dict[str, dict[str, str]]] = msgspec.json.decode(saved[0][0]) if saved else {}
        for account, templates in self._changes.items():
            for template, fields in templates.items():
                self._apply(account, template, fields)

    def of(self, account: OfficialAccount) -> dict[str, Template]:
        """Return the account's templates by id."""
        return self._templates[account.id]

    def known(self, template: str) -> bool:
        """Return whether any official account has the template."""
        return any(template in templates for templates in self._templates.values())

    def change(self, account: str, template: str, fields: Mapping[str, str]) -> tuple[Template, Template] | None:
        """Set fields of a template and return it as it was and as it is; None if there is no such template."""
        before = self._templates.get(account, {}).get(template)
        if before is None:
            return None
        self._changes.setdefault(account, {}).setdefault(template, {}).update(fields)
        self._sandbox.store.keep("templates", self._changes)
        return before, self._apply(account, template, fields)

    def _apply(self, account: str, template: str, fields: Mapping[str, str]) -> Template:
        templates = self._templates[account]
        templates[template] = msgspec.structs.replace(templates[template], **fields)
        return templates[template]
