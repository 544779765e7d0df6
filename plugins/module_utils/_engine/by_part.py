# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which acceptors can be asked of each resource's part of an answer; what counts or compares is asked of the whole."""

from __future__ import annotations

from .._definition.model import Acceptor, Matcher, State
from .absence import denies_items
from .response_split import Identity


def can_be_asked_of_parts(acceptor: Acceptor, identity: Identity | None) -> bool:
    """Whether what follows from the acceptor for the parts is what follows from it for the whole."""
    argument = acceptor.argument
    if argument is None:
        return False
    if argument.is_distributive or (_parts_are_items(identity) and _asks_each_item(acceptor)):
        return True
    return acceptor.expected == (True,) and (argument.counts_none or denies_items(acceptor, identity))


def _parts_are_items(identity: Identity | None) -> bool:
    """Whether nothing is around the items that an expression could ask and that a part has less of."""
    return identity is not None and all(len(item_list.path) == 1 for item_list in identity.lists)


def _asks_each_item(acceptor: Acceptor) -> bool:
    """Whether the acceptor asks one question of each item, whatever that is.

    A ``pathAny`` may filter: a part of which the filter leaves nothing doesn't match, and that is all. ``contains(X,
    `false`)`` is true of the whole where it is true of any part, and false where it is false of all.
    """
    argument = acceptor.argument
    if argument is None:
        return False
    if argument.finds_in_selection:
        decisive = acceptor.state is not State.SUCCESS
        return acceptor.matcher is Matcher.PATH and acceptor.expected == (decisive,) and not acceptor.negated
    if acceptor.matcher is Matcher.PATH_ALL:
        return argument.is_selection and not argument.filters
    return acceptor.matcher is Matcher.PATH_ANY and argument.is_selection
