/**
 * The bricks as three.js draws them. Loaded only when a picture is shown.
 *
 * A brick is a glass prism that touches its neighbours, with a solid core in it whose height tells the
 * number of neurons. A frame is drawn only when something has changed, and, for a moment, while bricks
 * move to their new form.
 */

import {
  Color,
  DirectionalLight,
  HemisphereLight,
  PerspectiveCamera,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";

import { hasActivity, isSame, type PictureBrick, position, sizeOf } from "./bricks.js";
import type { Colours } from "./colours.js";
import { centre, distanceTo, fill, HEIGHT, type Point, room } from "./geometry.js";
import type { Label } from "./labels.js";
import { shownLinks } from "./links.js";
import { START, type View } from "./orbit.js";
import { Cores, Links, Shells } from "./shapes.js";

const FIELD_OF_VIEW = 35;
/** Room around the bricks, for their labels. */
const MARGIN = 1.12;
/** How far above a brick its label lies. */
const LABEL_RISE = 0.22;
/** How long bricks take to their new form, in milliseconds. */
const CHANGE = 250;
/** With more bricks, inner ones have no label unless they are pointed at. */
const MOST_LABELLED = 12;

/** How a brick looks at one moment. */
interface Look {
  fill: number;
  colour: Color;
}

/** A picture of bricks on a canvas. */
export class BrickScene {
  view: View = { ...START };
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(FIELD_OF_VIEW);
  readonly #cores = new Cores();
  readonly #shells = new Shells();
  readonly #links = new Links();
  readonly #drawn: (labels: Label[]) => void;
  #bricks: readonly PictureBrick[] = [];
  #centres: Point[] = [];
  #colours: Colours;
  #marked: number | undefined;
  #size = new Vector2(1, 1);
  #frame = 0;
  #change: { from: Look[]; to: Look[]; begin: number; duration: number } | undefined;
  #looks: Look[] = [];
  #middle = new Vector3();
  #room = { radius: 1, half: 1 };

  /**
   * Draws on `canvas`; `drawn` gets the labels of every frame.
   *
   * @throws if there is no WebGL.
   */
  constructor(canvas: HTMLCanvasElement, colours: Colours, drawn: (labels: Label[]) => void) {
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.#colours = colours;
    this.#drawn = drawn;
    const sun = new DirectionalLight(0xffffff, 1.6);
    sun.position.set(2, 5, 3);
    this.#scene.add(new HemisphereLight(0xffffff, 0x888899, 2), sun);
    this.#scene.add(this.#cores.object, this.#links.object, this.#shells.object);
    canvas.addEventListener("webglcontextrestored", this.#invalidate);
  }

  /** Shows other bricks; those at the places of former ones change smoothly, `smooth` permitting. */
  setBricks(bricks: readonly PictureBrick[], smooth: boolean): void {
    if (isSame(bricks, this.#bricks)) {
      return;
    }
    const before = new Map(this.#bricks.map((brick, index) => [position(brick), this.#looks[index]]));
    const stay = bricks.length === before.size && bricks.every((brick) => before.has(position(brick)));
    this.#bricks = bricks;
    this.#centres = bricks.map(centre);
    this.#marked = stay ? this.#marked : undefined;
    const to = this.#wanted();
    const from = to.map((look, index): Look => {
      const brick = bricks[index];
      return (brick && before.get(position(brick))) ?? { fill: 0, colour: look.colour };
    });
    this.#change = { from, to, begin: performance.now(), duration: smooth && before.size > 0 ? CHANGE : 0 };
    this.#place();
    this.#invalidate();
  }

  /** Shows the same bricks in other colours. */
  setColours(colours: Colours): void {
    this.#colours = colours;
    const to = this.#wanted();
    this.#change = { from: to, to, begin: 0, duration: 0 };
    this.#place();
    this.#invalidate();
  }

  /** Looks from elsewhere. */
  setView(view: View): void {
    this.view = view;
    this.#invalidate();
  }

  /** Fits the picture into so many CSS pixels. */
  resize(width: number, height: number): void {
    this.#size.set(Math.max(width, 1), Math.max(height, 1));
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.#renderer.setSize(this.#size.x, this.#size.y, false);
    this.#invalidate();
  }

  /** Marks a brick and what it listens to, or none. */
  mark(brick: number | undefined): void {
    if (this.#marked !== brick) {
      this.#marked = brick;
      this.#link();
      this.#invalidate();
    }
  }

  /** The brick at a place of the picture, in CSS pixels. */
  brickAt(x: number, y: number): number | undefined {
    const ray = new Raycaster();
    ray.setFromCamera(new Vector2((x / this.#size.x) * 2 - 1, 1 - (y / this.#size.y) * 2), this.#camera);
    return ray.intersectObject(this.#shells.solid)[0]?.instanceId;
  }

  /** Frees everything; the scene can't be used any more. */
  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#renderer.domElement.removeEventListener("webglcontextrestored", this.#invalidate);
    this.#cores.dispose();
    this.#shells.dispose();
    this.#links.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  readonly #invalidate = (): void => {
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(this.#draw);
    }
  };

  readonly #draw = (now: number): void => {
    this.#frame = 0;
    this.#step(now);
    this.#aim();
    this.#renderer.render(this.#scene, this.#camera);
    this.#drawn(this.#labels());
  };

  /** How the bricks are to look in the end. */
  #wanted(): Look[] {
    const byActivity = hasActivity(this.#bricks);
    return this.#bricks.map((brick) => ({
      fill: fill(brick.neurons),
      colour: byActivity ? this.#activityColour(brick.activity ?? 0) : new Color(this.#colours[brick.kind]),
    }));
  }

  #activityColour(activity: number): Color {
    const stops = this.#colours.activity;
    const at = Math.min(Math.max(activity, 0), 1) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    return new Color(stops[low]).lerp(new Color(stops[low + 1]), at - low);
  }

  /** Places what doesn't move: glass and links. */
  #place(): void {
    const colours = this.#bricks.map((brick) => new Color(this.#colours[brick.kind]));
    this.#shells.set(this.#centres, colours);
    this.#link();
  }

  #link(): void {
    const { link, marked } = this.#colours;
    const shown = shownLinks(this.#bricks, this.#centres, this.#marked);
    this.#links.set(shown, new Color(link), new Color(marked));
  }

  /** Brings the bricks nearer to the form that they change to. */
  #step(now: number): void {
    if (this.#change === undefined) {
      return;
    }
    const { from, to, begin, duration } = this.#change;
    const share = duration === 0 ? 1 : Math.min(Math.max((now - begin) / duration, 0), 1);
    const eased = 1 - (1 - share) ** 3;
    this.#looks = to.map((look, index) => {
      const old = from[index] ?? look;
      return {
        fill: old.fill + (look.fill - old.fill) * eased,
        colour: old.colour.clone().lerp(look.colour, eased),
      };
    });
    this.#cores.set(
      this.#centres,
      this.#looks.map((look) => look.fill),
      this.#looks.map((look) => look.colour),
    );
    const { middle, radius, half } = room(this.#centres);
    this.#middle.lerp(new Vector3(...middle), eased);
    this.#room.radius += (radius - this.#room.radius) * eased;
    this.#room.half += (half - this.#room.half) * eased;
    if (share < 1) {
      this.#invalidate();
    } else {
      this.#change = undefined;
    }
  }

  /** Points the camera. */
  #aim(): void {
    const { azimuth, elevation, zoom } = this.view;
    const camera = this.#camera;
    camera.aspect = this.#size.x / this.#size.y;
    const angle = (FIELD_OF_VIEW * Math.PI) / 360;
    const distance = (MARGIN * distanceTo(this.#room, elevation, angle, camera.aspect)) / zoom;
    camera.position.set(
      this.#middle.x + distance * Math.cos(elevation) * Math.sin(azimuth),
      this.#middle.y + distance * Math.sin(elevation),
      this.#middle.z + distance * Math.cos(elevation) * Math.cos(azimuth),
    );
    const reach = this.#room.radius + this.#room.half;
    camera.near = Math.max(distance - reach, 0.05);
    camera.far = distance + reach;
    camera.lookAt(this.#middle);
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
  }

  /** Where the labels lie. */
  #labels(): Label[] {
    const few = this.#bricks.length <= MOST_LABELLED;
    return this.#bricks.flatMap((brick, index): Label[] => {
      const at = this.#centres[index];
      const marked = index === this.#marked;
      if (at === undefined || !(few || marked || brick.kind !== "inner")) {
        return [];
      }
      // Those without a name below their bricks: so neighbours' labels seldom meet.
      const below = brick.kind === "inner";
      const point = new Vector3(at[0], at[1] + (HEIGHT / 2 + LABEL_RISE) * (below ? -1 : 1), at[2]);
      const depth = point.distanceTo(this.#camera.position);
      point.project(this.#camera);
      const x = ((point.x + 1) / 2) * this.#size.x;
      const y = ((1 - point.y) / 2) * this.#size.y;
      const rank = marked ? 2 : below ? 0 : 1;
      return [
        {
          brick: index,
          x,
          y,
          below,
          depth,
          rank,
          chars: Math.max(brick.name?.length ?? 0, sizeOf(brick).length),
        },
      ];
    });
  }
}
