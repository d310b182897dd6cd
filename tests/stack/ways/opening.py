"""Run beside a gateway: gives its tenants a route over each kind of channel alone, with a deadline of some seconds.

Prints tenant -> its official account and its channels by kind, as JSON.
"""

import json
import sys

import django

django.setup()

from tenants.models import Channel, Route, RouteStep  # noqa: E402 models need the settings

DEADLINE = 4

if __name__ == "__main__":
    opened: dict[str, dict[str, str]] = {}
    for channel in Channel.objects.select_related("tenant", "account").exclude(name="zns-2"):
        route, made = Route.objects.get_or_create(tenant=channel.tenant, name=f"way-{channel.kind}")
        if made:
            RouteStep.objects.create(route=route, channel=channel, deadline=DEADLINE)
        told = opened.setdefault(channel.tenant.slug, {})
        told[channel.kind] = str(channel.pk)
        if channel.kind == "oa":
            told["oaId"] = channel.account.official_account.oa_id
    sys.stdout.write(json.dumps(opened))
