"""Read one plan in a process of its own and tell what it took.

python -m tests.bench.read_one FILE
"""

import json
import os
import sys
import time
from pathlib import Path

from handlers.plan_files.table import read_plan
from tests.bench.processes import resident_mb


def main(file: Path) -> None:
    """Print rows, seconds (wall and of a core) and the peak of resident memory as JSON."""
    content = file.read_bytes()
    start, core = time.monotonic(), time.process_time()
    plan = read_plan(file.name, content)
    told = {
        "rows": len(plan.activities),
        "seconds": time.monotonic() - start,
        "cpu_seconds": time.process_time() - core,
        "peak_mb": resident_mb(os.getpid(), "VmHWM"),
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
