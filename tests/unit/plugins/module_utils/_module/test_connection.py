# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How clients are configured: timeouts, retries, and which of these the user can change."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

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
