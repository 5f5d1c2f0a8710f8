/** Light, dark, or as the system has it; kept over visits. `public/theme.js` sets it before the first paint. */

export type Theme = "auto" | "light" | "dark";

const KEY = "hanami.theme";

function kept(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return found === "light" || found === "dark" ? found : "auto";
  } catch {
    return "auto";
  }
}

class ThemeChoice {
  #value = $state<Theme>(kept());

  get value(): Theme {
    return this.#value;
  }

  set(theme: Theme): void {
    this.#value = theme;
    const { dataset } = document.documentElement;
    if (theme === "auto") {
      delete dataset["theme"];
    } else {
      dataset["theme"] = theme;
    }
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // Storage may be turned off: then the choice lasts until the page is closed.
    }
  }
}

export const theme = new ThemeChoice();
