# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ids a message of AWS's names: never one that it doesn't, and each that stands in quotes or in a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.fuzz.long_run import ending, examples

from ansible_collections.cloudwait.aws.plugins.module_utils._engine.id_index import arn_tails
from ansible_collections.cloudwait.aws.plugins.module_utils._engine.mentions import named

ONE_QUOTED = (
    "The key pair '{}' does not exist",
    "The instance ID '{}' does not exist",
    "The security group '{}' does not exist in default VPC 'vpc-0a'",
    "There is no ACTIVE Load Balancer named '{}'",
    "No Environment found for EnvironmentName = '{}'.",
    'Could not find endpoint "{}".',
    "Invalid id: \u201c{}\u201d (expecting one of another form)",
    "The parameter \u2018{}\u2019 isn't one that you've stored.",
    "Could not find cluster `{}`",
    "1 validation error detected: Value '{}' at 'name' failed to satisfy constraint",
    "Target groups '[{}]' not found",
)
MANY_QUOTED = (
    "The instance IDs '{}' do not exist",
    "Target groups '[{}]' not found",
    "The following keys do not exist: [{}]",
    'The ids "{}" are not those of this account',
)
BARE = (
    "Stack with id {} does not exist",
    "The role with name {} cannot be found.",
    "There is no service named {} here",
    "DBInstance {} not found",
    "DBInstance {} not found.",
    "CacheCluster not found: {}",
)
LISTED = ("The volumes {} do not exist", "No such resources: {}")
DENIED = (
    (
        "User: arn:aws:iam::1:user/{other} is not authorized to perform: ecs:DescribeServices on resource: {arn} "
        "because no identity-based policy allows the ecs:DescribeServices action"
    ),
    (
        "User: arn:aws:sts::1:assumed-role/{other}/{other} is not authorized to perform: rds:DescribeDBInstances on "
        "resource: {arn} with an explicit deny in a service control policy"
    ),
    "User: arn:aws:iam::1:user/{other} is not authorized to perform: dynamodb:DescribeTable on resource: {arn}",
)
SILENT = (
    "One or more target groups not found",
    "Cluster not found.",
    "Requested resource not found",
    "The specified key does not exist.",
    "You are not authorized to perform this operation.",
    "User: arn:aws:iam::1:user/web is not authorized to perform: ec2:DescribeInstances",
    "Not Found",
    "",
)
WORDS = sorted({word.strip(".,:'\"[]{}()") for text in (*ONE_QUOTED, *BARE, *DENIED, *SILENT) for word in text.split()})
PIECES = st.sampled_from(["web", "prod", "eu", "a", "i-0a1", "alice", "laptop", "v1", "key", "not", "x"])


@st.composite
def _ids(draw: st.DrawFn) -> list[str]:
    """Different ids that are words of the messages, or made of others: longer ones, beginnings and ends."""
    found = draw(st.lists(st.one_of(PIECES, st.sampled_from([word for word in WORDS if word.isalpha()])), max_size=3))
    for _more in range(draw(st.integers(1, 4))):
        parts = draw(st.lists(st.one_of(PIECES, st.sampled_from(found or ["db"])), min_size=1, max_size=3))
        found.append(draw(st.sampled_from("@.:/_-")).join(parts))
    if draw(st.booleans()):
        found.append(f"arn:aws:ecs:eu-west-1:1:service/{draw(st.sampled_from(found))}")
    return draw(st.permutations(list(dict.fromkeys(found))))


@examples(300)
@given(data=st.data(), ids=_ids())
def test_a_message_names_what_stands_in_its_quotes_and_nothing_else(data: st.DataObject, ids: list[str]) -> None:
    form = data.draw(st.sampled_from(ONE_QUOTED))
    one = data.draw(st.sampled_from(ids))
    arn = set(arn_tails(one)) & set(ids)
    assert set(named(form.format(one), ids)) == {one} | arn
    others = [item for item in ids if item != one]
    assert set(named(form.format(one), others)) == arn, "it names one that wasn't asked for"


@examples(300)
@given(data=st.data(), ids=_ids())
def test_a_message_names_each_of_its_list_and_nothing_else(data: st.DataObject, ids: list[str]) -> None:
    form = data.draw(st.sampled_from((*MANY_QUOTED, *LISTED)))
    least = 2 if form in LISTED else 1
    some = data.draw(st.lists(st.sampled_from(ids), min_size=min(least, len(ids)), unique=True))
    tails = {tail for item in some for tail in arn_tails(item)} & set(ids)
    if len(some) >= least:
        text = data.draw(st.sampled_from([", ", ","])).join(some)
        assert set(named(form.format(text), ids)) == {*some} | tails


@examples(300)
@given(data=st.data(), ids=_ids())
def test_a_bare_word_is_an_id_where_no_other_word_stands(data: st.DataObject, ids: list[str]) -> None:
    """What isn't certain is left out, and what is another's is never taken."""
    form = data.draw(st.sampled_from(BARE))
    one = data.draw(st.sampled_from(ids))
    assert set(named(form.format(one), ids)) <= {one, *arn_tails(one)}
    assert one in named(form.format(one), ids)


@examples(300)
@given(data=st.data(), ids=_ids())
def test_who_is_denied_what_is_named_by_the_resource_alone(data: st.DataObject, ids: list[str]) -> None:
    """Neither by the caller, the action and the policy, nor by the cluster in a service's ARN."""
    form = data.draw(st.sampled_from(DENIED))
    one, other = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from(ids))
    arn = one if one.startswith("arn:") else f"arn:aws:ecs:eu-west-1:1:service/{other.split(':')[-1]}/{one}"
    found = set(named(form.format(other=other, arn=arn), ids))
    assert one in found
    assert found <= {arn, *arn_tails(arn)}


@examples(100)
@given(ids=_ids(), text=st.sampled_from(SILENT))
def test_a_message_that_names_nobody_names_nobody(ids: list[str], text: str) -> None:
    assert named(text, ids) == []


@examples(300)
@given(ids=_ids(), text=st.lists(st.sampled_from([*WORDS, "'", '"', ",", ":", "[", "]", "and"])).map(" ".join))
def test_a_named_id_stands_in_the_message_as_a_whole(ids: list[str], text: str) -> None:
    """Whatever the message is: between its spaces, or as the tail of an ARN."""
    tokens = {token.strip(" .,:'\"[]") for token in text.replace(",", " ").split()} | {text}
    tokens |= {tail for token in tokens for tail in arn_tails(token)}
    for item in named(text, ids):
        assert item in tokens


@pytest.mark.parametrize(
    ("text", "ids", "found"),
    [
        ("The key pair 'alice@laptop' does not exist", ["alice", "alice@laptop"], ["alice@laptop"]),
        ("The key pair 'prod.eu' does not exist", ["prod", "prod.eu"], ["prod.eu"]),
        ("The key pair 'deploy' does not exist", ["key", "deploy"], ["deploy"]),
        ("The instance IDs 'i-a, i-b' do not exist", ["i-a", "i-ab", "i-b", "i"], ["i-a", "i-b"]),
        ("The volumes vol-1, vol-2 and vol-3 do not exist", ["vol-1", "vol-3", "vol"], ["vol-1", "vol-3"]),
        ("DBInstance orders not found.", ["orders", "not", "DBInstance"], ["orders"]),
        ("The instance not found", ["instance", "The"], []),
        ("Stack with id web does not exist", ["id", "web", "exist"], ["web"]),
        ("Value 'x' at 'name' failed to satisfy constraint", ["name", "x"], ["x"]),
        ("Of these 'a/b' is gone", ["a", "b", "a/b"], ["a/b"]),
        ("The user's key 'k' isn't there", ["s key", "k", "isn"], ["k"]),
        ("Service arn:aws:ecs:r:1:service/web/worker was not found", ["web", "worker", "web/worker"], None),
        ("arn:aws:elasticloadbalancing:r:1:loadbalancer/app/a/5f not found", ["a", "app", "app/a/5f"], ["app/a/5f"]),
        (
            (
                "User: arn:aws:iam::1:user/x is not authorized to perform: iam:GetRole on resource: role deploy "
                "because no identity-based policy allows the iam:GetRole action"
            ),
            ["x", "role", "deploy"],
            ["deploy"],
        ),
        ("The role arn:aws:iam::1:role/web can't be assumed", ["web"], []),
    ],
)
def test_real_messages(text: str, ids: list[str], found: list[str] | None) -> None:
    assert named(text, ids) == (["worker", "web/worker"] if found is None else found)


def test_case_is_folded_where_aws_folds_it() -> None:
    assert named("DBInstance orders not found.", ["Orders"], folds_case=True) == ["Orders"]
    assert named("DBInstance orders not found.", ["Orders"]) == []


def test_a_compound_id_is_named_by_its_first_member_or_by_all() -> None:
    ids = [{"Id": "i-1", "Port": 80}, {"Id": "i-2", "Port": 80}]
    assert named("The target 'i-1' is not registered", ids) == ids[:1]
    assert named("The target 'i-2:80' is not registered", ids) == ids[1:]


@pytest.mark.parametrize("text", ["a", "a,", "'", "\u201c", "[", "'a", "with id ", "x=", "a-1 ", "on resource: "])
def test_a_long_message_takes_time_in_proportion(text: str) -> None:
    """What is long must not hold up a poll; a search that takes its square would take hours."""
    with ending():
        assert named(text * (100_000 // len(text)), [f"i-{number}" for number in range(400)]) == []


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("A", ""),
        ("a-", "0" * 100_000 + "g"),
        (": x", " " * 100_000 + "y"),
        ("'", " " * 100_000 + "'"),
        ("A", "a A" * 33_000),
    ],
)
def test_a_message_with_one_long_run_takes_time_in_proportion(text: str, end: str) -> None:
    """Spaces in a list, capitals or digits: no search may try each part of a run from each of its signs."""
    with ending():
        assert named((text + end if end else text * 100_000), ["web"]) == []
