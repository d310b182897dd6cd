"""How the admin looks and what its sidebar leads to (settings of django-unfold)."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _entry(title: Any, icon: str, model: str, permission: Any = None) -> dict[str, Any]:
    """Return a link to the list of a model (`app_model`)."""
    link = reverse_lazy(f"admin:{model}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": permission or _staff}


def _staff(request: Any) -> bool:
    return bool(request.user.is_staff)


def _superuser(request: Any) -> bool:
    return bool(request.user.is_superuser)


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Notification gateway"),
    "SITE_HEADER": _("Notification gateway"),
    "SITE_SYMBOL": "forum",
    "SITE_URL": "/docs",
    "SHOW_LANGUAGES": True,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "gateway.dashboard.context",
    "STYLES": [lambda request: static("messaging/admin.css")],
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254.6)",
            "100": "oklch(93.2% .032 255.6)",
            "200": "oklch(88.2% .059 254.1)",
            "300": "oklch(80.9% .105 251.8)",
            "400": "oklch(70.7% .165 254.6)",
            "500": "oklch(62.3% .214 259.8)",
            "600": "oklch(54.6% .245 262.9)",
            "700": "oklch(48.8% .243 264.4)",
            "800": "oklch(42.4% .199 265.6)",
            "900": "oklch(37.9% .146 265.5)",
            "950": "oklch(28.2% .091 267.9)",
        }
    },
    "SIDEBAR": {
        "show_search": True,
        "navigation": [
            {
                "items": [{"title": _("Overview"), "icon": "dashboard", "link": reverse_lazy("admin:index")}],
            },
            {
                "title": _("Messages"),
                "items": [
                    _entry(_("Messages"), "mail", "messaging_message"),
                    _entry(_("Bulks"), "stacked_email", "messaging_bulk"),
                    _entry(_("Templates"), "article", "messaging_template"),
                    _entry(_("Receipts"), "receipt_long", "messaging_receipt"),
                    _entry(_("Lanes"), "route", "messaging_lane"),
                ],
            },
            {
                "title": _("Sending"),
                "items": [
                    _entry(_("Official accounts"), "verified", "tenants_officialaccount"),
                    _entry(_("Channels"), "outgoing_mail", "tenants_channel"),
                    _entry(_("Routes"), "alt_route", "tenants_route"),
                    _entry(_("Accounts"), "account_balance_wallet", "tenants_account"),
                    _entry(_("Zalo apps"), "apps", "tenants_zaloapp"),
                ],
            },
            {
                "title": _("People and keys"),
                "items": [
                    _entry(_("Tenants"), "domain", "tenants_tenant"),
                    _entry(_("Members"), "group", "tenants_member"),
                    _entry(_("API keys"), "key", "tenants_apikey"),
                    _entry(_("Users"), "person", "auth_user", _superuser),
                    _entry(_("Schedules"), "schedule", "django_celery_beat_periodictask", _superuser),
                ],
            },
        ],
    },
}
