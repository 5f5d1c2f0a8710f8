/** Looking again and again, as long as somebody looks at it. */

/**
 * Calls `look` now and `seconds` after each time that it is done, until the returned function is
 * called. While the tab is hidden it waits. What `look` throws goes to `failed`, and it goes on.
 */
export function poll(
  look: (signal: AbortSignal) => Promise<void>,
  seconds: number,
  failed: (error: unknown) => void,
): () => void {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  let waiting = false;

  const turn = async (): Promise<void> => {
    timer = undefined;
    try {
      await look(stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) {
        failed(error);
      }
    }
    if (!stop.signal.aborted && !document.hidden) {
      timer = setTimeout(() => void turn(), seconds * 1000);
    } else {
      waiting = true;
    }
  };

  document.addEventListener(
    "visibilitychange",
    () => {
      if (!document.hidden && waiting) {
        waiting = false;
        void turn();
      }
    },
    { signal: stop.signal },
  );
  // Later, so that an effect that polls does not depend on what is looked at.
  queueMicrotask(() => void turn());
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}
