"""How often somebody may do something."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass


@dataclass
class _Store:
    left: float
    since: float


class Limit:
    """So many at once and so many a second afterwards, counted for each sender by itself.

    A sender has a store that fills again with time. What is known of at most ``most`` senders is
    kept; whoever was silent longest is forgotten first.

    Args:
        at_once: what a full store holds.
        a_second: how fast it fills again.
        most: senders that are remembered.
    """

    def __init__(self, at_once: float, a_second: float, most: int = 10_000) -> None:
        self.at_once, self.a_second, self.most = at_once, a_second, most
        self._stores: OrderedDict[str, _Store] = OrderedDict()

    def __len__(self) -> int:
        return len(self._stores)

    def wait(self, sender: str, now: float) -> float:
        """Take one from a sender's store; returns 0, or the seconds until there is one to take.

        Args:
            sender: an address or a key.
            now: seconds of a clock that never goes back.
        """
        store = self._stores.setdefault(sender, _Store(self.at_once, now))
        self._stores.move_to_end(sender)
        if len(self._stores) > self.most:
            self._stores.popitem(last=False)
        store.left, store.since = self._left(store, now), now
        if store.left < 1:
            return (1 - store.left) / self.a_second
        store.left -= 1
        return 0.0

    def forget(self, now: float) -> None:
        """Forget all whose stores are full again, as if they had never sent anything."""
        for sender, store in list(self._stores.items()):
            if self._left(store, now) >= self.at_once:
                del self._stores[sender]

    def _left(self, store: _Store, now: float) -> float:
        return min(self.at_once, store.left + (now - store.since) * self.a_second)
