# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How clients are configured: timeouts, retries, and which of these the user can change."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest

from ansible_collections.cloudwait.aws.plugins.module_utils._module import wait_many
from ansible_collections.cloudwait.aws.plugins.module_utils._module.connection import Connection, connect


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test sets."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")


def connection(**given: Any) -> Connection:
    params = {"region": "us-east-1", "access_key": "AKID", "secret_key": "secret", "validate_certs": True, **given}
    return Connection.of(SimpleNamespace(params=params, no_log_values=set(), fail_json=None))


def test_a_connection_that_does_not_come_about_is_given_up_soon_and_an_answer_is_waited_for() -> None:
    config = connect(connection(), "ec2").meta.config
    assert (config.connect_timeout, config.read_timeout) == (10, 60)


def test_the_sdk_sends_no_request_again() -> None:
    assert connect(connection(), "ec2").meta.config.retries["total_max_attempts"] == 1


def test_what_the_user_configures_is_in_force() -> None:
    config = connect(connection(aws_config={"connect_timeout": 2, "read_timeout": 7}), "ec2").meta.config
    assert (config.connect_timeout, config.read_timeout) == (2, 7)
    assert config.retries["total_max_attempts"] == 1


def test_a_password_in_an_endpoint_of_the_environment_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://me:tiger@127.0.0.1:4566")
    module = SimpleNamespace(params=connection().params, no_log_values=set(), fail_json=None)
    client = connect(Connection.of(module, region="eu-west-1"), "ec2")
    assert client.meta.region_name == "eu-west-1"
    assert module.no_log_values == {"tiger"}


def operations(client: Any) -> int:
    return len(client.meta.service_model.operation_names)


def test_a_client_has_the_operation_that_it_is_for_and_without_one_all() -> None:
    assert list(connect(connection(), "sqs", "GetQueueUrl").meta.method_to_api_mapping) == ["get_queue_url"]
    assert operations(connect(connection(), "sqs", "GetQueueURL")) > 10  # the name is wrong
    assert operations(connect(connection(), "sqs")) > 10


@pytest.mark.parametrize("lacks", ["register_component", "get_component"])
def test_a_botocore_without_replaceable_loaders_loads_all(lacks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = getattr(botocore.session.Session, lacks)

    def fails(session: Any, name: str, *more: Any) -> Any:
        if name == "data_loader" and sys._getframe(1).f_code.co_name == "_session":
            raise AttributeError(lacks)
        return found(session, name, *more)

    monkeypatch.setattr(botocore.session.Session, lacks, fails)
    assert operations(connect(connection(), "sqs", "GetQueueUrl")) > 10


def test_the_waits_of_a_task_have_one_client_for_the_first_operation_and_one_for_all_others() -> None:
    module = SimpleNamespace(params=connection().params, no_log_values=set(), fail_json=None)
    clients, account = wait_many.Clients(module), (None, None)
    first = clients.get(account, "sqs", "GetQueueUrl")
    others = clients.get(account, "sqs", "ListQueues")
    assert (operations(first), operations(others) > 10) == (1, True)
    assert clients.get(account, "sqs", "GetQueueUrl") is first
    assert clients.get(account, "sqs", "ListQueueTags") is clients.get(account, "sqs") is others
    assert clients.get(("eu-west-1", None), "sqs", "ListQueues") not in (first, others)
