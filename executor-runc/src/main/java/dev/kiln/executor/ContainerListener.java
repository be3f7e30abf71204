package dev.kiln.executor;

/** Hears of a process's start. Called on the thread that runs the process; must not block. */
@FunctionalInterface
public interface ContainerListener {
  /** Hears nothing. */
  ContainerListener NONE = process -> {};

  /** The process has been started; the handle works until it ends and does nothing afterwards. */
  void started(RunningProcess process);
}
