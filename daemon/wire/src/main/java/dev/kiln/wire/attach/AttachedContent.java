package dev.kiln.wire.attach;

import dev.kiln.wire.blobs.BlobStore;
import dev.kiln.wire.blobs.ContentService;
import dev.kiln.wire.session.SessionHeaders;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.Map;

/** Offers content stores by id: OCI layouts, local cache directories, export targets. */
public final class AttachedContent {
  private AttachedContent() {}

  /**
   * The service that offers these stores.
   *
   * @param stores by {@code oci:<name>}, {@code local:<directory>} or {@code export}
   */
  public static ServerServiceDefinition service(Map<String, BlobStore> stores) {
    Map<String, BlobStore> offered = Map.copyOf(stores);
    return ContentService.over(headers -> choose(offered, headers));
  }

  private static BlobStore choose(Map<String, BlobStore> stores, Metadata headers) {
    String id = SessionHeaders.get(headers, SessionHeaders.STORE_ID);
    if (id == null) {
      throw Status.INVALID_ARGUMENT
          .withDescription("request lacks metadata \"" + SessionHeaders.STORE_ID + "\"")
          .asRuntimeException();
    }
    BlobStore store = stores.get(id);
    if (store == null) {
      throw Status.NOT_FOUND.withDescription("unknown store " + id).asRuntimeException();
    }
    return store;
  }
}
