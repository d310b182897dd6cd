"""The hot paths, each driven in this process so that the profiler sees it."""

from urllib.parse import urlsplit

from django.test import Client

from benchmarks.accept import requests
from benchmarks.campaign import hold_shared_lane, store
from benchmarks.field import Field
from benchmarks.profiles.sampling import Profiled
from benchmarks.profiles.shares import text
from benchmarks.receipts.calls import one_each
from benchmarks.report import Measured
from benchmarks.sandbox import Control
from messaging.dispatch.dispatcher import Dispatcher
from messaging.receipts.apply import apply_receipts
from messaging.states import MessageClass
from tenants.models import Channel, Tenant


def dispatch(field: Field) -> Measured:
    """Profile a dispatcher from the bell to the last settling; the stack's own workers are stopped."""
    Control(field.info["sandbox"]).silence()
    size = field.size(10_000, 3_000)
    campaign, tenant = store(field, size), Tenant.objects.get(slug=field.info["tenant"])
    profiled = Profiled()
    with profiled:
        dispatcher = Dispatcher(MessageClass.TRANSACTIONAL)
        dispatcher.start()
        campaign.release()
        for lane, _ in campaign.lanes:
            dispatcher.wake(lane, tenant.pk)
        campaign.finish()
        dispatcher.stop(5)
    return _shown(profiled, "dispatch, a message", size)


def accept(field: Field) -> Measured:
    """Profile single sends through the whole of Django, without the server's socket."""
    size, sent = field.size(3_000, 1_000), requests.body(field, 1)
    hold_shared_lane(field)
    client, headers = Client(), {"Authorization": f"Bearer {field.info['apiKey']}"}
    for _ in range(50):
        client.post("/v1/messages", sent, content_type="application/json", headers=headers)
    profiled = Profiled()
    with profiled:
        for _ in range(size):
            reply = client.post("/v1/messages", sent, content_type="application/json", headers=headers)
    if reply.status_code != 202:
        raise RuntimeError(f"a send was answered {reply.status_code}")
    return _shown(profiled, "accept, a request", size)


def receipts(field: Field) -> Measured:
    """Profile receipts that are taken in one by one through the hook, then applied in batches."""
    Control(field.info["sandbox"]).silence()
    size = field.size(5_000, 1_500)
    campaign, dispatcher = store(field, size), Dispatcher(MessageClass.TRANSACTIONAL)
    dispatcher.start()
    campaign.release()
    dispatcher.wake(campaign.lanes[0][0], Tenant.objects.get(slug=field.info["tenant"]).pk)
    campaign.finish()
    dispatcher.stop(5)
    load = one_each(campaign, Channel.objects.get(id=field.channel).account_id)
    client, path = Client(), urlsplit(load.url).path
    profiled = Profiled()
    with profiled:
        for headers, body in zip(load.headers, load.bodies, strict=True):
            reply = client.post(path, body, content_type="application/json", headers=headers)
        while apply_receipts(MessageClass.TRANSACTIONAL):
            pass
    if reply.status_code != 200:
        raise RuntimeError(f"a receipt was answered {reply.status_code}")
    return _shown(profiled, "receipts, a receipt", size)


def _shown(profiled: Profiled, title: str, count: int) -> Measured:
    return Measured(value=float(count), detail={"text": text(profiled.stats(), title, count)})
