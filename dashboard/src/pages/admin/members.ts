/** Who is in a project, which only the list of all users tells. */

import type { Membership, User } from "hanami-sdk";

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly place: Membership;
}

export function membersOf(everyone: readonly User[], project: string): Member[] {
  return everyone.flatMap(({ id, name, projects }) => {
    const place = projects.find(({ projectId }) => projectId === project);
    return place === undefined ? [] : [{ id, name, place }];
  });
}
