"""What a network takes in memory, from empty to full."""

from __future__ import annotations

from collections.abc import Iterator

from common import Network, Record, chain, mnist, note, one_hot, teach

SEEDS = (1,)
WIDTHS = (784, 400, 10)
KIB = 1024
# What each may take after one pass, in KiB.
LIMITS = {"ring of 4000": (4000, 5 * KIB), "no ring": (0, 3 * KIB)}
EMPTY_LIMIT = 64
LOOKS = (0, 1000, 10_000, 60_000)


def rows() -> Iterator[list[str]]:
    """Measure with and without the ring, at each of the looks."""
    pixels, classes = mnist("train")
    targets = one_hot(classes, WIDTHS[-1])
    for name, (experience, limit) in LIMITS.items():
        note(name)
        network = chain(WIDTHS, seed=SEEDS[0], experience=experience)
        seen = 0
        for look in LOOKS:
            if look > seen:
                teach(network, pixels[seen:look], targets[seen:look])
                seen = look
            yield row(name, look, network, {0: EMPTY_LIMIT, LOOKS[-1]: limit}.get(look))


def row(name: str, look: int, network: Network, limit: int | None) -> list[str]:
    """Show one look at a network, and whether it keeps the limit in KiB."""
    stats = network.stats
    size, synapses = stats["bytes"], stats["synapses"]
    each = f"{size / synapses:.1f}" if synapses else ""
    kept = "" if limit is None else f"< {limit} KiB: {'yes' if size < limit * KIB else 'NO'}"
    file = len(network.to_bytes())
    sizes = [f"{size / KIB:.1f}", f"{synapses}", each, f"{file / KIB:.1f}"]
    return [name, f"{look}", *sizes, f"{stats['experience']}", kept]


def main() -> None:
    """Write the record."""
    about = "A network 784/400/10 that learns MNIST in one pass; KiB as the network counts them."
    record = Record("memory", about, SEEDS)
    head = ["", "samples", "KiB", "synapses", "bytes a synapse", "file, KiB", "kept", "limit"]
    record.table(head, rows())
    record.save()


if __name__ == "__main__":
    main()
