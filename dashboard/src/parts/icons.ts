/** The icons: strokes on a square of 24. */
export const icons = {
  overview: "M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z",
  datasets:
    "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3",
  clusters:
    "M12 2.500l4 2.300v4.600l-4 2.3-4-2.300V4.800zM7 12l4 2.300v4.600l-4 2.3-4-2.300v-4.600zM17 12l4 2.300v4.600l-4 2.3-4-2.300v-4.600z",
  results: "M5 3h14v18H5zM9 16v-3M12 16V8M15 16v-5",
  checkpoints: "M6 3h12v18l-6-4.500L6 21z",
  system: "M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4",
  users:
    "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-6.5 7-6.500s7 2.5 7 6.500M16 3.500a4 4 0 0 1 0 7M18.5 14.800c2.2.9 3.5 3 3.5 6.2",
  projects: "M3 6h6l2 3h10v11H3z",
  quotas: "M4 18a9 9 0 1 1 16 0M12 15l4-6",
  audit: "M5 3h14v18H5zM9 8h6M9 12h6M9 16h4",
  errors: "M12 3l9.5 17h-19zM12 10v4M12 17v.5",
  api: "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14",
  connect: "M9 2v5M15 2v5M6 7h12v4a6 6 0 0 1-12 0zM12 17v5",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  upload: "M12 16V4M7 9l5-5 5 5M4 20h16",
  download: "M12 4v12M7 11l5 5 5-5M4 20h16",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  check: "M4 12.500l5 5L20 6.5",
  trash: "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  play: "M7 4l13 8-13 8z",
  stop: "M6 6h12v12H6z",
  pause: "M8 5v14M16 5v14",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  up: "M5 15l7-7 7 7",
  down: "M5 9l7 7 7-7",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.400M17.6 17.600L19 19M5 19l1.4-1.400M17.6 6.400L19 5",
  moon: "M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500z",
  contrast: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18",
  logOut: "M10 4H4v16h6M15 8l4 4-4 4M19 12H9",
  external: "M14 4h6v6M20 4l-9 9M10 5H4v15h15v-6",
  refresh: "M20 11a8 8 0 1 0-.5 4M20 4v7h-7",
  pen: "M4 20c3 0 4-1 4-3s2-3 3-2l2 2c1 1 0 3-2 3zM13 15l7-11M10.5 14L18 4",
} as const;

export type IconName = keyof typeof icons;
