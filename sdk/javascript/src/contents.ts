/** What datasets hold, and how good answers are by them. */

/** Some rows of a dataset: of a table `columns` and `rows`, of images `images`. */
export interface Preview {
  readonly uuid: string;
  /** The first row, counted from 0. */
  readonly from: number;
  /** Rows of the whole dataset. */
  readonly lines: number;
  /** Names of the columns of a table. */
  readonly columns?: readonly string[];
  /** The rows of a table: numbers, and texts of categories. */
  readonly rows?: readonly (readonly (number | string)[])[];
  /** Rows of pixels of an image, if the dataset tells. */
  readonly height?: number;
  /** Pixels in a row of an image, if the dataset tells. */
  readonly width?: number;
  /** Images, their pixels (0 to 255) row by row, with the indices of their classes. */
  readonly images?: readonly { readonly pixels: readonly number[]; readonly label: number }[];
}

/** What a column holds. */
export interface Column {
  readonly name: string;
  /** `boolean` are numbers, all of which are 0 or 1; `class` are indices of classes. */
  readonly type: "number" | "boolean" | "pixels" | "class" | "category";
  /** The lowest value; absent for categories, like the next three. */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly mean?: number;
  /** That of a whole population. */
  readonly standardDeviation?: number;
  /** For classes and categories: how often each occurs. */
  readonly categories?: readonly { readonly category: string; readonly count: number }[];
}

/** What the columns of a dataset hold. */
export interface Columns {
  readonly uuid: string;
  /** Rows of the dataset. */
  readonly lines: number;
  readonly columns: readonly Column[];
}

/** How good the answers are for one class; what can't be known is absent. */
export interface ClassScore {
  readonly class: string;
  /** Share of the answers of this class that are right, 0 to 1. */
  readonly precision?: number;
  /** Share of the samples of this class that are answered right, 0 to 1. */
  readonly recall?: number;
  /** Harmonic mean of precision and recall. */
  readonly f1?: number;
  /** Samples of this class. */
  readonly support: number;
}

/** How good the answers in a request result are; what does not apply is absent. */
export interface Score {
  /** Share of right answers in percent. */
  readonly accuracy: number;
  /** Number of answers. */
  readonly samples: number;
  /** Answers that are no finite number, or no class of the dataset; they count as wrong. */
  readonly invalid: number;
  /** For classes: number of answers by right class (row) and class answered (column). */
  readonly confusion?: readonly (readonly number[])[];
  /** For classes, in the order of `confusion`. */
  readonly classes?: readonly ClassScore[];
  /** For numbers: mean absolute error. */
  readonly mae?: number;
  /** For numbers: root of the mean squared error. */
  readonly rmse?: number;
  /** For numbers: coefficient of determination; absent if the right numbers are all the same. */
  readonly r2?: number;
}
