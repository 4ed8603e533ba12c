"""The domain of a team for the API: with TLS 1.2 or newer, over IPv4 and IPv6.

Owns the mapping to the API's stage and the records in Route 53. The certificate and the hosted zone
exist already; the stack never changes other records of the zone.
"""

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_certificatemanager as certificatemanager
from aws_cdk import aws_route53 as route53
from constructs import Construct

_RECORD_TYPES = ("A", "AAAA")


class CustomDomain(Construct):
    """A domain whose requests go to a stage of an API.

    `target` is the address that the domain's records in the DNS must lead to.
    """

    def __init__(  # noqa: PLR0913
        self,
        scope: Construct,
        name: str,
        *,
        domain_name: str,
        certificate_arn: str,
        hosted_zone_id: str | None,
        stage: apigateway.HttpStage,
        api: apigateway.HttpApi,
    ) -> None:
        super().__init__(scope, name)
        domain = apigateway.DomainName(
            self,
            "Name",
            domain_name=domain_name,
            certificate=certificatemanager.Certificate.from_certificate_arn(
                self, "Certificate", certificate_arn
            ),
            security_policy=apigateway.SecurityPolicy.TLS_1_2,
            ip_address_type=apigateway.IpAddressType.DUAL_STACK,
        )
        mapping = apigateway.ApiMapping(self, "Mapping", api=api, domain_name=domain, stage=stage)
        # The mapping names the stage by a text, so CloudFormation does not see that it needs it.
        mapping.node.add_dependency(stage)
        self.target = domain.regional_domain_name
        if hosted_zone_id is None:
            return
        for record_type in _RECORD_TYPES:
            route53.CfnRecordSet(
                self,
                record_type,
                name=domain_name,
                type=record_type,
                hosted_zone_id=hosted_zone_id,
                alias_target=route53.CfnRecordSet.AliasTargetProperty(
                    dns_name=domain.regional_domain_name,
                    hosted_zone_id=domain.regional_hosted_zone_id,
                ),
            )
