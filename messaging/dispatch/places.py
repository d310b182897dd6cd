"""Places: how many messages a dispatcher may hold between claim and settle, shared so that nobody takes all."""

from collections import Counter

# Places come back one by one; a claim for a handful of messages costs as much as one for a hundred.
LEAST_CLAIM = 1 / 16


class Places:
    """`total` places; an account may hold half of what the others leave, so a hanging one never takes the last."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._held: Counter[int] = Counter()

    def free_for(self, account_id: int) -> int:
        """Return how many more messages of this account may be claimed now."""
        held = self._held[account_id]
        return max(0, (self.total - self._held.total() + held) // 2 - held)

    def claimable(self, account_id: int) -> int:
        """Return how many messages of this account are worth a claim now: none while more of its own places are to come
        back than are free. One that holds few takes what there is, however little others that hang leave."""
        free = self.free_for(account_id)
        return 0 if free < min(self.total * LEAST_CLAIM, self._held[account_id]) else free

    def take(self, account_id: int, count: int) -> None:
        """Hold `count` places for an account."""
        self._held[account_id] += count

    def give_back(self, account_id: int, count: int) -> None:
        """Free `count` places of an account."""
        self._held[account_id] -= count
        if self._held[account_id] <= 0:
            del self._held[account_id]

    @property
    def held(self) -> int:
        """Return how many places are held in all."""
        return self._held.total()
