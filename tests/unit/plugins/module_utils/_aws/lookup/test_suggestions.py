# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is suggested for a waiter that a service doesn't have: never the opposite, and another service that has it."""

from __future__ import annotations

import pytest
from tests.support.catalog import CATALOG

from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup import suggestions
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.lookup.library_waiters import find
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.models import Models
from ansible_collections.cloudwait.aws.plugins.module_utils._definition.problem import Problem

MODELS = Models(CATALOG)


def unknown(service: str, waiter: str) -> Problem:
    _found, [problem] = find(MODELS, service, waiter)
    return problem


@pytest.mark.parametrize(
    ("service", "waiter", "first"),
    [
        ("neptune", "db_proxy_available", "rds"),
        ("neptune", "DBProxyAvailable", "rds"),
        ("elb", "load_balancer_exists", "elbv2"),
        ("dynamodb", "bucket_exists", "s3"),
        ("route53domains", "resource_record_sets_changed", "route53"),
    ],
)
def test_a_waiter_of_another_service_is_named_with_the_service(service: str, waiter: str, first: str) -> None:
    found = unknown(service, waiter)
    assert f"; {first} " in found.problem or f"; {first}," in found.problem
    assert found.problem.endswith("of that name")
    assert found.suggestion is None


@pytest.mark.parametrize(
    ("service", "waiter", "suggestion"),
    [
        ("ec2", "instance-running", "instance_running"),
        ("rds", "cluster_deleted", "db_cluster_deleted"),
        ("ec2", "instance_runing", "instance_running"),
        ("dynamodb", "table_dont_exists", "table_not_exists"),
        ("s3", "bucket_doesnt_exists", "bucket_not_exists"),
    ],
)
def test_the_services_own_waiter_of_those_words_comes_first(service: str, waiter: str, suggestion: str) -> None:
    assert unknown(service, waiter).suggestion == suggestion


def test_the_opposite_is_never_suggested() -> None:
    names = ["table_exists", "table_not_exists", "instance_running", "instance_stopped", "odd"]
    assert suggestions.without_opposites("table_not_exists", names) == ["table_not_exists", "instance_stopped", "odd"]
    assert suggestions.without_opposites("InstanceRunning", names) == ["table_exists", "instance_running", "odd"]
    assert suggestions.without_opposites("instance_stopd", names) == names


def test_the_services_are_looked_through_for_a_wrong_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> list[str]:
        raise AssertionError("all services were looked through")

    monkeypatch.setattr(suggestions, "services_with", refuse)
    assert find(MODELS, "ec2", "instance_running")[1] == []
