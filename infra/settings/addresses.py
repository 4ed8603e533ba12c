"""The settings about the addresses of the API: its domain, and the pages for people.

Owns the same as `general` for these keys.
"""

from infra.settings.setting import NONE, Setting, flag, settings_in, text

_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

DOMAIN_NAME: Setting[str | None] = Setting(
    key="domainName",
    meaning="The domain of the webhook and of GraphQL. It needs certificateArn.",
    accepts="a domain in lower case such as gcsmttr.example.com",
    parse=text(rf"(?=.{{4,253}}$){_LABEL}(\.{_LABEL})+"),
    default=None,
    shown_default=NONE,
)
CERTIFICATE_ARN: Setting[str | None] = Setting(
    key="certificateArn",
    meaning="The certificate of domainName in AWS Certificate Manager, in the stack's Region.",
    accepts="an ARN such as arn:aws:acm:eu-west-1:111122223333:certificate/…",
    parse=text(r"arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-zA-Z0-9-]+"),
    default=None,
    shown_default=NONE,
)
HOSTED_ZONE_ID: Setting[str | None] = Setting(
    key="hostedZoneId",
    meaning="The hosted zone in Route 53 that gets the records of domainName. Without it, make a "
    "CNAME record to the address in the output DomainTarget.",
    accepts="the id of a hosted zone such as Z0123456789ABCDEFGHIJ",
    parse=text("Z[A-Z0-9]{1,31}"),
    default=None,
    shown_default=NONE,
)
EXECUTE_API_ENDPOINT = flag(
    "executeApiEndpoint",
    "Whether the address that AWS gives the API works too. Change webhooks to domainName "
    "before you turn it off.",
    default=True,
)
DASHBOARD_PAGE = flag(
    "dashboardPage",
    "Whether the stack serves the dashboard. Without it, it has no DashboardUrl either.",
    default=True,
)
GRAPHIQL = flag(
    "graphiql",
    "Whether the stack serves GraphiQL. Without it, it has no GraphiqlUrl either.",
    default=True,
)
BADGES = flag(
    "badges",
    "Whether the stack serves badges at /badge. Everyone with the address of a badge can read its "
    "number. Without them, it has no BadgesUrl either.",
    default=True,
)
LANDING_PAGE = flag(
    "landingPage",
    "Whether the address of the API without a path leads to the dashboard; to GraphiQL if "
    "dashboardPage is false.",
    default=True,
)

SETTINGS = settings_in(vars())
