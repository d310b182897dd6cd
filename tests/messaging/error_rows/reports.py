"""What reports about accepted messages mean: nxcloud.md 5.2, 5.3 and 6.3, infobip.md 10 and 11 (errors by their ids).

The lines are those of `answers.py`. A leg that was reported as failed is over: it is never tried again.
"""

from typing import Final

REPORTS: Final = {
    "nxcloud": """
R undeliverable undeliverable undeliverable - : -108 -107 9002
R next next undeliverable - : -110 -114 -119 -134 -140
R next next undeliverable 30d : -118
R next next undeliverable 90d : -139 -141
P undeliverable undeliverable undeliverable - : -111 -112 -1121 -1122 -1123 -1124 -113 -1131 -116 -121 -122 -123 -130
P undeliverable undeliverable undeliverable - : -132 -148 -149 -1491 -150 -151 -152 -153 -161 -162 9000
C next next undeliverable channel : -101 -102 -103 -104 -105 -106 -115 -120 -1241 -125 -128 -129 -135 -1351 -136 -137
C next next undeliverable channel : -138 -1381 -124 -216 -220 1100 9003 9004 9005
C undeliverable undeliverable undeliverable - : -126 -127
C next next undeliverable template : -109 -117 -131 -145 -146
Q next next undeliverable - : -32 -133 -144 -147 1102
Q undeliverable undeliverable undeliverable - : -1441 -1471 -1472
T next next undeliverable - : -100 9001 9999 17004 17005 17999
N undeliverable undeliverable undeliverable - : -1091 -1201 -1202 -142 -143 -158 -159 -160
delivered delivered delivered delivered - : 17003
journey sent sent sent - : 17006 17007
""",
    "nxcloud_sms": """
delivered delivered delivered delivered - : DELIVRD
R next next undeliverable - : UNDELIV REJECTD DELETED
T next next undeliverable - : EXPIRED UNKNOWN
R next next undeliverable 90d : DND
R undeliverable undeliverable undeliverable - : ESME_RINVDSTADR
C next next undeliverable channel : ESME_RINVSRCADR
""",
    "infobip": """
sent sent sent sent - : PENDING_WAITING_DELIVERY PENDING_ENROUTE PENDING_ACCEPTED MESSAGE_ACCEPTED
sent sent sent sent - : DELIVERED_TO_OPERATOR
delivered delivered delivered delivered - : DELIVERED_TO_HANDSET
R next next undeliverable - : UNDELIVERABLE_REJECTED_OPERATOR UNDELIVERABLE_NOT_DELIVERED 7010 7020 7025 7201 1 9 11
R next next undeliverable - : 12 566 568 569 629 2049 3041 351 352 810
T next next undeliverable - : 505 1100
T next next undeliverable - : UNDELIVERABLE_NOT_SENT UNDELIVERABLE_REJECTED_PLATFORM EXPIRED_EXPIRED
T next next undeliverable - : EXPIRED_DLR_UNKNOWN REJECTED_SYSTEM_ERROR REJECTED_INTERNAL_ERROR REJECTED_QUITE_NEW
T next next undeliverable - : 7013 7014 7036 7050 7051 7080 7082 7052 5 6 13 27 31 32 33 256 581 811 4098 4101 4100
T next next undeliverable - : 815 24 34 35 36 51 255 500 501 502 503 504 507 508 509 630 631 633 1024 1025 1026 1027
T next next undeliverable - : 1028 1029 1030 1031 1152 1153 1154 1155 1156 1157 1158 1159 1160 1161 1162 1163 1164
T next next undeliverable - : 1165 1166 1281 1282 1283 1284 1536 1537 1538 1539 1540 1541 1792 1793 1794 1795 1796
T next next undeliverable - : 2048 4097 4102
R undeliverable undeliverable undeliverable - : SIGNALS_BLOCKED REJECTED_PREFIX_MISSING REJECTED_DESTINATION 608
R undeliverable undeliverable undeliverable 90d : REJECTED_DND REJECTED_DESTINATION_BLOCKLISTED 7030 7033 560 573 603
R undeliverable undeliverable undeliverable 90d : 604 2050 2052
Q undeliverable undeliverable undeliverable - : REJECTED_FLOODING_FILTER 7032 4103 4104
C next next undeliverable - : REJECTED_NETWORK REJECTED_DESTINATION_NOT_REGISTERED REJECTED_ROUTE_NOT_AVAILABLE
C next next undeliverable channel : REJECTED_SOURCE REJECTED_SENDER 7001 7011 7012 7034 7081 7083 7084 368 375 2053
Q next next undeliverable - : REJECTED_NOT_ENOUGH_CREDITS REJECTED_PREPAID_PACKAGE_EXPIRED
Q next next undeliverable - : REJECTED_FREE_TRIAL_EXCEEDED 7016 7017 7019 7024 7026 541 542 609 4202 4099
ignored sent sent sent - : REJECTED_DUPLICATE_MESSAGE_ID
P undeliverable undeliverable undeliverable - : REJECTED_INVALID_UDH REJECTED_MESSAGE_TOO_LONG MISSING_TO
P undeliverable undeliverable undeliverable - : REJECTED_INVALID_VALIDITY_PERIOD REJECTED_INVALID_DELIVERY_TIME_WINDOW
P undeliverable undeliverable undeliverable - : REJECTED_DATA_TRANSFORMATION_FAILED REJECTED_VALIDATION_FAILED 7006
P undeliverable undeliverable undeliverable - : 7008 7015 7027 323 4096 355 561 607 632
N undeliverable undeliverable undeliverable - : REJECTED_INVALID_AUDIO_FILE_URL REJECTED_UNSUPPORTED_LANGUAGE
N undeliverable undeliverable undeliverable - : REJECTED_MESSAGE_IS_EMPTY REJECTED_INVALID_NOTIFY_URL
N undeliverable undeliverable undeliverable - : REJECTED_INVALID_NOTIFY_CONTENT_TYPE REJECTED_INVALID_DTMF_SIGN
N undeliverable undeliverable undeliverable - : REJECTED_INVALID_DTMF_TIMEOUT REJECTED_INVALID_RING_TIMEOUT
N undeliverable undeliverable undeliverable - : REJECTED_INVALID_CALL_TIMEOUT REJECTED_INVALID_MACHINE_DETECTION
N undeliverable undeliverable undeliverable - : REJECTED_INVALID_ACTIONS REJECTED_INVALID_ACTION_GROUPS
N undeliverable undeliverable undeliverable - : REJECTED_MACHINE_DETECTION_DISABLED REJECTED_INVALID_SSML NO_ANSWER
N undeliverable undeliverable undeliverable - : BUSY CANCELLED REJECTED 7280 5492
R next next undeliverable 30d : 7002
R next next undeliverable 90d : 7003
A next next undeliverable channel : 7004 7005 433 572
C next next undeliverable template : 7007 7009 7037
A next next undeliverable - : 592 597
""",
}
