package dev.kiln.daemon.control;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.export.Exporter;
import dev.kiln.daemon.gateway.FrontendSession;
import dev.kiln.wire.exporter.ExporterRequest;
import dev.kiln.wire.session.RemoteExporters;
import dev.kiln.wire.session.SessionRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exporters that the client's session chooses once it can look at the result. Thread-safe. */
public final class ClientExporters {
  private final SessionRegistry sessions;
  private final Exporter.Factory factory;

  public ClientExporters(SessionRegistry sessions, Exporter.Factory factory) {
    this.sessions = sessions;
    this.factory = factory;
  }

  /**
   * The exporters that the client adds; none if the request does not offer that.
   *
   * @param frontend lets the client look into the refs by their ids; null gives it no ids
   */
  List<Exporter> find(Build build, @Nullable FrontendSession frontend, BuildResult result) {
    if (!build.request().getEnableSessionExporter()) {
      return List.of();
    }
    List<String> refs = new ArrayList<>();
    if (frontend != null) {
      for (BuildRef ref : result.allRefs()) {
        refs.add(frontend.publish(ref));
      }
    }
    List<Exporter> chosen = new ArrayList<>();
    for (ExporterRequest each : remote(build).find(result.metadata(), refs)) {
      chosen.add(factory.create(each.getType(), each.getAttrsMap()));
    }
    return chosen;
  }

  /** Tells the client the final response, which it may refuse. */
  void finish(Build build, Map<String, String> response) {
    if (build.request().getEnableSessionExporter()) {
      remote(build).finish(response);
    }
  }

  private RemoteExporters remote(Build build) {
    return new RemoteExporters(sessions.get(build.sessionId()));
  }
}
