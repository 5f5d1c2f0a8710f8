"""Texts that clusters grow from."""

from __future__ import annotations


def chain(
    input: tuple[str, int],
    output: tuple[str, int],
    inner: int = 128,
    *,
    seed: int | None = None,
) -> str:
    """Return the template of a cluster with one input, one inner and one output brick.

    `input` and `output` are a name and a number of values, `inner` is the most neurons that may
    grow in between. The same `seed` and samples give the same network.

    >>> print(chain(("pixels", 784), ("digit", 10), inner=400), end="")
    version: 1
    bricks:
        1,1,1
            input: pixels
            number_of_neurons: 784
        2,1,1
            number_of_neurons: 400
        3,1,1
            output: digit
            number_of_neurons: 10
    """
    settings = "" if seed is None else f"settings:\n    seed: {seed}\n"
    return (
        f"version: 1\n{settings}bricks:\n"
        f"    1,1,1\n        input: {input[0]}\n        number_of_neurons: {input[1]}\n"
        f"    2,1,1\n        number_of_neurons: {inner}\n"
        f"    3,1,1\n        output: {output[0]}\n        number_of_neurons: {output[1]}\n"
    )
