"""What accounts have spent. Each begins with the same credit; prices are invented."""

from decimal import Decimal

import msgspec

from providers.sandbox.infobip.seeds import Account
from providers.sandbox.state import Sandbox

CREDIT = Decimal(1_000_000)
CURRENCY = "EUR"
PRICES = {"ZALO": Decimal("0.0085"), "SMS": Decimal("0.03")}


class Purse:
    """Balances by account. They survive a restart."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._store = sandbox.store
        saved = sandbox.store.load("SELECT value FROM state WHERE name = 'infobip-spent'")
        self._spent: dict[str, Decimal] = msgspec.json.decode(saved[0][0], type=dict[str, Decimal]) if saved else {}

    def balance(self, account: Account) -> Decimal:
        """Return what the account has left."""
        return CREDIT - self._spent.get(account.api_key, Decimal(0))

    def pay(self, account: Account, channel: str, parts: int) -> bool:
        """Charge a message of so many parts and return True; return False if the account cannot pay it."""
        cost = PRICES[channel] * parts
        if self.balance(account) < cost:
            return False
        self._spent[account.api_key] = self._spent.get(account.api_key, Decimal(0)) + cost
        self._store.keep("infobip-spent", self._spent)
        return True
