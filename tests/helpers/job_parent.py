"""A program that starts a job and dies without a word: `python -m tests.helpers.job_parent FILE`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from desktop.engine.jobs import Jobs
from tests.helpers.job_work import hang
from tests.helpers.processes import written_id


async def main() -> None:
    """Die as soon as the job runs."""
    started = Path(sys.argv[1])
    jobs = Jobs()
    _job = jobs.start(hang, started)
    await asyncio.to_thread(written_id, started)
    os._exit(9)


if __name__ == "__main__":
    asyncio.run(main())
