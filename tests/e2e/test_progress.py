# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The progress of waits: what is printed while they run, and where; and that none outlives its task."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.aws_responses import scripted_instances
from tests.support.live import Heard, Live
from tests.support.playbook import COMMANDS, WORK, Ansible, connection
from tests.support.pythons import Environment, newest_core
from tests.support.scripted import ScriptedEndpoint

MODULE = "cloudwait.aws.wait"
ABOUT = "ec2 instance_running"
STEP = 1.0  # the polling interval of the waits that are watched
THROTTLED = {"error": "RequestLimitExceeded", "message": "Request limit exceeded.", "status": 503}
PENDING, RUNNING = scripted_instances(i_1="pending"), scripted_instances(i_1="running")
SLOWLY = [{**PENDING, "repeat": 3}, RUNNING]
QUICKLY = [{**PENDING, "repeat": 2}, RUNNING]


@dataclass(frozen=True)
class Stage:
    """The environment of playbooks: a folder and an endpoint."""

    ansible: Ansible
    aws: ScriptedEndpoint

    def arguments(self, key: str, *answers: Any, **args: Any) -> dict[str, Any]:
        """A wait for an instance, with these responses."""
        self.aws.add(key, {"answers": list(answers)})
        task = {"service": "ec2", "waiter": "instance_running", "params": {"InstanceIds": ["i-1"]}, "delay": 0.3}
        return {**connection(self.aws, key), **task, **args}

    def start(
        self,
        name: str,
        plays: list[dict[str, Any]],
        hosts: Mapping[str, Mapping[str, Any]],
        *options: str,
        core: Environment | None = None,
        environment: Mapping[str, str | None] | None = None,
        terminal: tuple[int, int] | None = None,
    ) -> Live:
        """A running ansible-playbook. An environment variable that is None is removed."""
        core = core or Environment(COMMANDS, Path(sys.executable))
        folder = self.ansible.home / name
        folder.mkdir()
        inventory, playbook = folder / "inventory.json", folder / "playbook.json"
        every = {"ansible_python_interpreter": str(core.python), "ansible_connection": "local"}
        inventory.write_text(json.dumps({"all": {"hosts": {host: {**every, **own} for host, own in hosts.items()}}}))
        playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, **play} for play in plays]))
        surroundings = {
            **self.ansible.environment,
            "PATH": f"{core.commands}:{os.environ.get('PATH', os.defpath)}",
            "ANSIBLE_COLLECTIONS_PATH": f"{self.ansible.collections}:{sysconfig.get_path('purelib')}",
            "ANSIBLE_INJECT_FACT_VARS": "false",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
            **(environment or {}),
        }
        return Live(
            [core.commands / "ansible-playbook", f"--inventory={inventory}", *options, str(playbook)],
            {key: value for key, value in surroundings.items() if value is not None},
            folder,
            terminal,
        )


@pytest.fixture(scope="module")
def stage(ansible: Ansible, aws: ScriptedEndpoint) -> Stage:
    return Stage(ansible, aws)


def waits(name: str = "Wait", **more: Any) -> dict[str, Any]:
    """A task whose wait is in the host's variable."""
    return {"name": name, MODULE: "{{ arguments }}", **more}


def progress(run: Live, host: str, stream: str = "out") -> list[str]:
    """What was printed for a host, without the host."""
    start = f"{host}: "
    lines: list[Heard] = getattr(run, stream)
    return [line.bare.removeprefix(start) for line in lines if line.bare.startswith(start)]


def untimed(lines: list[str]) -> list[str]:
    """The lines without the elapsed time, which differs between machines."""
    return [re.sub(r"(attempt \d+), (\d+ min )?\d+ s\)$", r"\1)", line) for line in lines]


# How a task may be killed; the signals go only to ansible-playbook
KILLS = {"timeout": None, "interrupted": signal.SIGINT, "terminated": signal.SIGTERM, "killed": signal.SIGKILL}
POLLING = 0.2
GRACE = 2.0
TASK_TIMEOUT = 20  # seconds, of which a slow machine needs some until the first request


@dataclass
class Doomed:
    """Waits of an hour whose tasks are killed."""

    stage: Stage
    runs: dict[str, Live]
    ended_at: dict[str, float]

    def asked_at(self, name: str) -> list[float]:
        return [request.at for request in self.stage.aws.requests if request.scenario == f"{name}-wait"]

    def kill(self, name: str, number: signal.Signals) -> None:
        run = self.runs[name]
        run.until(lambda: len(self.asked_at(name)) > 3)
        self.ended_at[name] = time.monotonic()
        run.send(number)
        run.wait()


@pytest.fixture(scope="module")
def doomed(stage: Stage) -> Iterator[Doomed]:
    """Started first, because the one that ends by itself takes a while."""
    runs = {}
    for name, number in KILLS.items():
        arguments = stage.arguments(f"{name}-wait", PENDING, delay=POLLING, timeout=3600)
        task = waits(timeout=TASK_TIMEOUT) if number is None else waits()
        runs[name] = stage.start(name, [{"tasks": [task]}], {name: {"arguments": arguments}})
    doomed = Doomed(stage, runs, {})
    try:
        for name, number in KILLS.items():
            if number is not None:
                doomed.kill(name, number)
        yield doomed
    finally:
        for run in runs.values():
            run.kill()


@pytest.fixture(scope="module")
def overtime(doomed: Doomed) -> dict[str, float]:
    """How long after its task's end each wait still sent requests, in seconds."""
    run = doomed.runs["timeout"]
    run.wait()
    doomed.ended_at["timeout"] = run.line(r"(fatal|failed): ").at
    time.sleep(GRACE + 5 * POLLING)
    return {name: doomed.asked_at(name)[-1] - ended_at for name, ended_at in doomed.ended_at.items()}


# Ansible features around a task, each with its own host, in parallel with `strategy: free`
SECOND_PLAY_HOSTS = ["once-a", "once-b"]


def many_ways(stage: Stage, core: str) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    def host(way: str, *answers: Any, **args: Any) -> dict[str, Any]:
        return {"way": way, "arguments": stage.arguments(f"{core}-{way}", *answers, **args)}

    def only(way: str, **more: Any) -> dict[str, Any]:
        return waits(f"Wait {way}", when=f"way == '{way}'", **more)

    free = [
        only("plain"),
        only("all"),
        only("none"),
        only("transient"),
        only("refused"),
        only("default", module_defaults={"group/cloudwait.aws.waits": {"progress": "all"}}),
        only("looped", loop=[{"name": "first"}, {"name": "second"}], loop_control={"label": "the {{ item.name }}"}),
        only("secret", no_log=True),
        only("checked", check_mode=True),
        only("delegated", delegate_to="localhost", vars={"ansible_connection": "local"}),
        {**only("fired"), "async": 100, "poll": 0, "register": "job"},
        {
            "name": "Ask for the job",
            "ansible.builtin.async_status": {"jid": "{{ job.ansible_job_id }}"},
            "register": "finished",
            "until": "finished is finished",
            "retries": 200,
            "delay": 0.5,
            "failed_when": "finished.outcome | default('success') != 'success'",
            "when": "way == 'fired'",
        },
        {**only("polled"), "async": 100, "poll": 1},
    ]
    hosts = {
        "plain": host("plain", *SLOWLY, delay=STEP),
        "every": host("all", *QUICKLY, progress="all"),
        "silent": host("none", *QUICKLY, progress="none"),
        "transient": host("transient", PENDING, THROTTLED, RUNNING),
        "refused": host("refused", scripted_instances(i_1="terminated")),
        "by-default": host("default", *QUICKLY),
        "looped": host("looped", *QUICKLY),
        "secret": host("secret", *QUICKLY),
        "checked": host("checked", PENDING),
        "elsewhere": {**host("delegated", *QUICKLY), "ansible_connection": "ssh", "ansible_host": "192.0.2.1"},
        "fired": host("fired", *QUICKLY),
        "polled": host("polled", *QUICKLY),
        **{name: host("once", *QUICKLY) for name in SECOND_PLAY_HOSTS},
    }
    plays = [
        {"hosts": f"all:!{':!'.join(SECOND_PLAY_HOSTS)}", "strategy": "free", "tasks": free},
        {"hosts": ":".join(SECOND_PLAY_HOSTS), "tasks": [waits(run_once=True)]},
    ]
    return plays, hosts


@pytest.fixture(scope="module", params=["this core", "the newest core"])
def ways(request: pytest.FixtureRequest, stage: Stage, doomed: Doomed) -> Live:
    """All of it through a pipe, on two versions of Ansible."""
    core = newest_core(WORK) if request.param == "the newest core" else None
    name = request.param.replace(" ", "-")
    run = stage.start(name, *many_ways(stage, name), "--forks=12", core=core)
    run.wait()
    return run


def test_lines_arrive_while_the_task_runs(ways: Live) -> None:
    first, *_rest = ways.lines("plain: ")
    assert ways.line(r"ok: \[plain\]").at - first.at >= STEP


def test_each_change_gets_a_line(ways: Live) -> None:
    assert untimed(progress(ways, "plain")) == [f"{ABOUT}: pending (attempt 1)", f"{ABOUT}: running (attempt 4)"]


@pytest.mark.parametrize("host", ["every", "by-default"])
def test_each_poll_gets_a_line_where_all_are_wanted(ways: Live, host: str) -> None:
    assert untimed(progress(ways, host)) == [
        f"{ABOUT}: pending (attempt 1)",
        f"{ABOUT}: pending (attempt 2)",
        f"{ABOUT}: running (attempt 3)",
    ]


@pytest.mark.parametrize("host", ["silent", "secret", "fired", "polled"])
def test_nothing_is_printed_where_nothing_is_wanted_or_could_be(ways: Live, host: str) -> None:
    assert progress(ways, host) == []
    assert ways.lines(rf"(ok|changed): \[{host}\]")


def test_transient_errors_are_shown(ways: Live) -> None:
    assert untimed(progress(ways, "transient")) == [
        f"{ABOUT}: pending (attempt 1)",
        f"{ABOUT}: throttled, retrying (attempt 2)",
        f"{ABOUT}: running (attempt 2)",
    ]


def test_the_last_state_is_shown_before_the_task_fails(ways: Live) -> None:
    [line] = ways.lines("refused: ")
    assert "terminated (attempt 1" in line.text
    failed = ways.line(r"(fatal|failed): \[refused\]")
    assert ways.out.index(line) < ways.out.index(failed)


def test_the_item_of_a_loop_is_named_as_its_label_says(ways: Live) -> None:
    assert untimed([line.bare for line in ways.lines(r"looped \(item")]) == [
        f"looped (item=the first): {ABOUT}: pending (attempt 1)",
        f"looped (item=the first): {ABOUT}: running (attempt 3)",
        f"looped (item=the second): {ABOUT}: running (attempt 1)",
    ]


def test_check_mode_shows_what_it_saw(ways: Live) -> None:
    assert untimed(progress(ways, "checked")) == [
        f"{ABOUT}: pending (attempt 1)",
        f"{ABOUT}: pending: a real run would wait (attempt 1)",
    ]


def test_a_delegated_wait_goes_by_its_own_host(ways: Live) -> None:
    assert untimed(progress(ways, "elsewhere")) == [f"{ABOUT}: pending (attempt 1)", f"{ABOUT}: running (attempt 3)"]


def test_a_task_that_runs_once_is_shown_once(ways: Live) -> None:
    printed = [progress(ways, host) for host in SECOND_PLAY_HOSTS]
    assert [len(lines) for lines in printed] == [2, 0]


def test_nothing_but_what_was_to_fail_failed(ways: Live) -> None:
    assert len(ways.lines(r".*FAILED! ")) == 1, ways.output
    assert "Traceback" not in ways.output


def test_the_hidden_options_stay_hidden(stage: Stage) -> None:
    arguments = stage.arguments("hidden", RUNNING)
    result, process = stage.ansible.ad_hoc(MODULE, json.dumps(arguments), "-vvv")
    assert result["invocation"]["module_args"]["waiter"] == "instance_running"
    assert "_progress" not in process.stdout
    assert "_host" not in result["invocation"]["module_args"]
    assert "localhost: ec2 instance_running: running (attempt 1" in process.stdout


def test_after_three_foreign_answers_a_warning_says_what_came(stage: Stage) -> None:
    """JSON from another server: without a warning, the wait would be silent while transient errors may last."""
    foreign = {"raw": '{"message": "hello", "version": 3}', "status": 200, "repeat": 4}
    stage.aws.add("foreign", {"answers": [foreign, {"data": {"Table": {"TableStatus": "ACTIVE"}}}]})
    task = {"service": "dynamodb", "waiter": "table_exists", "params": {"TableName": "orders"}, "delay": 0.1}
    result, process = stage.ansible.ad_hoc(MODULE, json.dumps({**connection(stage.aws, "foreign"), **task}))
    assert (result["outcome"], result["transient"]["server"]) == ("success", 4)
    [warning] = [line for line in process.stdout.splitlines() if "WARNING: 3 requests" in line]
    assert "JSON with 'message', 'version' and none of the operation's members" in warning


def test_no_text_of_aws_steers_the_terminal(stage: Stage) -> None:
    """Neither the failure message nor a warning; data keeps the characters that AWS sent."""
    evil = "\x1b[2J\x9b1mNo\u202e room\u2028here"
    failed = {"FunctionName": "orders", "State": "Failed", "StateReasonCode": "InternalError", "StateReason": evil}
    stage.aws.add("evil", {"answers": [{"data": {"Configuration": failed}}]})
    task = {"service": "lambda", "waiter": "function_active_v2", "params": {"FunctionName": "orders"}, "delay": 0.1}
    task |= {"show": "abs(Configuration.StateReason)", "validate": "off"}
    result, process = stage.ansible.ad_hoc(MODULE, json.dumps({**connection(stage.aws, "evil"), **task}))
    assert result["outcome"] == "failure"
    assert "[2J 1mNo room here" in result["msg"]
    assert result["msg"].isprintable()
    assert result["response"]["Configuration"]["StateReason"] == evil
    printed = [line for line in (process.stdout + process.stderr).splitlines() if "abs(" in line and "WARNING" in line]
    assert printed
    assert not set("".join(printed)) & set("\x9b\u202e\u2028")


@pytest.fixture(scope="module")
def terminals(stage: Stage) -> dict[str, Live]:
    """The same on a terminal of 80 columns, with colours and without."""
    ids = [f"i-{number:017x}" for number in range(5)]
    crowd = {"params": {"InstanceIds": ids}, "show": "Reservations[].Instances[].InstanceId"}
    many = [scripted_instances(**{name.replace("-", "_"): state for name in ids}) for state in ("pending", "running")]
    runs = {}
    for name, colour in {"colourful": None, "colourless": "1"}.items():
        arguments = stage.arguments(name, {**many[0], "repeat": 2}, many[1], delay=STEP, progress="all", **crowd)
        runs[name] = stage.start(
            name,
            [{"tasks": [waits()]}],
            {name: {"arguments": arguments}},
            environment={"ANSIBLE_NOCOLOR": None, "NO_COLOR": colour, "TERM": "xterm"},
            terminal=(24, 80),
        )
    for run in runs.values():
        assert run.wait() == 0, run.output
    return runs


@pytest.mark.parametrize("name", ["colourful", "colourless"])
def test_lines_arrive_on_a_terminal_while_the_task_runs(terminals: dict[str, Live], name: str) -> None:
    run = terminals[name]
    first, *_rest = run.lines(f"{name}: ")
    assert run.line(rf"ok: \[{name}\]").at - first.at >= STEP


@pytest.mark.parametrize("name", ["colourful", "colourless"])
def test_no_line_is_wrapped(terminals: dict[str, Live], name: str) -> None:
    lines = [line.bare for line in terminals[name].lines(f"{name}: ")]
    assert len(lines) == 3
    assert all(len(line) < 80 and "… (attempt " in line for line in lines)


def test_success_is_green(terminals: dict[str, Live]) -> None:
    *waiting, done = [line.text for line in terminals["colourful"].lines("colourful: ")]
    assert done.startswith("\x1b[0;32m")
    assert not any(line.startswith("\x1b") for line in waiting)


def test_without_colours_there_are_none(terminals: dict[str, Live]) -> None:
    assert "\x1b" not in "".join(line.text for line in terminals["colourless"].out)


def test_stdout_stays_for_the_program_that_reads_it(stage: Stage) -> None:
    run = stage.start(
        "machine",
        [{"tasks": [waits()]}],
        {"machine": {"arguments": stage.arguments("machine", *QUICKLY)}},
        environment={"ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"},
    )
    assert run.wait() == 0, run.output
    told = json.loads("\n".join(line.text for line in run.out))
    assert told["plays"][0]["tasks"][0]["hosts"]["machine"]["outcome"] == "success"
    assert untimed(progress(run, "machine", "err")) == [
        f"{ABOUT}: pending (attempt 1)",
        f"{ABOUT}: running (attempt 3)",
    ]


def test_forty_hosts_at_once_are_all_heard(stage: Stage) -> None:
    names = [f"web{number:02}" for number in range(40)]
    hosts = {name: {"arguments": stage.arguments(name, *QUICKLY, progress="all")} for name in names}
    run = stage.start("forty", [{"tasks": [waits()]}], hosts, "--forks=20")
    assert run.wait() == 0, run.output
    for name in names:
        assert untimed(progress(run, name)) == [
            f"{ABOUT}: pending (attempt 1)",
            f"{ABOUT}: pending (attempt 2)",
            f"{ABOUT}: running (attempt 3)",
        ]
    assert sum(ABOUT in line.bare for line in run.out) == 3 * 40


@pytest.mark.parametrize("name", KILLS)
def test_no_wait_outlives_its_task(overtime: dict[str, float], name: str) -> None:
    assert overtime[name] <= GRACE


def test_the_runner_gets_the_lines_as_events(stage: Stage, tmp_path: Path) -> None:
    ansible_runner = pytest.importorskip("ansible_runner")
    arguments = stage.arguments("runner", *SLOWLY, delay=STEP)
    told: list[tuple[float, str, str]] = []

    def hear(event: dict[str, Any]) -> None:
        told.append((time.monotonic(), event["event"], event["stdout"]))

    run = ansible_runner.run(
        private_data_dir=str(tmp_path),
        playbook=[{"hosts": "all", "gather_facts": False, "tasks": [waits()]}],
        inventory={
            "all": {
                "hosts": {
                    "runner": {
                        "ansible_python_interpreter": sys.executable,
                        "ansible_connection": "local",
                        "arguments": arguments,
                    }
                }
            }
        },
        envvars=stage.ansible.environment,
        event_handler=hear,
        quiet=True,
    )
    assert run.status == "successful", [text for _at, _kind, text in told]
    lines = [(at, kind, text) for at, kind, text in told if ABOUT in text and "attempt" in text]
    assert [kind for _at, kind, _text in lines] == ["verbose", "verbose"]
    [finished] = [at for at, kind, _text in told if kind == "runner_on_ok"]
    assert finished - lines[0][0] >= STEP


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A server on loopback: the variables for Ansible's connection."""
    server = shutil.which("sshd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
    if server is None or shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
        pytest.skip("NOT TESTED: waits over ssh, as there is no sshd (Debian: apt-get install openssh-server)")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    (tmp_path / "authorized").write_bytes((tmp_path / "user.pub").read_bytes())
    (tmp_path / "authorized").chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {
        "ListenAddress": f"127.0.0.1:{port}",
        "HostKey": tmp_path / "host",
        "AuthorizedKeysFile": tmp_path / "authorized",
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
    }
    (tmp_path / "config").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd as root doesn't start without
    log = tmp_path / "log"
    null = subprocess.DEVNULL
    process = subprocess.Popen(
        [server, "-D", "-f", tmp_path / "config", "-E", log], stdin=null, stdout=null, stderr=null
    )
    try:
        deadline = time.monotonic() + 30
        while not (log.exists() and "listening" in log.read_text()):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"sshd doesn't listen: {log.read_text() if log.exists() else ''}")
            time.sleep(0.05)
        yield {
            "ansible_connection": "ssh",
            "ansible_host": "127.0.0.1",
            "ansible_port": port,
            "ansible_ssh_private_key_file": str(tmp_path / "user"),
            "ansible_ssh_common_args": "-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
            " -o ControlMaster=no -o ControlPath=none",
            "ansible_remote_tmp": str(tmp_path / "remote"),
        }
    finally:
        process.terminate()
        process.wait(30)


def test_a_wait_on_another_host_is_shown_at_its_end(stage: Stage, sshd: dict[str, Any]) -> None:
    hosts = {
        "loud": {**sshd, "arguments": stage.arguments("loud", *QUICKLY, progress="all")},
        "quiet": {**sshd, "arguments": stage.arguments("quiet", *QUICKLY, progress="none")},
    }
    run = stage.start("ssh", [{"tasks": [waits()]}], hosts)
    assert run.wait() == 0, run.output
    assert untimed(progress(run, "loud")) == [f"{ABOUT}: pending (attempt 1)", f"{ABOUT}: running (attempt 3)"]
    assert progress(run, "quiet") == []
