# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way to the catalogue: the data of a service are loaded when they are asked for, and next to no others."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from . import __path__ as _folders

if TYPE_CHECKING:  # Ansible sends to the host what it sees imported, and sees this without running it
    from . import (  # noqa: F401
        acm,
        amplify,
        apigateway,
        apigatewayv2,
        apprunner,
        appsync,
        athena,
        autoscaling,
        backup,
        batch,
        bedrock,
        bedrock_agent,
        cloudformation,
        cloudfront,
        cloudhsmv2,
        cloudtrail,
        codebuild,
        codepipeline,
        config,
        corrections_a_d,
        corrections_e_l,
        corrections_m_q,
        corrections_r_z,
        databrew,
        datasync,
        dax,
        directconnect,
        docdb,
        ds,
        dynamodb,
        ec2,
        ecs,
        efs,
        eks,
        elasticache,
        emr_containers,
        emr_serverless,
        events,
        firehose,
        fis,
        fsx,
        glacier,
        globalaccelerator,
        glue,
        guardduty,
        iot,
        kafka,
        kafkaconnect,
        kendra,
        kinesis,
        kinesisanalyticsv2,
        kms,
        lambda_,
        lightsail,
        logs,
        mediaconvert,
        memorydb,
        mq,
        mwaa,
        neptune,
        network_firewall,
        networkmanager,
        opensearch,
        opensearchserverless,
        organizations,
        pipes,
        quicksight,
        rds,
        redshift,
        redshift_data,
        redshift_serverless,
        route53resolver,
        s3control,
        sagemaker,
        servicecatalog,
        servicediscovery,
        sesv2,
        ssm,
        sso_admin,
        stepfunctions,
        synthetics,
        textract,
        timestream_influxdb,
        transfer,
        vpc_lattice,
        workspaces,
    )

Changes = list[dict[str, Any]]

# Most services have few: in files of their own they would weigh twice as much. The last letter says where one ends.
_CORRECTIONS = ("corrections_a_d", "corrections_e_l", "corrections_m_q", "corrections_r_z")
_SPELT = {"lambda": "lambda_"}  # a word of Python's


def module_of(service: str) -> str:
    """The name of the module that holds a service's data."""
    return _SPELT.get(service, service.replace("-", "_"))


def modules() -> list[str]:
    """The names of all modules that hold data, sorted."""
    return sorted(module.name for module in iter_modules(_folders) if module.name != "load")


def waiters(service: str) -> Mapping[str, dict[str, Any]]:
    """The service's waiters that boto3 lacks: snake_case name → definition in the short or the long form."""
    return _data(module_of(service), "WAITERS")


def corrections(service: str) -> Mapping[str, Changes]:
    """The repairs of the service's built-in waiters: the waiter's name in the model → its changes.

    A change has a ``reason`` and one of: ``path`` and ``failure``, values of that path that are failures, as in the
    short form; ``now`` alone, an acceptor in the long form that is asked first; ``was`` and ``now``, the acceptor as
    botocore ships it and what replaces it; ``was`` alone, an acceptor that is left out; ``gone: True``, a resource that
    was seen and isn't there any more has been deleted, which is what is awaited.
    """
    name = next((name for name in _CORRECTIONS if service[0] <= name[-1]), _CORRECTIONS[-1])
    found: Mapping[str, Changes] = _data(name, "CORRECTIONS").get(service, {})
    return found


def _data(module: str, name: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = getattr(import_module(f".{module}", __package__), name, {})
    except ModuleNotFoundError:
        return {}
    return found
