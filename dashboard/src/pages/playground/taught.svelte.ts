/** What a cluster was taught in this tab; the last of it is kept in the tab's storage. */

export interface Lesson {
  readonly id: number;
  /** What was learned, in words. */
  readonly target: string;
  /** What the cluster said before and after. */
  readonly before: string;
  readonly after: string;
  /** How often it was taught. */
  readonly lessons: number;
  /** The pixels that were drawn, 0 to 1. */
  readonly pixels?: readonly number[] | undefined;
}

/** Lessons kept, at most. */
const LIMIT = 20;

export class Taught {
  readonly #key: string;
  #lessons = $state.raw<readonly Lesson[]>([]);

  constructor(cluster: string) {
    this.#key = `hanami.taught.${cluster}`;
    const found = sessionStorage.getItem(this.#key);
    if (found !== null) {
      this.#lessons = JSON.parse(found) as Lesson[];
    }
  }

  /** The lessons, the last one first. */
  get lessons(): readonly Lesson[] {
    return this.#lessons;
  }

  add(lesson: Omit<Lesson, "id">): void {
    const id = (this.#lessons[0]?.id ?? 0) + 1;
    this.#lessons = [{ ...lesson, id }, ...this.#lessons].slice(0, LIMIT);
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.#lessons));
    } catch {
      // The storage is full: the list is lost on a reload, what was learned is not.
    }
  }
}
