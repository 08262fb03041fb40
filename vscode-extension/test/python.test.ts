/** Which Python runs the server: new enough, in the right order, and never one that lies in the workspace. */

import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { test, type TestContext } from "node:test";
import { atLeast, findPython, outside, programOnPath, type Wishes } from "../src/python";

async function folder(context: TestContext): Promise<string> {
  const made = await realpath(await mkdtemp(path.join(tmpdir(), "orch-python-")));
  context.after(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A program that answers as Python does when it is asked for its version. */
async function pretend(file: string, answer: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${answer}\n`);
  await chmod(file, 0o755);
  return file;
}

function wishes(home: string, more: Partial<Wishes>): Wishes {
  return { setting: "", chosen: undefined, workspace: [], path: "", cwd: home, ...more };
}

test("3.11 is the oldest", () => {
  assert.deepEqual(
    ([[3, 10], [3, 11], [3, 14], [4, 0], [2, 7]] as const).map((version) => atLeast(version)),
    [false, true, true, true, false],
  );
});

test("the newest name on the PATH comes first, and one that does not start is passed over", async (context) => {
  const home = await folder(context);
  await pretend(path.join(home, "python3.13"), "exit 127");
  await pretend(path.join(home, "python3"), "echo 3.10");
  const good = await pretend(path.join(home, "python3.12"), "echo 3.12");
  const found = await findPython(wishes(home, { path: home }));
  assert.deepEqual(found, { python: { command: good, args: [] }, version: [3, 12] });
});

test("the setting decides, even when a better one is on the PATH", async (context) => {
  const home = await folder(context);
  await pretend(path.join(home, "python3"), "echo 3.13");
  const old = await pretend(path.join(home, "old"), "echo 3.9");
  const found = await findPython(wishes(home, { setting: old, path: home }));
  assert.deepEqual(found, { problem: "The setting orch.python names Python 3.9; Orch needs 3.11 or newer." });
  const gone = path.join(home, "gone");
  assert.deepEqual(await findPython(wishes(home, { setting: gone, path: home })), {
    problem: `The setting orch.python names ${gone}, which does not start as Python.`,
  });
});

test("the interpreter of the Python extension comes before the PATH", async (context) => {
  const home = await folder(context);
  await pretend(path.join(home, "bin", "python3"), "echo 3.13");
  const chosen = await pretend(path.join(home, "chosen"), "echo 3.11");
  const found = await findPython(wishes(home, { chosen, path: path.join(home, "bin") }));
  assert.ok("python" in found && found.python.command === chosen);
});

test("none that is new enough is said with what there is", async (context) => {
  const home = await folder(context);
  const old = await pretend(path.join(home, "python3"), "echo 3.8");
  const found = await findPython(wishes(home, { path: home }));
  assert.deepEqual(found, { problem: `Orch needs Python 3.11 or newer, and none was found (${old} is 3.8).` });
});

test("a program of the workspace is never run, nor one of a relative folder of the PATH", async (context) => {
  const home = await folder(context);
  const project = path.join(home, "project");
  const trap = await pretend(path.join(project, ".venv", "bin", "python3"), `touch ${home}/ran; echo 3.13`);
  const found = await findPython(
    wishes(home, {
      chosen: trap,
      workspace: [project],
      path: [path.dirname(trap), "project/.venv/bin", "."].join(path.delimiter),
    }),
  );
  assert.ok("problem" in found);
  await assert.rejects(realpath(path.join(home, "ran")));
});

test("a program is taken from the PATH, and never from the workspace", async (context) => {
  const home = await folder(context);
  const project = path.join(home, "project");
  const trap = await pretend(path.join(project, "bin", "orch"), "exit 1");
  const real = await pretend(path.join(home, "bin", "orch"), "exit 0");
  assert.equal(await programOnPath("orch", path.dirname(real), [project]), real);
  assert.equal(await programOnPath("orch", path.dirname(trap), [project]), undefined);
  assert.equal(await programOnPath("orch", "project/bin", [project]), undefined);
  assert.equal(await programOnPath("orch", "", [project]), undefined);
});

test("a virtual environment in the workspace stands for the Python that it links to", async (context) => {
  const home = await folder(context);
  const real = await pretend(path.join(home, "usr", "python3.11"), "echo 3.11");
  const project = path.join(home, "project");
  const link = path.join(project, ".venv", "bin", "python");
  await mkdir(path.dirname(link), { recursive: true });
  await symlink(real, link);
  assert.equal(await outside(link, [project]), real);
  assert.equal(await outside(real, [project]), real);
  assert.equal(await outside(path.join(project, "gone"), [project]), undefined);
});
