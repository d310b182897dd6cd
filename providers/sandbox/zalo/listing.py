"""Templates and accounts as they are listed: on the wire (zalo-zns-oa.md 5.1), and in `GET /_/accounts`."""

from typing import Any

import msgspec

from providers.sandbox.zalo.catalogue import Catalogue
from providers.sandbox.zalo.grants import Grants
from providers.sandbox.zalo.seeds import (
    ADMINS,
    APPS,
    FIRST_ACCOUNT,
    MAGIC,
    OFFICIAL_ACCOUNTS,
    SHARED_ACCOUNT,
    OfficialAccount,
)
from providers.sandbox.zalo.templates import Template

CREATED_MS = 1_780_000_000_000


def summary(template: Template) -> dict[str, Any]:
    """Return a template as a row of `/template/all`; ids that are numbers are numbers there."""
    return {
        "templateId": _id(template),
        "templateName": template.name,
        "createdTime": CREATED_MS,
        "status": template.status,
        "templateQuality": template.quality,
    }


def detail(template: Template) -> dict[str, Any]:
    """Return a template as `/template/info/v2` answers it; `timeout` in milliseconds."""
    parameters = [msgspec.to_builtins(each) for each in template.parameters]
    for parameter in parameters:
        del parameter["sample"]
    button = {"type": 1, "title": template.button, "content": "https://sandbox.example/open"}
    return {
        "templateId": _id(template),
        "templateName": template.name,
        "status": template.status,
        **({"reason": template.reason} if template.reason else {}),
        "listParams": parameters,
        "listButtons": [button] if template.button else [],
        "timeout": template.timeout_ms,
        "previewUrl": f"https://sandbox.example/preview/{template.id}",
        "templateQuality": template.quality,
        "templateTag": template.tag,
        "price": template.price,
        "price_sdt": template.price,
        "price_uid": str(int(template.price) * 7 // 10),
        "applyTemplateQuota": False,
        "templateDailyQuota": None,
        "templateRemainingQuota": None,
    }


def shown_accounts(grants: Grants, catalogue: Catalogue) -> dict[str, Any]:
    """Return what `GET /_/accounts` says of Zalo, with tokens that are valid now."""
    return {
        "credentials": credentials_of(FIRST_ACCOUNT, grants),
        "templates": sendable(FIRST_ACCOUNT, catalogue),
        "refusedTemplates": [
            {"id": each.id, "name": each.name, "status": each.status}
            for each in catalogue.of(FIRST_ACCOUNT).values()
            if each.status != "ENABLE"
        ],
        "magic": MAGIC,
        "admins": ADMINS,
        "apps": [
            {"appId": app.id, "secretKey": app.secret_key, "oaSecretKey": app.oa_secret_key} for app in APPS.values()
        ],
        "officialAccounts": [
            {
                "oaId": account.id,
                "name": account.name,
                "appId": account.app_id,
                "accessToken": grants.current(account).access_token,
                "refreshToken": grants.current(account).refresh_token,
                "templates": sendable(account, catalogue),
            }
            for account in OFFICIAL_ACCOUNTS.values()
            if not account.shared
        ],
        "test": credentials_of(SHARED_ACCOUNT, grants),
    }


def credentials_of(account: OfficialAccount, grants: Grants) -> dict[str, str]:
    """Return the keys to an account, with tokens that are valid now."""
    app, pair = APPS[account.app_id], grants.current(account)
    return {
        "appId": app.id,
        "secretKey": app.secret_key,
        "oaId": account.id,
        "oaSecretKey": app.oa_secret_key,
        "accessToken": pair.access_token,
        "refreshToken": pair.refresh_token,
    }


def sendable(account: OfficialAccount, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the approved templates that need no journey token."""
    return [
        {"id": each.id, "name": each.name, "params": [parameter.name for parameter in each.parameters]}
        for each in catalogue.of(account).values()
        if each.status == "ENABLE" and not each.journey
    ]


def _id(template: Template) -> int | str:
    return int(template.id) if template.id.isdecimal() else template.id
