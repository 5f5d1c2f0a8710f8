/** Templates that were checked, as the server tells it. */

import type { Brick } from "./clusters.js";

/** What a template comes to. */
export interface TemplateCheck {
  /** Whether a cluster can be made of it. */
  readonly valid: boolean;
  /** The first mistake; absent for a valid template. */
  readonly error?: TemplateMistake;
  /** The bricks of a valid template, in the order of its text. */
  readonly bricks: readonly TemplateBrick[];
  /** The settings of a valid template, with the defaults of what it leaves out. */
  readonly settings?: TemplateSettings;
}

/** A mistake in a template, and where it stands. */
export interface TemplateMistake {
  /** The mistake, its line, and a caret below the place. */
  readonly message: string;
  /** Number of the line, from 1. */
  readonly line: number;
  /** The first character of the line that is wrong, from 1. */
  readonly column: number;
  /** How many characters are wrong. */
  readonly length: number;
  /** One sentence: what is wrong and how to mend it. */
  readonly help: string;
}

/** A brick of a template. */
export interface TemplateBrick {
  /** Where it lies in the grid. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly kind: Brick["kind"];
  /** Name of an input or output brick. */
  readonly name?: string;
  /** Its values, or the neurons that an inner brick may have. */
  readonly neurons: number;
  /** The indices of the bricks whose signals reach it. */
  readonly hears: readonly number[];
}

/** What a template says of all its bricks. */
export interface TemplateSettings {
  /** Divides the potential that a neuron keeps from step to step. */
  readonly neuronCooldown: number;
  /** Steps before a neuron can take input again. */
  readonly refractoryTime: number;
  /** How many bricks away a synapse may reach. */
  readonly maxConnectionDistance: number;
  /** Whether synapses that are hardly used are deleted. */
  readonly enableReduction: boolean;
  /** How many samples are kept to rehearse them. */
  readonly experience: number;
  /** Seed of every random choice. */
  readonly seed: number;
}
