package dev.kiln.daemon.container;

import com.google.protobuf.UnsafeByteOperations;
import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.gateway.ContainerTable;
import dev.kiln.daemon.op.OpServices;
import dev.kiln.daemon.worker.TreeFiles;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.pb.Mount;
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
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The containers of one frontend, run by the same executor as steps. */
public final class FrontendContainers implements ContainerTable {
  private final OpServices services;
  private final BuildBridge bridge;
  private final RefLookup refs;
  private final FailedTrees failed = new FailedTrees();
  private final Map<String, FrontendContainer> byId = new ConcurrentHashMap<>();

  public FrontendContainers(OpServices services, BuildBridge bridge, RefLookup refs) {
    this.services = services;
    this.bridge = bridge;
    this.refs = refs;
  }

  @Override
  public NewContainerResponse create(NewContainerRequest request) throws Exception {
    List<@Nullable ImmutableRef> trees = new ArrayList<>();
    for (Mount mount : request.getMountsList()) {
      trees.add(treeOf(mount));
    }
    FrontendContainer container = FrontendContainer.open(services, bridge, request, trees);
    if (byId.putIfAbsent(request.getContainerID(), container) != null) {
      container.close();
      throw Status.ALREADY_EXISTS
          .withDescription("Container " + request.getContainerID() + " already exists")
          .asRuntimeException();
    }
    return NewContainerResponse.getDefaultInstance();
  }

  private @Nullable ImmutableRef treeOf(Mount mount) throws InterruptedException {
    String id = mount.getResultID();
    if (id.isEmpty()) {
      return null;
    }
    ImmutableRef kept = failed.find(id);
    if (kept != null) {
      return kept;
    }
    BuildRef ref = refs.find(id);
    return ref == null ? null : ref.evaluate().ref();
  }

  @Override
  public ReleaseContainerResponse release(ReleaseContainerRequest request) {
    FrontendContainer container = byId.remove(request.getContainerID());
    if (container == null) {
      throw notFound(request.getContainerID());
    }
    container.release();
    return ReleaseContainerResponse.getDefaultInstance();
  }

  private static RuntimeException notFound(String what) {
    return Status.NOT_FOUND
        .withDescription("container details for " + what + " not found")
        .asRuntimeException();
  }

  @Override
  public void exec(MessageStream<ExecMessage, ExecMessage> stream) throws Exception {
    new ExecStream(stream, this::running).serve();
  }

  private FrontendContainer running(String id) {
    FrontendContainer container = byId.get(id);
    if (container == null) {
      throw Status.NOT_FOUND
          .withDescription("container \"" + id + "\" previously released or not created")
          .asRuntimeException();
    }
    return container;
  }

  private Path root(String id, int mount) throws IOException {
    FrontendContainer container = byId.get(id);
    if (container == null) {
      throw notFound(id + "@" + mount);
    }
    return container.root(mount);
  }

  @Override
  public ReadFileResponse readFile(ReadFileRequest request) throws IOException {
    Path root = root(request.getRef(), request.getMountIndex());
    long offset = request.hasRange() ? request.getRange().getOffset() : 0;
    long length = request.hasRange() ? request.getRange().getLength() : -1;
    byte[] data = TreeFiles.readFile(root, request.getFilePath(), offset, length);
    return ReadFileResponse.newBuilder().setData(UnsafeByteOperations.unsafeWrap(data)).build();
  }

  @Override
  public ReadDirResponse readDir(ReadDirRequest request) throws IOException {
    Path root = root(request.getRef(), request.getMountIndex());
    return ReadDirResponse.newBuilder()
        .addAllEntries(TreeFiles.readDir(root, request.getDirPath(), request.getIncludePattern()))
        .build();
  }

  @Override
  public StatFileResponse statFile(StatFileRequest request) throws IOException {
    Path root = root(request.getRef(), request.getMountIndex());
    return StatFileResponse.newBuilder().setStat(TreeFiles.stat(root, request.getPath())).build();
  }

  @Override
  public RuntimeException explain(RuntimeException failure) {
    return failed.explain(failure);
  }

  @Override
  public void close() {
    for (String id : List.copyOf(byId.keySet())) {
      FrontendContainer container = byId.remove(id);
      if (container != null) {
        container.close();
      }
    }
    failed.close();
  }
}
