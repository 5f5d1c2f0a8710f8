/**
 * Does `work` again and again while the page is visible, each time so many milliseconds after it was
 * done; answers a function that ends this, as effects do. `work` itself sees to what goes wrong.
 */
export function repeatedly(work: (ended: AbortSignal) => Promise<void>, pause: number): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = async (): Promise<void> => {
    if (!document.hidden) {
      await work(signal);
    }
    if (!signal.aborted) {
      timer = setTimeout(() => void turn(), pause);
    }
  };
  void turn();
  return () => {
    ending.abort();
    clearTimeout(timer);
  };
}
