/** The pages: where they are, what they are called, who sees them. The first that matches is shown. */

import type { Component } from "svelte";

import type { IconName } from "../parts/icons.js";
import { text } from "../text.js";
import type { PageProps } from "./router.svelte.js";

export interface Page {
  readonly path: string;
  /** What the page is called in the window's title until it names itself. */
  readonly heading: string;
  /** Loaded when the page is first shown. */
  readonly load: () => Promise<{ default: Component<PageProps> | Component<Record<string, never>> }>;
  /** Who may see it; `everyone` need not be logged in. */
  readonly sees: "everyone" | "user" | "admin";
  /** How the page appears in the navigation; pages without are reached from others. */
  readonly navigation?: { readonly label: string; readonly icon: IconName };
}

export const pages: readonly Page[] = [
  {
    path: "/login",
    heading: text.login.heading,
    load: () => import("../pages/login/Login.svelte"),
    sees: "everyone",
  },
  {
    path: "/",
    heading: text.overview.heading,
    load: () => import("../pages/overview/Overview.svelte"),
    sees: "user",
    navigation: { label: text.overview.heading, icon: "overview" },
  },
  {
    path: "/datasets",
    heading: text.datasets.heading,
    load: () => import("../pages/datasets/Datasets.svelte"),
    sees: "user",
    navigation: { label: text.datasets.heading, icon: "datasets" },
  },
  {
    path: "/datasets/:uuid",
    heading: text.dataset.heading,
    load: () => import("../pages/datasets/Dataset.svelte"),
    sees: "user",
  },
  {
    path: "/clusters",
    heading: text.clusters.heading,
    load: () => import("../pages/clusters/Clusters.svelte"),
    sees: "user",
    navigation: { label: text.clusters.heading, icon: "clusters" },
  },
  {
    path: "/clusters/new",
    heading: text.newCluster.heading,
    load: () => import("../pages/clusters/NewCluster.svelte"),
    sees: "user",
  },
  {
    path: "/clusters/:uuid",
    heading: text.cluster.heading,
    load: () => import("../pages/clusters/Cluster.svelte"),
    sees: "user",
  },
  {
    path: "/results",
    heading: text.results.heading,
    load: () => import("../pages/results/Results.svelte"),
    sees: "user",
    navigation: { label: text.results.heading, icon: "results" },
  },
  {
    path: "/results/:uuid",
    heading: text.result.heading,
    load: () => import("../pages/results/Result.svelte"),
    sees: "user",
  },
  {
    path: "/checkpoints",
    heading: text.checkpoints.heading,
    load: () => import("../pages/checkpoints/Checkpoints.svelte"),
    sees: "user",
    navigation: { label: text.checkpoints.heading, icon: "checkpoints" },
  },
  {
    path: "/playground/:uuid",
    heading: text.playground.heading,
    load: () => import("../pages/playground/Playground.svelte"),
    sees: "user",
  },
  {
    path: "/system",
    heading: text.system.heading,
    load: () => import("../pages/system/System.svelte"),
    sees: "user",
    navigation: { label: text.system.heading, icon: "system" },
  },
  {
    path: "/admin/users",
    heading: text.users.heading,
    load: () => import("../pages/admin/Users.svelte"),
    sees: "admin",
    navigation: { label: text.users.heading, icon: "users" },
  },
  {
    path: "/admin/users/:id",
    heading: text.user.heading,
    load: () => import("../pages/admin/User.svelte"),
    sees: "admin",
  },
  {
    path: "/admin/projects",
    heading: text.projects.heading,
    load: () => import("../pages/admin/Projects.svelte"),
    sees: "admin",
    navigation: { label: text.projects.heading, icon: "projects" },
  },
  {
    path: "/admin/projects/:id",
    heading: text.project.heading,
    load: () => import("../pages/admin/Project.svelte"),
    sees: "admin",
  },
  {
    path: "/admin/quotas",
    heading: text.quotas.heading,
    load: () => import("../pages/admin/Quotas.svelte"),
    sees: "admin",
    navigation: { label: text.quotas.heading, icon: "quotas" },
  },
  {
    path: "/admin/audit",
    heading: text.audit.heading,
    load: () => import("../pages/admin/Audit.svelte"),
    sees: "admin",
    navigation: { label: text.audit.heading, icon: "audit" },
  },
  {
    path: "/admin/errors",
    heading: text.errors.heading,
    load: () => import("../pages/admin/Errors.svelte"),
    sees: "admin",
    navigation: { label: text.errors.heading, icon: "errors" },
  },
  {
    path: "/profile",
    heading: text.profile.heading,
    load: () => import("../pages/profile/Profile.svelte"),
    sees: "user",
  },
  {
    path: "/connect",
    heading: text.connect.heading,
    load: () => import("../pages/connect/Connect.svelte"),
    sees: "user",
    navigation: { label: text.connect.heading, icon: "connect" },
  },
  {
    path: "/api",
    heading: text.api.heading,
    load: () => import("../pages/api/Api.svelte"),
    sees: "user",
    navigation: { label: text.api.heading, icon: "api" },
  },
];
