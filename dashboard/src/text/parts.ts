export const parts = {
  requestId: "Request",
  copy: "Copy",
  copied: "Copied",
  copyFailed: "The browser does not allow to copy this.",
  cancel: "Cancel",
  close: "Close",
  retry: "Try again",
  optional: "optional",
  sort: (column: string): string => `Sort by ${column}`,
  pages: "Rows",
  previous: "Previous rows",
  next: "Next rows",
  range: (from: number, to: number, total: number | undefined): string =>
    total === undefined ? `${from}–${to}` : `${from}–${to} of ${total}`,
  chartTable: (title: string): string => `${title}, as a table`,
  chartHelp: "Left and right arrow keys read the values out.",
  noData: "No data yet",
};
