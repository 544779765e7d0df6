# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Missing credentials are found before the first request, and a client that needs none is accepted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import botocore
import botocore.session
import pytest
from botocore.config import Config
from botocore.credentials import DeferredRefreshableCredentials
from botocore.tokens import FrozenAuthToken

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.credentials import missing_credentials


def client(service: str, credentials: Any = None, token: Any = None, **config: Any) -> Any:
    """A client of a session that finds only these credentials."""
    session = botocore.session.Session()
    session._credentials = credentials
    session.get_credentials = lambda: credentials
    session.get_auth_token = lambda **_more: token
    return session.create_client(service, region_name="us-east-1", config=Config(**config))


def problem(made: Any, operation: str | None, profile: str | None = None) -> str | None:
    model = made.meta.service_model.operation_model(operation) if operation is not None else None
    return next((found.sentence for found in missing_credentials(made, model, profile)), None)


@pytest.mark.parametrize(
    ("service", "operation"),
    [("s3", "HeadBucket"), ("ec2", "DescribeInstances"), ("cognito-idp", "DescribeUserPool"), ("ec2", None)],
)
def test_where_requests_are_signed_missing_credentials_are_said(service: str, operation: str | None) -> None:
    said = problem(client(service), operation)
    assert said is not None
    assert said.startswith("credentials: no AWS credentials were found in the module's options, the environment")
    in_profile = problem(client(service), operation, "nightly")
    assert in_profile is not None
    assert "for the profile 'nightly'" in in_profile


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("cognito-idp", "GetUser"),  # the model says that it isn't signed
        ("cognito-identity", "GetId"),  # a botocore handler says that it isn't signed
        ("sso", "ListAccounts"),
        ("codecatalyst", "GetSpace"),  # a bearer token instead
    ],
)
def test_where_nothing_is_signed_none_are_needed(service: str, operation: str) -> None:
    assert problem(client(service), operation) is None


def test_an_anonymous_client_needs_none() -> None:
    unsigned = client("s3", signature_version=botocore.UNSIGNED)
    assert problem(unsigned, "HeadBucket") is None
    assert problem(unsigned, None) is None


def test_a_token_takes_their_place() -> None:
    assert problem(client("bedrock", token=FrozenAuthToken("t")), "ListFoundationModels") is None


def test_credentials_that_are_fetched_when_they_are_used_are_not_fetched() -> None:
    def fetch() -> Any:
        raise AssertionError("a request was sent")

    assert problem(client("s3", DeferredRefreshableCredentials(fetch, "assume-role")), "HeadBucket") is None


def test_a_client_that_does_not_tell_is_taken_at_its_word() -> None:
    assert missing_credentials(SimpleNamespace(), None, None) == []
    assert missing_credentials(SimpleNamespace(_request_signer=SimpleNamespace()), None, None) == []
    assert missing_credentials(SimpleNamespace(_request_signer=SimpleNamespace(_credentials=None)), None, None) == []
