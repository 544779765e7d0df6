# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known about services without a client: botocore's models, waiters and paginators, and the catalogue."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from .._definition.catalog import Catalog
from .._definition.problem import Problem, cite, nearest
from .botocore_imports import botocore
from .data_loader import DataLoader, TrimmedLoader

# What services are called elsewhere (in consoles, other SDKs, endpoints), where no boto3 name is spelt like it.
_OTHER_NAMES = {
    "airflow": "mwaa",
    "alb": "elbv2",
    "certificatemanager": "acm",
    "cloudcontrolapi": "cloudcontrol",
    "cloudmap": "servicediscovery",
    "cloudwatchevents": "events",
    "cloudwatchevent": "events",
    "cloudwatchlog": "logs",
    "cloudwatchlogs": "logs",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "directoryservice": "ds",
    "documentdb": "docdb",
    "elasticcontainerregistry": "ecr",
    "elasticcontainerservice": "ecs",
    "elasticfilesystem": "efs",
    "elastickubernetesservice": "eks",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticmapreduce": "emr",
    "elasticsearch": "es",
    "eventbridge": "events",
    "keymanagementservice": "kms",
    "kinesisfirehose": "firehose",
    "managedgrafana": "grafana",
    "msk": "kafka",
    "lb": "elbv2",
    "nlb": "elbv2",
    "opensearchservice": "opensearch",
    "parameterstore": "ssm",
    "prometheus": "amp",
    "s3api": "s3",
    "sfn": "stepfunctions",
    "simplenotificationservice": "sns",
    "simplequeueservice": "sqs",
    "states": "stepfunctions",
    "systemsmanager": "ssm",
}

# The service of Terraform's resources whose names, after aws_, don't begin with it.
_RESOURCES = {
    "ami": "ec2",
    "db": "rds",
    "ebs": "ec2",
    "eip": "ec2",
    "instance": "ec2",
    "nat": "ec2",
    "spot": "ec2",
    "subnet": "ec2",
    "volume": "ec2",
    "vpc": "ec2",
    "vpn": "ec2",
}


class Models:
    """botocore's data files, read on demand. Needs neither credentials nor a network."""

    def __init__(self, catalog: Catalog = Catalog()) -> None:  # noqa: B008  # it can't change
        """``catalog``: what the task was given of the collection's own waiters and corrections."""
        self.catalog = catalog

    @cached_property
    def _loader(self) -> Any:
        # only a session knows where models are searched; its handlers take 9 ms to register and are only for clients
        session = botocore.session.Session(include_builtin_handlers=False)
        try:
            loader = session.get_component("data_loader")
        except botocore.exceptions.BotoCoreError:  # an invalid profile or file matters only to clients
            loader = botocore.loaders.create_loader(os.environ.get("AWS_DATA_PATH"))
        return DataLoader(loader.search_paths)

    def services(self) -> list[str]:
        """The names of all services, sorted."""
        return sorted(self._loader.list_available_services("service-2"))

    def service_problems(self, service: str) -> list[Problem]:
        """A problem with the nearest name if botocore has no such service; else empty."""
        if not service.replace("-", "").isalnum():  # a path to a service would be found in part
            return [self._unknown(service)]
        try:
            self._loader.determine_latest_version(service, "service-2")
        except (botocore.exceptions.DataNotFoundError, ValueError):
            return [self._unknown(service)]
        return []

    def service_model(self, service: str, operation: str | None = None) -> Any:
        """botocore's ServiceModel of a service without ``service_problems``.

        ``operation``: leave out the others, if the service has it.
        """
        loader = self._loader if operation is None else TrimmedLoader(self._loader, service, operation)
        return botocore.model.ServiceModel(loader.load_service_model(service, "service-2"), service)

    def waiters(self, service: str) -> Mapping[str, Mapping[str, Any]]:
        """The built-in waiters as botocore ships them, by their CamelCase names; may be empty."""
        waiters: Mapping[str, Mapping[str, Any]] = self._data(service, "waiters-2").get("waiters", {})
        return waiters

    def paginator(self, service: str, operation: str) -> Mapping[str, Any] | None:
        """botocore's paginator for an operation (``input_token, output_token, result_key …``), or None."""
        paginator: Mapping[str, Any] | None = self._data(service, "paginators-1").get("pagination", {}).get(operation)
        return paginator

    def _data(self, service: str, kind: str) -> Mapping[str, Any]:
        # load_service_model adds botocore's "sdk-extras": of these kinds, only paginators have any, for members that
        # aren't merged
        try:
            version = self._loader.determine_latest_version(service, kind)
            data: Mapping[str, Any] = self._loader.load_data(f"{service}/{version}/{kind}")
        except botocore.exceptions.DataNotFoundError:
            return {}
        return data

    def _unknown(self, service: str) -> Problem:
        if not service.strip():
            return Problem("service", "is empty")
        known = self.services()
        near = next((name for part in _names_in(service) if (name := _known_as(part, known))), nearest(service, known))
        return Problem("service", f"boto3 has no service {cite(service)}", near)


def _known_as(name: str, known: Sequence[str]) -> str | None:
    """The boto3 name of a service that is called ``name`` elsewhere."""
    folded = "".join(sign for sign in name.casefold() if sign.isalnum())
    other = _OTHER_NAMES.get(folded, folded)
    return next((service for service in known if service.replace("-", "") == other.replace("-", "")), None)


def _names_in(service: str) -> Iterator[str]:
    """What names the service in its name elsewhere: ``rds`` in Terraform's ``aws_rds_cluster``, in CloudFormation's
    ``AWS::RDS::DBInstance``, and in an endpoint.
    """
    yield service
    cloudformation = service.split("::")
    if len(cloudformation) > 1 and cloudformation[0].casefold() == "aws":
        yield cloudformation[1]
    kind, *words = service.casefold().split("_")
    if kind == "aws":
        for count in range(len(words), 0, -1):
            yield "".join(words[:count])
        yield from (_RESOURCES[word] for word in words[:1] if word in _RESOURCES)
