# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs any module within the task of an action plugin, as if it were the task's own."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionSkip, AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

try:  # ansible-core 2.19 and later
    from ansible.executor.module_common import _apply_action_arg_defaults as apply_defaults
except ImportError:
    apply_defaults = None
try:
    from ansible.executor.module_common import get_action_args_with_defaults
except ImportError:
    get_action_args_with_defaults = None

_NORMAL = "ansible.legacy.normal"
_DROPPED = ("invocation", "exception", "warnings", "deprecations")
"""Members of a result that are for Ansible itself."""


class ConnectionBroken(Exception):
    """The module couldn't be run because there is no connection to the host."""


class InnerModule:
    """A module, by its name in the task, which runs with the task's connection and keywords."""

    def __init__(self, outer: ActionBase, name: str) -> None:
        self._outer, self._name = outer, name
        self._loaders = outer._shared_loader_obj
        collections = outer._task.collections
        self._module = self._loaders.module_loader.find_plugin_with_context(name, collection_list=collections)
        self._is_action = self._loaders.action_loader.has_plugin(name, collection_list=collections)

    @property
    def exists(self) -> bool:
        return bool(self._module.resolved or self._is_action)

    def run(self, args: Mapping[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        """The result of one run, as JSON types; ConnectionBroken if the host can't be reached."""
        try:
            returned = self._plugin(args).run(task_vars=variables)
        except AnsibleConnectionFailure as error:
            with contextlib.suppress(Exception):  # a plugin may take a broken connection for an open one
                self._outer._connection._shell.tmpdir = None  # a host that reboots loses its temporary files
                self._outer._connection.close()
            raise ConnectionBroken(str(error)) from None
        except AnsibleActionSkip as error:
            returned = {"skipped": True, "msg": str(error)}
        except AnsibleError as error:
            returned = {**(getattr(error, "result", None) or {}), "failed": True, "msg": str(error)}
        shown = {name: value for name, value in returned.items() if name not in _DROPPED and name[:9] != "_ansible_"}
        # newer versions of Ansible return subclasses of the JSON types
        plain: dict[str, Any] = json.loads(json.dumps(shown, default=str))
        return plain

    def _plugin(self, args: Mapping[str, Any]) -> ActionBase:
        """The action plugin that runs the module, chosen as Ansible's TaskExecutor chooses it."""
        outer = self._outer
        task = outer._task.copy()
        task.action, task.args = self._name, self._with_defaults(args)
        collections = task.collections
        if self._module.resolved and self._module.action_plugin:
            handler = self._module.action_plugin
        elif self._is_action:
            handler = self._name
        else:
            handler, collections = _NORMAL, None
        return self._loaders.action_loader.get(
            handler,
            task=task,
            connection=outer._connection,
            play_context=outer._play_context,
            loader=outer._loader,
            templar=outer._templar,
            shared_loader_obj=self._loaders,
            collection_list=collections,
        )

    def _with_defaults(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments with ``module_defaults``. Both functions are private to Ansible; it has one of them."""
        task, templar = self._outer._task, self._outer._templar
        merged: dict[str, Any] = dict(args)
        name = self._module.resolved_fqcn or self._name
        if apply_defaults is not None:
            merged = apply_defaults(name, task, merged, templar)
        elif get_action_args_with_defaults is not None:
            groups = task._parent._play._action_groups
            merged = get_action_args_with_defaults(name, merged, task.module_defaults, templar, action_groups=groups)
        return merged
