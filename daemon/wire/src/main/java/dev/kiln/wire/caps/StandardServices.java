package dev.kiln.wire.caps;

import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.util.List;

/** The services that every gRPC server of Kiln offers beside its own. */
public final class StandardServices {
  private StandardServices() {}

  /** The standard health service, which says that everything is well. */
  public static ServerServiceDefinition health() {
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    return health.getHealthService().bindService();
  }

  /** Reflection in both of its versions. */
  public static List<ServerServiceDefinition> reflection() {
    return List.of(ProtoReflectionServiceV1.newInstance().bindService(), reflectionV1Alpha());
  }

  @SuppressWarnings("deprecation") // older clients ask for nothing else
  private static ServerServiceDefinition reflectionV1Alpha() {
    return io.grpc.protobuf.services.ProtoReflectionService.newInstance().bindService();
  }
}
