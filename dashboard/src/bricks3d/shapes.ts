/** The three things that a picture of bricks is made of, each drawn in one go for all bricks. */

import {
  type BufferGeometry,
  Color,
  ConeGeometry,
  CylinderGeometry,
  EdgesGeometry,
  Group,
  InstancedMesh,
  type Material,
  Matrix4,
  MeshBasicMaterial,
  MeshLambertMaterial,
  Quaternion,
  Vector3,
} from "three";
import { LineMaterial } from "three/examples/jsm/lines/LineMaterial.js";
import { LineSegments2 } from "three/examples/jsm/lines/LineSegments2.js";
import { LineSegmentsGeometry } from "three/examples/jsm/lines/LineSegmentsGeometry.js";

import { arc, CORNER, HEIGHT, type Point } from "./geometry.js";
import type { Link } from "./links.js";

/** Width of a core, as a share of its brick's. */
const CORE = 0.6;
/** How far above a brick's floor links begin and end: within every core. */
const LINK_HEIGHT = 0.07;
const LINK_STEPS = 12;
const UP = new Vector3(0, 1, 0);

/** A hexagonal prism that stands on y = 0, its sides turned as the grid's hexagons are. */
function prism(corner: number, height: number): CylinderGeometry {
  return new CylinderGeometry(corner, corner, height, 6).translate(0, height / 2, 0);
}

/** Meshes of one form, as many as are needed. */
class Copies {
  readonly object = new Group();
  mesh: InstancedMesh;
  readonly #geometry: BufferGeometry;
  readonly #material: Material;

  constructor(geometry: BufferGeometry, material: Material) {
    this.#geometry = geometry;
    this.#material = material;
    this.mesh = this.#make(1);
    this.set([], []);
  }

  set(places: readonly Matrix4[], colours: readonly Color[]): void {
    if (places.length > this.mesh.instanceMatrix.count) {
      this.mesh.dispose();
      this.mesh = this.#make(places.length);
    }
    places.forEach((place, index) => {
      this.mesh.setMatrixAt(index, place);
    });
    colours.forEach((colour, index) => {
      this.mesh.setColorAt(index, colour);
    });
    this.mesh.count = places.length;
    this.mesh.instanceMatrix.needsUpdate = true;
    if (this.mesh.instanceColor) {
      this.mesh.instanceColor.needsUpdate = true;
    }
    // Else pointing at a brick would search where the bricks were before.
    this.mesh.computeBoundingSphere();
  }

  dispose(): void {
    this.mesh.dispose();
    this.#geometry.dispose();
    this.#material.dispose();
  }

  #make(count: number): InstancedMesh {
    const mesh = new InstancedMesh(this.#geometry, this.#material, count);
    // Colours have to be there when the material is first compiled.
    mesh.setColorAt(0, new Color());
    this.object.clear();
    this.object.add(mesh);
    return mesh;
  }
}

/** The solid cores, as high as the bricks have neurons. */
export class Cores {
  readonly #copies = new Copies(prism(CORNER * CORE, HEIGHT), new MeshLambertMaterial({ flatShading: true }));

  get object(): Group {
    return this.#copies.object;
  }

  set(centres: readonly Point[], fills: readonly number[], colours: readonly Color[]): void {
    const places = centres.map(([x, y, z], index) => {
      // A scale of nothing can't be turned back, which three.js warns of.
      const height = Math.max(fills[index] ?? 0, 0.001);
      return new Matrix4().makeTranslation(x, y - HEIGHT / 2, z).scale(new Vector3(1, height, 1));
    });
    this.#copies.set(places, colours);
  }

  dispose(): void {
    this.#copies.dispose();
  }
}

/** The glass prisms around the cores, with their edges. */
export class Shells {
  readonly object = new Group();
  readonly #glass = new Copies(
    prism(CORNER, HEIGHT),
    new MeshBasicMaterial({ transparent: true, opacity: 0.1, depthWrite: false }),
  );
  readonly #edges = new Segments(1.25);
  readonly #outline: readonly number[];

  constructor() {
    const edges = new EdgesGeometry(prism(CORNER, HEIGHT));
    this.#outline = [...(edges.getAttribute("position").array as Float32Array)];
    edges.dispose();
    this.object.add(this.#glass.object, this.#edges.object);
  }

  /** What can be pointed at. */
  get solid(): InstancedMesh {
    return this.#glass.mesh;
  }

  /** Places the prisms. */
  set(centres: readonly Point[], colours: readonly Color[]): void {
    this.#glass.set(
      centres.map(([x, y, z]) => new Matrix4().makeTranslation(x, y - HEIGHT / 2, z)),
      colours,
    );
    const points: number[] = [];
    const shades: number[] = [];
    centres.forEach((at, index) => {
      const floor = [at[0], at[1] - HEIGHT / 2, at[2]];
      this.#outline.forEach((value, axis) => points.push(value + (floor[axis % 3] ?? 0)));
      const shade = (colours[index] ?? new Color()).toArray();
      for (let corner = 0; corner < this.#outline.length / 3; corner++) {
        shades.push(...shade);
      }
    });
    this.#edges.set(points, shades);
  }

  dispose(): void {
    this.#glass.dispose();
    this.#edges.dispose();
  }
}

/** Arrows from bricks to those that listen to them. */
export class Links {
  readonly object = new Group();
  readonly #lines = new Segments(2);
  readonly #heads = new Copies(new ConeGeometry(0.06, 0.16, 12), new MeshBasicMaterial());

  constructor() {
    this.object.add(this.#lines.object, this.#heads.object);
  }

  set(links: readonly Link[], plain: Color, strong: Color): void {
    const points: number[] = [];
    const shades: number[] = [];
    const heads: Matrix4[] = [];
    const headColours: Color[] = [];
    for (const { start, end, marked } of links) {
      const colour = marked ? strong : plain;
      const curve = arc(onFloor(start), onFloor(end), LINK_STEPS).map((point) => new Vector3(...point));
      curve.slice(1).forEach((point, index) => {
        const before = curve[index] ?? point;
        points.push(...before.toArray(), ...point.toArray());
        shades.push(...colour.toArray(), ...colour.toArray());
      });
      heads.push(head(curve));
      headColours.push(colour);
    }
    this.#lines.set(points, shades);
    this.#heads.set(heads, headColours);
  }

  dispose(): void {
    this.#lines.dispose();
    this.#heads.dispose();
  }
}

/** Lines of a width in pixels. */
class Segments {
  readonly object = new Group();
  readonly #material: LineMaterial;
  #geometry: LineSegmentsGeometry | undefined;

  constructor(width: number) {
    this.#material = new LineMaterial({ linewidth: width, vertexColors: true });
  }

  set(points: number[], shades: number[]): void {
    this.object.clear();
    this.#geometry?.dispose();
    this.#geometry = undefined;
    if (points.length > 0) {
      this.#geometry = new LineSegmentsGeometry().setPositions(points).setColors(shades);
      this.object.add(new LineSegments2(this.#geometry, this.#material));
    }
  }

  dispose(): void {
    this.#geometry?.dispose();
    this.#material.dispose();
  }
}

function onFloor([x, y, z]: Point): Point {
  return [x, y - HEIGHT / 2 + LINK_HEIGHT, z];
}

/** The head of an arrow, in the middle of a curve. */
function head(curve: readonly Vector3[]): Matrix4 {
  const after = Math.floor(curve.length / 2);
  const [from, to] = [curve[after - 1] ?? new Vector3(), curve[after] ?? new Vector3()];
  const along = to.clone().sub(from).normalize();
  const turn = new Quaternion().setFromUnitVectors(UP, along);
  return new Matrix4().compose(from.clone().lerp(to, 0.5), turn, new Vector3(1, 1, 1));
}
