"""List prices of AWS in us-east-1, on demand, first tier, in US dollars. Check them before use."""

REVIEWED = "2026-11-29"
"""The day when the prices of Lambda, DynamoDB, SQS and Step Functions were compared with public
pages.
The others are list prices of 2025."""

HTTP_API_REQUEST = 1.00e-6
"""https://aws.amazon.com/api-gateway/pricing/"""
EVENT = 1.00e-6
"""https://aws.amazon.com/eventbridge/pricing/"""
ARCHIVED_GB = 0.10
"""https://aws.amazon.com/eventbridge/pricing/"""
EXPRESS_REQUEST = 1.00e-6
"""https://aws.amazon.com/step-functions/pricing/"""
EXPRESS_GB_HOUR = 0.06
"""https://aws.amazon.com/step-functions/pricing/"""
LAMBDA_REQUEST = 0.20e-6
"""https://aws.amazon.com/lambda/pricing/"""
LAMBDA_ARM_GB_SECOND = 0.0000133334
"""https://aws.amazon.com/lambda/pricing/"""
FIFO_REQUEST = 0.50e-6
"""https://aws.amazon.com/sqs/pricing/"""
WRITE_UNIT = 0.625e-6
"""https://aws.amazon.com/dynamodb/pricing/on-demand/"""
READ_UNIT = 0.125e-6
"""https://aws.amazon.com/dynamodb/pricing/on-demand/"""
LOGS_GB = 0.50
"""https://aws.amazon.com/cloudwatch/pricing/"""
ALARM_MONTH = 0.10
COMPOSITE_ALARM_MONTH = 0.50
"""https://aws.amazon.com/cloudwatch/pricing/"""
SECRET_MONTH = 0.40
"""https://aws.amazon.com/secrets-manager/pricing/"""
METRIC_MONTH = 0.30
"""https://aws.amazon.com/cloudwatch/pricing/"""
DASHBOARD_MONTH = 3.00
"""https://aws.amazon.com/cloudwatch/pricing/"""
TRACE = 5.00e-6
"""https://aws.amazon.com/xray/pricing/"""
STORED_GB_MONTH = 0.023
"""https://aws.amazon.com/s3/pricing/"""
