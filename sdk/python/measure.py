"""The Python SDK's part of `cargo xtask measure-sdks`, which says what is measured and how.

With the argument `import-only`, it ends at once.
"""

import json
import os
import sys
import time
from pathlib import Path

from hanami_sdk import Hanami, templates

WARM_UP = 200
REQUESTS = 5000
UPLOADS = 3
MIB = 1024 * 1024


def requests(hanami: Hanami) -> list[float]:
    """Return the seconds that each of the requests took, shortest first."""
    template = templates.chain(("pixels", 784), ("digit", 10), inner=400)
    cluster = hanami.create_cluster("measured by python", template)
    image = [float(pixel % 256) for pixel in range(784)]
    times = []
    with cluster.direct() as direct:
        for request in range(WARM_UP + REQUESTS):
            start = time.perf_counter()
            direct.request({"pixels": image})
            if request >= WARM_UP:
                times.append(time.perf_counter() - start)
    cluster.delete()
    return sorted(times)


def upload_speed(hanami: Hanami) -> float:
    """Return MiB per second, the median of some uploads."""
    images = Path(os.environ["HANAMI_IMAGES"])
    labels = Path(os.environ["HANAMI_LABELS"])
    size = images.stat().st_size + labels.stat().st_size
    times = []
    for _ in range(UPLOADS):
        start = time.perf_counter()
        dataset = hanami.upload_mnist("measured by python", images, labels)
        times.append(time.perf_counter() - start)
        dataset.delete()
    return size / MIB / sorted(times)[UPLOADS // 2]


def measure() -> None:
    """Print the figures."""
    environment = os.environ
    with Hanami(
        environment["HANAMI_ADDRESS"], environment["HANAMI_USER"], environment["HANAMI_PW"]
    ) as hanami:
        times = requests(hanami)
        figures = {
            "sdk": "python",
            "direct_request_p50_us": times[REQUESTS // 2] * 1e6,
            "direct_request_p99_us": times[REQUESTS * 99 // 100] * 1e6,
            "upload_mib_per_second": upload_speed(hanami),
        }
    print(json.dumps(figures))


if __name__ == "__main__" and sys.argv[1:] != ["import-only"]:
    measure()
