/** The colours of a picture, as its legend shows them: the style sheet alone decides. */

/** Colours as CSS writes them. */
export interface Colours {
  readonly input: string;
  readonly inner: string;
  readonly output: string;
  readonly link: string;
  readonly marked: string;
  /** From no activity to the highest, evenly spaced. */
  readonly activity: readonly string[];
}

/** Reads the colours from the swatches in `legend`, each marked by `data-colour`. */
export function coloursOf(legend: HTMLElement): Colours {
  const swatches = (name: string): string[] =>
    [...legend.querySelectorAll(`[data-colour="${name}"]`)].map(
      (each) => getComputedStyle(each).backgroundColor,
    );
  const swatch = (name: string): string => swatches(name)[0] ?? "gray";
  return {
    input: swatch("input"),
    inner: swatch("inner"),
    output: swatch("output"),
    link: swatch("link"),
    marked: swatch("marked"),
    activity: swatches("activity"),
  };
}

/** Calls `changed` whenever the theme may have changed; answers a function that ends this. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", changed);
  };
}
