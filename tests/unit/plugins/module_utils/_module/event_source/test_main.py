# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source in an event loop: it never blocks it, never fails, and leaves nothing behind when it ends."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support.aws_responses import instance as item
from tests.support.aws_responses import instances as items
from tests.support.fake_client import FakeClient
from tests.unit.plugins.module_utils._module.event_source.sources import CONNECTION, instance, instances, told
from tests.unit.plugins.module_utils._module.waits import MODELS

from ansible_collections.cloudwait.aws.plugins.module_utils._module.event_source import main as module
from ansible_collections.cloudwait.aws.plugins.plugin_utils._catalog import for_task
from ansible_collections.cloudwait.aws.plugins.plugin_utils._entry_files import EntryFiles

LONG = 60.0  # seconds that pass only where something hangs


class Queue(asyncio.Queue[dict[str, Any]]):
    """The rulebook's queue, which has room for one event."""

    def __init__(self) -> None:
        super().__init__(1)

    async def take(self, count: int) -> list[dict[str, Any]]:
        return [await asyncio.wait_for(self.get(), LONG) for _event in range(count)]


@pytest.fixture(autouse=True)
def states(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The states of the instances, which tests change. Clients send nothing."""
    found: dict[str, str] = {}

    def says(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        return items(*(item(name, found.get(name, "running")) for name in params["InstanceIds"]))

    class Clients:
        def __init__(self, _task: Any) -> None:
            self._client = FakeClient(MODELS.service_model("ec2"), says)

        def get(self, *_place: Any) -> Any:
            return self._client

        renew = get

    monkeypatch.setattr(module, "Clients", Clients)
    monkeypatch.setattr(module, "EVERY", 0.001)
    return found


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = set(threading.enumerate()) - before
    for thread in left:
        thread.join(LONG)
    assert [thread for thread in left if thread.is_alive()] == []


def start(queue: Any, **given: Any) -> asyncio.Task[None]:
    args = {**CONNECTION, **given}
    return asyncio.get_running_loop().create_task(module.run(queue, args, for_task, EntryFiles))


async def cancel(source: asyncio.Task[None]) -> None:
    source.cancel()
    await asyncio.wait([source], timeout=LONG)
    assert source.cancelled()


def write(path: Path, text: str) -> None:
    """Write a file in one step, as jobs should."""
    path.with_suffix(".new").write_text(text)
    path.with_suffix(".new").rename(path)


def run(test: Callable[[Queue], Awaitable[Any]]) -> Any:
    async def go() -> Any:
        return await test(Queue())

    return asyncio.run(go())


def test_it_tells_each_ending_and_ends_where_it_need_not_stay_alive() -> None:
    async def test(queue: Queue) -> None:
        source = start(queue, **instances("i-1", "i-2"), keep_alive=False)
        assert sorted(told(await queue.take(2))) == [("i-1", "success"), ("i-2", "success")]
        await asyncio.wait_for(source, LONG)

    run(test)


def test_it_stays_alive_after_the_last_wait() -> None:
    async def test(queue: Queue) -> None:
        source = start(queue, **instances("i-1"))
        await queue.take(1)
        await asyncio.sleep(0.05)
        assert not source.done()
        await cancel(source)

    run(test)


def test_a_rulebook_that_takes_its_time_stops_no_wait() -> None:
    """All end while the queue is full, and their events follow."""

    async def test(queue: Queue) -> None:
        names = [f"i-{number}" for number in range(50)]
        source = start(queue, **instances(*names), keep_alive=False)
        while not queue.full():
            await asyncio.sleep(0.001)
        assert sorted(event["name"] for event in await queue.take(50)) == sorted(names)
        await asyncio.wait_for(source, LONG)

    run(test)


def test_what_was_told_just_before_the_end_is_delivered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last wait ends in its thread while the event loop asks whether all have."""

    def is_over(source: Any) -> bool:
        while not source._waits.is_idle:
            threading.Event().wait(0.001)
        return True

    monkeypatch.setattr(module._Source, "is_over", property(is_over))

    async def test(queue: Queue) -> None:
        await asyncio.wait_for(start(queue, **instances("i-1")), LONG)
        assert told([queue.get_nowait()]) == [("i-1", "success")]

    run(test)


def test_bad_input_ends_it_at_once_with_our_sentence() -> None:
    async def test(queue: Queue) -> None:
        await start(queue, **instances("i-1", waiter="instance_runing"))

    with pytest.raises(ValueError, match="ec2 has no waiter 'instance_runing'; did you mean 'instance_running'") as bad:
        run(test)
    assert str(bad.value).startswith("waiter: ")
    assert bad.value.__cause__ is None


def test_no_secret_is_in_that_sentence(tmp_path: Path) -> None:
    async def test(queue: Queue) -> None:
        await start(queue, **instances("i-1"), state=str(tmp_path / CONNECTION["secret_key"] / "state"))

    with pytest.raises(ValueError, match="state") as bad:
        run(test)
    assert CONNECTION["secret_key"] not in str(bad.value)


def test_it_can_be_cancelled_while_it_reads_its_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go_on = threading.Event(), threading.Event()
    read = module.Options.read

    def slowly(*given: Any) -> Any:
        reached.set()
        assert go_on.wait(LONG)
        return read(*given)

    monkeypatch.setattr(module.Options, "read", slowly)

    async def test(queue: Queue) -> None:
        source = start(queue, **instances("i-1"))
        while not reached.is_set():
            await asyncio.sleep(0.001)
        source.cancel()
        await asyncio.wait([source], timeout=LONG)
        go_on.set()
        assert source.cancelled()

    run(test)


def test_it_can_be_cancelled_while_the_rulebook_takes_nothing(states: dict[str, str], tmp_path: Path) -> None:
    """What was not delivered is after a restart, and says whether it may have been before."""
    given = {**instances("i-1", "i-2", "i-3"), "state": str(tmp_path / "state")}
    states["i-3"] = "pending"

    async def first(queue: Queue) -> None:
        source = start(queue, **given)
        while not queue.full():
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        await cancel(source)

    async def second(queue: Queue) -> list[dict[str, Any]]:
        source = start(queue, **given)
        events = await queue.take(1)
        await cancel(source)
        return events

    run(first)
    [event] = run(second)
    assert event["meta"]["repeated"] is True


def test_an_event_that_waited_for_others_is_no_repetition(tmp_path: Path) -> None:
    given = {**instances("i-1", "i-2", "i-3"), "state": str(tmp_path / "state")}

    async def first(queue: Queue) -> None:
        source = start(queue, **given)
        while sum('"ended"' in line for line in (tmp_path / "state").read_text().splitlines()) < 3:
            await asyncio.sleep(0.001)
        await cancel(source)

    async def second(queue: Queue) -> list[dict[str, Any]]:
        source = start(queue, **given, keep_alive=False)
        events = [await asyncio.wait_for(queue.get(), LONG)]
        while not source.done() or not queue.empty():
            events.extend([queue.get_nowait()] if not queue.empty() else [])
            await asyncio.sleep(0.001)
        return events

    (tmp_path / "state").touch()
    run(first)
    events = run(second)
    assert [event["meta"]["repeated"] for event in events[-1:]] == [False]


def test_with_feedback_an_event_is_delivered_when_the_rulebook_has_it(tmp_path: Path) -> None:
    state = tmp_path / "state"

    async def test(queue: Queue) -> None:
        feedback: asyncio.Queue[Any] = asyncio.Queue(1)
        more = {"feedback": True, "eda_feedback_queue": feedback, "state": str(state)}
        source = start(queue, **instances("i-1"), **more, keep_alive=False)
        [event] = await queue.take(1)
        await asyncio.sleep(0.02)
        assert "delivered" not in state.read_text()
        await feedback.put(event)
        await asyncio.wait_for(source, LONG)
        assert json.loads(state.read_text().splitlines()[-1]) == {"delivered": event["meta"]["uuid"]}

    run(test)


def test_an_event_that_a_filter_fails_on_is_no_end() -> None:
    class Filtered(Queue):
        async def put(self, event: dict[str, Any]) -> None:
            event["meta"]["source"] = {}  # as ansible-rulebook does
            if event["name"] == "i-1":
                raise RuntimeError("a filter has failed")
            await super().put(event)

    async def test() -> None:
        queue = Filtered()
        source = start(queue, **instances("i-1", "i-2"), keep_alive=False)
        assert told(await queue.take(1)) == [("i-2", "success")]
        await asyncio.wait_for(source, LONG)

    asyncio.run(test())


# --- files


def test_waits_come_from_files_while_it_runs(tmp_path: Path, states: dict[str, str]) -> None:
    folder = tmp_path / "waits"
    folder.mkdir()
    common = {name: value for name, value in instances().items() if name != "waits"}
    states["i-2"] = "pending"

    async def test(queue: Queue) -> None:
        source = start(queue, **common, entries_from=str(folder))
        write(folder / "a.yml", json.dumps([instance("i-1"), instance("i-2")]))
        assert told(await queue.take(1)) == [("i-1", "success")]
        write(folder / "broken.yml", "- [")
        [event] = await queue.take(1)
        assert (event["outcome"], event["meta"]["event"], event["meta"]["file"]) == ("error", "fault", "broken.yml")
        assert "broken.yml, line 2 can't be read" in event["msg"]
        write(folder / "broken.yml", json.dumps([instance("i-3", tiemout=3)]))
        [event] = await queue.take(1)
        text = "broken.yml: waits.tiemout: is not an option; did you mean 'timeout'? (nothing was sent to AWS)"
        assert event["msg"] == text
        assert event["problems"][0]["path"] == "waits.tiemout"
        write(folder / "broken.yml", json.dumps([instance("i-3")]))
        assert told(await queue.take(1)) == [("i-3", "success")]
        (folder / "a.yml").unlink()
        assert told(await queue.take(1)) == [("i-2", "cancelled")]
        await cancel(source)

    run(test)


def test_a_file_that_went_while_it_was_down_takes_its_waits_along(tmp_path: Path, states: dict[str, str]) -> None:
    folder, state = tmp_path / "waits", tmp_path / "state"
    folder.mkdir()
    for name in ("i-1", "i-2"):
        write(folder / f"{name}.json", json.dumps(instance(name)))
        states[name] = "pending"
    own = {"entries_from": str(folder), "state": str(state), "keep_alive": False}
    given = {**instances(delay=0.01), "waits": None, **own}

    async def first(queue: Queue) -> None:
        source = start(queue, **given)
        while not (state.exists() and state.read_text().count('"began"') == 2):
            await asyncio.sleep(0.001)
        await cancel(source)

    async def second(queue: Queue) -> None:
        states.clear()
        source = start(queue, **given)
        assert told(await queue.take(1)) == [("i-2", "success")]
        await asyncio.wait_for(source, LONG)
        assert queue.empty()

    run(first)
    (folder / "i-1.json").unlink()
    run(second)


def test_a_state_that_can_not_be_written_any_more_is_one_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, states: dict[str, str]
) -> None:
    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    states["i-1"] = "pending"

    async def test(queue: Queue) -> None:
        source = start(queue, **instances("i-1", delay=0, max_attempts=10**6), state=str(tmp_path / "state"))
        monkeypatch.setattr(module.State, "_append", full)
        monkeypatch.setattr(module.State, "_repair", full)
        [event] = await queue.take(1)
        assert event["meta"]["event"] == "fault"
        assert "state' can't be written to: no space left on device. After a restart something may" in event["msg"]
        states.clear()
        assert told(await queue.take(1)) == [("i-1", "success")]
        await cancel(source)

    run(test)
