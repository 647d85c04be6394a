"""The processes of this machine, by joblib."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from drugscan.errors import DrugscanError

if TYPE_CHECKING:
    from joblib.externals.loky.process_executor import ProcessPoolExecutor

_WATCH_SECONDS = 1.0
_IDLE_SECONDS = 10

Item = TypeVar("Item")
Result = TypeVar("Result")
Tag = TypeVar("Tag")


def count_processors() -> int:
    """Return how many processors this process may use: a container or a job queue may allow but some."""
    from joblib import cpu_count

    return int(cpu_count())


class WorkerLostError(DrugscanError):
    """A process that worked for us was ended by the system."""


def one_ahead(
    function: Callable[[Item], Result],
    groups: Iterable[tuple[Tag, Sequence[Item]]],
    *,
    jobs: int = 1,
    may_wait: Callable[[Tag], bool] = lambda _: True,
) -> Iterator[tuple[Tag, Iterator[Result]]]:
    """Call a function for each item of group after group, in other processes.

    While the results of a group are dealt with, the next one is already being worked on.

    Parameters
    ----------
    function : callable
        One that other processes can import, or a :func:`functools.partial` of one.
    groups : iterable of (tag, sequence)
        Something to know a group by, and the items that the function is called with, each by itself.
    jobs : int, default 1
        How many processes work at once. With one, and for a group of one item, which gains nothing by it,
        the work is done in this one.
    may_wait : callable
        Whether a group's results may wait until the next group has been read, which may take long where
        somebody writes into a pipe.

    Yields
    ------
    tag, iterator
        Of each group, in order, the results in the order of its items, as they come.

    Raises
    ------
    WorkerLostError
        If a process was killed.

    Examples
    --------
    >>> [(tag, list(found)) for tag, found in one_ahead(len, [("a", ["coke", "wiet!"]), ("b", [])])]
    [('a', [4, 5]), ('b', [])]
    """
    under_way: deque[tuple[Tag, Generator[Result, None, None]]] = deque()
    try:
        for tag, items in groups:
            under_way.append((tag, _start(function, items, jobs)))
            while len(under_way) > may_wait(tag):
                yield _told(*under_way[0])
                under_way.popleft()
        if under_way:
            yield _told(*under_way[0])
    finally:
        for _, results in under_way:
            _abandon(results)


def each(function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int = 1) -> Iterator[Result]:
    """Call a function for each item, in other processes; as :func:`one_ahead` for a single group.

    Examples
    --------
    >>> list(each(len, ["coke", "wiet!"]))
    [4, 5]
    """
    for _, results in one_ahead(function, [(None, items)], jobs=jobs):
        yield from results


def prepared_processes(prepare: Callable[[Item], None], value: Item, *, jobs: int) -> ProcessPoolExecutor:
    """Return processes for callers in several threads, each of which has been prepared once.

    Parameters
    ----------
    prepare : callable
        Is called in each process before it works; one that other processes can import.
    value : object
        What it is called with.
    jobs : int
        How many processes work at once. They end when there is nothing to do for some seconds.

    Returns
    -------
    ProcessPoolExecutor
        Its ``submit`` gives futures, which raise BrokenExecutor once a process was killed.
    """
    from joblib.externals.loky.process_executor import ProcessPoolExecutor

    return ProcessPoolExecutor(
        jobs, timeout=_IDLE_SECONDS, initializer=_become_prepared, initargs=(os.getpid(), prepare, value)
    )


def _start(
    function: Callable[[Item], Result], items: Sequence[Item], jobs: int
) -> Generator[Result, None, None]:
    if jobs == 1 or len(items) <= 1:
        return (function(item) for item in items)
    from joblib import Parallel, delayed, parallel_config

    with parallel_config("loky", inner_max_num_threads=1):
        parallel = Parallel(
            n_jobs=jobs,
            return_as="generator",
            pre_dispatch="all",
            batch_size=1,
            initializer=_become_worker,
            initargs=(os.getpid(),),
        )
        with _manager_may_fail():
            results: Generator[Result, None, None] = parallel(
                delayed(_call)(function, item) for item in items
            )
        return results


def _told(tag: Tag, results: Iterator[Result]) -> tuple[Tag, Iterator[Result]]:
    """Return results that tell of a lost process as a fault, not as a bug."""

    def checked() -> Iterator[Result]:
        try:
            while True:
                with _manager_may_fail():
                    result = next(results)
                yield result
        except StopIteration:
            return
        except BrokenExecutor as error:
            raise WorkerLostError(
                "the system ended one of the processes, as it does when memory runs out",
                hint="close other programs, or give fewer --jobs",
            ) from error

    return tag, checked()


@contextmanager
def _manager_may_fail() -> Iterator[None]:
    """Let the thread of loky that hands out the work end in silence where the work is given up.

    It then looks for items that it has thrown away itself, and would leave a traceback and its locks.
    """
    before = threading.excepthook

    def end(fault: threading.ExceptHookArgs) -> None:
        clean_up = getattr(fault.thread, "join_executor_internals", None)
        if clean_up and fault.exc_type is KeyError:
            clean_up()
        else:
            before(fault)

    threading.excepthook = end
    try:
        yield
    finally:
        threading.excepthook = before


def _abandon(results: Generator[object, None, None]) -> None:
    with warnings.catch_warnings(), suppress(BrokenExecutor), _manager_may_fail():
        warnings.simplefilter("ignore")  # joblib tells of results that nobody fetched
        results.close()


def _call(function: Callable[[Item], Result], item: Item) -> Result:
    """Call a function in a worker, and collect garbage once it has ended."""
    result = function(item)
    gc.collect()
    gc.freeze()  # what is left are models, lexicons and memories: not to be walked again and again
    return result


def _become_worker(parent: int) -> None:
    gc.disable()  # see _call
    _follow(parent)


def _become_prepared(parent: int, prepare: Callable[[Item], None], value: Item) -> None:
    _follow(parent)
    prepare(value)


def _follow(parent: int) -> None:
    """Leave Ctrl-C to the process that started us, and end when that does, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)


@contextmanager
def interrupts_noted(tell: Callable[[], None] = lambda: None) -> Iterator[threading.Event]:
    """Turn a first Ctrl-C into an event; a second one interrupts as ever.

    Outside the main thread, where no signal can be caught, the event is never set.

    Parameters
    ----------
    tell : callable, optional
        Is called at once when the first one comes.
    """
    noted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield noted
        return
    before = signal.getsignal(signal.SIGINT)

    def note(*_: object) -> None:
        noted.set()
        signal.signal(signal.SIGINT, before)
        with suppress(RuntimeError):  # what was interrupted may be writing a line to the same place
            tell()

    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
