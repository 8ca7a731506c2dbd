"""Work that holds Python's lock for long, in a process of its own: the window would stutter meanwhile."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar, cast

from desktop.domain.errors import AssayError, EnvironmentFault, FieldError
from desktop.store.history_job import give_way

R = TypeVar("R")


class Elsewhere:
    """Runs one function after the other, each in a fresh process; `stop` may come from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: set[BaseProcess] = set()
        self._stopped = False

    def run(self, work: Callable[..., R], *arguments: Any) -> R:
        """Return what `work(*arguments)` returns in its process. Blocks.

        Raises:
            FieldError: a setting is wrong.
            EnvironmentFault: the work failed, or the process ended or was stopped.
        """
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_serve, args=(theirs, work, arguments), name="assay-history", daemon=True)
        try:
            self._start(process)
            theirs.close()
            done, refusal = ours.recv()
        except EOFError:
            raise EnvironmentFault("The work was not done: the process that did it ended. Try again.") from None
        finally:
            self._end(process)
            ours.close()
        if refusal is None:
            return cast("R", done)
        setting, sentence = refusal
        raise FieldError(setting, sentence) if setting else EnvironmentFault(sentence)

    def _start(self, process: BaseProcess) -> None:
        with self._lock:
            if self._stopped:
                raise EOFError
            process.start()
            self._processes.add(process)

    def _end(self, process: BaseProcess) -> None:
        with self._lock:
            if process in self._processes:
                self._processes.discard(process)
                process.join()
                process.close()

    def stop(self) -> None:
        """End what runs and begin nothing more: the program is ending."""
        with self._lock:
            self._stopped = True
            for process in self._processes:
                process.kill()


def _serve(answers: Connection, work: Callable[..., R], arguments: Sequence[Any]) -> None:
    """Answer with the result, or with the setting and the sentence of a refusal: not every error can be sent."""
    give_way()
    try:
        answers.send((work(*arguments), None))
    except FieldError as error:
        answers.send((None, (error.field, error.message)))
    except AssayError as error:
        answers.send((None, ("", str(error))))
    finally:
        answers.close()
