# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loading less of botocore's data: what is left out, what is cached, and that nothing of it changes a client."""

from __future__ import annotations

import hashlib
import inspect
import json
from pathlib import Path
from typing import Any

import botocore.loaders
import botocore.model
import botocore.session
import pytest
from botocore import exceptions

from ansible_collections.cloudwait.aws.plugins.module_utils._aws import data_loader
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.cache_folder import CacheFolder
from ansible_collections.cloudwait.aws.plugins.module_utils._aws.data_loader import DataLoader, TrimmedLoader

PLAIN = botocore.loaders.create_loader()
WHOLE = DataLoader(PLAIN.search_paths)
POLLED = [
    ("ec2", "DescribeInstances"),
    ("s3", "HeadObject"),
    ("rds", "DescribeDBInstances"),
    ("ecs", "DescribeServices"),
    ("dynamodb", "DescribeTable"),
    ("elbv2", "DescribeTargetHealth"),
    ("cloudwatch", "DescribeAlarms"),
    ("timestream-query", "DescribeScheduledQuery"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def trimmed(service: str, operation: str, folder: Path, whole: DataLoader = WHOLE) -> TrimmedLoader:
    return TrimmedLoader(whole, service, operation, CacheFolder(str(folder)))


def described(shape: Any, seen: tuple[str, ...] = ()) -> Any:
    """All that a model says of a shape, to its ends, but for the descriptions."""
    if shape is None or shape.name in seen:
        return getattr(shape, "name", None)
    inner = (*seen, shape.name)
    parts = {name: described(member, inner) for name, member in getattr(shape, "members", {}).items()}
    items = [described(getattr(shape, part), inner) for part in ("member", "key", "value") if hasattr(shape, part)]
    return shape.name, shape.type_name, shape.serialization, shape.metadata, getattr(shape, "enum", None), parts, items


@pytest.mark.parametrize(("service", "operation"), POLLED)
def test_an_operation_is_the_same_as_in_the_whole_model(service: str, operation: str, folder: Path) -> None:
    whole = botocore.model.ServiceModel(PLAIN.load_service_model(service, "service-2"), service)
    own = whole.operation_model(operation)
    for _round in ("made", "cached"):
        loaded = trimmed(service, operation, folder).load_service_model(service, "service-2")
        found = botocore.model.ServiceModel(loaded, service)
        assert found.metadata == whole.metadata
        discovery = [model.endpoint_discovery_operation for model in (found, whole)]
        assert len({getattr(operation, "name", None) for operation in discovery}) == 1
        model = found.operation_model(operation)
        assert (model.http, model.auth_type, model.http_checksum) == (own.http, own.auth_type, own.http_checksum)
        assert described(model.input_shape) == described(own.input_shape)
        assert described(model.output_shape) == described(own.output_shape)
        assert [shape.name for shape in model.error_shapes] == [shape.name for shape in own.error_shapes]
        assert {shape.name for shape in found.error_shapes} == {shape.name for shape in whole.error_shapes}


def test_only_what_is_needed_is_kept(folder: Path) -> None:
    trimmed("ec2", "DescribeInstances", folder).load_service_model("ec2", "service-2")
    [file] = folder.iterdir()
    assert file.stat().st_size < 100_000  # of 4 MB
    names = trimmed("s3", "HeadObject", folder).load_service_model("s3", "service-2")["operations"]
    assert set(names) == {"HeadObject", "HeadBucket", "CreateSession"}  # clients call the latter by themselves


def test_the_cache_is_read_instead_of_the_models(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trimmed("ec2", "DescribeInstances", folder).load_data_with_path("endpoints")
    read: list[str] = []
    monkeypatch.setattr(data_loader.PlainFiles, "load_file", lambda _self, path: read.append(path))
    loader = trimmed("ec2", "DescribeInstances", folder, DataLoader(PLAIN.search_paths))
    assert list(loader.load_service_model("ec2", "service-2")["operations"]) == ["DescribeInstances"]
    assert loader.load_data("endpoints")["partitions"][0]["services"].keys() >= {"ec2", "sts"}
    assert read == []


@pytest.mark.parametrize("service", ["ec2", "nonesuch"])
def test_an_unknown_operation_or_service_has_the_whole_model(service: str, folder: Path) -> None:
    loader = trimmed(service, "DescribeInstance", folder)
    if service == "nonesuch":
        with pytest.raises(exceptions.UnknownServiceError, match=r"nonesuch.*accessanalyzer.*ec2"):
            loader.load_service_model(service, "service-2")
    else:
        whole = PLAIN.load_service_model(service, "service-2")
        assert loader.load_service_model(service, "service-2") == whole
    assert not folder.exists()


def test_services_are_listed_only_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(botocore.loaders.Loader, "list_available_services", lambda *_args: pytest.fail("listed"))
        loader = DataLoader(PLAIN.search_paths)
        assert loader.load_service_model("sqs", "paginators-1")["pagination"]
        assert "sqs" in loader.list_available_services("service-2")
        assert "waiters" not in loader.list_available_services("service-2")
    assert list(loader.list_available_services("service-2")) == PLAIN.list_available_services("service-2")


@pytest.fixture
def own_models(tmp_path: Path) -> Path:
    """A folder as in AWS_DATA_PATH, with a model of SQS that has another operation."""
    model = PLAIN.load_service_model("sqs", "service-2")
    [version] = PLAIN.list_api_versions("sqs", "service-2")
    place = tmp_path / "models/sqs" / version
    place.mkdir(parents=True)
    operations = {**model["operations"], "DescribeQueue": {"name": "DescribeQueue", "http": {"method": "POST"}}}
    (place / "service-2.json").write_text(json.dumps({**model, "operations": operations}))
    return tmp_path / "models"


def test_the_users_own_models_are_used_and_a_change_is_seen(own_models: Path, folder: Path) -> None:
    [file] = own_models.rglob("service-2.json")

    def operations(operation: str) -> list[str]:
        loader = trimmed("sqs", operation, folder, DataLoader([str(own_models), *PLAIN.search_paths]))
        return list(loader.load_service_model("sqs", "service-2")["operations"])

    assert operations("DescribeQueue") == ["DescribeQueue"]
    text = file.read_text().replace("DescribeQueue", "DescribeTheQueue")
    file.write_text(text)
    assert operations("DescribeTheQueue") == ["DescribeTheQueue"]
    assert len(operations("DescribeQueue")) > 10
    (file.parent / "service-2.sdk-extras.json").write_text(
        json.dumps({"merge": {"operations": {"DescribeTheQueue": {"deprecated": True}}}})
    )
    loader = trimmed("sqs", "DescribeTheQueue", folder, DataLoader([str(own_models), *PLAIN.search_paths]))
    assert loader.load_service_model("sqs", "service-2")["operations"]["DescribeTheQueue"]["deprecated"]


def test_another_botocore_or_format_has_other_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place, name, value in ((botocore, "__version__", "9.9.9"), (data_loader, "FORMAT", 99)):
        trimmed("sqs", "GetQueueUrl", folder).load_service_model("sqs", "service-2")
        monkeypatch.setattr(place, name, value)
        trimmed("sqs", "GetQueueUrl", folder).load_service_model("sqs", "service-2")
    assert len(list(folder.iterdir())) == 3


def test_a_change_of_what_is_kept_needs_another_format() -> None:
    """Add the digest that the failure shows under a new ``FORMAT``, or a user's cache will have the old content."""
    made_by = (data_loader.trimmed_model, data_loader.trimmed_endpoints, data_loader._shape_names)
    sources = [inspect.getsource(function) for function in (*made_by, data_loader._undocumented)]
    kept = (data_loader._CALLED_BY_CLIENTS, data_loader._OF_CREDENTIALS, sources)
    digests = {1: "c624baa03276"}
    assert digests[data_loader.FORMAT] == hashlib.sha256(repr(kept).encode()).hexdigest()[:12]


def test_a_damaged_cache_is_made_anew(folder: Path) -> None:
    first = trimmed("sqs", "GetQueueUrl", folder).load_service_model("sqs", "service-2")
    [file] = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-100])
    assert trimmed("sqs", "GetQueueUrl", folder).load_service_model("sqs", "service-2") == first
    assert file.read_bytes() == whole


def test_a_member_may_be_called_shape_or_documentation() -> None:
    shapes = {
        "In": {"type": "structure", "members": {"shape": {"shape": "A", "documentation": "x"}}},
        "A": {"type": "structure", "members": {"documentation": {"shape": "B"}}, "documentation": "y"},
        "B": {"type": "string"},
        "C": {"type": "string"},
    }
    model = {"metadata": {}, "operations": {"Get": {"input": {"shape": "In"}}, "Put": {}}, "shapes": shapes}
    assert data_loader.trimmed_model(model, ["Get"]) == {
        "metadata": {},
        "operations": {"Get": {"input": {"shape": "In"}}},
        "shapes": {
            "In": {"type": "structure", "members": {"shape": {"shape": "A"}}},
            "A": {"type": "structure", "members": {"documentation": {"shape": "B"}}},
            "B": {"type": "string"},
        },
    }


class Sent(Exception):
    """A request is complete."""


def request(client: Any, operation: str) -> tuple[Any, ...]:
    """What a client sends, but for what is new in each request."""
    found: list[Any] = []

    def keep(request: Any, **_event: Any) -> None:
        headers = {name: value for name, value in request.headers.items() if "date" not in name.lower()}
        found.append((request.method, request.url, request.body, headers.keys(), headers["User-Agent"]))
        raise Sent

    client.meta.events.register("before-send", keep)
    with pytest.raises(Sent):
        client._make_api_call(operation, PARAMS.get(operation, {}))
    return found[0]


PARAMS: dict[str, dict[str, Any]] = {
    "HeadObject": {"Bucket": "logs", "Key": "today"},
    "DescribeServices": {"services": ["web"]},
    "DescribeTable": {"TableName": "orders"},
    "DescribeTargetHealth": {"TargetGroupArn": "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/x/1"},
    "GetRole": {"RoleName": "me"},
    "GetChange": {"Id": "C1"},
}


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "eu-isoe-west-1", None])
@pytest.mark.parametrize(("service", "operation"), [*POLLED[1:-1], ("iam", "GetRole"), ("route53", "GetChange")])
def test_a_client_sends_the_same_request(service: str, operation: str, region: str | None, folder: Path) -> None:
    found = []
    for is_trimmed in (False, True):
        session = botocore.session.Session()
        session.set_credentials("AKID", "secret")
        if is_trimmed:
            session.register_component("data_loader", trimmed(service, operation, folder))
        try:
            client = session.create_client(service, region_name=region)
            found.append((client.meta.endpoint_url, client.meta.region_name, client.meta.partition))
            found[-1] += request(client, operation)
            sts = session.create_client("sts", region_name=region)
            found[-1] += (sts.meta.endpoint_url, "AssumeRole" in sts.meta.service_model.operation_names)
        except exceptions.NoRegionError:
            found.append((None,))
    assert found[0] == found[1]
