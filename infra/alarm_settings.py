"""The settings of the alarms: where they are sent, and from which value on.

Owns the same as `settings` for these keys, and the reason of each threshold. What loses a delivery
or an event has no threshold: the first one raises its alarm.
"""

from infra.setting import Setting, between, text

ALARM_EMAIL: Setting[str | None] = Setting(
    key="alarmEmail",
    meaning="The e-mail address that alarms go to. AWS sends it a message to confirm first.",
    accepts="an e-mail address",
    parse=text(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    default=None,
    shown_default="none",
)
ALARM_TOPIC_ARN: Setting[str | None] = Setting(
    key="alarmTopicArn",
    meaning="The ARN of an SNS topic that exists, which alarms go to instead of `alarmEmail`. Its "
    "policy must permit cloudwatch.amazonaws.com to publish.",
    accepts="the ARN of a standard topic such as arn:aws:sns:eu-west-1:123456789012:alarms",
    parse=text(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}"),
    default=None,
    shown_default="none",
)
ALARM_LATE_MINUTES = Setting(
    key="alarmLateMinutes",
    meaning="The minutes after which a change that is not counted yet raises an alarm. Sums are "
    "usually complete in seconds, and five minutes after a backfill of 5,000 alerts.",
    accepts="a whole number of minutes, 1 to 1440",
    parse=between(1, 1_440),
    default=15,
    shown_default="15",
)
ALARM_HOOK_RANGES_HOURS = Setting(
    key="alarmHookRangesHours",
    meaning="The age in hours from which the stored hook ranges raise an alarm. They are refreshed "
    "every hour, and GitHub limits the requests of an address, so one failure is usual.",
    accepts="a whole number of hours, 2 to 168",
    parse=between(2, 168),
    default=3,
    shown_default="3",
)
ALARM_WEBHOOK_REFUSALS = Setting(
    key="alarmWebhookRefusals",
    meaning="The requests to the webhook in an hour that get a status from 400 to 499, except "
    "429, and raise an alarm. Deliveries of a healthy deployment get none, scans a few.",
    accepts="a whole number, 1 to 99999",
    parse=between(1, 99_999),
    default=5,
    shown_default="5",
)
ALARM_CLIENT_ERRORS = Setting(
    key="alarmClientErrors",
    meaning="The requests to the API in five minutes that get a status from 400 to 499 and raise "
    "an alarm. The default is a client that repeats a wrong request every three seconds.",
    accepts="a whole number, 1 to 99999",
    parse=between(1, 99_999),
    default=100,
    shown_default="100",
)
ALARM_FUNCTION_ERRORS = Setting(
    key="alarmFunctionErrors",
    meaning="The errors in five minutes that raise an alarm, of functions whose work is repeated: "
    "the queue handlers and, by its clients, the query function.",
    accepts="a whole number, 1 to 99999",
    parse=between(1, 99_999),
    default=5,
    shown_default="5",
)
DRIFT_THRESHOLD = Setting(
    key="driftThreshold",
    meaning="The alerts that differ from GitHub's in an hour before the alarm of drift is raised.",
    accepts="a whole number, 1 to 99999",
    parse=between(1, 99_999),
    default=10,
    shown_default="10",
)
SETTINGS: tuple[Setting[object], ...] = tuple(
    value for value in list(vars().values()) if isinstance(value, Setting)
)
