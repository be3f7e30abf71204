package dev.kiln.daemon.gateway;

import dev.kiln.daemon.build.BuildRef;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The refs that one frontend knows by id. Safe for use by many threads. */
final class RefTable {
  private final Map<String, BuildRef> byId = new ConcurrentHashMap<>();

  /** Makes a ref known; the empty file system has the empty id. */
  String add(@Nullable BuildRef ref) {
    if (ref == null) {
      return "";
    }
    String id = RandomIds.next();
    byId.put(id, ref);
    return id;
  }

  /**
   * The ref of an id, null for the empty id.
   *
   * @throws io.grpc.StatusRuntimeException when no such ref was handed out
   */
  @Nullable BuildRef find(String id) {
    if (id.isEmpty()) {
      return null;
    }
    BuildRef ref = byId.get(id);
    if (ref == null) {
      throw Status.NOT_FOUND.withDescription("no such ref: " + id).asRuntimeException();
    }
    return ref;
  }

  /** The ref of an id of which there must be one. */
  BuildRef require(String id) {
    BuildRef ref = find(id);
    if (ref == null) {
      throw Status.UNKNOWN.withDescription("empty ref: " + id).asRuntimeException();
    }
    return ref;
  }
}
