/** Finds a Python that can run the server. Knows nothing of VS Code, so that it is tested without one. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import * as path from "node:path";

export const OLDEST: readonly [number, number] = [3, 11];

/** A program and the arguments that come before Python's own (`py -3`). */
export interface Python {
  readonly command: string;
  readonly args: readonly string[];
}

export interface Wishes {
  /** The setting `orch.python`; empty when it is not set. */
  readonly setting: string;
  /** The interpreter that the Python extension has chosen, if any. */
  readonly chosen: string | undefined;
  /** Folders of the workspace: nothing inside them is ever run. */
  readonly workspace: readonly string[];
  /** The environment's `PATH`. */
  readonly path: string;
  /** Where a candidate is started: outside the workspace. */
  readonly cwd: string;
}

export type Found =
  | { readonly python: Python; readonly version: readonly [number, number] }
  | { readonly problem: string };

/** The first Python of at least `OLDEST` in the order: setting, Python extension, `PATH`. */
export async function findPython(wishes: Wishes): Promise<Found> {
  if (wishes.setting !== "") {
    return judge(wishes.setting, await versionOf({ command: wishes.setting, args: [] }, wishes.cwd));
  }
  const seen: string[] = [];
  for (const python of await candidates(wishes)) {
    const version = await versionOf(python, wishes.cwd);
    if (version && atLeast(version)) {
      return { python, version };
    }
    if (version) {
      seen.push(`${python.command} is ${version.join(".")}`);
    }
  }
  const found = seen.length > 0 ? ` (${seen.join(", ")})` : "";
  return { problem: `Orch needs Python ${OLDEST.join(".")} or newer, and none was found${found}.` };
}

export function atLeast(version: readonly [number, number]): boolean {
  return version[0] > OLDEST[0] || (version[0] === OLDEST[0] && version[1] >= OLDEST[1]);
}

function judge(command: string, version: readonly [number, number] | undefined): Found {
  if (!version) {
    return { problem: `The setting orch.python names ${command}, which does not start as Python.` };
  }
  if (!atLeast(version)) {
    return {
      problem: `The setting orch.python names Python ${version.join(".")}; Orch needs ${OLDEST.join(".")} or newer.`,
    };
  }
  return { python: { command, args: [] }, version };
}

async function candidates(wishes: Wishes): Promise<Python[]> {
  const names = ["python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"];
  const commands = [
    ...(wishes.chosen === undefined ? [] : [wishes.chosen]),
    ...names.flatMap((name) => onPath(name, wishes.path)),
  ];
  const safe = await Promise.all(commands.map((command) => outside(command, wishes.workspace)));
  const found: Python[] = safe.filter((command) => command !== undefined).map((command) => ({ command, args: [] }));
  const launcher = process.platform === "win32" ? onPath("py", wishes.path)[0] : undefined;
  return launcher === undefined ? found : [...found, { command: launcher, args: ["-3"] }];
}

/** The first program called `name` on the PATH `search`, unless it lies in the workspace; undefined without one. */
export async function programOnPath(
  name: string,
  search: string,
  workspace: readonly string[],
): Promise<string | undefined> {
  const found = onPath(name, search)[0];
  return found === undefined ? undefined : outside(found, workspace);
}

/** The first file called `name` in the absolute folders of `search`: a relative folder is the workspace's word. */
function onPath(name: string, search: string): string[] {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const folders = search.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders
    .map((folder) => path.join(folder, file))
    .filter((candidate) => existsSync(candidate))
    .slice(0, 1);
}

/**
 * The path under which to start `command` so that nothing of the workspace is run; undefined when there is none.
 * A virtual environment in the project is mostly a link to a Python outside: that one runs the server as well.
 */
export async function outside(command: string, workspace: readonly string[]): Promise<string | undefined> {
  try {
    const real = await realpath(command);
    const folders = await Promise.all(workspace.map((folder) => realpath(folder).catch(() => folder)));
    if (isWithin(real, folders)) {
      return undefined;
    }
    const place = path.join(await realpath(path.dirname(command)), path.basename(command));
    return isWithin(place, folders) ? real : command;
  } catch {
    return undefined;
  }
}

function isWithin(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const relative = path.relative(folder, file);
    return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
  });
}

/** The version that `python` says it is; undefined when it does not start or does not answer in 10 s. */
export function versionOf(python: Python, cwd: string): Promise<readonly [number, number] | undefined> {
  const ask = "import sys; print('%d.%d' % sys.version_info[:2])";
  return new Promise((resolve) => {
    execFile(
      python.command,
      [...python.args, "-I", "-S", "-c", ask],
      { cwd, timeout: 10_000, windowsHide: true },
      (error, output) => {
        const match = error ? null : /^(\d+)\.(\d+)\s*$/.exec(output);
        resolve(match ? [Number(match[1]), Number(match[2])] : undefined);
      },
    );
  });
}
