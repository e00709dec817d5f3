/** LVNFs of both run modes behind one driver: processes, and the kernel's router. */
import type { ObservedClick, View } from "../../domain/observed.js";
import type { ClickDriver } from "./api.js";

export function byRunMode(userlevel: ClickDriver, kernel: ClickDriver): ClickDriver {
  const inKernel = (functionId: string): boolean => {
    const seen = kernel.view();
    return seen.state === "ready" && seen.now.processes.has(functionId);
  };
  const of = (functionId: string): ClickDriver => (inKernel(functionId) ? kernel : userlevel);
  return {
    name: "click",
    watch(changed, signal) {
      userlevel.watch(changed, signal);
      kernel.watch(changed, signal);
    },
    view: () => both(userlevel.view(), kernel.view()),
    start: (target, context) => (target.runMode === "kernel" ? kernel : userlevel).start(target, context),
    stop: (functionId, pid, startTicks, graceMs, context) =>
      (pid === 0 ? kernel : userlevel).stop(functionId, pid, startTicks, graceMs, context),
    async forget(functionId, context) {
      await Promise.all([userlevel.forget(functionId, context), kernel.forget(functionId, context)]);
    },
    checkProgram: (context) => userlevel.checkProgram(context),
    withoutFastPath: (context) => userlevel.withoutFastPath(context),
    withoutKernel: (context) => kernel.withoutKernel(context),
    read: (functionId, handler, context) => of(functionId).read(functionId, handler, context),
    write: (functionId, handler, value, context) => of(functionId).write(functionId, handler, value, context),
    logTail: (functionId, lines) => of(functionId).logTail(functionId, lines),
    stats: (functionId) => of(functionId).stats(functionId),
    keepState(functionId, handlers) {
      userlevel.keepState(functionId, handlers);
      kernel.keepState(functionId, handlers);
    },
    beforeStop(hook) {
      userlevel.beforeStop(hook);
      kernel.beforeStop(hook);
    },
    onExit(listener) {
      userlevel.onExit(listener);
      kernel.onExit(listener);
    },
  };
}

/** As the processes' driver is, once the kernel's has looked. A function that is in both ways there is first seen as a process, and so ended. */
function both(userlevel: View<ObservedClick>, kernel: View<ObservedClick>): View<ObservedClick> {
  if (userlevel.state !== "ready" || kernel.state !== "ready")
    return userlevel.state === "ready" ? kernel : userlevel;
  const { version, processes, files } = userlevel.now;
  return {
    state: "ready",
    now: {
      version,
      processes: new Map([...kernel.now.processes, ...processes]),
      files: new Set([...files, ...kernel.now.files]),
    },
  };
}
