"""The loss of workers, and what is said when there is no end of it."""

from __future__ import annotations

from wardcast_models.errors import ErrorKind, Problem, WardcastError


class WorkerLostError(Exception):
    """Workers ended before their items did; what has no result yet has to run again.

    Attributes:
        setting: The setting to look at if it goes on.
        mend: What to do then.
        final: Whether running it again has been tried already.
    """

    def __init__(self, *, setting: str, mend: str, final: bool = False) -> None:
        super().__init__(setting, mend, final)
        self.setting = setting
        self.mend = mend
        self.final = final

    def given_up(self, *, items_left: int) -> WardcastError:
        """Build the error for work that is given up.

        Args:
            items_left: Number of items without a result.

        Returns:
            The error, to be raised by the caller.
        """
        problem = Problem(
            where=self.setting,
            expected="workers that live until their work is done",
            found=f"one loss after another, and {items_left} items without a result",
            mend=self.mend,
        )
        return WardcastError(ErrorKind.INTERNAL, "Workers kept dying before their work was done.", [problem])
