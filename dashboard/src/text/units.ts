export const units = {
  percent: (value: string): string => `${value} %`,
  seconds: (seconds: number): string => `${seconds} s`,
  minutes: (minutes: number, seconds: number): string => `${minutes} min ${seconds} s`,
  hours: (hours: number, minutes: number): string => `${hours} h ${minutes} min`,
  unknown: "–",
};
