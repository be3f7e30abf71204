package dev.kiln.executor;

/**
 * Runs processes in containers of their own. Safe for use by many threads at once; every call
 * blocks until its process has ended.
 */
public interface Executor extends AutoCloseable {
  /**
   * Starts a container with one process, waits for its end and removes the container.
   *
   * <p>When this returns or throws, no process, mount or network of the container is left. Its
   * cgroup and the runtime's record of it may go a moment later after a success.
   *
   * @param listener is told once when the process has been started
   * @param cancellation when it is cancelled (or the calling thread is interrupted) the container
   *     is killed
   * @return the exit code, one of the process's valid ones
   * @throws ExitException the process ended with another code, or was killed for memory
   * @throws CancelledException the run was cancelled
   * @throws SetupException the container could not be prepared or started
   */
  int run(ContainerSpec spec, Stdio io, ContainerListener listener, Cancellation cancellation)
      throws ExecutorException;

  /**
   * Runs a further process in a container whose {@link #run} has not ended; waits for the container
   * to be up when that is still under way. An empty environment, working directory or user is taken
   * from the container's first process.
   *
   * @return the exit code, one of the process's valid ones
   * @throws ExitException the process ended with another code
   * @throws CancelledException the process was cancelled, which kills it and not the container
   * @throws SetupException the container is not there, or the process could not be started
   */
  int exec(
      String containerId,
      ProcessSpec process,
      Stdio io,
      ContainerListener listener,
      Cancellation cancellation)
      throws ExecutorException;

  /**
   * Waits for what is still being removed. Containers that run are the business of their callers.
   */
  @Override
  void close();
}
