"""One stack for all end-to-end tests: the CDK app, deployed to its own emulator."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.deployment import Deployment, deploy
from infra.local.emulator import running_emulator
from tests.support.graphql_api.token_issuer import OWNER_ID, Issuer, issuing
from tests.support.meta_server import MetaServer, serving_meta


@pytest.fixture(scope="session")
def meta() -> Iterator[MetaServer]:
    with serving_meta() as server:
        yield server


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with issuing() as served:
        yield served


@pytest.fixture(scope="session")
def deployment(
    tmp_path_factory: pytest.TempPathFactory, meta: MetaServer, issuer: Issuer
) -> Iterator[Deployment]:
    folder: Path = tmp_path_factory.mktemp("stack")
    settings = {
        "oidcIssuer": issuer.url,
        "oidcOwners": f"{OWNER_ID}=octo-org,{OWNER_ID}=octo-labs",
    }
    with running_emulator(folder) as emulator:
        yield deploy(emulator.endpoint, meta_url=meta.url, folder=folder, settings=settings)
