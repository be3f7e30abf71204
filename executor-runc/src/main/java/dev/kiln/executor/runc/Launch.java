package dev.kiln.executor.runc;

import dev.kiln.executor.Stdio;
import dev.kiln.executor.process.ChildProcess;
import java.io.IOException;

/** The way in which the runtime comes to run a container. */
sealed interface Launch {
  /** What the runtime calls the container. */
  String id();

  /** Whether the runtime is there already and waits, in the bundle's folder, to be handed it. */
  boolean isWaiting();

  /** Makes what carries the process's bytes. */
  Forwarding connect() throws IOException;

  /** Has the bundle run, whose folder is the container's. */
  ChildProcess start(Bundle bundle, ChildProcess.Standard standard) throws IOException;

  /** A new call of the runtime. */
  record Fresh(RuncCommand runtime, String id, Stdio io) implements Launch {
    @Override
    public boolean isWaiting() {
      return false;
    }

    @Override
    public Forwarding connect() throws IOException {
      return new Forwarding(io);
    }

    @Override
    public ChildProcess start(Bundle bundle, ChildProcess.Standard standard) throws IOException {
      return runtime.run(id, bundle.folder(), standard);
    }
  }

  /** A call that was made ahead. */
  record Ready(Standby standby, Stdio.Streams io) implements Launch {
    @Override
    public String id() {
      return standby.id();
    }

    @Override
    public boolean isWaiting() {
      return true;
    }

    @Override
    public Forwarding connect() {
      return new Forwarding(io, standby.output(), standby.error());
    }

    @Override
    public ChildProcess start(Bundle bundle, ChildProcess.Standard standard) throws IOException {
      return standby.run(bundle.json());
    }
  }
}
