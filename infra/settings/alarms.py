"""The settings of the alarms: where they are sent, and from which value on.

Owns the same as `general` for these keys, and the reason of each threshold. What loses a delivery
or an event has no threshold: the first one raises its alarm.
"""

from infra.settings.setting import NONE, Setting, settings_in, text, whole_number

ALARM_EMAIL: Setting[str | None] = Setting(
    key="alarmEmail",
    meaning="The e-mail address that alarms go to. AWS sends it a message to confirm first.",
    accepts="an e-mail address",
    parse=text(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    default=None,
    shown_default=NONE,
)
ALARM_TOPIC_ARN: Setting[str | None] = Setting(
    key="alarmTopicArn",
    meaning="The ARN of an SNS topic that exists, which alarms go to instead of `alarmEmail`. Its "
    "policy must permit cloudwatch.amazonaws.com to publish.",
    accepts="the ARN of a standard topic such as arn:aws:sns:eu-west-1:123456789012:alarms",
    parse=text(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}"),
    default=None,
    shown_default=NONE,
)
ALARM_LATE_MINUTES = whole_number(
    "alarmLateMinutes",
    "The minutes after which a change that is not counted yet raises an alarm. Sums are "
    "usually complete in seconds, and five minutes after a backfill of 5,000 alerts.",
    least=1,
    most=1_440,
    default=15,
    unit="minutes",
)
ALARM_HOOK_RANGES_HOURS = whole_number(
    "alarmHookRangesHours",
    "The age in hours from which the stored hook ranges raise an alarm. They are refreshed "
    "every hour, and GitHub limits the requests of an address, so one failure is usual.",
    least=2,
    most=168,
    default=3,
    unit="hours",
)
ALARM_WEBHOOK_REFUSALS = whole_number(
    "alarmWebhookRefusals",
    "The requests to the webhook in an hour that get a status from 400 to 499, except "
    "429, and raise an alarm. Deliveries of a healthy deployment get none, scans a few.",
    least=1,
    most=99_999,
    default=5,
)
ALARM_CLIENT_ERRORS = whole_number(
    "alarmClientErrors",
    "The requests to the API in five minutes that get a status from 400 to 499 and raise "
    "an alarm. The default is a client that repeats a wrong request every three seconds.",
    least=1,
    most=99_999,
    default=100,
)
ALARM_FUNCTION_ERRORS = whole_number(
    "alarmFunctionErrors",
    "The errors in five minutes that raise an alarm, of functions whose work is repeated: "
    "the queue handlers and, by its clients, the query function.",
    least=1,
    most=99_999,
    default=5,
)
DRIFT_THRESHOLD = whole_number(
    "driftThreshold",
    "The alerts that differ from GitHub's in an hour before the alarm of drift is raised.",
    least=1,
    most=99_999,
    default=10,
)
SETTINGS = settings_in(vars())
