"""What answers to sends mean: zalo-zns-oa.md 8.1, 8.2; zalo-mini-app.md 4; nxcloud.md 5, 6.2; infobip.md 9 and 10.

On each line: the class's letter; what becomes of a message that has another step behind it, of one whose validity ends
before another call, of one at its last step; what is stopped or for how many days remembered; the codes. `retry3>next`
is three more calls, then the next step; behind a colon stands when. A refused token (A) waits for its renewal, or stops
the channel where nothing can be renewed: that is the sender's part, not the settle's. 98765 stands for unknown codes.
"""

from typing import Final

ANSWERS: Final = {
    "zns": """
R next next rejected - : -108 -110 -114 -119 -134 -140
R next next rejected 30d : -118
R next next rejected 90d : -139 -141
P rejected rejected rejected - : -111 -112 -1121 -1122 -1123 -1124 -113 -1131 -116 -121 -122 -123 -130 -132 -148 -149
P rejected rejected rejected - : -1491 -150 -151 -152 -153 -161 -162
C next next held:5s channel : -101 -102 -103 -104 -105 -106 -115 -120 -1241 -125 -128 -129 -135 -1351 -136 -138 -1381
C next next retry2:900s>held:5s ->channel : -137
C rejected rejected rejected - : -126 -127
C next next held:300s template : -109 -117 -131 -145 -146
A held:5s held:5s held:5s - : -124 -216 -220
Q held:minute next held:minute - : -32
Q held:morning next held:morning - : -133
Q held:day next held:day - : -144 -147
Q held:month held:month held:month - : -1441 -1471
Q held:day held:day held:day - : -1472
T retry3>next next retry3>undeliverable - : -100 http-429
N rejected rejected rejected - : -107 -1091 -1201 -1202 -142 -143 -158 -159 -160
T retry2>next next retry2>undeliverable - : -98765
""",
    "zns_uid": """
R next next rejected - : -108 -110 -114 -119 -134 -140 -201-user -213 -222 -227 -230 -232 -305 -311
R next next rejected 30d : -118
R next next rejected 90d : -139 -141 -217 -244
P rejected rejected rejected - : -111 -112 -1121 -1122 -1123 -1124 -113 -1131 -116 -121 -122 -123 -130 -132 -148 -149
P rejected rejected rejected - : -1491 -150 -151 -152 -153 -161 -162 -201 -202 -210 -233
C next next held:5s channel : -101 -102 -103 -104 -105 -106 -115 -120 -1241 -125 -128 -129 -135 -1351 -136 -138 -1381
C next next held:5s channel : -204 -205 -209 -212 -215 -219 -221 -223 -224 -235 -240 -242 -320 -321 -207 -208
C next next retry2:900s>held:5s ->channel : -137
C rejected rejected rejected - : -126 -127
C next next held:300s template : -109 -117 -131 -145 -146 -249
A held:5s held:5s held:5s - : -124 -216 -220
Q held:minute next held:minute - : -32 -32-oa
Q held:morning next held:morning - : -133 -234
Q held:day next held:day - : -144 -147 -211 -218
Q held:month held:month held:month - : -1441 -1471
Q held:day held:day held:day - : -1472
T retry3>next next retry3>undeliverable - : -100 http-429 -200
N rejected rejected rejected - : -107 -1091 -1201 -1202 -142 -143 -158 -159 -160 -214 -223-article -237 -238 -241 -403
N rejected rejected rejected - : -1340 -1341
P rejected rejected rejected template : -248
T retry2>next next retry2>undeliverable - : -98765
""",
    "oa": """
Q held:minute next held:minute - : -32 -32-oa
T retry3>next next retry3>undeliverable - : -200 -100-unknown http-429
C next next held:5s channel : -204 -205 -209 -212 -215 -219 -221 -223 -224 -235 -240 -242 -320 -321 -207 -208
A held:5s held:5s held:5s - : -216 -220
R next next rejected - : -201-user -213 -222 -227 -230 -232 -305 -311
R next next rejected 90d : -217 -244
P rejected rejected rejected - : -100 -201 -202 -210 -233
P rejected rejected rejected template : -248
C next next held:300s template : -249
Q held:day next held:day - : -211 -218
Q held:morning next held:morning - : -234
N rejected rejected rejected - : -214 -223-article -237 -238 -241 -403 -1340 -1341
T retry2>next next retry2>undeliverable - : -98765
""",
    "mini_app": """
C held:5s next held:5s channel : -102 -104 -106 -108 -112 -113 -114 http-401 http-403
C rejected rejected rejected - : -115 -116
P rejected rejected rejected - : -100 -101 -117 http-400
R next next rejected 30d : -110
R next next rejected 7d : -111
Q retry8>next next retry8>rejected - : -103 http-429
Q next next held:day - : -109
T retry2>next next retry2>undeliverable - : -107 -98765
""",
    "nxcloud": """
A held:5s held:5s held:5s - : 1000 1001 1005 1 1050
P rejected rejected rejected - : 1002 9000
A retry2>held:5s retry retry2>held:5s - : 1003
T retry1>next next retry1>undeliverable - : 1004
T retry2>next next retry2>undeliverable - : -1 17004 17005 98765
C next next held:5s channel : 1100 9003 9004 9005
Q next next retry3:300s>rejected - : 1102
T retry3>next next retry3>undeliverable - : 9001 9999 http-429
R rejected rejected rejected - : 9002
C next next held:300s template : 17001 17002
N rejected rejected rejected - : 17003 17006 17007
""",
    "nxcloud_sms": """
A held:5s held:5s held:5s - : 1000 1001 1005 1 9 1050
P rejected rejected rejected - : 1002 9000 2 4 5 7 103 104
A retry2>held:5s retry retry2>held:5s - : 1003
T retry1>next next retry1>undeliverable - : 1004
T retry2>next next retry2>undeliverable - : -1 98765
C next next held:5s channel : 1100 9003 9004 9005 8 101 102 12 13 14 15 16 17 20 21 22 23 24
Q next next retry3:300s>rejected - : 1102 3
T retry3>next next retry3>undeliverable - : 9001 9999 88 99 http-429
R rejected rejected rejected - : 9002 6
accepted sent sent sent - : 26
Q next next retry1:3600s>rejected - : 27
Q retry5>rejected retry retry5>rejected - : 28
""",
    "infobip": """
accepted sent sent sent - : PENDING_WAITING_DELIVERY PENDING_ENROUTE PENDING_ACCEPTED MESSAGE_ACCEPTED
accepted sent sent sent - : DELIVERED_TO_OPERATOR DELIVERED_TO_HANDSET REJECTED_DUPLICATE_MESSAGE_ID
R next next rejected - : UNDELIVERABLE_REJECTED_OPERATOR UNDELIVERABLE_NOT_DELIVERED
T retry1>next next retry1>undeliverable - : UNDELIVERABLE_NOT_SENT UNDELIVERABLE_REJECTED_PLATFORM
T next next undeliverable - : EXPIRED_EXPIRED
unknown unknown unknown unknown - : EXPIRED_DLR_UNKNOWN HTTP_5XX
R rejected rejected rejected - : SIGNALS_BLOCKED REJECTED_PREFIX_MISSING REJECTED_DESTINATION
R rejected rejected rejected 90d : REJECTED_DND REJECTED_DESTINATION_BLOCKLISTED
Q retry1:3600s>rejected retry:3600s retry1:3600s>rejected - : REJECTED_FLOODING_FILTER
C next next rejected - : REJECTED_NETWORK REJECTED_DESTINATION_NOT_REGISTERED REJECTED_ROUTE_NOT_AVAILABLE
C next next held:5s channel : REJECTED_SOURCE REJECTED_SENDER HTTP_404
Q next next retry2:900s>rejected - : REJECTED_NOT_ENOUGH_CREDITS REJECTED_PREPAID_PACKAGE_EXPIRED
Q next next retry2:900s>rejected - : REJECTED_FREE_TRIAL_EXCEEDED
T retry3>next next retry3>undeliverable - : REJECTED_SYSTEM_ERROR REJECTED_INTERNAL_ERROR
P rejected rejected rejected - : REJECTED_INVALID_UDH REJECTED_MESSAGE_TOO_LONG MISSING_TO
P rejected rejected rejected - : REJECTED_INVALID_VALIDITY_PERIOD REJECTED_INVALID_DELIVERY_TIME_WINDOW
P rejected rejected rejected - : REJECTED_DATA_TRANSFORMATION_FAILED REJECTED_VALIDATION_FAILED HTTP_400
N rejected rejected rejected - : REJECTED_INVALID_AUDIO_FILE_URL REJECTED_UNSUPPORTED_LANGUAGE
N rejected rejected rejected - : REJECTED_MESSAGE_IS_EMPTY REJECTED_INVALID_NOTIFY_URL
N rejected rejected rejected - : REJECTED_INVALID_NOTIFY_CONTENT_TYPE REJECTED_INVALID_DTMF_SIGN
N rejected rejected rejected - : REJECTED_INVALID_DTMF_TIMEOUT REJECTED_INVALID_RING_TIMEOUT
N rejected rejected rejected - : REJECTED_INVALID_CALL_TIMEOUT REJECTED_INVALID_MACHINE_DETECTION
N rejected rejected rejected - : REJECTED_INVALID_ACTIONS REJECTED_INVALID_ACTION_GROUPS
N rejected rejected rejected - : REJECTED_MACHINE_DETECTION_DISABLED REJECTED_INVALID_SSML NO_ANSWER BUSY CANCELLED
N rejected rejected rejected - : REJECTED HTTP_409
A held:5s held:5s held:5s - : HTTP_401 HTTP_403
Q retry20>next next retry20>rejected - : HTTP_429
T retry2>next next retry2>undeliverable - : REJECTED_QUITE_NEW
""",
}
