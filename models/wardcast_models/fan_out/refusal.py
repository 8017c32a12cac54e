"""What is said where a Dask cluster is asked for that cannot be used."""

from __future__ import annotations

import re

from wardcast_models.errors import ErrorKind, Problem, WardcastError

DASK_SETTING = "WARDCAST_DASK_SCHEDULER"
"""The setting that names a cluster."""

_ADDRESS = re.compile(r"\b\w+://[^\s,;()\[\]<>'\"]+")


def unusable_cluster(expected: str, found: str) -> WardcastError:
    """Build the error for a cluster that cannot be used.

    It is the machine that is not in a state to do the work, not the caller's request that is wrong; and the caller may
    sit at another machine, so that addresses are left out: the setting has the cluster's.

    Args:
        expected: What would have been right.
        found: What was there instead; addresses in it are replaced.

    Returns:
        The error, to be raised by the caller.
    """
    mend = "Mend the setting or the cluster, or leave it unset to use this machine's processes."
    told = _ADDRESS.sub("the address set", found)
    problem = Problem(where=DASK_SETTING, expected=expected, found=told, mend=mend)
    return WardcastError(ErrorKind.CONFLICT, "The Dask cluster cannot be used.", [problem])
