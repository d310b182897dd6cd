"""What can be asked about texts: one record, the records of a day, the balance, the settings (sections 1 and 6.3)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from providers.contract import Answer, Call, Context, DeliveryStatus, Question, Response
from providers.nxcloud.asking import FORM, answered, named_fault
from providers.nxcloud.envelope import Envelope
from providers.nxcloud.fields import ZONE, as_local_time, cost
from providers.nxcloud.hosts import API2_HOST, url_at
from providers.nxcloud.questions import ask_balance, read_balance
from providers.nxcloud_sms.errors import query_row_for, row_for
from providers.nxcloud_sms.sending import request_body, request_headers, send_url
from providers.nxcloud_sms.statuses import delivery, status_name
from providers.zalo.fields import as_int, as_list, as_object, as_text

PAGE_SIZE: Final = "500"
# The signature and the keys were right; what the probe leaves out was then missed.
_LET_THROUGH: Final = frozenset({0, 2, 4, 6, 1002, 9000, 9002})

Asking = Callable[[Question, Mapping[str, str], Context], Call]


def ask(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter.

    Raises ValueError for a `sent_at` that is no RFC 3339 time with its zone.
    """
    return _QUESTIONS[question.kind][0](question, credentials, context)


def answer(question: Question, response: Response) -> Answer:
    """Return what `response` says to `question`; `data` in the shape that the README lists for the kind."""
    return answered(response, _QUESTIONS[question.kind][1])


def _form(path: str, fields: Mapping[str, str], credentials: Mapping[str, str], context: Context) -> Call:
    keys = {"appkey": credentials.get("appkey", ""), "secretkey": credentials.get("secretkey", "")}
    return Call(
        method="POST",
        url=url_at(API2_HOST, path, credentials, context),
        headers=(FORM,),
        body=urlencode({**keys, **fields}).encode(),
        timeout=context.timeout,
    )


def _day(question: Question, context: Context) -> str:
    """Return the day asked for as NXCloud counts days: `date`, that of `sent_at`, else today's."""
    if date := question.params.get("date"):
        return date
    told = question.params.get("sent_at")
    at = datetime.fromisoformat(told) if told else context.now
    if at.tzinfo is None:
        raise ValueError("sent_at has no time zone")
    return at.astimezone(ZONE).strftime("%Y%m%d")


def _ask_status(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    fields = {"date": _day(question, context), "messageid": question.params["message_id"]}
    return _form("/api/sms/get", fields, credentials, context)


def _ask_records(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    page, size = question.params.get("page", "1"), question.params.get("page_size", PAGE_SIZE)
    fields = {"date": _day(question, context), "page": page, "page_size": size, "sort_type": "0"}
    return _form("/api/sms/getSmsCdr", fields, credentials, context)


def _ask_balance(_: Question, credentials: Mapping[str, str], context: Context) -> Call:
    return ask_balance(credentials, context)


def _ask_connection(_: Question, credentials: Mapping[str, str], context: Context) -> Call:
    # A text without a number and without words: it can reach nobody, and passes every check of the settings.
    body = request_body({}, credentials)
    headers = request_headers(body, credentials, context)
    return Call(method="POST", url=send_url(credentials, context), headers=headers, body=body, timeout=context.timeout)


def _read_status(envelope: Envelope) -> Answer:
    if envelope.code != 0:
        return _query_refused(envelope.code)
    row = as_object(envelope.root.get("row"))
    return Answer(ok=True, data=delivery(_status(row)) if row else DeliveryStatus.NOT_FOUND)


def _read_records(envelope: Envelope) -> Answer:
    if envelope.code != 0:
        return _query_refused(envelope.code)
    info = as_object(envelope.root.get("info"))
    records = [_record(row) for row in map(as_object, as_list(info.get("rows"))) if row]
    total = as_int(info.get("total"))
    return Answer(ok=True, data={"records": records, "total": len(records) if total is None else total})


def _read_balance(envelope: Envelope) -> Answer:
    return read_balance(envelope, row_for)


def _read_connection(envelope: Envelope) -> Answer:
    if envelope.code in _LET_THROUGH:
        return Answer(ok=True, data={"let_through": True})
    row = row_for(envelope.code)
    return Answer(ok=False, error=row, reason=named_fault(row))


def _query_refused(code: int) -> Answer:
    row = query_row_for(code)
    return Answer(ok=False, error=row, reason=named_fault(row))


def _status(row: Mapping[str, Any]) -> str:
    return status_name(row.get("dr"), row.get("dr_status"))


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    name = _status(row)
    return {
        "message_id": as_text(row.get("msgid")),
        "name": name,
        "status": delivery(name),
        "sent_at": as_local_time(row.get("date")),
        "reported_at": as_local_time(row.get("dr_time")),
        "segments": as_int(row.get("billing_size")),
        **cost(row.get("billing_price"), row.get("currency")),
    }


_QUESTIONS: Final[Mapping[str, tuple[Asking, Callable[[Envelope], Answer]]]] = {
    "status": (_ask_status, _read_status),
    "records": (_ask_records, _read_records),
    "balance": (_ask_balance, _read_balance),
    "connection": (_ask_connection, _read_connection),
}
QUESTIONS: Final = frozenset(_QUESTIONS)
