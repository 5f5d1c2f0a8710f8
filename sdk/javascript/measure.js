/**
 * The JavaScript SDK's part of `cargo xtask measure-sdks`, which says what is measured and how.
 *
 * With the argument `import-only`, it ends at once.
 */

import { stat } from "node:fs/promises";

import { Hanami } from "hanami-sdk";
import { openFile } from "hanami-sdk/node";

const TEMPLATE = `version: 1
bricks:
    1,1,1
        input: pixels
        number_of_neurons: 784
    2,1,1
        number_of_neurons: 400
    3,1,1
        output: digit
        number_of_neurons: 10
`;

const WARM_UP = 200;
const REQUESTS = 5000;
const UPLOADS = 3;
const MIB = 1024 * 1024;

const { HANAMI_ADDRESS, HANAMI_USER, HANAMI_PW, HANAMI_IMAGES, HANAMI_LABELS } = process.env;

/** The milliseconds that each of the requests took, shortest first. */
async function requests(hanami) {
  const cluster = await hanami.clusters.create({ name: "measured by javascript", template: TEMPLATE });
  await hanami.clusters.setMode(cluster, "DIRECT");
  const direct = await hanami.direct(cluster);
  const image = Float32Array.from({ length: 784 }, (_, pixel) => pixel % 256);
  const times = [];
  for (let request = 0; request < WARM_UP + REQUESTS; request++) {
    const start = performance.now();
    await direct.request({ pixels: image });
    if (request >= WARM_UP) {
      times.push(performance.now() - start);
    }
  }
  await direct.close();
  await hanami.clusters.delete(cluster);
  return times.sort((a, b) => a - b);
}

/** MiB per second, the median of some uploads. */
async function uploadSpeed(hanami) {
  const size = (await stat(HANAMI_IMAGES)).size + (await stat(HANAMI_LABELS)).size;
  const times = [];
  for (let upload = 0; upload < UPLOADS; upload++) {
    const start = performance.now();
    const dataset = await hanami.datasets.uploadMnist({
      name: "measured by javascript",
      images: await openFile(HANAMI_IMAGES),
      labels: await openFile(HANAMI_LABELS),
    });
    times.push(performance.now() - start);
    await hanami.datasets.delete(dataset);
  }
  times.sort((a, b) => a - b);
  return size / MIB / (times[Math.floor(UPLOADS / 2)] / 1000);
}

async function measure() {
  const hanami = await Hanami.connect(HANAMI_ADDRESS, { user: HANAMI_USER, password: HANAMI_PW });
  const times = await requests(hanami);
  const figures = {
    sdk: "javascript",
    direct_request_p50_us: times[REQUESTS / 2] * 1000,
    direct_request_p99_us: times[(REQUESTS * 99) / 100] * 1000,
    upload_mib_per_second: await uploadSpeed(hanami),
  };
  console.log(JSON.stringify(figures));
}

if (process.argv[2] !== "import-only") {
  await measure();
}
