package dev.kiln.registry.host;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The pooled HTTP connections to registries, one pool for each kind of trust. When a certificate
 * file changes, new requests go through a new pool. HTTP/1.1 only: one connection for each transfer
 * moves large blobs faster than streams that share one. Thread-safe.
 */
public final class Connections implements AutoCloseable {
  /** Covers TLS as well; a server that speaks none may keep silent. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

  private record Pool(TlsMaterial material, HttpClient client) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<HostSettings, Pool> pools = new HashMap<>();
  private final Set<String> httpOnly = new HashSet<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable HttpClient plain;

  /**
   * The pool for addresses of a scheme, with the settings of the registry that they belong to.
   *
   * @throws TlsSettingsException if a certificate or a key cannot be read
   */
  public HttpClient client(String scheme, HostSettings settings) throws TlsSettingsException {
    try {
      return pool(scheme, settings);
    } catch (IOException e) {
      throw new TlsSettingsException(String.valueOf(e.getMessage()), e);
    }
  }

  private HttpClient pool(String scheme, HostSettings settings) throws IOException {
    boolean plain = scheme.equals("http");
    HostSettings trust = settings.usesSystemTrustOnly() ? HostSettings.DEFAULT : settings;
    TlsMaterial material = TlsMaterial.of(plain ? HostSettings.DEFAULT : trust);
    lock.lock();
    try {
      return plain ? withoutTrust() : configured(trust, material);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Plain HTTP needs no trust, and reading the system's certificates takes longer than starting
   * does.
   */
  private HttpClient withoutTrust() {
    HttpClient client = plain == null ? builder().build() : plain;
    plain = client;
    return client;
  }

  private HttpClient configured(HostSettings settings, TlsMaterial material) throws IOException {
    Pool old = pools.get(settings);
    if (old != null && old.material().equals(material)) {
      return old.client();
    }
    HttpClient client = builder().sslContext(TlsContexts.create(material)).build();
    pools.put(settings, new Pool(material, client));
    if (old != null) {
      old.client().shutdown();
    }
    return client;
  }

  private HttpClient.Builder builder() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT_TIMEOUT)
        .proxy(new EnvironmentProxies(System.getenv()))
        .executor(threads);
  }

  /** Remembers that a server that may fall back speaks plain HTTP only. */
  public void rememberHttpOnly(Server server) {
    lock.lock();
    try {
      httpOnly.add(server.host());
    } finally {
      lock.unlock();
    }
  }

  /** The server as it is best asked now: without TLS if that was found out before. */
  public Server current(Server server) {
    lock.lock();
    try {
      return server.fallsBackToHttp() && httpOnly.contains(server.host())
          ? server.overHttp()
          : server;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the pools; requests under way fail. */
  @Override
  public void close() {
    lock.lock();
    try {
      pools.values().forEach(pool -> pool.client().shutdownNow());
      pools.clear();
      if (plain != null) {
        plain.shutdownNow();
        plain = null;
      }
      threads.shutdown();
    } finally {
      lock.unlock();
    }
  }
}
