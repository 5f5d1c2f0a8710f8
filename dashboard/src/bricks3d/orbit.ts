/** From where the picture is looked at; turned and zoomed by mouse, touch and keyboard. */

/** The viewer's place relative to the bricks. */
export interface View {
  /** Turn around the vertical axis, in radians. */
  azimuth: number;
  /** Height of the viewer, in radians from the horizon. */
  elevation: number;
  /** 1 shows all bricks; 2 is twice as near. */
  zoom: number;
}

/** Where one begins: from the front, a little from the right and from above. */
export const START: Readonly<View> = { azimuth: 0.35, elevation: 0.55, zoom: 1 };

const HIGHEST = 1.5;
const LOWEST = -0.6;
const NEAREST = 6;
const FARTHEST = 0.4;
/** Radians that a step of the keyboard turns. */
const STEP = Math.PI / 16;
/** How much a step of the keyboard or of the wheel zooms. */
const ZOOM_STEP = 1.15;
/** Radians that one pixel of a drag turns. */
const PER_PIXEL = 0.008;

/** The view, turned by angles; it never goes over the top. */
export function turned(view: View, azimuth: number, elevation: number): View {
  const higher = Math.min(Math.max(view.elevation + elevation, LOWEST), HIGHEST);
  return { ...view, azimuth: view.azimuth + azimuth, elevation: higher };
}

/** The view, `factor` times as near. */
export function zoomed(view: View, factor: number): View {
  return { ...view, zoom: Math.min(Math.max(view.zoom * factor, FARTHEST), NEAREST) };
}

/** What a key does to the view, or nothing. */
export function viewAfterKey(view: View, key: string): View | undefined {
  switch (key) {
    case "ArrowLeft":
      return turned(view, STEP, 0);
    case "ArrowRight":
      return turned(view, -STEP, 0);
    case "ArrowUp":
      return turned(view, 0, STEP);
    case "ArrowDown":
      return turned(view, 0, -STEP);
    case "+":
    case "=":
      return zoomed(view, ZOOM_STEP);
    case "-":
      return zoomed(view, 1 / ZOOM_STEP);
    case "0":
    case "Home":
      return { ...START };
    default:
      return undefined;
  }
}

/**
 * Turns the view by dragging, and zooms it by two fingers, or by the wheel while `element` has the
 * focus or the control key is held: otherwise the wheel scrolls the page, as does one finger that
 * goes up or down (by `touch-action`). Answers a function that stops all that.
 */
export function orbit(element: HTMLElement, view: () => View, set: (view: View) => void): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  const listeners = new AbortController();
  const { signal } = listeners;

  element.addEventListener(
    "pointerdown",
    (event) => {
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      element.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      const before = pointers.get(event.pointerId);
      if (before === undefined) {
        return;
      }
      const now = { x: event.clientX, y: event.clientY };
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      if (other === undefined) {
        set(turned(view(), (before.x - now.x) * PER_PIXEL, (now.y - before.y) * PER_PIXEL));
      } else {
        set(zoomed(view(), apart(now, other) / Math.max(apart(before, other), 1)));
      }
      pointers.set(event.pointerId, now);
    },
    { signal },
  );
  for (const end of ["pointerup", "pointercancel"] as const) {
    element.addEventListener(end, (event) => pointers.delete(event.pointerId), { signal });
  }
  element.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || element.ownerDocument.activeElement === element) {
        event.preventDefault();
        set(zoomed(view(), event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP));
      }
    },
    { signal, passive: false },
  );
  return () => {
    listeners.abort();
  };
}

function apart(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
