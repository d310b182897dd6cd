"""Makes the calls of one claim: packs, sends, reads the answers, and renews a refused token once."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from datetime import UTC, datetime

import structlog
from django.conf import settings
from msgspec.structs import replace

from messaging.dispatch.loading import Loaded
from messaging.dispatch.local_refusals import LEFT_OUT
from messaging.dispatch.refused_tokens import as_configuration
from messaging.dispatch.release import Release
from providers.contract import (
    Call,
    ChecksLimits,
    Context,
    ErrorClass,
    Outbound,
    Outcome,
    Verdict,
)
from providers.registry import provider
from providers.transport import Transport
from tenants.custody import ReconnectNeeded, RefreshFailed, RefreshInProgress, refresh
from tenants.runtime import ChannelRuntime, forget_account

RENEW_POLL = 0.2
SLOT_MISSED = "the slot of its pace was missed"
LEASE_TOO_SHORT = "the lease would have ended before the call"
NOT_PACKED = "the provider's adapter could not write the call"
# Why a message did not leave through no fault of its channel.
OWN_REASONS = frozenset({SLOT_MISSED, LEASE_TOO_SHORT, NOT_PACKED})
log = structlog.get_logger(__name__)
Done = Callable[[Loaded, Outcome], None]


def context(runtime: ChannelRuntime) -> Context:
    """Return what the provider may not find out itself, for calls over this channel made now."""
    return Context(
        now=datetime.now(UTC),
        nonce=secrets.token_hex(8),
        hook_url=runtime.hook_url,
        origin=runtime.origin,
        timeout=settings.CALL_TIMEOUT.total_seconds(),
    )


class Sender:
    """Sends over one transport; `slow` runs what may wait for a token endpoint."""

    def __init__(self, transport: Transport, slow: Executor) -> None:
        self._transport = transport
        self._slow = slow

    def start(
        self, loaded: Sequence[Loaded], runtime: ChannelRuntime, release: Release, done: Done
    ) -> set[asyncio.Task[None]]:
        """Start the calls for `loaded`, each at its release; `done` is told each message's outcome once."""
        by_leg = {item.outbound.leg_id: item for item in loaded if item.outbound is not None}
        for item in loaded:
            if item.outcome is not None:
                done(item, item.outcome)
        by_leg = self._checked(by_leg, runtime, done)
        calls: list[Call] = []
        for messages in _groups(by_leg.values(), runtime.kind):
            try:
                calls += provider(runtime.kind).pack(messages, runtime.credentials, context(runtime))
            except Exception:
                # A message that cannot be packed must end here, not come back with every lease.
                log.exception("send.unpackable", channel=runtime.channel_id)
                for message in messages:
                    done(by_leg.pop(message.leg_id), _not_sent(message, NOT_PACKED))
        carried = {leg for call in calls for leg in call.legs}
        for leg in by_leg.keys() - carried:
            done(by_leg[leg], Outcome(leg_id=leg, verdict=Verdict.REFUSED, error=LEFT_OUT))
        return {asyncio.create_task(self._carry(call, by_leg, runtime, release, done)) for call in calls}

    def _checked(self, by_leg: dict[str, Loaded], runtime: ChannelRuntime, done: Done) -> dict[str, Loaded]:
        """Refuse what a wire's limits forbid, without a call; return the others."""
        wire = provider(runtime.kind)
        if not isinstance(wire, ChecksLimits):
            return by_leg
        good: dict[str, Loaded] = {}
        for leg, item in by_leg.items():
            error = wire.check(item.outbound) if item.outbound is not None else None
            if error is None:
                good[leg] = item
            else:
                done(item, Outcome(leg_id=leg, verdict=Verdict.REFUSED, error=error))
        return good

    async def _carry(
        self, call: Call, by_leg: dict[str, Loaded], runtime: ChannelRuntime, release: Release, done: Done
    ) -> None:
        items = [by_leg[leg] for leg in call.legs]
        lease_ends = release.lease_ends(items)
        if not await release.wait(items):
            for item in items:
                done(item, _not_sent(item.outbound, SLOT_MISSED))
            return
        outcomes = await self._exchange(call, runtime, lease_ends)
        refused = [outcome for outcome in outcomes if _wants_token(outcome)]
        if refused and runtime.official_account_id is not None:
            outcomes = await self._again_with_new_token(call, by_leg, runtime, lease_ends, outcomes)
        elif refused:
            outcomes = [_without_custody(outcome, by_leg[outcome.leg_id]) for outcome in outcomes]
        for outcome in outcomes:
            done(by_leg[outcome.leg_id], outcome)

    async def _exchange(self, call: Call, runtime: ChannelRuntime, lease_ends: float) -> list[Outcome]:
        if time.monotonic() + call.timeout > lease_ends:
            return [_not_sent_leg(leg, LEASE_TOO_SHORT) for leg in call.legs]
        response = await self._transport.send(call)
        try:
            return provider(runtime.kind).unpack(call, response)
        except Exception:
            log.exception("send.unreadable_answer", channel=runtime.channel_id)
            return [
                Outcome(leg_id=leg, verdict=Verdict.UNKNOWN, text="the answer could not be read") for leg in call.legs
            ]

    async def _again_with_new_token(
        self, call: Call, by_leg: dict[str, Loaded], runtime: ChannelRuntime, lease_ends: float, first: list[Outcome]
    ) -> list[Outcome]:
        token = await self._renew(runtime, lease_ends - call.timeout)
        if token is None:
            return first
        messages = [by_leg[leg].outbound for leg in call.legs]
        credentials = runtime.credentials | {"access_token": token}
        again = provider(runtime.kind).pack([m for m in messages if m], credentials, context(runtime))
        results = [await self._exchange(second, runtime, lease_ends) for second in again]
        # A token that was renewed just now and is refused all the same is a fault of the account.
        return [_stopping(outcome) for outcomes in results for outcome in outcomes]

    async def _renew(self, runtime: ChannelRuntime, until: float) -> str | None:
        """Return a new access token, or None where there is none by `until` (monotonic)."""
        loop = asyncio.get_running_loop()
        account, stale = runtime.official_account_id, runtime.credentials["access_token"]
        while account is not None and time.monotonic() < until:
            try:
                token = await loop.run_in_executor(self._slow, refresh, account, stale)
            except RefreshInProgress:
                await asyncio.sleep(RENEW_POLL)
                continue
            except (ReconnectNeeded, RefreshFailed) as error:
                log.warning("token.not_renewed", channel=runtime.channel_id, reason=str(error))
                break
            forget_account(runtime.account_id)
            return token
        forget_account(runtime.account_id)
        return None


def _wants_token(outcome: Outcome) -> bool:
    return outcome.error is not None and outcome.error.error_class is ErrorClass.TOKEN


def _without_custody(outcome: Outcome, item: Loaded) -> Outcome:
    """Return what a refused key means for an account that nothing can be renewed of: once its retries are used up the
    channel stops until a person acts."""
    error = outcome.error
    return outcome if error is None or item.claimed.tries < error.tries else _stopping(outcome)


def _stopping(outcome: Outcome) -> Outcome:
    """Return a refused key or token as what stops its channel; any other outcome as it is."""
    return outcome if outcome.error is None else replace(outcome, error=as_configuration(outcome.error))


def _groups(items: Iterable[Loaded], kind: str) -> list[list[Outbound]]:
    """Return what may share calls: of a provider that takes many a call, messages that leave at the same time."""
    groups: dict[object, list[Outbound]] = {}
    batches = provider(kind).capabilities.batch_size > 1
    for item in items:
        if item.outbound is not None:
            groups.setdefault(item.claimed.release_at if batches else None, []).append(item.outbound)
    return list(groups.values())


def _not_sent(outbound: Outbound | None, text: str) -> Outcome:
    return _not_sent_leg(outbound.leg_id if outbound else "", text)


def _not_sent_leg(leg: str, text: str) -> Outcome:
    return Outcome(leg_id=leg, verdict=Verdict.NOT_SENT, text=text)
