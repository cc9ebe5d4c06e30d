"""What can go wrong, as one tree:

PoseError
├── MediaError     a picture or clip that cannot be read
├── ModelError     a model that is missing, unknown or broken
├── LimitError     a file larger than what is allowed here
├── ExerciseError  a file of an exercise that is missing or wrong
├── TeachError     examples that nothing can be learnt from
├── WriteError     a result that cannot be written
├── AskedError     a value in a request that is none of those that may be
├── BusyError      too much is asked for at once
└── Cancelled      somebody asked to stop

An error carries the key of a sentence for people, so it can be shown in any language; `str(error)` is English.
"""

from __future__ import annotations

from posecore.language import DEFAULT, translate


class PoseError(Exception):
    """Anything posecore reports; `code` names the sentence under `errors` in the catalogues."""

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def message(self, language: str = DEFAULT) -> str:
        """One sentence that says what is wrong and what helps."""
        return translate(language, f"errors.{self.code}", **self.values)

    def __str__(self) -> str:
        return self.message()

    def __reduce__(self) -> tuple[object, ...]:
        return rebuild_error, (type(self), self.code, self.values)


def rebuild_error(kind: type[PoseError], code: str, values: dict[str, object]) -> PoseError:
    """Unpickle an error that comes back from a worker process."""
    return kind(code, **values)


class MediaError(PoseError):
    """A picture or clip that cannot be read."""


class ModelError(PoseError):
    """A model that is missing, unknown or broken."""


class LimitError(PoseError):
    """A file larger than what is allowed here."""


class ExerciseError(PoseError):
    """A file of an exercise that is missing or wrong."""


class TeachError(PoseError):
    """Examples that nothing can be learnt from."""


class WriteError(PoseError):
    """A result that cannot be written."""


class AskedError(PoseError):
    """A value in a request that is none of those that may be."""


class BusyError(PoseError):
    """Too much is asked for at once; `values["seconds"]` says after how long to ask again."""


class Cancelled(PoseError):  # noqa: N818  (not a fault: somebody asked for it)
    """Somebody asked to stop."""
