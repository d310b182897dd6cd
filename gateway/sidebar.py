"""What the admin's sidebar leads to: the lists that the person who looks may see."""

from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.admin.scoping import is_superuser

SENDING: Final = _("Sending")
# Title of the group, then title, icon and `app.model` of its entries.
GROUPS: Final = (
    (
        _("Messages"),
        (
            (_("Messages"), "mail", "messaging.message"),
            (_("Campaigns"), "campaign", "messaging.campaign"),
            (_("Bulks"), "stacked_email", "messaging.bulk"),
            (_("Templates"), "article", "messaging.template"),
            (_("Contacts"), "forum", "messaging.contact"),
            (_("Not to send to"), "do_not_disturb_on", "messaging.recipientmark"),
            (_("Receipts"), "receipt_long", "messaging.receipt"),
            (_("Mini App events"), "widgets", "messaging.miniappevent"),
            (_("Lanes"), "route", "messaging.lane"),
        ),
    ),
    (
        SENDING,
        (
            (_("Official accounts"), "verified", "tenants.officialaccount"),
            (_("Channels"), "outgoing_mail", "tenants.channel"),
            (_("Routes"), "alt_route", "tenants.route"),
            (_("Quotas"), "speed", "tenants.quota"),
            (_("Alerts"), "notifications", "tenants.alert"),
            (_("Accounts"), "account_balance_wallet", "tenants.account"),
            (_("Settings of accounts"), "key_vertical", "tenants.provideraccount"),
            (_("Zalo apps"), "apps", "tenants.zaloapp"),
        ),
    ),
    (
        _("People and keys"),
        (
            (_("Tenants"), "domain", "tenants.tenant"),
            (_("Members"), "group", "tenants.member"),
            (_("API keys"), "key", "tenants.apikey"),
            (_("Users"), "person", "auth.user"),
            (_("Schedules"), "schedule", "django_celery_beat.periodictask"),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of the sidebar (unfold's SIDEBAR.navigation), without what the person may not see."""
    pages = {page.opts.label_lower: page for page in admin.site._registry.values()}
    groups: list[dict[str, Any]] = [
        {"items": [{"title": _("Overview"), "icon": "dashboard", "link": reverse("admin:index")}]}
    ]
    for title, entries in GROUPS:
        items = [
            {"title": name, "icon": icon, "link": reverse(f"admin:{model.replace('.', '_')}_changelist")}
            for name, icon, model in entries
            if model in pages and pages[model].has_view_permission(request)
        ]
        if title == SENDING and is_superuser(request):
            items.append({"title": _("Mini Apps"), "icon": "widgets", "link": reverse("mini_apps")})
        if items:
            groups.append({"title": title, "items": items})
    return groups
