"""Rollup: from alerts to the overviews of repositories, and from those to organisations.

A change passes four Lambda functions, two for each level:

1. `alert_stream_handler` reads the stream of All Events and sends the changed alerts to the
   repository queue.
2. `repository_queue_handler` reads that queue and writes Repository Overview and the ledger.
3. `repository_stream_handler` reads the stream of Repository Overview and sends the changed rows to
   the organisation queue.
4. `organisation_queue_handler` reads that queue and the named rows of Repository Overview, and
   writes Organisation Overview and the ledger.

`rollup_step` computes what one transaction writes, so that each change counts exactly once. The
subpackages, from the handlers inwards:

- `queues`: the messages of the two queues, and the batches that are sent and received.
- `stores`: consistent reads and conditional transactions. Only `stores` calls DynamoDB.
- `rows`: the items of the overview tables and the ledger, and their packed counts.
- `service_levels`: targets and due alerts, for queries and settings. Pure.
- `metrics`: all metric arithmetic, also for queries. Independent of rows, tables and AWS.

`errors` contains the base of the package's errors. The package imports only `ingest` from the
project. The check and repair of the overviews is in `operations.overviews`.
"""
