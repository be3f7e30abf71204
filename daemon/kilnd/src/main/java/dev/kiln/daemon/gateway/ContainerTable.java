package dev.kiln.daemon.gateway;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.wire.gateway.ExecMessage;
import dev.kiln.wire.gateway.NewContainerRequest;
import dev.kiln.wire.gateway.NewContainerResponse;
import dev.kiln.wire.gateway.ReadDirRequest;
import dev.kiln.wire.gateway.ReadDirResponse;
import dev.kiln.wire.gateway.ReadFileRequest;
import dev.kiln.wire.gateway.ReadFileResponse;
import dev.kiln.wire.gateway.ReleaseContainerRequest;
import dev.kiln.wire.gateway.ReleaseContainerResponse;
import dev.kiln.wire.gateway.StatFileRequest;
import dev.kiln.wire.gateway.StatFileResponse;
import dev.kiln.wire.stream.MessageStream;

/**
 * The containers that one frontend opened for itself, to run things in the trees that it built
 * (gateway.md, section 3). Safe for use by many threads.
 */
public interface ContainerTable extends AutoCloseable {
  /** Makes the table of a frontend. */
  @FunctionalInterface
  interface Factory {
    ContainerTable create(BuildBridge bridge, RefLookup refs);
  }

  /** Finds refs by the ids that the frontend knows. */
  @FunctionalInterface
  interface RefLookup {
    /**
     * The ref of an id.
     *
     * @return null for the empty id
     * @throws io.grpc.StatusRuntimeException for an unknown id
     */
    dev.kiln.daemon.build.@org.jspecify.annotations.Nullable BuildRef find(String id);
  }

  NewContainerResponse create(NewContainerRequest request) throws Exception;

  ReleaseContainerResponse release(ReleaseContainerRequest request) throws Exception;

  /** Serves one stream of processes until it ends. */
  void exec(MessageStream<ExecMessage, ExecMessage> stream) throws Exception;

  ReadFileResponse readFile(ReadFileRequest request) throws Exception;

  ReadDirResponse readDir(ReadDirRequest request) throws Exception;

  StatFileResponse statFile(StatFileRequest request) throws Exception;

  /**
   * Keeps the state of a failed step for containers of this frontend, and names it in the error.
   *
   * @return the failure to report instead, or the same
   */
  RuntimeException explain(RuntimeException failure);

  /** Stops all containers and releases what they hold. */
  @Override
  void close();
}
