"""What `manage.py mini_app` can do: each action with its arguments and the call that it makes."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from providers.contract import Call
from providers.mini_app_partner.calls import CATEGORIES, NewMiniApp
from providers.mini_app_partner.client import PartnerClient
from providers.mini_app_partner.multipart import File

Options = Mapping[str, Any]
PICTURES: Final = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}


class Argument(NamedTuple):
    """One argument: `name` as it is typed, and what `add_argument` takes besides."""

    name: str
    more: Mapping[str, Any] = {}


class Action(NamedTuple):
    """One action. `call` raises ValueError naming the field, and OSError for a file that cannot be read."""

    help: str
    arguments: Sequence[Argument]
    call: Callable[[PartnerClient, Options], Call]


def add_arguments(parser: ArgumentParser, action: Action) -> None:
    """Let `parser` read the action's arguments."""
    for argument in action.arguments:
        parser.add_argument(argument.name, **argument.more)


def _argument(name: str, help_text: str, **more: Any) -> Argument:
    return Argument(name, {"help": help_text, **more})


def _fields(options: Options) -> dict[str, Any]:
    """Return the JSON object of a file, so that keys of a payment channel stand in no list of processes."""
    path = options["fields"]
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("fields: is a file with one JSON object")
    return found


def _picture(options: Options) -> File | None:
    if not options["thumbnail"]:
        return None
    path = Path(options["thumbnail"])
    if path.suffix.lower() not in PICTURES:
        raise ValueError(f"thumbnail: is a file ending in {', '.join(PICTURES)}")
    return File(path.name, PICTURES[path.suffix.lower()], path.read_bytes())


def _permissions(options: Options) -> list[tuple[str, str]]:
    pairs = [each.partition("=") for each in options["permission"]]
    return [(name, text) for name, _, text in pairs]


def _create(client: PartnerClient, given: Options) -> Call:
    return client.calls.create(
        NewMiniApp(
            app_name=given["name"],
            app_description=given["description"],
            app_category=given["category"],
            app_logo_url=given["logo"],
            browsable=given["browsable"],
            cover_url=given["cover"],
            zalo_app_id=given["zalo_app"],
            sub_cate_ids=tuple(given["sub_category"]),
            type_of_business=given["business"],
        )
    )


def _stats(client: PartnerClient, given: Options) -> Call:
    return client.calls.stats(
        given["app"], {"type": given["type"], "first_day": given["first"], "last_day": given["last"]}
    )


_APP: Final = _argument("app", "the Mini App's id")
_VERSION: Final = _argument("version_id", "the version's number", type=int)
_PAGE: Final = (
    _argument("--offset", "how many to pass over", type=int, default=0),
    _argument("--limit", "how many to show, at most 20", type=int, default=20),
)
_CHANNEL_FIELDS: Final = (
    _argument("--fields", "a JSON file with method and fields; - reads standard input", required=True),
    _argument("--thumbnail", "a picture, for the method CUSTOM", default=""),
)

ACTIONS: Final[Mapping[str, Action]] = {
    "list": Action(
        "List Mini Apps.",
        (*_PAGE, _argument("--zalo-app", "those of this Zalo App alone", default="")),
        lambda client, given: client.calls.apps(given["offset"], given["limit"], given["zalo_app"]),
    ),
    "create": Action(
        "Create a Mini App.",
        (
            _argument("--name", "3 to 50 characters, unique at Zalo", required=True),
            _argument("--description", "20 to 500 characters", required=True),
            _argument("--category", "what it is about", required=True, choices=sorted(CATEGORIES)),
            _argument("--logo", "the logo's address", required=True),
            _argument("--cover", "the cover picture's address", default=""),
            _argument("--zalo-app", "an existing Zalo App; else one is made", default=""),
            _argument("--sub-category", "the id of a sub-category; may be repeated", action="append", default=[]),
            _argument("--business", "COMPANY, PERSONAL or ORGANIZATION", default=""),
            _argument("--browsable", "let it be found in Zalo", action="store_true", default=None),
        ),
        _create,
    ),
    "versions": Action(
        "List the versions of a Mini App.",
        (_APP, *_PAGE),
        lambda client, given: client.calls.versions(given["app"], given["offset"], given["limit"]),
    ),
    "deploy": Action(
        "Upload a package as a new version.",
        (
            _APP,
            _argument("package", "a zip with the files at its root", type=Path),
            _argument("--name", "the version's name", required=True),
            _argument("--description", "what is new", required=True),
        ),
        lambda client, given: client.calls.deploy(
            given["app"], given["name"], given["description"], given["package"].read_bytes()
        ),
    ),
    "request-publish": Action(
        "Ask for the review of a version in TESTING.",
        (_APP, _VERSION, _argument("--description", "what the reviewers should know", required=True)),
        lambda client, given: client.calls.request_publish(given["app"], given["version_id"], given["description"]),
    ),
    "publish": Action(
        "Publish an approved version.",
        (_APP, _VERSION),
        lambda client, given: client.calls.publish(given["app"], given["version_id"]),
    ),
    "request-permission": Action(
        "Ask for permissions; the answer lists those that were asked for.",
        (
            _APP,
            _argument("--permission", "id=text that asks the person; may be repeated", action="append", required=True),
            _argument("--note", "what the reviewers should know", default=""),
        ),
        lambda client, given: client.calls.request_permissions(given["app"], _permissions(given), given["note"]),
    ),
    "payment-setting": Action(
        "Show the payment set-up, or set its callback addresses.",
        (
            _APP,
            _argument("--callback", "the address for payments", default=""),
            _argument("--sandbox-callback", "the address for trial payments", default=""),
        ),
        lambda client, given: (
            client.payments.change_setting(given["app"], given["callback"], given["sandbox_callback"])
            if given["callback"] or given["sandbox_callback"]
            else client.payments.setting(given["app"])
        ),
    ),
    "payment-channels": Action(
        "List the payment channels.", (_APP,), lambda client, given: client.payments.channels(given["app"])
    ),
    "add-payment-channel": Action(
        "Add a payment channel.",
        (_APP, *_CHANNEL_FIELDS),
        lambda client, given: client.payments.create(given["app"], _fields(given), _picture(given)),
    ),
    "change-payment-channel": Action(
        "Change a payment channel.",
        (_APP, _argument("channel", "its id"), *_CHANNEL_FIELDS),
        lambda client, given: client.payments.update(given["app"], given["channel"], _fields(given), _picture(given)),
    ),
    "short-links": Action(
        "List the short links behind QR codes.",
        (_APP, *_PAGE),
        lambda client, given: client.calls.short_links(given["app"], given["offset"], given["limit"]),
    ),
    "add-short-link": Action(
        "Shorten an address of the Mini App for a QR code.",
        (_APP, _argument("url", "begins https://zalo.me/s/<app> and holds utm_source=zalo-qr")),
        lambda client, given: client.calls.create_short_link(given["app"], given["url"]),
    ),
    "stats": Action(
        "Show statistics of up to 90 days.",
        (
            _APP,
            _argument("type", "such as overview or access-traffic"),
            _argument("first", "the first day, YYYY-MM-DD in Viet Nam"),
            _argument("last", "the last day, included"),
        ),
        _stats,
    ),
}
