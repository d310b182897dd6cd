"""Every row of both tables against tables written down apart from them, from infobip.md sections 9 to 11."""

import pytest

from providers.contract import ErrorClass, ErrorRow, Retry
from providers.infobip.errors import ERRORS, SHARED, STATUSES, Stage, row_for, row_of_http, stage
from providers.infobip_sms.errors import ERRORS as SMS_ERRORS

# name: class, scope, retry, tries, failover, days remembered
STATUS_ROWS = """
PENDING_WAITING_DELIVERY               none          message   never       0   no              0
PENDING_ENROUTE                        none          message   never       0   no              0
PENDING_ACCEPTED                       none          message   never       0   no              0
MESSAGE_ACCEPTED                       none          message   never       0   no              0
DELIVERED_TO_OPERATOR                  none          message   never       0   no              0
DELIVERED_TO_HANDSET                   none          message   never       0   no              0
UNDELIVERABLE_REJECTED_OPERATOR        recipient     recipient never       0   yes             0
UNDELIVERABLE_NOT_DELIVERED            recipient     recipient never       0   yes             0
UNDELIVERABLE_NOT_SENT                 transient     message   backoff     1   yes             0
UNDELIVERABLE_REJECTED_PLATFORM        transient     message   backoff     1   yes             0
EXPIRED_EXPIRED                        transient     message   never       0   yes             0
EXPIRED_DLR_UNKNOWN                    transient     message   never       0   not_promotional 0
SIGNALS_BLOCKED                        recipient     recipient never       0   no              0
REJECTED_PREFIX_MISSING                recipient     recipient never       0   no              0
REJECTED_DND                           recipient     recipient never       0   no              90
REJECTED_DESTINATION_BLOCKLISTED       recipient     recipient never       0   no              90
REJECTED_DESTINATION                   recipient     recipient never       0   no              0
REJECTED_FLOODING_FILTER               quota         recipient backoff     1   no              0
REJECTED_NETWORK                       configuration message   never       0   yes             0
REJECTED_SOURCE                        configuration channel   never       0   yes             0
REJECTED_NOT_ENOUGH_CREDITS            quota         channel   backoff     2   yes             0
REJECTED_SENDER                        configuration channel   never       0   yes             0
REJECTED_PREPAID_PACKAGE_EXPIRED       quota         channel   backoff     2   yes             0
REJECTED_DESTINATION_NOT_REGISTERED    configuration message   never       0   yes             0
REJECTED_ROUTE_NOT_AVAILABLE           configuration message   never       0   yes             0
REJECTED_FREE_TRIAL_EXCEEDED           quota         channel   backoff     2   yes             0
REJECTED_SYSTEM_ERROR                  transient     message   backoff     3   yes             0
REJECTED_DUPLICATE_MESSAGE_ID          none          message   never       0   no              0
REJECTED_INVALID_UDH                   message       message   never       0   yes             0
REJECTED_MESSAGE_TOO_LONG              message       message   never       0   no              0
MISSING_TO                             message       message   never       0   no              0
REJECTED_INVALID_VALIDITY_PERIOD       message       message   never       0   yes             0
REJECTED_INVALID_DELIVERY_TIME_WINDOW  message       message   never       0   yes             0
REJECTED_DATA_TRANSFORMATION_FAILED    message       message   never       0   yes             0
REJECTED_INTERNAL_ERROR                transient     message   backoff     3   yes             0
REJECTED_VALIDATION_FAILED             message       message   never       0   yes             0
REJECTED_INVALID_AUDIO_FILE_URL        none          message   never       0   yes             0
REJECTED_UNSUPPORTED_LANGUAGE          none          message   never       0   yes             0
REJECTED_MESSAGE_IS_EMPTY              none          message   never       0   yes             0
REJECTED_INVALID_NOTIFY_URL            none          message   never       0   yes             0
REJECTED_INVALID_NOTIFY_CONTENT_TYPE   none          message   never       0   yes             0
REJECTED_INVALID_DTMF_SIGN             none          message   never       0   yes             0
REJECTED_INVALID_DTMF_TIMEOUT          none          message   never       0   yes             0
REJECTED_INVALID_RING_TIMEOUT          none          message   never       0   yes             0
REJECTED_INVALID_CALL_TIMEOUT          none          message   never       0   yes             0
REJECTED_INVALID_MACHINE_DETECTION     none          message   never       0   yes             0
REJECTED_INVALID_ACTIONS               none          message   never       0   yes             0
REJECTED_INVALID_ACTION_GROUPS         none          message   never       0   yes             0
REJECTED_MACHINE_DETECTION_DISABLED    none          message   never       0   yes             0
REJECTED_INVALID_SSML                  none          message   never       0   yes             0
NO_ANSWER                              none          message   never       0   yes             0
BUSY                                   none          message   never       0   yes             0
CANCELLED                              none          message   never       0   yes             0
REJECTED                               none          message   never       0   yes             0
"""
# id, name: as above
ERROR_ROWS = """
1    EC_UNKNOWN_SUBSCRIBER                  recipient     recipient never       0   yes             0
5    EC_UNIDENTIFIED_SUBSCRIBER             transient     message   never       0   yes             0
6    EC_ABSENT_SUBSCRIBER_SM                transient     message   never       0   yes             0
9    EC_ILLEGAL_SUBSCRIBER                  recipient     recipient never       0   yes             0
11   EC_TELESERVICE_NOT_PROVISIONED         recipient     recipient never       0   yes             0
12   EC_ILLEGAL_EQUIPMENT                   recipient     recipient never       0   yes             0
13   EC_CALL_BARRED                         transient     message   never       0   yes             0
24   EC_NO_RADIO_RESOURCE_AVAILABLE         transient     message   backoff     2   yes             0
27   EC_ABSENT_SUBSCRIBER                   transient     message   never       0   yes             0
31   EC_SUBSCRIBER_BUSY_FOR_MT_SMS          transient     message   never       0   yes             0
32   EC_SM_DELIVERY_FAILURE                 transient     message   never       0   yes             0
33   EC_MESSAGE_WAITING_LIST_FULL           transient     message   never       0   yes             0
34   EC_SYSTEM_FAILURE                      transient     message   backoff     2   yes             0
35   EC_DATA_MISSING                        transient     message   backoff     2   yes             0
36   EC_UNEXPECTED_DATA_VALUE               transient     message   backoff     2   yes             0
51   EC_RESOURCE_LIMITATION                 transient     message   backoff     2   yes             0
255  EC_UNKNOWN_ERROR                       transient     message   backoff     2   yes             0
256  EC_SM_DF_MEMORYCAPACITYEXCEEDED        transient     message   never       0   yes             0
323  EC_INVALID_REQUEST_TYPE                message       message   never       0   yes             0
351  EC_INVALID_DESTINATION_ADDRESS         recipient     recipient never       0   yes             0
352  EC_INVALID_REQUEST_DESTINATION         recipient     recipient never       0   yes             0
355  EC_MSG_TEXT_TOO_LONG                   message       message   never       0   no              0
368  EC_INVALID_SOURCE_ADDRESS              configuration channel   never       0   yes             0
375  EC_SOURCE_ADDRESS_IS_BLOCKED           configuration channel   never       0   yes             0
433  EC_ACCOUNT_ACCESS_DENIED               token         channel   never       0   yes             0
500  EC_PROVIDER_GENERAL_ERROR              transient     message   backoff     2   yes             0
501  EC_INVALID_RESPONSE_RECEIVED           transient     message   backoff     2   yes             0
502  EC_NO_RESPONSE                         transient     message   backoff     2   yes             0
503  EC_SERVICE_COMPLETION_FAILURE          transient     message   backoff     2   yes             0
504  EC_UNEXPECTED_RESPONSE_FROM_PEER       transient     message   backoff     2   yes             0
507  EC_MISTYPED_PARAMETER                  transient     message   backoff     2   yes             0
508  EC_NOT_SUPPORTED_SERVICE               transient     message   backoff     2   yes             0
509  EC_DUPLICATED_INVOKE_ID                transient     message   backoff     2   yes             0
541  EC_LIMIT_REACHED                       quota         channel   next_minute 60  late            0
542  EC_QUOTA_REACHED                       quota         channel   next_day    2   yes             0
560  EC_SC_BLOCKED_FOR_END_USER             recipient     recipient never       0   no              90
561  EC_CONTENT_BLOCKED_BY_OPERATOR         message       message   never       0   by_policy       0
566  EC_DESTINATION_BLOCKED_BY_OPERATOR     recipient     recipient never       0   yes             0
568  EC_DESTINATION_NOT_SMS_PROVISIONED     recipient     recipient never       0   yes             0
569  EC_DEST_ADDRESS_SUSPENDED              recipient     recipient never       0   yes             0
572  EC_CAMPAIGNID_NOT_PROVISIONED          token         channel   never       0   yes             0
573  EC_SC_BLOCKED_BY_END_USER              recipient     recipient never       0   no              90
581  EC_USER_OUT_OF_CREDIT                  transient     message   never       0   yes             0
592  EC_ACCOUNT_NOT_PROVISIONED_FOR_CHANNEL token         message   never       0   yes             0
597  EC_ACC_HAS_NO_ADRESS_FOR_DESR          token         message   never       0   yes             0
603  EC_CONTENT_BLOCKED                     recipient     recipient never       0   no              90
604  EC_BLOCKED_BY_CAMPAIGN_BLACKLIST       recipient     recipient never       0   no              90
607  EC_REJECTED_SPAM_BY_OPERATOR           message       message   never       0   by_policy       0
608  EC_SIGNALS_BLOCKED                     recipient     recipient never       0   no              0
609  EC_SIGNALS_HARD_LIMIT_REACHED          quota         channel   next_day    2   yes             0
629  EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS  recipient     recipient never       0   yes             0
630  EC_DEST_OVERLOADED                     transient     message   backoff     2   yes             0
631  EC_MOBILE_OPERATOR_NETWORK_ERROR       transient     message   backoff     2   yes             0
632  EC_SMS_REJECTED_BY_MOBILE_OPERATOR     message       message   never       0   by_policy       0
633  EC_UNKNOWN_MOBILE_OPERATOR             transient     message   backoff     2   yes             0
810  EC_FAILED_MESSAGE_DELIVERY             recipient     recipient never       0   yes             0
811  EC_MESSAGE_EXPIRED                     transient     message   never       0   yes             0
815  EC_MESSAGE_SUBMITTED_NOT_ACKED         transient     message   never       0   not_promotional 0
2048 EC_TIME_OUT                            transient     message   backoff     2   yes             0
2049 EC_IMSI_BLACKLISTED                    recipient     recipient never       0   yes             0
2050 EC_DEST_ADDRESS_BLACKLISTED            recipient     recipient never       0   no              90
2052 EC_BLACKLISTED_DESTINATIONADDRESS      recipient     recipient never       0   no              90
2053 EC_BLACKLISTED_SENDERADDRESS           configuration channel   never       0   yes             0
3041 EC_DEACTIVATED_LIST                    recipient     recipient never       0   yes             0
4096 EC_INVALID_PDU_FORMAT                  message       message   never       0   yes             0
4097 EC_NOTSUBMITTEDTOGMSC                  transient     message   backoff     2   yes             0
4098 EC_VP_EXPIRED                          transient     message   never       0   yes             0
4099 EC_MONTHLY_LIMIT_REACHED               quota         channel   next_month  1   yes             0
4100 EC_MESSAGE_CANCELED                    transient     message   never       0   yes             0
4101 EC_VALIDITY_EXPIRED                    transient     message   never       0   yes             0
4102 EC_NOTSUBMITTEDTOSMPPCHANNEL           transient     message   backoff     2   yes             0
4103 EC_DESTINATION_FLOODING                quota         recipient backoff     1   no              0
4104 EC_DESTINATION_TXT_FLOODING            quota         recipient backoff     1   no              0
4202 EC_10DLC_LIMIT_REACHED                 quota         channel   next_day    2   yes             0
5492 EC_DUPLICATE_MESSAGE                   none          message   never       0   no              0
7001 EC_UNKNOWN_APPLICATION                 configuration channel   never       0   yes             0
7002 EC_UNKNOWN_USER                        recipient     recipient never       0   yes             30
7003 EC_BLOCKED_USER                        recipient     recipient never       0   not_promotional 90
7004 EC_UNAUTHORIZED_ACCESS                 token         channel   never       0   yes             0
7005 EC_FORBIDDEN_ACCESS                    token         channel   never       0   yes             0
7006 EC_BAD_REQUEST                         message       message   never       0   yes             0
7007 EC_ILLEGAL_TRAFFIC_TYPE                configuration template  never       0   yes             0
7008 EC_INVALID_TEMPLATE_ARGS               message       message   never       0   yes             0
7009 EC_INVALID_TEMPLATE                    configuration template  never       0   yes             0
7010 EC_NO_SESSION                          recipient     recipient never       0   yes             0
7011 EC_ACCOUNT_ISSUE                       configuration channel   never       0   yes             0
7012 EC_DEPLOYMENT_CONFIGURATION_ERROR      configuration channel   never       0   yes             0
7013 EC_MEDIA_HOSTING_ERROR                 transient     message   backoff     2   yes             0
7014 EC_MEDIA_UPLOAD_ERROR                  transient     message   backoff     2   yes             0
7015 EC_MEDIA_METADATA_ERROR                message       message   never       0   yes             0
7016 EC_SPAM_RATE                           quota         channel   next_day    1   yes             0
7017 EC_TOO_MANY_REQUESTS                   quota         channel   next_minute 60  late            0
7019 EC_PROVIDER_BILLING_ERROR              quota         channel   backoff     2   yes             0
7020 EC_DEVICE_REPRODUCTION_ERROR           recipient     recipient never       0   yes             0
7024 EC_NOT_ALLOWED_SENDING_TIME            quota         channel   morning     2   late            0
7025 EC_UNSUPPORTED_MOBILE_APP_VERSION      recipient     recipient never       0   yes             0
7026 EC_MESSAGE_TYPE_EXHAUSTED              quota         channel   next_day    2   yes             0
7027 EC_BLOCKED_CONTENT                     message       message   never       0   by_policy       0
7030 EC_TEMPLATE_BLOCKED_BY_USER            recipient     recipient never       0   no              90
7032 EC_FREQUENCY_CAPPING                   quota         recipient next_day    1   no              0
7033 EC_MARKETING_OPT_OUT                   recipient     recipient never       0   no              90
7034 EC_SENDER_NOT_REGISTERED               configuration channel   never       0   yes             0
7036 EC_TEMPLATE_NOT_SYNCED                 transient     message   backoff     2   yes             0
7037 EC_TEMPLATE_NOT_AVAILABLE              configuration template  never       0   yes             0
7050 EC_PROVIDER_INTERNAL_ERROR             transient     message   backoff     3   yes             0
7051 EC_PROVIDER_TIMEOUT                    transient     message   backoff     3   yes             0
7052 EC_PROVIDER_DR_ERROR                   transient     message   never       0   not_promotional 0
7080 EC_INTERNAL_ERROR                      transient     message   backoff     1   yes             0
7081 EC_CONFIGURATION_ERROR                 configuration channel   never       0   yes             0
7082 EC_TEMPORARY_GATEWAY_ERROR             transient     message   backoff     1   yes             0
7083 EC_SERVICE_NOT_ACTIVATED               configuration channel   never       0   yes             0
7084 EC_MISSING_SENDER_METADATA             configuration channel   never       0   yes             0
7201 EC_UNSUPPORTED_DEVICE                  recipient     recipient never       0   yes             0
7280 EC_DUPLICATE_REQUEST                   none          message   never       0   no              0
"""
# Section 11 gives these as ranges: all are troubles of networks.
NETWORK_IDS = (*range(1024, 1032), *range(1152, 1167), *range(1281, 1285), *range(1536, 1542), *range(1792, 1797))
# whole requests and local refusals: as above
OTHER_ROWS = """
HTTP_400                               message       message   never       0   yes             0
HTTP_400_BATCH                         message       message   backoff     3   yes             0
HTTP_401                               token         channel   never       0   yes             0
HTTP_403                               token         channel   never       0   yes             0
HTTP_404                               configuration channel   never       0   yes             0
HTTP_409                               none          message   never       0   no              0
HTTP_429                               quota         channel   backoff     20  late            0
HTTP_5XX                               transient     message   backoff     2   yes             0
LOCAL_RECIPIENT                        message       message   never       0   yes             0
LOCAL_TOO_LONG                         message       message   never       0   by_policy       0
LOCAL_TEMPLATE_ID                      message       message   never       0   yes             0
LOCAL_CONTENT                          message       message   never       0   by_policy       0
LOCAL_MODE                             message       message   never       0   no              0
LOCAL_ENCRYPTION                       message       message   never       0   by_policy       0
LOCAL_TEXT                             message       message   never       0   yes             0
LOCAL_SENDER                           message       message   never       0   yes             0
"""
STATUS_TABLE = [line.split() for line in STATUS_ROWS.strip().splitlines()]
ERROR_TABLE = [line.split() for line in ERROR_ROWS.strip().splitlines()]
OTHER_TABLE = [line.split() for line in OTHER_ROWS.strip().splitlines()]
ALL = {**ERRORS, **SMS_ERRORS}


def facts(row: ErrorRow) -> list[str]:
    values = (row.code, row.error_class, row.scope, row.retry, row.tries, row.failover, row.remember_days)
    return [str(value) for value in values]


@pytest.mark.parametrize("expected", STATUS_TABLE, ids=[row[0] for row in STATUS_TABLE])
def test_a_status_means(expected: list[str]) -> None:
    assert facts(row_for({"name": expected[0]}, {})) == expected


@pytest.mark.parametrize("expected", ERROR_TABLE, ids=[row[1] for row in ERROR_TABLE])
def test_an_error_means_by_its_name(expected: list[str]) -> None:
    status = {"name": "UNDELIVERABLE_NOT_DELIVERED"}
    assert facts(row_for(status, {"name": expected[1].lower()})) == expected[1:]


@pytest.mark.parametrize("expected", ERROR_TABLE, ids=[row[1] for row in ERROR_TABLE])
def test_an_error_without_a_name_means_by_its_id(expected: list[str]) -> None:
    assert facts(row_for({"name": "EXPIRED_EXPIRED"}, {"id": int(expected[0])})) == expected[1:]


@pytest.mark.parametrize("number", NETWORK_IDS)
def test_a_trouble_of_a_network_passes(number: int) -> None:
    row = row_for({}, {"id": number, "name": "EC_" + "UNSEEN"})
    assert (row.error_class, row.retry, row.tries) == (ErrorClass.TRANSIENT, Retry.BACKOFF, 2)
    assert row.code.startswith("EC_")
    assert row is ALL[row.code]


@pytest.mark.parametrize("expected", OTHER_TABLE, ids=[row[0] for row in OTHER_TABLE])
def test_a_refused_request_means(expected: list[str]) -> None:
    assert facts(ALL[expected[0]]) == expected


def test_the_tables_hold_these_rows_and_no_others() -> None:
    named = [row[0] for row in (*STATUS_TABLE, *OTHER_TABLE)] + [row[1] for row in ERROR_TABLE]
    assert len(ALL) == len(named) + len(NETWORK_IDS)
    assert set(named) <= set(ALL)
    assert set(SHARED) == set(ERRORS) & set(SMS_ERRORS)


@pytest.mark.parametrize("row", ALL.values(), ids=ALL.keys())
def test_a_row_tells_a_person_what_it_means_and_what_to_do(row: ErrorRow) -> None:
    assert len(row.meaning) > 5
    assert row.advice.endswith(".")
    assert len(row.advice) > 10


def test_only_who_is_not_there_blocked_or_opted_out_is_remembered() -> None:
    assert {code for code, row in ALL.items() if row.remember_class_only} == {
        "EC_TEMPLATE_BLOCKED_BY_USER",
        "EC_MARKETING_OPT_OUT",
    }
    assert {row.error_class for row in ALL.values() if row.remember_days} == {ErrorClass.RECIPIENT}


def test_a_lack_of_credit_and_a_flood_ask_for_waits_of_their_own() -> None:
    assert {code: row.retry_seconds for code, row in ALL.items() if row.retry_seconds} == {
        "REJECTED_NOT_ENOUGH_CREDITS": 900,
        "REJECTED_PREPAID_PACKAGE_EXPIRED": 900,
        "REJECTED_FREE_TRIAL_EXCEEDED": 900,
        "EC_PROVIDER_BILLING_ERROR": 900,
        "REJECTED_FLOODING_FILTER": 3600,
        "EC_DESTINATION_FLOODING": 3600,
        "EC_DESTINATION_TXT_FLOODING": 3600,
    }


def test_the_id_87_is_told_apart_by_name() -> None:
    fraud = row_for({"id": 87, "groupId": 5, "name": "SIGNALS_BLOCKED"}, {})
    window = row_for({"id": 87, "groupId": 5, "name": "REJECTED_INVALID_DELIVERY_TIME_WINDOW"}, {})
    assert (fraud.error_class, window.error_class) == (ErrorClass.RECIPIENT, ErrorClass.MESSAGE)


def test_a_clear_status_outweighs_the_error_beside_it() -> None:
    assert row_for({"name": "REJECTED_DND"}, {"name": "EC_TIME_OUT"}).code == "REJECTED_DND"


def test_a_vague_status_gives_way_to_its_error() -> None:
    assert row_for({"name": "UNDELIVERABLE_REJECTED_OPERATOR"}, {"id": 7003}).code == "EC_BLOCKED_USER"


def test_a_vague_status_stands_alone_where_there_is_no_error() -> None:
    no_error = {"name": "NO_ERROR", "id": 0, "permanent": False}
    row = row_for({"name": "UNDELIVERABLE_NOT_DELIVERED"}, no_error)
    assert row is STATUSES["UNDELIVERABLE_NOT_DELIVERED"]


@pytest.mark.parametrize(
    ("permanent", "error_class", "tries"), [(True, ErrorClass.MESSAGE, 0), (False, ErrorClass.TRANSIENT, 2)]
)
def test_an_unlisted_error_is_judged_by_its_flag(permanent: bool, error_class: ErrorClass, tries: int) -> None:
    error = {"name": "EC_QUITE_NEW", "id": 9999, "permanent": permanent}
    row = row_for({"name": "UNDELIVERABLE_NOT_DELIVERED"}, error)
    assert (row.code, row.error_class, row.tries) == ("EC_QUITE_NEW", error_class, tries)


@pytest.mark.parametrize("number", [505, 1100, 1700])
def test_an_unlisted_trouble_of_a_network_passes_whatever_its_flag(number: int) -> None:
    row = row_for({"name": "UNDELIVERABLE_NOT_DELIVERED"}, {"name": "EC_QUITE_NEW", "id": number, "permanent": True})
    assert (row.code, row.error_class, row.tries) == ("EC_QUITE_NEW", ErrorClass.TRANSIENT, 2)


def test_an_unknown_status_is_kept_and_tried_twice() -> None:
    row = row_for({"name": "rejected_quite_new"}, {})
    assert (row.code, row.error_class, row.retry, row.tries) == (
        "REJECTED_QUITE_NEW",
        ErrorClass.TRANSIENT,
        Retry.BACKOFF,
        2,
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"groupName": "PENDING", "name": "PENDING_ENROUTE"}, Stage.UNDER_WAY),
        ({"groupName": "ACCEPTED", "name": "MESSAGE_ACCEPTED"}, Stage.UNDER_WAY),
        ({"groupId": 0}, Stage.UNDER_WAY),
        ({"groupId": "1"}, Stage.UNDER_WAY),
        ({"groupName": "delivered", "name": "Delivered_To_Handset"}, Stage.DELIVERED),
        ({"groupName": "DELIVERED", "name": "DELIVERED_TO_OPERATOR"}, Stage.UNDER_WAY),
        ({"groupId": 2}, Stage.FAILED),
        ({"groupId": 4, "name": "SIGNALS_BLOCKED"}, Stage.FAILED),
        ({"groupName": "REJECTED"}, Stage.FAILED),
        ({"groupName": "REJECTED", "name": "REJECTED_DUPLICATE_MESSAGE_ID"}, Stage.SAME),
        ({"groupId": 9, "name": "SOMETHING"}, Stage.UNREAD),
        ({}, Stage.UNREAD),
    ],
)
def test_a_status_says_how_far_a_message_is(status: dict[str, object], expected: Stage) -> None:
    assert stage(status, {}) is expected


@pytest.mark.parametrize("name", ["EC_DUPLICATE_REQUEST", "EC_DUPLICATE_MESSAGE"])
def test_a_duplicate_says_that_the_first_one_counts(name: str) -> None:
    assert stage({"groupName": "REJECTED"}, {"name": name}) is Stage.SAME


@pytest.mark.parametrize(("status", "code"), [(503, "HTTP_5XX"), (404, "HTTP_404"), (418, "HTTP_418")])
def test_a_request_is_refused_by_its_status(status: int, code: str) -> None:
    assert row_of_http(status).code == code
