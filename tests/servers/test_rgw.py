# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""S3's waiters against Ceph's gateway, which checks signatures, answers HEAD without a body, and can be restarted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from tests.servers.ceph import Ceph
from tests.servers.play import Play, Task, played, playing
from tests.support.playbook import SECRET, Ansible, Result

KEYS = {"access_key": "OWNER", "secret_key": SECRET}
STRANGER = {"access_key": "STRANGER", "secret_key": f"{SECRET}ButOfSomebodyElse"}
WRONG_SECRET = {**KEYS, "secret_key": f"{SECRET}ButMistyped"}
UNKNOWN_KEY = {**KEYS, "access_key": "NOBODY"}

HERE, NOWHERE = {"Bucket": "here"}, {"Bucket": "nowhere"}
OBJECT, NO_OBJECT = {**HERE, "Key": "a b/ü.log"}, {**HERE, "Key": "none"}
PAGE, MANY = 1000, 1001  # what S3 lists at once, and what is there to be listed
LISTED = {"operation": "ListObjectsV2", "path": "length(Contents)", "success": [MANY]}
BUCKETS = {"operation": "ListBuckets", "path": "contains(Buckets[].Name, 'here')", "success": [True]}
WAITERS = ["bucket_exists", "bucket_not_exists", "object_exists", "object_not_exists"]
HELD = {
    "bucket_exists": HERE,
    "bucket_not_exists": NOWHERE,
    "object_exists": OBJECT,
    "object_not_exists": NO_OBJECT,
}
NOT_HELD = {
    "bucket_exists": NOWHERE,
    "bucket_not_exists": HERE,
    "object_exists": NO_OBJECT,
    "object_not_exists": OBJECT,
}


def wait(url: str, **more: Any) -> Task:
    return {
        "service": "s3",
        "endpoint_url": url,
        "region": "us-east-1",
        "delay": 0.2,
        "max_attempts": 2,
        **KEYS,
        **more,
    }


@pytest.fixture(scope="module")
def s3(ceph: Ceph) -> Any:
    """A client with a bucket called ``here``, in which there are some objects."""
    ceph.add_user("owner", KEYS["access_key"], KEYS["secret_key"])
    ceph.add_user("stranger", STRANGER["access_key"], STRANGER["secret_key"])
    session = boto3.Session(KEYS["access_key"], KEYS["secret_key"], region_name="us-east-1")
    client = session.client("s3", endpoint_url=ceph.url)
    client.create_bucket(**HERE)
    for key in [OBJECT["Key"], *(f"{number}" for number in range(MANY - 1))]:
        client.put_object(**HERE, Key=key, Body=b"x")
    return client


@pytest.fixture(scope="module")
def results(ansible: Ansible, ceph: Ceph, s3: Any) -> Mapping[str, Result]:
    """Waits on resources that don't change."""
    url = ceph.url
    by_waiter = {
        f"{waiter} {name}": wait(url, waiter=waiter, **more)
        for waiter in WAITERS
        for name, more in {
            "held": {"params": HELD[waiter]},
            "not held": {"params": NOT_HELD[waiter]},
            "wrong secret": {"params": HELD[waiter], **WRONG_SECRET},
        }.items()
    }
    by_others = {
        "bucket_exists unknown key": wait(url, waiter="bucket_exists", params=HERE, **UNKNOWN_KEY),
        "bucket_exists stranger": wait(url, waiter="bucket_exists", params=HERE, **STRANGER),
        "object_not_exists stranger": wait(url, waiter="object_not_exists", params=NO_OBJECT, **STRANGER),
    }
    missing = {
        f"missing: {missing}": wait(url, waiter="object_exists", params=NO_OBJECT, missing=missing)
        for missing in ("wait", "fail", "success")
    }
    others = {
        "pages": wait(url, definition=LISTED, params=HERE),
        "one page": wait(url, definition=LISTED, params={**HERE, "MaxKeys": PAGE}),
        "no such bucket": wait(url, definition=LISTED, params=NOWHERE),
        "buckets": wait(url, definition=BUCKETS),
        "wrong secret, and a body": wait(url, definition=BUCKETS, **WRONG_SECRET),
        "unknown key, and a body": wait(url, definition=BUCKETS, **UNKNOWN_KEY),
        "403 is not yet": wait(url, waiter="bucket_exists", params=HERE, retry_errors=["403"], **WRONG_SECRET),
    }
    return played(ansible, {**by_waiter, **by_others, **missing, **others})


@pytest.fixture(scope="module")
def changed(ansible: Ansible, ceph: Ceph, s3: Any) -> Mapping[str, Result]:
    """Waits on resources that change after the first poll."""
    with poll_loop(ansible, ceph, s3, "changes") as (play, change):
        play.until_each("after_attempt", verdict="not yet")
        change()
        return play.results()


@pytest.fixture(scope="module")
def restarted(ansible: Ansible, ceph: Ceph, s3: Any) -> Mapping[str, Result]:
    """The same, with the gateway stopped in between."""
    with poll_loop(ansible, ceph, s3, "restarts") as (play, change):
        play.until_each("after_attempt", verdict="not yet")
        ceph.gateway.stop()
        try:
            play.until_each("faulted", kind="connection")
        finally:
            ceph.gateway.start()
        change()
        return play.results()


@contextmanager
def poll_loop(ansible: Ansible, ceph: Ceph, s3: Any, name: str) -> Iterator[tuple[Play, Callable[[], None]]]:
    """One wait on each waiter, and what makes them true."""
    held, gone, comes = f"{name}-held", f"{name}-gone", f"{name}-comes"
    s3.create_bucket(Bucket=held)
    s3.create_bucket(Bucket=gone)
    s3.put_object(Bucket=held, Key="goes", Body=b"x")
    params = {
        "bucket_exists": {"Bucket": comes},
        "bucket_not_exists": {"Bucket": gone},
        "object_exists": {"Bucket": held, "Key": "comes"},
        "object_not_exists": {"Bucket": held, "Key": "goes"},
    }

    def change() -> None:
        s3.create_bucket(Bucket=comes)
        s3.delete_bucket(Bucket=gone)
        s3.put_object(Bucket=held, Key="comes", Body=b"x")
        s3.delete_object(Bucket=held, Key="goes")

    tasks = {
        f"{waiter} {name}": wait(ceph.url, waiter=waiter, params=params[waiter], max_attempts=None, timeout=60)
        for waiter in WAITERS
    }
    with playing(ansible, tasks) as play:
        yield play, change


@pytest.mark.parametrize("waiter", WAITERS)
def test_what_holds_is_seen_at_the_first_look(results: Mapping[str, Result], waiter: str) -> None:
    result = results[f"{waiter} held"]
    assert (result["outcome"], result["attempts"], result["error"]) == ("success", 1, None), result["msg"]


@pytest.mark.parametrize("waiter", WAITERS)
def test_what_does_not_hold_is_waited_for(results: Mapping[str, Result], waiter: str) -> None:
    result = results[f"{waiter} not held"]
    assert (result["outcome"], result["attempts"]) == ("timeout", 2), result["msg"]


@pytest.mark.parametrize(
    ("waiter", "who"),
    [
        *((waiter, "wrong secret") for waiter in WAITERS if waiter != "bucket_exists"),
        ("object_not_exists", "stranger"),
    ],
)
def test_missing_permission_is_reported_immediately(results: Mapping[str, Result], waiter: str, who: str) -> None:
    result = results[f"{waiter} {who}"]
    assert (result["outcome"], result["attempts"], result["calls"]) == ("error", 1, 1), result["msg"]
    assert result["error"]["status"] == 403
    assert "403" in result["msg"]
    assert "exists" not in result["msg"].replace(waiter, "")
    assert not any(keys["secret_key"] in str(result) for keys in (KEYS, STRANGER, WRONG_SECRET))


@pytest.mark.parametrize("who", ["wrong secret", "unknown key", "stranger"])
def test_a_bucket_that_may_not_be_looked_at_is_there_with_a_warning(results: Mapping[str, Result], who: str) -> None:
    """As in boto3's waiter; RGW returns this for a wrong key and any bucket."""
    result = results[f"bucket_exists {who}"]
    assert (result["outcome"], result["matched"]["expected"]) == ("success", 403)
    assert "403" in result["msg"]
    assert any("credentials" in warning for warning in result["warnings"])


def test_a_refusal_can_be_waited_out(results: Mapping[str, Result]) -> None:
    result = results["403 is not yet"]
    assert (result["outcome"], result["attempts"]) == ("timeout", 2), result["msg"]


@pytest.mark.parametrize(
    ("missing", "outcome", "attempts"), [("wait", "timeout", 2), ("fail", "failure", 1), ("success", "success", 1)]
)
def test_an_object_that_is_not_there_means_what_the_task_says(
    results: Mapping[str, Result], missing: str, outcome: str, attempts: int
) -> None:
    result = results[f"missing: {missing}"]
    assert (result["outcome"], result["attempts"]) == (outcome, attempts), result["msg"]


def test_a_list_is_followed_to_its_last_page(results: Mapping[str, Result]) -> None:
    result = results["pages"]
    assert (result["outcome"], result["observed"], result["calls"]) == ("success", MANY, 2), result["msg"]


def test_a_page_size_requests_only_that_page(results: Mapping[str, Result]) -> None:
    result = results["one page"]
    assert (result["outcome"], result["observed"], result["calls"]) == ("timeout", PAGE, 2), result["msg"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("no such bucket", "NoSuchBucket"),
        ("wrong secret, and a body", "SignatureDoesNotMatch"),
        ("unknown key, and a body", "InvalidAccessKeyId"),
    ],
)
def test_an_answer_with_a_body_names_the_reason(results: Mapping[str, Result], name: str, code: str) -> None:
    result = results[name]
    assert (result["outcome"], result["attempts"], result["error"]["code"]) == ("error", 1, code), result["msg"]
    assert code in result["msg"]


@pytest.mark.parametrize("waiter", WAITERS)
def test_a_change_ends_the_wait(changed: Mapping[str, Result], waiter: str) -> None:
    result = changed[f"{waiter} changes"]
    assert (result["outcome"], len(result["timeline"])) == ("success", 2), result["msg"]
    assert sum(result["transient"].values()) == 0


@pytest.mark.parametrize("waiter", WAITERS)
def test_a_wait_outlives_the_server(restarted: Mapping[str, Result], waiter: str) -> None:
    result = restarted[f"{waiter} restarts"]
    assert result["outcome"] == "success", result["msg"]
    assert result["transient"]["connection"] >= 1
    assert len(result["timeline"]) == 2  # what it saw before and what it saw then, and nothing in between
